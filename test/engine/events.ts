import { isProvider, qualifiedType, type ResourceState } from "./resource";
import type { Properties } from "./values";

/** What a step does, in the words of the CLI. */
export type Op =
  | "same"
  | "create"
  | "update"
  | "delete"
  | "replace"
  | "create-replacement"
  | "delete-replaced"
  | "refresh"
  | "read"
  | "read-replacement"
  | "discard";

/** How bad a message is; `info#err` is a line that somebody printed. */
export type Severity = "debug" | "info" | "info#err" | "warning" | "error";

/** One step, as people and `--json` get to see it. */
export interface Step {
  op: Op;
  urn: string;
  old?: ResourceState;
  now?: ResourceState;
  /** The names of the inputs because of which it is a replacement. */
  replaceKeys?: string[];
  /** What a refresh turned out to be. */
  result?: Op;
}

/** How many resources a pass has created, updated and so on. */
export type Changes = Partial<Record<Op, number>>;

/** Who wants to know what happens in a pass. */
export interface Listener {
  begin(step: Step): void;
  end(step: Step): void;
  failed(step: Step): void;
  /** A component, or the stack, has told its outputs. */
  outputs(state: ResourceState, old: Properties): void;
  diagnostic(severity: Severity, message: string, urn?: string): void;
  /** The pass is over. */
  finish(ok: boolean, changes: Changes): void;
}

/** Counts what was done, default providers apart. The parts of a replacement count once, as the replacement. */
export class Counter {
  readonly changes: Changes = {};

  /** Counts a step that has been done. */
  add({ op, urn, result }: Step): void {
    if (isProvider(qualifiedType(urn))) return;
    const counted = op === "refresh" ? (result ?? "same") : op;
    if (["create-replacement", "delete-replaced", "discard"].includes(counted)) return;
    this.changes[counted] = (this.changes[counted] ?? 0) + 1;
  }

  /** How many resources are not as they were. */
  get changed(): number {
    return Object.entries(this.changes).reduce(
      (sum, [op, count]) => (op === "same" || op === "read" ? sum : sum + count),
      0,
    );
  }
}
