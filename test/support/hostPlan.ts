import { appendFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AssignmentLine, EndLine, PlanLine, TokenLine, UserSetLine } from "../../provider/plan/planLines";

/** The first line of every ledger in these tests. */
export const runLine: PlanLine = { t: "run", organization: "organization", project: "trial", stack: "dev" };

/** A VppAssignment's line; the entry's name is used where none is given. */
export function assignmentLine(entry: string, changes: Partial<AssignmentLine> = {}): AssignmentLine {
  return {
    t: "assignment",
    entry,
    name: entry,
    key: "default",
    apps: [["361285480", "STDQ"]],
    intent: "required",
    exclusive: false,
    sets: [],
    ...changes,
  };
}

/** A VppUserSet's line. */
export function userSetLine(entry: string, users: readonly string[], key = "default"): UserSetLine {
  return { t: "userSet", entry, name: entry, key, users };
}

/** A VppToken's line. */
export function tokenLine(entry: string, key = "default"): TokenLine {
  return { t: "token", entry, name: entry, key };
}

/** The line that ends a program of which it is known that it is over. */
export function endLine(...open: readonly string[]): EndLine {
  return { t: "end", open };
}

/** A ledger as the user's program would write it. */
export class PlanFile {
  private readonly folder = mkdtempSync(join(tmpdir(), "vpp-plan-"));
  readonly path = join(this.folder, "plan.jsonl");

  constructor(...lines: PlanLine[]) {
    writeFileSync(this.path, "");
    this.append(runLine, ...lines);
  }

  /** Adds whole lines. */
  append(...lines: PlanLine[]): void {
    this.appendText(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  }

  /** Adds whole lines, as a program does that goes on although somebody has removed the file. */
  appendIfThere(...lines: PlanLine[]): void {
    if (existsSync(this.path)) this.append(...lines);
  }

  /** Adds a text as it is, or bytes, such as half a line. */
  appendText(text: string | Uint8Array): void {
    appendFileSync(this.path, text);
  }

  /** Removes the file, as the end of the program does. */
  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
