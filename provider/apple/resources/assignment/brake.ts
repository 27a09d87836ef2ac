import { type ListChange, refuseOverBrake } from "../changeLimit";
import type { AssignmentInputs } from "./types";

/** Refuses to take licences from more targets than the assignment allows in one update. */
export function brakeAssignment(
  { maxRevocations: given }: AssignmentInputs,
  count: number,
  of: number,
  details: { readonly lists?: readonly ListChange[]; readonly losing?: readonly string[] } = {},
): void {
  const property = "maxRevocations";
  refuseOverBrake({ count, noun: "target", verb: "take licences from", given, of, property, ...details });
}
