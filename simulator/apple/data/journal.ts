import { closeSync, fchmodSync, ftruncateSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { encodeLine } from "../../kit/data/lines";
import type { LibraryChange, Recorder, WorldChange } from "../core/changes";
import type { World } from "../core/world";
import { type Entry, HEADER } from "./record";
import { snapshot } from "./snapshot";

const RUNS: ReadonlySet<string> = new Set(["give", "take", "retire"]);

/** How far a data file may grow before it is written anew. */
export interface Growth {
  /** So many bytes may always follow the part that was written at once. */
  readonly least: number;
  /** So many times the size of that part may follow it. */
  readonly factor: number;
}

/**
 * Writes the changes of a world to its data file. What is committed together becomes one line, and a line counts only
 * if it was written to its end; so a kill leaves all of it or nothing. The lines are handed to the system before
 * `commit` returns, which is enough to outlive the process. They are not forced to the disk.
 */
export class Journal implements Recorder {
  readonly #path: string;
  readonly #world: World;
  readonly #growth: Growth;
  #descriptor = -1;
  #size = 0;
  #anewAt = 0;
  #pending: Entry[] = [];

  /** @param path the data file, with no symbolic link as its last part. */
  constructor(path: string, world: World, growth: Growth) {
    this.#path = path;
    this.#world = world;
    this.#growth = growth;
  }

  /** Goes on behind the last whole line of the file, at `size`; the first `wholeSize` bytes were written at once. */
  continue(size: number, wholeSize: number): void {
    this.#descriptor = openSync(this.#path, "r+");
    ftruncateSync(this.#descriptor, size);
    this.#size = size;
    this.#limit(wholeSize);
  }

  /** Writes the file anew: what the world holds now, and nothing of how it came about. A kill leaves old or new. */
  writeAnew(): void {
    const path = `${this.#path}.new`;
    const descriptor = openSync(path, "w", 0o600);
    let size = 0;
    try {
      fchmodSync(descriptor, 0o600);
      size += writeAll(descriptor, encodeLine(HEADER), 0);
      for (const entries of snapshot(this.#world)) {
        size += entries.length === 0 ? 0 : writeAll(descriptor, encodeLine(entries), size);
      }
      renameSync(path, this.#path);
    } catch (error) {
      closeSync(descriptor);
      rmSync(path, { force: true });
      throw error;
    }
    this.#close();
    this.#descriptor = descriptor;
    this.#size = size;
    this.#pending = [];
    this.#limit(size);
  }

  ofLibrary(libraryId: string, change: LibraryChange): void {
    const last = this.#pending.at(-1);
    if (RUNS.has(change[0]) && last?.[0] === libraryId && last[1] === change[0] && last[2] === change[1]) {
      (last as unknown[]).push(change[2]);
    } else {
      this.#pending.push([libraryId, ...change] as Entry);
    }
  }

  ofWorld(change: WorldChange): void {
    this.#pending.push([0, ...change]);
  }

  commit(): void {
    if (this.#pending.length === 0) {
      return;
    }
    const line = encodeLine(this.#pending);
    try {
      writeAll(this.#descriptor, line, this.#size);
    } catch (error) {
      // What was written of the line goes, so that it can be tried again and no other line follows half a line.
      ftruncateSync(this.#descriptor, this.#size);
      throw error;
    }
    this.#size += line.length;
    this.#pending = [];
    if (this.#size > this.#anewAt) {
      this.#tryAnew();
    }
  }

  /** Commits what is left and closes the file. */
  close(): void {
    try {
      this.commit();
    } finally {
      this.#close();
    }
  }

  #tryAnew(): void {
    try {
      this.writeAnew();
    } catch {
      // Everything is in the file as it is; there is another try when it has grown further.
      this.#limit(this.#size);
    }
  }

  #limit(wholeSize: number): void {
    this.#anewAt = wholeSize + Math.max(this.#growth.least, this.#growth.factor * wholeSize);
  }

  #close(): void {
    if (this.#descriptor !== -1) {
      closeSync(this.#descriptor);
      this.#descriptor = -1;
    }
  }
}

function writeAll(descriptor: number, bytes: Buffer, position: number): number {
  let written = 0;
  while (written < bytes.length) {
    written += writeSync(descriptor, bytes, written, bytes.length - written, position + written);
  }
  return written;
}
