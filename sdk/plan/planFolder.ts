import { mkdtempSync, readdirSync, readlinkSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PREFIX = "pulumi-vpp-";
/** No run takes as long; what is older was left behind, whoever's it was. */
const OLDEST_RUN_MS = 24 * 60 * 60 * 1000;

/** A new folder for the plan of this run, with the process in its name, readable for its owner alone and gone when the program ends. */
export function makePlanFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), `${ownProcesses()}${process.pid}-`));
  removeAtExit(folder);
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

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** A program that is killed outright can't remove its plan; a later one does. A folder of another user's stays. */
function removeLeftBehind(): void {
  const own = ownProcesses();
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const folder = join(tmpdir(), name);
    try {
      const { mtimeMs, uid } = statSync(folder);
      if (process.getuid !== undefined && uid !== process.getuid()) continue;
      const pid = name.startsWith(own) ? Number.parseInt(name.slice(own.length), 10) : Number.NaN;
      const isOver = pid > 0 && !isRunning(pid);
      if (isOver || Date.now() - mtimeMs > OLDEST_RUN_MS) rmSync(folder, { recursive: true, force: true });
    } catch {
      // Another run was quicker, or it can't be removed: nothing depends on it.
    }
  }
}

const folders: string[] = [];

/** The engine ends a program whose run has failed by a signal, and no exit handler runs then unless the signal is heard. */
const endings = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** One listener for all runs of a process: Node warns of more than ten. */
function removeAtExit(folder: string): void {
  if (folders.push(folder) > 1) return;
  removeLeftBehind();
  const remove = (): void => {
    for (const old of folders) rmSync(old, { recursive: true, force: true });
  };
  process.once("exit", remove);
  for (const signal of endings) {
    process.once(signal, () => {
      remove();
      // Hearing a signal takes away its usual effect; it is given back unless the program hears it too.
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
    });
  }
}
