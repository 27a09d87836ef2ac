import type { ResourceState } from "../engine/resource";
import type { TrueLibrary } from "../support/world";
import { type Program, pairOf } from "./programs";
import type { ServedRequest } from "./service";
import type { Outcome } from "./stack";

/** Everything about one command that the invariants are about. */
export interface Observed {
  /** What was asked for; `step` is the word of the history. */
  readonly step: string;
  /** What the engine handed to the checks. */
  readonly program: Program;
  /** What the arguments of its constructors say; that is protected, too. */
  readonly lines: Program;
  /** Whether nothing was made to go wrong, and nobody did anything meanwhile. */
  readonly isQuiet: boolean;
  /** Whether nothing was wrong but that some answers lacked or repeated records of their lists. */
  readonly hasOddListsAtMost: boolean;
  /** Whether the product may call it a contradiction. */
  readonly mayContradict: boolean;
  /** Whether all of the stack was meant. */
  readonly isWhole: boolean;
  readonly programRuns: boolean;
  readonly isTargeted: boolean;
  readonly mayWrite: boolean;
  /** URNs of what the command replaces by force. */
  readonly forced: readonly string[];
  readonly outcome: Outcome;
  readonly before: readonly TrueLibrary[];
  readonly after: readonly TrueLibrary[];
  readonly requests: readonly ServedRequest[];
  readonly stateBefore: readonly ResourceState[];
  readonly stateAfter: readonly ResourceState[];
  /** Whether somebody else changed something while it ran, or an accepted write may come late. */
  readonly wasDisturbed: boolean;
  /** Requests that had been looked at when another service wrote its mark in the middle, by library. */
  readonly seizedAfter: ReadonlyMap<number, number>;
  /** The same for when another service gave the library back. */
  readonly givenBackAfter: ReadonlyMap<number, number>;
  readonly secrets: readonly string[];
  readonly stateText: string;
}

/** Whether a request is to change something. */
export const isWrite = ({ method }: ServedRequest): boolean => method === "POST";
/** Whether a request is to the endpoint of this name. */
export const ends = ({ path }: ServedRequest, end: string): boolean => path.endsWith(end);

/** The licences that a request is about. */
export function pairsOfRequest({
  assets = [],
  serialNumbers = [],
  clientUserIds = [],
}: ServedRequest): [string, string, "device" | "user", string][] {
  return assets.flatMap(({ adamId }) => [
    ...serialNumbers.map((serial): [string, string, "device", string] => [
      pairOf(adamId, "device", serial),
      adamId,
      "device",
      serial,
    ]),
    ...clientUserIds.map((id): [string, string, "user", string] => [pairOf(adamId, "user", id), adamId, "user", id]),
  ]);
}
