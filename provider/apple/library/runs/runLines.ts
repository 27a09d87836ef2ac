import type { ProcessName } from "../../../processes";
import type { Action } from "../log/writes";
import type { Rectangle } from "../rectangles";
import type { TargetKind } from "../targets";

/** One line of a run file. It holds ids, no address and no secret. */
export type RunLine =
  | ProcessLine
  | PeopleLine
  | OperationLine
  | SendingLine
  | AcceptedLine
  | EndedLine
  | OperationStateLine
  | ForgottenLine;

/** First line: which process writes the file, and since when. */
export interface ProcessLine extends ProcessName {
  readonly is: "process";
  readonly at: string;
}

/** People who are about to be registered or changed (updated, retired) under a binding, or of whom nothing is open any more. */
export interface PeopleLine {
  readonly is: "registering" | "changing" | "settled";
  readonly bindingId: string;
  readonly ids: readonly string[];
  /** The operation that does so: once its result is recorded, the state has them. */
  readonly op?: number;
}

export type Verb = "create" | "update" | "delete";

/** A create, update or delete of one resource that is about to write. */
export interface OperationLine {
  readonly is: "operation";
  readonly op: number;
  readonly bindingId: string;
  readonly kind: string;
  readonly verb: Verb;
  readonly name: string;
  /** The resource's place in the plan of its run. */
  readonly entry?: string;
  /** What it gives stays when it leaves the program. */
  readonly keeps?: boolean;
}

/** A request that is about to be sent, with what each operation has in it. */
export interface SendingLine {
  readonly is: "sending";
  readonly write: number;
  readonly bindingId: string;
  readonly action: Action;
  readonly kind: TargetKind;
  readonly parts: readonly (Rectangle & { readonly op?: number })[];
}

/** The service has taken a request and works on it under this id. */
export interface AcceptedLine {
  readonly is: "accepted";
  readonly write: number;
  readonly eventId: string;
}

/** The end of a request was learned. `refused`: nothing of it was done. `open`: its end is not known. */
export interface EndedLine {
  readonly is: "ended";
  readonly write: number;
  readonly how: "done" | "refused" | "open";
}

/** The engine has written the result of an operation to the state. */
export interface OperationStateLine {
  readonly is: "recorded";
  readonly op: number;
}

/** Nothing that stands above is open any more under a binding, but people who wait for the set that takes them over, unless it says all. */
export interface ForgottenLine {
  readonly is: "forgotten";
  readonly bindingId: string;
  readonly all?: true;
}

const kinds = new Set<unknown>([
  "process",
  "registering",
  "changing",
  "settled",
  "operation",
  "sending",
  "accepted",
  "ended",
  "recorded",
  "forgotten",
]);

/** The lines of a run file. A process that was killed can have left half a line, and what is none is passed over. */
export function parseRunLines(text: string): RunLine[] {
  return text.split("\n").flatMap((line) => {
    try {
      const parsed = JSON.parse(line) as RunLine | null;
      return parsed !== null && typeof parsed === "object" && isWhole(parsed) ? [parsed] : [];
    } catch {
      return [];
    }
  });
}

function isWhole(line: RunLine): boolean {
  if (!kinds.has(line.is)) return false;
  switch (line.is) {
    case "registering":
    case "changing":
    case "settled":
      return typeof line.bindingId === "string" && isTexts(line.ids);
    case "sending":
      return (
        typeof line.bindingId === "string" &&
        Array.isArray(line.parts) &&
        line.parts.every(({ apps, targets }) => isTexts(apps) && isTexts(targets))
      );
    case "forgotten":
      return typeof line.bindingId === "string";
    case "operation":
      return typeof line.bindingId === "string" && typeof line.name === "string";
    default:
      return true;
  }
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}
