import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { DataFileError, systemReason } from "./error";

const ATTEMPTS = 5;
const PAUSE_MS = 50;
const held = new Set<string>();

/** A file beside the data file that says which process uses it. */
export interface Lock {
  release(): void;
}

/**
 * Takes the lock of a data file. One that a process left behind when it was killed is taken over: its process is gone,
 * or another one bears its number since.
 *
 * @throws DataFileError when a running simulator uses the file, or the lock cannot be written.
 */
export async function takeLock(file: string): Promise<Lock> {
  const path = `${file}.lock`;
  const mine = `${process.pid} ${startOf(process.pid) ?? "-"}\n`;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (create(path, mine)) {
      held.add(path);
      return { release: () => release(path) };
    }
    const owner = read(path);
    if (owner !== undefined && isRunning(owner, path)) {
      throw new DataFileError(`${file} is in use by another simulator (process ${owner.split(" ")[0]})`);
    }
    if (owner === "" && attempt === 0) {
      // Its writer may be between making the lock and writing its number into it.
      await pause(PAUSE_MS);
    } else if (owner !== undefined) {
      removeStale(path, owner);
    }
  }
  throw new DataFileError(`${file} is being taken over by another simulator`);
}

function create(path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") {
      return false;
    }
    throw new DataFileError(`the lock ${path} cannot be written (${systemReason(error)})`);
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** Moves the lock away first, so that of several who find it stale only one removes it, and nobody a fresh one. */
function removeStale(path: string, stale: string): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
    const moved = read(aside);
    if (moved !== undefined && moved !== stale) {
      create(path, moved);
    }
    rmSync(aside, { force: true });
  } catch {
    // Another process was quicker; the next attempt shows what it made of it.
  }
}

function isRunning(owner: string, path: string): boolean {
  const [number, start] = owner.trim().split(" ");
  const pid = Number(number);
  if (!Number.isSafeInteger(pid) || pid <= 0) {
    return false;
  }
  if (held.has(path)) {
    return true;
  }
  const startNow = startOf(pid);
  if (startNow !== undefined && start !== "-") {
    return startNow === start;
  }
  return pid !== process.pid && exists(pid);
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** When a process began, in the system's own count; nothing where the system does not tell. */
function startOf(pid: number): string | undefined {
  const stat = read(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
}

function release(path: string): void {
  held.delete(path);
  rmSync(path, { force: true });
}
