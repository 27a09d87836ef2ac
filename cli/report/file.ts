import { randomBytes } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { VppError } from "../../provider/errors";

const beginning = "<!doctype html>";

/**
 * Writes a page so that whoever opens the file sees the old page or the new one, never half of one. Only its owner can read it, since it
 * holds serial numbers and ids. A file that is no page is not written over.
 */
export async function writePage(file: string, text: string): Promise<void> {
  const path = resolve(file);
  await refuseStrangers(path, file);
  const draft = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}`);
  try {
    const handle = await open(draft, "wx", 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw unwritable(file, (error as NodeJS.ErrnoException).code ?? "it can't be written");
  }
}

/** A path that was mistyped could be that of the content token. */
async function refuseStrangers(path: string, file: string): Promise<void> {
  let start: string;
  try {
    const handle = await open(path, "r");
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(beginning.length), 0, beginning.length, 0);
      start = buffer.toString("utf8", 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT") return;
    throw unwritable(file, code ?? "it can't be read");
  }
  if (start !== "" && start.toLowerCase() !== beginning) throw unwritable(file, "a file is there that is no web page");
}

function unwritable(file: string, why: string): VppError {
  return new VppError("VPP_INPUT_INVALID", `${file} can't be written: ${why}`, {
    remedy: "Name another file with --html, in a folder that is there.",
  });
}
