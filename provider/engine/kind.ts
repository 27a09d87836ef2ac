import type { Libraries } from "../apple/library/libraries";
import type { Run } from "../apple/library/run";
import type { Operation } from "../apple/library/runs/runFiles";
import type { Plan } from "../plan/planReader";
import { withoutSecrets } from "../redact";

/** What the host hands to every operation beside the properties. */
export interface Context {
  /** Kind and name of the resource, for messages. */
  readonly subject: string;
  /** The resource's name, as far as it is known; part of the id of a new resource. */
  readonly name: string;
  /** The resource's place in the plan; not known to a read or a delete. */
  readonly entry?: string;
  readonly libraries: Libraries;
  readonly run: Run;
  /** The create, update or delete that this is, for the run file; anything else writes nothing. */
  readonly operation?: Operation;
  /** Tells the user something in one line, at most once for each `reason` of this resource. */
  note(reason: string, text: string): void;
  /** Tells how far long work is; lines that come too fast are left out. */
  readonly progress: (text: string) => void;
}

/** What only `check` has: the plan, and which of its declarations is the resource's own. */
export interface CheckContext extends Context {
  readonly entry: string;
  /** Absent if the program does not write one, as after an import by hand, or if it can't be read. */
  readonly plan?: Plan;
}

/** Whether an update is needed, and whether only a replacement will do. */
export interface Difference {
  readonly changes: boolean;
  readonly replaces?: string[];
}

/** What the service was found to be; without an id the resource is gone. */
export interface ReadResult<I, S> {
  readonly id?: string;
  readonly state?: S;
  /** Takes the place of the inputs in the state, where what was seen must be known to the next check. */
  readonly inputs?: I;
}

/**
 * One kind of resource. Inputs are what the program gives plus what `check` adds; the state is inputs plus what the service adds. Expected
 * failures are thrown as VppError; the host puts the resource's name to them.
 */
export interface ResourceKind<I extends object, S extends I> {
  readonly kind: "VppToken" | "VppApp" | "VppUserSet" | "VppAssignment";
  /** What stays at the service if the resource is only taken out of the state; absent if nothing does. */
  readonly leftBehind?: string;
  /** Gives back the inputs that count, or refuses them. `olds` is empty for a new or a replaced resource. */
  check(context: CheckContext, olds: Partial<I>, news: I): Promise<I>;
  diff(context: Context, state: S, inputs: I): Difference | Promise<Difference>;
  create(context: Context, inputs: I): Promise<{ id: string; state: S }>;
  update(context: Context, id: string, state: S, inputs: I): Promise<S>;
  read(context: Context, id: string, state: S): Promise<ReadResult<I, S>>;
  remove(context: Context, id: string, state: S): Promise<void>;
}

/** Several faults of one resource's inputs, each a reason of its own. */
export class InputFaults extends Error {
  readonly reasons: readonly string[];

  constructor(reasons: readonly string[]) {
    const harmless = reasons.map(withoutSecrets);
    super(harmless.join("; "));
    this.reasons = harmless;
  }
}

/** The same object without keys whose value is undefined: the engine's wire format has no such value. */
export function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T;
}

/** Whether two plain values are equal, whatever the order of their keys. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every(
    (key) => key in b && sameValue((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
  );
}
