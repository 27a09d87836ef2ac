import type { CheckContext } from "../../../engine/kind";
import { hasUnknown, isUnknown } from "../../../engine/unknown";
import { VppError } from "../../../errors";
import type { UserCorrection } from "../../../plan/declared";
import { plural, someOf } from "../lists";
import type { UserInput, UserSetInputs } from "./types";

const byTheEngine = "from the engine (ignoreChanges or a transform), not from its arguments";

/**
 * Puts what the engine gave to this check into the plan, which knows the constructor's arguments: `ignoreChanges` and transforms make them differ.
 * Gives back how they do.
 */
export function takeOverUsers(context: CheckContext, { token, users }: UserSetInputs): UserCorrection | undefined {
  const { plan, run, entry, name } = context;
  const isList = !isUnknown(users);
  const known: readonly UserInput[] = isList ? users.filter((user) => !isUnknown(user)) : [];
  const seen = {
    ...(!hasUnknown(token) && { key: token.contentTokenKey }),
    ...(isList && { users: known.map(({ clientUserId }) => clientUserId).filter((id) => !isUnknown(id)) }),
    isPartial: !isList || users.some((user) => isUnknown(user) || isUnknown(user.clientUserId)),
  };
  if (plan === undefined || entry === "") {
    run.protectUserSet(name, seen);
    return undefined;
  }
  if (!hasUnknown(token)) plan.learn(token.contentTokenKey, token.libraryId);
  return plan.correctUserSet(entry, name, seen);
}

/** Refuses people whom the engine gives to this set beyond its arguments, and whom another set of the program drops in this run. */
export function refuseRetiredElsewhere({ plan, entry }: CheckContext, key: string, { gained }: UserCorrection): void {
  if (plan === undefined || gained.length === 0) return;
  const wanted = new Set(gained);
  for (const other of plan.takeBacks.ofOthers(entry)) {
    if (!plan.isSameLibrary(other.key, key)) continue;
    const retired = other.users.filter((user) => wanted.has(user));
    if (retired.length > 0) {
      throw conflict(
        `${plural(retired.length, "user")} (${someOf(retired)}) ${retired.length === 1 ? "comes" : "come"} to it ${byTheEngine}, and VppUserSet ${other.name} drops ${retired.length === 1 ? "that one" : "them"} in this run`,
      );
    }
  }
}

/** Notes who is to be retired, and refuses to drop those whom the engine gives to another set beyond that one's arguments. */
export function recordRetirements(
  { plan, entry, name }: CheckContext,
  key: string,
  dropped: readonly string[],
  leaving: readonly string[],
): void {
  if (plan === undefined) return;
  plan.takeBacks.record({ entry, name, key, extents: [], users: leaving });
  for (const { name: other, users } of plan.usersGainedByOthers(entry, key)) {
    const shared = dropped.filter((user) => users.has(user));
    if (shared.length === 0) continue;
    throw conflict(
      `it drops ${plural(shared.length, "user")} (${someOf(shared)}) who ${shared.length === 1 ? "comes" : "come"} to VppUserSet ${other} ${byTheEngine}`,
    );
  }
}

/**
 * Refuses people whom assignments license without taking them from this set. Their own checks do that, too, unless they came first and the engine
 * gives the set other people than its arguments do.
 */
export function refuseLooseAssignments(
  { plan, entry }: CheckContext,
  key: string,
  correction: UserCorrection | undefined,
): void {
  const own = plan?.userSet(entry);
  if (plan === undefined || own === undefined) return;
  const users = own.mayChange ? [...own.users] : (correction?.gained ?? []);
  if (users.length === 0) return;
  for (const assignment of plan.assignmentsOf(key)) {
    if (assignment.sets.includes(entry) || plan.isOpen(assignment)) continue;
    const loose = users.filter((user) => assignment.targets.user?.has(user));
    if (loose.length === 0) continue;
    const why = `${plural(loose.length, "user")} of it (${someOf(loose)}) ${loose.length === 1 ? "is" : "are"} licensed by VppAssignment ${assignment.name}, which does not take ${loose.length === 1 ? "that id" : "the ids"} from it`;
    throw new VppError("VPP_INPUT_CONFLICT", why, {
      remedy:
        "Take the ids from the set's clientUserIds, so that people are registered before they are licensed and retired after.",
    });
  }
}

function conflict(why: string): VppError {
  return new VppError("VPP_INPUT_CONFLICT", why, {
    remedy:
      "Whether they stay would depend on which of the two comes first. Name them in the arguments of the set that is to have them, or make the change in two runs.",
  });
}
