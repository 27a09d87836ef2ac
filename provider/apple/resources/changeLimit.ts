import { VppError } from "../../errors";
import { plural, someOf } from "./lists";

/** The property that allows more for once. */
export type LimitName = "maxRevocations" | "maxRetirements";

/** How many targets may always lose something, and how many people may always be retired. */
const floors: Readonly<Record<LimitName, number>> = { maxRevocations: 25, maxRetirements: 10 };

/** How much may be taken back: what the program says, or the larger of a fixed number and 10 % of what there was. */
export function limitOf(property: LimitName, given: number | undefined, of: number): number {
  return given ?? Math.max(floors[property], Math.floor(of / 10));
}

/** One list of the resource, and how many of it leave the program with the update. */
export interface ListChange {
  readonly of: number;
  readonly leaving: number;
}

/** An empty list of so many, and one of which most are gone, is more likely a list that came in short than an edit. */
const emptiedFrom = 5;
const halvedFrom = 10;

/** Refuses an update that would take back more than its limit; never does a part of it instead. */
export function refuseOverBrake(brake: {
  readonly count: number;
  readonly noun: string;
  readonly verb: string;
  readonly given: number | undefined;
  readonly of: number;
  readonly property: LimitName;
  readonly lists?: readonly ListChange[];
  /** Who would lose something, as far as that is known by name. */
  readonly losing?: readonly string[];
}): void {
  const { count, noun, verb, given, of, property, lists = [], losing = [] } = brake;
  const limit = limitOf(property, given, of);
  const fault =
    count > limit
      ? `more than ${property} allows (${limit})`
      : given === undefined
        ? shrunk(lists, property)
        : undefined;
  if (fault === undefined) return;
  // Others than the list's lose something too, where an assignment is exclusive.
  const share = count > of ? "" : ` of ${of}`;
  const why = `the update would ${verb} ${plural(count, noun)}${share}, ${fault}; nothing was changed`;
  const who = losing.length > 0 ? `. It would be ${someOf(losing, count)}` : "";
  throw new VppError("VPP_LIMIT_BRAKE", `${why}${who}`, {
    remedy: `If it is not meant, put back what was taken out: a list may have come in short. If it is meant, set ${property}: ${count} for this run.`,
  });
}

/** Whether one of the lists shrinks as no list does by itself; small numbers hide that from a limit by count. */
function shrunk(lists: readonly ListChange[], property: LimitName): string | undefined {
  for (const { of, leaving } of lists) {
    if (of >= emptiedFrom && leaving >= of) return `the whole list of ${of}, which only ${property} allows`;
    if (of >= halvedFrom && leaving > of / 2) return `more than half of a list of ${of}, which only ${property} allows`;
  }
  return undefined;
}
