import { type CheckContext, InputFaults } from "../../../engine/kind";
import { hasUnknown, isUnknown } from "../../../engine/unknown";
import { VppError } from "../../../errors";
import { faultsOf } from "../../../schema/validate";
import { refuseMissingPlan } from "../../library/planProtection";
import { without } from "../../library/rectangles";
import { cutOffWorkIn } from "../cutOff";
import { inOldOrder, plural, repeats } from "../lists";
import { namesOfTargets } from "../naming";
import { oddIds, oddIdsInUse } from "../oddIds";
import { refuseOtherLibrary } from "../tokenRef";
import { brakeUsers } from "./brake";
import { recordRetirements, refuseLooseAssignments, refuseRetiredElsewhere, takeOverUsers } from "./engineInputs";
import { noteNewPlace, noteNewSet } from "./notes";
import type { UserInput, UserSetInputs } from "./types";

const ids = (users: UserSetInputs["users"] | undefined): string[] =>
  (users ?? []).map(({ clientUserId }) => clientUserId);

/** The id in what may be no user at all, if there is one and it is known. */
function idIn(user: unknown): string | undefined {
  const id = typeof user === "object" && user !== null ? (user as Partial<UserInput>).clientUserId : undefined;
  return typeof id === "string" && !isUnknown(id) ? id : undefined;
}

/** Checks a VppUserSet: shape, nobody in two sets, nobody dropped who still has a declared licence, and the brake. */
export async function checkUserSet(
  context: CheckContext,
  olds: Partial<UserSetInputs>,
  news: UserSetInputs,
): Promise<UserSetInputs> {
  const inputs = { ...news, reclaim: news.reclaim ?? true };
  const faults = faultsOf("VppUserSet", inputs);
  if (Array.isArray(inputs.users)) {
    const given = (inputs.users as readonly unknown[]).map(idIn);
    // Only inputs of the right shape can be asked about.
    const inUse = faults.length > 0 ? [] : await oddIdsInUse(context, inputs.token, given, ids(olds.users));
    const known = [...ids(olds.users), ...inUse];
    faults.push(...oddIds("users", given, known, ".clientUserId"), ...repeats("users", given));
  }
  if (faults.length > 0) throw new InputFaults(faults);
  refuseOtherLibrary(olds.token, inputs.token);
  const correction = takeOverUsers(context, inputs);
  if (hasUnknown(inputs.users) || hasUnknown(inputs.token)) return inputs;
  const key = inputs.token.contentTokenKey;
  for (const other of context.plan?.userSetsOf(key) ?? []) {
    if (other.entry === context.entry || context.plan?.isOpen(other)) continue;
    const shared = ids(inputs.users).filter((id) => other.users.has(id));
    if (shared.length === 0) continue;
    throw new VppError(
      "VPP_INPUT_CONFLICT",
      `${shared.length} of its users ${shared.length === 1 ? "is" : "are"} also in VppUserSet ${other.name}: ${namesOfTargets(shared)}`,
      {
        remedy: "Name each user in one set only.",
      },
    );
  }
  refuseLooseAssignments(context, key, correction);
  if (correction) refuseRetiredElsewhere(context, key, correction);
  const dropped = without(ids(olds.users), ids(inputs.users));
  if (inputs.reclaim && dropped.length > 0) refuseBadDrops(context, key, olds, inputs, dropped);
  if ((await cutOffWorkIn(context, inputs.token)) !== undefined) {
    const { checkCutOff } = await import("./cutOff.js");
    await checkCutOff(context, inputs);
  }
  // Only the comparison is given the state, which says whom an update may retire.
  if (olds.token?.libraryId !== inputs.token.libraryId) {
    noteNewSet(context, inputs);
    noteNewPlace(context, inputs);
  }
  return { ...inputs, users: inOldOrder(olds.users, inputs.users, ({ clientUserId }) => clientUserId) };
}

function refuseBadDrops(
  context: CheckContext,
  key: string,
  olds: Partial<UserSetInputs>,
  inputs: UserSetInputs,
  dropped: readonly string[],
): void {
  refuseMissingPlan(context.run.plan);
  const leaving = without(dropped, context.plan?.usersOf(key) ?? []);
  recordRetirements(context, key, dropped, leaving);
  for (const assignment of context.plan?.assignmentsOf(key) ?? []) {
    if (assignment.intent !== "required" || context.plan?.isOpen(assignment)) continue;
    const licensed = leaving.filter((id) => assignment.targets.user?.has(id));
    if (licensed.length === 0) continue;
    const why = `${plural(licensed.length, "user")} that it drops still ${licensed.length === 1 ? "has" : "have"} licences in VppAssignment ${assignment.name}: ${namesOfTargets(licensed)}`;
    throw new VppError("VPP_INPUT_CONFLICT", why, {
      remedy: "Take them out of the assignment too, or keep them in the set.",
    });
  }
  brakeUsers(inputs, leaving.length, ids(olds.users).length, leaving);
}
