import { type CheckContext, InputFaults } from "../../../engine/kind";
import { hasUnknown, isUnknown } from "../../../engine/unknown";
import { VppError } from "../../../errors";
import { faultsOf } from "../../../schema/validate";
import { without } from "../../library/rectangles";
import { refuseOverBrake } from "../changeLimit";
import { inOldOrder, plural, repeats } from "../lists";
import { refuseOtherLibrary } from "../tokenRef";
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
  if (Array.isArray(inputs.users)) faults.push(...repeats("users", (inputs.users as readonly unknown[]).map(idIn)));
  if (faults.length > 0) throw new InputFaults(faults);
  refuseOtherLibrary(olds.token, inputs.token);
  if (hasUnknown(inputs.users) || hasUnknown(inputs.token)) return inputs;
  const key = inputs.token.contentTokenKey;
  for (const other of context.plan?.userSetsOf(key) ?? []) {
    if (other.entry === context.entry) continue;
    const shared = ids(inputs.users).filter((id) => other.users.has(id));
    if (shared.length === 0) continue;
    throw new VppError(
      "VPP_INPUT_CONFLICT",
      `${shared.length} of its users ${shared.length === 1 ? "is" : "are"} also in VppUserSet ${other.name}`,
      {
        remedy: "Name each user in one set only.",
      },
    );
  }
  const dropped = without(ids(olds.users), ids(inputs.users));
  if (inputs.reclaim && dropped.length > 0) refuseBadDrops(context, key, olds, inputs, dropped);
  const added = without(ids(inputs.users), ids(olds.users));
  if (added.length > 0 || dropped.length > 0) {
    const fate = inputs.reclaim ? "to retire, as far as this resource registered them" : "to leave as they are";
    const parts = [
      `${plural(added.length, "user")} to invite or adopt`,
      ...(dropped.length > 0 ? [`${dropped.length} ${fate}`] : []),
    ];
    context.note("plan", `${parts.join(", ")}.`);
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
  const moved = (context.plan?.userSetsOf(key) ?? []).flatMap(({ users }) => [...users]);
  const leaving = without(dropped, moved);
  for (const assignment of context.plan?.assignmentsOf(key) ?? []) {
    if (assignment.intent !== "required") continue;
    const licensed = leaving.filter((id) => assignment.targets.user?.has(id));
    if (licensed.length === 0) continue;
    const why = `${plural(licensed.length, "user")} that it drops still ${licensed.length === 1 ? "has" : "have"} licences in VppAssignment ${assignment.name}`;
    throw new VppError("VPP_INPUT_CONFLICT", why, {
      remedy: "Take them out of the assignment too, or keep them in the set.",
    });
  }
  brakeUsers(inputs, leaving.length, ids(olds.users).length);
}

/** Refuses to retire more people than the set allows in one update. */
export function brakeUsers(
  { maxRetirements: given }: Pick<UserSetInputs, "maxRetirements">,
  count: number,
  of: number,
): void {
  const lists = [{ of, leaving: count }];
  refuseOverBrake({ count, noun: "user", verb: "retire", given, of, property: "maxRetirements", lists });
}
