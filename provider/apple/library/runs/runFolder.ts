import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isRunning, type ProcessName } from "../../../processes";
import { parseRunLines, type RunLine } from "./runLines";

/** A run file of this machine, as it stands. */
export interface KeptRun {
  readonly file: string;
  readonly process: ProcessName;
  /** When it was begun, if it says so. */
  readonly at?: string;
  readonly lines: readonly RunLine[];
}

const extension = ".jsonl";

/** The folder of run files. What can't be read or written takes its protection away, and nothing else. */
export class RunFolder {
  /** Without a path nothing is kept and nothing found. */
  constructor(private readonly path: string | undefined) {}

  /** All run files but one. */
  others(own: string): KeptRun[] {
    return this.names().flatMap((file) => (file === own ? [] : (this.read(file) ?? [])));
  }

  read(file: string): KeptRun | undefined {
    if (this.path === undefined) return undefined;
    try {
      const lines = parseRunLines(readFileSync(join(this.path, file), "utf8"));
      const first = lines.find((line) => line.is === "process");
      const process = first ?? { pid: Number.parseInt(file, 10) };
      return { file, process, lines, ...(first && { at: first.at }) };
    } catch {
      return undefined;
    }
  }

  /** Begins a file with its first line. */
  begin(file: string, line: RunLine): void {
    if (this.path === undefined) return;
    try {
      mkdirSync(this.path, { recursive: true, mode: 0o700 });
    } catch {
      // Then nothing can be appended either.
    }
    this.append(file, line);
  }

  append(file: string, line: RunLine): void {
    if (this.path === undefined) return;
    try {
      appendFileSync(join(this.path, file), `${JSON.stringify(line)}\n`, { mode: 0o600 });
    } catch {
      // A home that can't be written to is no reason to write nothing to the service.
    }
  }

  remove(file: string): void {
    if (this.path === undefined) return;
    try {
      rmSync(join(this.path, file), { force: true });
    } catch {
      // It stays until the next run, which finds nothing new in it.
    }
  }

  private names(): string[] {
    if (this.path === undefined) return [];
    try {
      return readdirSync(this.path).filter((file) => file.endsWith(extension));
    } catch {
      return [];
    }
  }
}

/**
 * Whether the process of a run file still runs. One of this process's own number is a leftover: it is not this run's, and in a container every
 * run has the same number.
 */
export function isAlive({ process: { pid, ...others } }: KeptRun, ownPid: number): boolean {
  return pid !== ownPid && isRunning({ pid, ...others });
}
