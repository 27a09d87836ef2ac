import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/**
 * The file of a plan, read on from where the last reading ended. It stays open: deletes run after the program has ended and has removed it, and
 * what was written last must still be readable then.
 */
export class PlanFile {
  private descriptor?: number;
  private offset = 0;
  /** Why the file could not be opened, in the system's words; undefined once it could. */
  failure?: string;

  constructor(readonly path: string) {}

  /** The whole lines that were appended since the last call. */
  readOn(): string {
    if (!this.open()) return "";
    const length = fstatSync(this.descriptor!).size - this.offset;
    if (length <= 0) return "";
    const buffer = Buffer.alloc(length);
    const read = readSync(this.descriptor!, buffer, 0, length, this.offset);
    if (read === 0) return "";
    const end = buffer.lastIndexOf(10, read - 1) + 1;
    this.offset += end;
    return buffer.toString("utf8", 0, end);
  }

  /** Lets the file go. */
  close(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
    this.failure = "closed";
  }

  private open(): boolean {
    if (this.descriptor !== undefined) return true;
    if (this.failure === "closed") return false;
    try {
      this.descriptor = openSync(this.path, "r");
      this.failure = undefined;
      return true;
    } catch (error) {
      this.failure = (error as NodeJS.ErrnoException).code ?? "unreadable";
      return false;
    }
  }
}
