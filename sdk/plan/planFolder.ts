import { mkdtempSync, readdirSync, readlinkSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { beforeEndingBy, isRunning } from "../../provider/processes";

const PREFIX = "pulumi-vpp-";
/** No run takes as long; what is older was left behind, unless it can be told that its process still runs. */
const OLDEST_RUN_MS = 24 * 60 * 60 * 1000;

/**
 * A new folder for the plan of this run, with the process in its name, readable for its owner alone and gone when the program ends. Its path is
 * whole: a relative TMPDIR counts from another folder once the program calls `process.chdir`, and in the provider's process.
 */
export function makePlanFolder(): string {
  const parent = resolve(tmpdir());
  const folder = mkdtempSync(join(parent, `${ownProcesses()}${process.pid}-`));
  removeAtExit(folder);
  removeLeftBehind(parent);
  return folder;
}

/** Where containers share a folder for temporary files, the same number names another process in each. */
function ownProcesses(): string {
  try {
    return `${PREFIX}${readlinkSync("/proc/self/ns/pid").replace(/\D/g, "")}-`;
  } catch {
    return `${PREFIX}0-`;
  }
}

const visited = new Set<string>();

/** A program that is killed outright can't remove its plan; a later one does, once in its life. A folder of another user's stays. */
function removeLeftBehind(parent: string): void {
  if (visited.has(parent)) return;
  visited.add(parent);
  const own = ownProcesses();
  for (const name of namesIn(parent)) {
    if (!name.startsWith(PREFIX)) continue;
    const folder = join(parent, name);
    try {
      const { mtimeMs, uid } = statSync(folder);
      if (process.getuid !== undefined && uid !== process.getuid()) continue;
      const pid = name.startsWith(own) ? Number.parseInt(name.slice(own.length), 10) : Number.NaN;
      // Where the process can be asked for, the clock is not: it may have leapt.
      const isOver = pid > 0 ? !isRunning({ pid }) : Date.now() - mtimeMs > OLDEST_RUN_MS;
      if (isOver) rmSync(folder, { recursive: true, force: true });
    } catch {
      // Another run was quicker, or it can't be removed: nothing depends on it.
    }
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

const folders: string[] = [];

/** The engine ends a program whose run has failed by a signal, and no exit handler runs then unless the signal is heard. */
const endings = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** One listener for all runs of a process: Node warns of more than ten. */
function removeAtExit(folder: string): void {
  if (folders.push(folder) > 1) return;
  process.once("exit", removeAll);
  beforeEndingBy(endings, removeAll);
}

/** The provider still has the file open. Where that keeps it from being removed, as on Windows, a later run does it. */
function removeAll(): void {
  for (const folder of folders) {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // Left to a later run.
    }
  }
}
