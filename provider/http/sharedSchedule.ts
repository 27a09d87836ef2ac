import { createHash } from "node:crypto";
import {
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { emptySchedule, type RateSchedule } from "./rateSchedule";

/** Nobody holds the lock longer than some system calls; who has held it this long was killed or stopped with it. */
const staleLockMs = 1000;
/**
 * So long a process waits for the others before it goes by what it knows itself. That is nothing at its beginning, and fifty that began by
 * themselves would all be refused: so it is longer than any queue of processes at the lock, and than a lock that was left behind.
 */
const patienceMs = 10_000;
/** A file that can't be used this often will not be tried again. */
const mostFailures = 3;
/** Files of libraries that nobody has asked for so long say nothing any more. */
const forgottenMs = 15 * 60_000;
const mostRemoved = 200;
/** A time further away than this comes from another clock, such as that before the machine was started anew. */
const implausibleMs = 5 * 60_000;
const longestFile = 64 * 1024;

/**
 * The schedule of requests to one library, in a file that all processes of one user on one machine share. It stands in a folder of the user's own
 * in the temporary folder and holds times alone; its name is a hash. Whatever goes wrong with it ends no run: `update` then says that it can't
 * be had, and the caller goes by what it knows itself. Nothing is read or written before the first update.
 */
export class SharedSchedule {
  private failures = 0;
  private isReady = false;
  private readonly path: string;

  /** `parts` name the library, such as the endpoint and the fingerprint of its token; never a secret. */
  constructor(
    parts: readonly string[],
    private readonly folder = join(tmpdir(), `vpp-request-rate-${userName()}`),
  ) {
    this.path = join(folder, createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32));
  }

  /**
   * Changes the schedule while nobody else does, and gives what `change` gives; undefined if the file can't be used now. Times in it are those
   * of the clock that `change` gets, which all processes of the machine share and nobody can set.
   */
  async update<T>(change: (schedule: RateSchedule, now: number) => T): Promise<T | undefined> {
    if (this.failures >= mostFailures) return undefined;
    try {
      if (!this.isReady) this.prepare();
      if (!(await this.lock())) return undefined;
      try {
        const now = machineNow();
        const schedule = this.read(now);
        const result = change(schedule, now);
        writeFileSync(this.path, JSON.stringify(schedule), { mode: 0o600 });
        this.failures = 0;
        return result;
      } finally {
        // Whoever took this process for one that was killed has removed it; what was changed holds all the same.
        rmSync(this.lockPath, { force: true });
      }
    } catch {
      this.isReady = false;
      this.failures++;
      return undefined;
    }
  }

  private get lockPath(): string {
    return `${this.path}.lock`;
  }

  private prepare(): void {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const folder = lstatSync(this.folder);
    const isOurs = process.getuid === undefined || (folder.uid === process.getuid() && (folder.mode & 0o077) === 0);
    if (!folder.isDirectory() || !isOurs) throw new Error("unusable");
    removeForgotten(this.folder);
    this.isReady = true;
  }

  private async lock(): Promise<boolean> {
    const until = performance.now() + patienceMs;
    for (;;) {
      try {
        closeSync(openSync(this.lockPath, "wx", 0o600));
        return true;
      } catch (error) {
        // Windows says EPERM for a file that is being removed.
        if (!["EEXIST", "EPERM", "EBUSY"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
      }
      this.removeStaleLock();
      if (performance.now() > until) return false;
      await delay(1 + Math.random() * 5);
    }
  }

  private removeStaleLock(): void {
    try {
      // A clock that was set back makes a lock's time lie ahead.
      if (Math.abs(Date.now() - statSync(this.lockPath).mtimeMs) > staleLockMs) unlinkSync(this.lockPath);
    } catch {
      // Somebody else has removed it.
    }
  }

  private read(now: number): RateSchedule {
    try {
      const text = readFileSync(this.path, "utf8");
      const schedule: unknown = text.length > longestFile ? undefined : JSON.parse(text);
      return isSchedule(schedule, now) ? schedule : emptySchedule();
    } catch {
      return emptySchedule();
    }
  }
}

/** Milliseconds since the machine was started, as all of its processes count them. */
function machineNow(): number {
  return Math.round(Number(process.hrtime.bigint() / 10_000n) / 100);
}

function isSchedule(value: unknown, now: number): value is RateSchedule {
  if (typeof value !== "object" || value === null) return false;
  const { starts, heldUntil, share, slowedAt } = value as Partial<RateSchedule>;
  const isTime = (time: unknown): boolean => typeof time === "number" && time < now + implausibleMs;
  return (
    Array.isArray(starts) &&
    starts.every((each) => Array.isArray(each) && each.length === 3 && each.every(isTime)) &&
    isTime(heldUntil) &&
    isTime(slowedAt) &&
    isTime(share?.at) &&
    typeof share?.of === "number" &&
    share.of > 0 &&
    share.of <= 1
  );
}

function removeForgotten(folder: string): void {
  let removed = 0;
  for (const name of readdirSync(folder)) {
    if (removed >= mostRemoved) return;
    try {
      const path = join(folder, name);
      if (Math.abs(Date.now() - statSync(path).mtimeMs) < forgottenMs) continue;
      unlinkSync(path);
      removed++;
    } catch {
      // Another process was faster.
    }
  }
}

function userName(): string {
  try {
    return String(process.getuid?.() ?? userInfo().username.replace(/\W/g, "_"));
  } catch {
    return "unknown";
  }
}
