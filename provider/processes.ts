import { readFileSync } from "node:fs";

/** A process by its number and its start: the number alone may name another one later, or in another container. */
export interface ProcessName {
  readonly pid: number;
  /** When the system started it, in the system's own words; absent where it does not tell. */
  readonly started?: string;
}

/** This process. */
export function ownProcess(pid = process.pid): ProcessName {
  const started = startOf(pid);
  return started === undefined ? { pid } : { pid, started };
}

/** Whether a process still runs. Where the system does not tell when it started, its number decides. */
export function isRunning({ pid, started }: ProcessName): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  if (started === undefined) return true;
  const now = startOf(pid);
  return now === undefined || now === started;
}

function startOf(pid: number): string | undefined {
  try {
    if (process.platform === "linux") return linuxStartOf(pid);
    if (process.platform === "win32") return undefined;
    // Loaded only where it is needed: it costs more than all of this folder.
    const { execFileSync } = process.getBuiltinModule("node:child_process");
    const text = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 2_000,
    });
    return text.trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Ticks since the machine was started, and which start of the machine that was. The name before them can hold blanks and brackets. */
function linuxStartOf(pid: number): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const ticks = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  return ticks && `${boot} ${ticks}`;
}

/** Acts once when one of these signals comes, and lets it have its usual effect then, unless the process hears it elsewhere too. */
export function beforeEndingBy(signals: readonly NodeJS.Signals[], act: () => void): void {
  for (const signal of signals) {
    process.once(signal, () => {
      try {
        act();
      } finally {
        // Hearing a signal takes its usual effect away.
        if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
      }
    });
  }
}
