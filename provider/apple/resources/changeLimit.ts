import { VppError } from "../../errors";
import { plural, someOf } from "./lists";

/** How much one update may take back: what the program says, or the larger of a fixed number and 10 % of what there was. */
export function brakeLimit(given: number | undefined, of: number, floor: number): number {
  return given ?? Math.max(floor, Math.floor(of / 10));
}

/** Refuses an update that would take back more than its limit; never does a part of it instead. */
export function refuseOverBrake(brake: {
  readonly count: number;
  readonly noun: string;
  readonly verb: string;
  readonly limit: number;
  readonly of: number;
  readonly property: "maxRevocations" | "maxRetirements";
  /** Who would lose something, as far as that is known by name. */
  readonly losing?: readonly string[];
}): void {
  const { count, noun, verb, limit, of, property, losing = [] } = brake;
  if (count <= limit) return;
  const why = `the update would ${verb} ${plural(count, noun)} of ${of}, more than ${property} allows (${limit}); nothing was changed`;
  const who = losing.length > 0 ? `. It would be ${someOf(losing, count)}` : "";
  throw new VppError("VPP_LIMIT_BRAKE", `${why}${who}`, {
    remedy: `If a list came in short, restore it. If it is meant, set ${property}: ${count} for this run.`,
  });
}
