import { refuseOverBrake } from "../changeLimit";
import type { UserSetInputs } from "./types";

/** Refuses to retire more people than the set allows in one update. */
export function brakeUsers(
  { maxRetirements: given }: Pick<UserSetInputs, "maxRetirements">,
  count: number,
  of: number,
  losing: readonly string[] = [],
): void {
  const lists = [{ of, leaving: count }];
  refuseOverBrake({ count, noun: "user", verb: "retire", given, of, property: "maxRetirements", lists, losing });
}
