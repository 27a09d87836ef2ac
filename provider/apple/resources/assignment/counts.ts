import type { Library } from "../../library/library";
import { assetOfKey } from "../../library/readings/assets";
import type { TargetKind } from "../../library/readings/assignmentCache";
import type { Pairs } from "../../library/rectangles";
import { activeRecords } from "../userSet/records";
import type { AssignmentInputs, AssignmentState, ListedPair } from "./types";

/** So many licences are listed in a state; all are counted. */
const listed = 100;

/** The counts and lists of a state. */
export function countsOf(
  inputs: AssignmentInputs,
  declared: number,
  missing: readonly ListedPair[],
  surplus: readonly ListedPair[],
  surplusTargetCount: number,
): Pick<
  AssignmentState,
  "assignedCount" | "missingCount" | "missing" | "surplusCount" | "surplus" | "surplusTargetCount"
> {
  return {
    assignedCount: inputs.intent === "required" ? declared - missing.length : 0,
    missingCount: missing.length,
    missing: missing.slice(0, listed),
    surplusCount: surplus.length,
    surplus: surplus.slice(0, listed),
    surplusTargetCount,
  };
}

/** Pairs in the form of the state, a licence each. */
export function list(pairs: Pairs, kind: TargetKind): ListedPair[] {
  const licences: ListedPair[] = [];
  for (const [target, apps] of pairs) {
    for (const app of apps) {
      licences.push({
        ...assetOfKey(app),
        ...(kind === "device" ? { serialNumber: target } : { clientUserId: target }),
      });
    }
  }
  return licences;
}

/** Users of the assignment who are invited and have not accepted, those without a licence left out. */
export async function pendingCount(
  library: Library,
  inputs: AssignmentInputs,
  unlicensed: ReadonlySet<string>,
): Promise<number> {
  const users = inputs.intent === "required" ? (inputs.clientUserIds ?? []) : [];
  if (users.length === 0) return 0;
  const records = activeRecords(await library.users());
  return users.filter((user) => records.get(user)?.status === "Registered" && !unlicensed.has(user)).length;
}
