import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { DataFileError, systemReason } from "../../kit/data/error";
import { decodeLine, wholeLines } from "../../kit/data/lines";
import { type Lock, takeLock } from "../../kit/data/lock";
import type { World } from "../core/world";
import { type Growth, Journal } from "./journal";
import { type Entry, HEADER } from "./record";
import { Replay } from "./replay";

/** While the simulator runs, writing a large file anew makes clients wait; so it is done seldom. */
const WHILE_RUNNING: Growth = { least: 8 * 1024 * 1024, factor: 2 };
/** At a start nobody waits yet, and a short file makes the next start quicker. */
const AT_START: Growth = { least: 1024 * 1024, factor: 0.5 };

/** A data file in use. */
export interface OpenData {
  /** Whether the file was there before; otherwise it was made from the libraries. */
  readonly found: boolean;
  /** Commits what is left and lets others use the file. */
  close(): void;
}

/** How to open a data file. */
export interface OpenDataOptions {
  readonly file: string;
  /** An empty world, which holds afterwards what the file holds. */
  readonly world: World;
  /** Fills the world when there is no file yet. */
  readonly fill: () => Promise<void>;
  /** How far the file may grow while it is in use. */
  readonly growth?: Growth;
}

/**
 * Reads a data file, or makes it, and writes every change of the world to it from then on. The file and all that is
 * written beside it can be read by its owner only, as it holds content tokens.
 *
 * @throws DataFileError when the file is in use, damaged, or cannot be read or written. It is not changed then.
 */
export async function openData({ file, world, fill, growth = WHILE_RUNNING }: OpenDataOptions): Promise<OpenData> {
  // The file is replaced by another one from time to time, which must not replace a link to it instead.
  const path = existsSync(file) ? realpathSync(file) : file;
  const lock = await takeLock(path);
  const found = existsSync(path);
  const journal = new Journal(path, world, growth);
  try {
    if (found) {
      load(path, world, journal);
    } else {
      await fill();
      perform(path, "written", () => journal.writeAnew());
    }
  } catch (error) {
    lock.release();
    throw error;
  }
  world.recordTo(journal);
  return { found, close: () => close(journal, lock) };
}

function load(path: string, world: World, journal: Journal): void {
  const bytes = perform(path, "read", () => {
    if (!statSync(path).isFile()) {
      throw new DataFileError(`${path} is not a file`);
    }
    return readFileSync(path);
  });
  const replay = new Replay(world);
  const { size, wholeSize } = replayAll(path, bytes, replay);
  replay.resume();
  perform(path, "written", () => {
    if (size - wholeSize > Math.max(AT_START.least, AT_START.factor * wholeSize)) {
      journal.writeAnew();
    } else {
      journal.continue(size, wholeSize);
    }
  });
}

function replayAll(path: string, bytes: Buffer, replay: Replay): { size: number; wholeSize: number } {
  let number = 0;
  let size = 0;
  let wholeSize = 0;
  for (const { line, end } of wholeLines(bytes)) {
    number += 1;
    const value = decodeLine(line);
    if (number === 1) {
      checkHeader(path, value);
    } else {
      replayLine(path, number, value, replay);
    }
    size = end;
    if (replay.whole && wholeSize === 0) {
      wholeSize = end;
    }
  }
  if (number === 0) {
    throw new DataFileError(`${path} is not a data file of the simulator; nothing was changed`);
  }
  if (!replay.whole) {
    throw new DataFileError(`${path} is damaged: its end is missing; nothing was changed`);
  }
  return { size, wholeSize };
}

function checkHeader(path: string, value: unknown): void {
  const version = (value as Partial<typeof HEADER> | undefined)?.simulatorData as unknown;
  if (typeof version !== "number") {
    throw new DataFileError(`${path} is not a data file of the simulator; nothing was changed`);
  }
  if (version !== HEADER.simulatorData) {
    throw new DataFileError(`${path} was written by a newer simulator, which this one cannot read`);
  }
}

function replayLine(path: string, number: number, value: unknown, replay: Replay): void {
  if (value === undefined) {
    throw new DataFileError(`${path} is damaged: line ${number} is not as it was written; nothing was changed`);
  }
  try {
    for (const entry of value as Entry[]) {
      replay.apply(entry);
    }
  } catch {
    throw new DataFileError(`${path} is damaged: line ${number} does not fit what comes before; nothing was changed`);
  }
}

function close(journal: Journal, lock: Lock): void {
  try {
    journal.close();
  } finally {
    lock.release();
  }
}

function perform<T>(path: string, action: "read" | "written", work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof DataFileError) {
      throw error;
    }
    throw new DataFileError(`${path} cannot be ${action} (${systemReason(error)})`);
  }
}
