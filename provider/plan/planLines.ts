/**
 * What the program's side writes for the provider's side: one JSON object a line, in a file of this run alone. A later line of the same
 * entry takes the place of an earlier one. These are types only; both sides agree on them and share nothing else.
 */
export type PlanLine = RunLine | TokenLine | UserSetLine | AssignmentLine | EndLine | RecordedLine;

/** First line: which run this is. */
export interface RunLine {
  readonly t: "run";
  readonly organization: string;
  readonly project: string;
  readonly stack: string;
}

/**
 * What every declaration has. `entry` tells it from all others of the run (a logical name does not, and a URN is not known at once);
 * `key` is the content token's key, which stands for the library.
 */
interface Declaration {
  readonly entry: string;
  readonly name: string;
  readonly key: string;
  /** Present where the engine may hand `check` other inputs than the constructor was given: `ignoreChanges`, or a transform. */
  readonly mayChange?: true;
}

/** A VppToken is declared, and how much one run may take back in its library, if it says so. */
export interface TokenLine extends Declaration {
  readonly t: "token";
  readonly maxRevocations?: number;
  readonly maxRetirements?: number;
}

/** A VppUserSet is declared; `users` holds the ids known so far. */
export interface UserSetLine extends Declaration {
  readonly t: "userSet";
  readonly users: readonly string[];
  /** Present while there are people whose ids are not known yet. */
  readonly isPartial?: true;
  /** False if people who leave stay registered. */
  readonly reclaim?: boolean;
  readonly maxRetirements?: number;
  /** The engine forgets it without a delete. */
  readonly retained?: boolean;
}

/** A VppAssignment is declared. A kind of target that is not in play is absent; what is not known yet is left out. */
export interface AssignmentLine extends Declaration {
  readonly t: "assignment";
  /** adamId and pricingParam of each app. */
  readonly apps: readonly (readonly [string, string])[];
  readonly serialNumbers?: readonly string[];
  readonly clientUserIds?: readonly string[];
  readonly intent: "required" | "uninstall";
  readonly exclusive: boolean;
  /** Entries of the user sets from whose outputs the user ids come, or on which the resource depends. */
  readonly sets: readonly string[];
  /** Some of its apps are not known yet. */
  readonly moreApps?: boolean;
  /** False if what leaves is not taken back. */
  readonly reclaim?: boolean;
  readonly maxRevocations?: number;
  /** The engine forgets it without a delete. */
  readonly retained?: boolean;
}

/**
 * The program is known to be over: what it declares without waiting for anything stands before this line. `open` names the entries above that don't
 * count for it: some of their inputs only become known later, or they happened to be made in time after all. Absent where it can't be known.
 */
export interface EndLine {
  readonly t: "end";
  readonly open: readonly string[];
}

/** The engine has created or updated a resource and has written it to the state: only then does it tell the program. */
export interface RecordedLine {
  readonly t: "recorded";
  readonly of: string;
}

/** Where a resource's `check` finds the ledger, which line is the resource's own, and its name. */
export interface PlanReference {
  readonly file: string;
  readonly entry: string;
  readonly name: string;
}

/**
 * The transient input that tells `check` so, as JSON: `plan`, of the resource or of its token. `check` drops it. One text, since Pulumi's SDK spends on each value of an input about what
 * all the rest of this provider spends on a resource that has not changed.
 */
export type PlanInput = string;
