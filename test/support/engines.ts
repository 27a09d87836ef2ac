import { execFileSync } from "node:child_process";
import { accessSync, constants, realpathSync } from "node:fs";
import { delimiter, join } from "node:path";
import { root } from "./paths";

/** One command that behaves as `pulumi` does. */
export interface Engine {
  readonly name: "local engine" | "Pulumi CLI";
  /** The folder to put first on PATH. */
  readonly folder: string;
}

const local: Engine = { name: "local engine", folder: join(root, "test/engine/bin") };

/** The folder of a real CLI on PATH; undefined if there is none. The local engine does not count. */
export function folderOfCli(path = process.env.PATH ?? ""): string | undefined {
  for (const folder of path.split(delimiter)) {
    const file = join(folder, "pulumi");
    try {
      accessSync(file, constants.X_OK);
      if (realpathSync(file) !== realpathSync(join(local.folder, "pulumi"))) return folder;
    } catch {
      // Not here; look on.
    }
  }
  return undefined;
}

/**
 * The engines to run every end-to-end test on: the local one, and the real CLI where one is on PATH. `VPP_ENGINE=local` or `cli` picks one;
 * to ask for a CLI that is not there is an error.
 */
export function engines(): Engine[] {
  const wanted = process.env.VPP_ENGINE;
  const folder = folderOfCli();
  const cli: Engine | undefined = folder === undefined ? undefined : { name: "Pulumi CLI", folder };
  if (wanted === "local") return [local];
  if (wanted === "cli") {
    if (cli === undefined) throw new Error("VPP_ENGINE=cli, but there is no Pulumi CLI on PATH.");
    return [cli];
  }
  if (wanted !== undefined && wanted !== "")
    throw new Error(`VPP_ENGINE must be "local" or "cli", not ${JSON.stringify(wanted)}.`);
  return cli ? [local, cli] : [local];
}

/** What to tell a reader of the output about an engine. */
export function describeEngine(engine: Engine): string {
  if (engine.name === "local engine") return "the project's local engine (no Pulumi CLI is used)";
  const version = execFileSync(join(engine.folder, "pulumi"), ["version"], { encoding: "utf8" }).trim();
  return `the Pulumi CLI ${version}`;
}
