import { VppError } from "../../../errors";
import type { DeclaredAssignment, Plan } from "../../../plan/planReader";
import type { TargetKind } from "../../library/readings/assignmentCache";
import { plural } from "../lists";
import { namesOfTargets } from "../naming";
import { kinds } from "./shape";

/**
 * Refuses what contradicts another resource of the program: a pair declared twice, or under somebody else's `exclusive`. What the engine may still
 * change is held against this resource in its own check, so that every order of checks comes to the same.
 */
export function refuseConflicts(plan: Plan, entry: string, nameOf: (app: string) => string): void {
  const own = plan.assignment(entry);
  if (own === undefined) return;
  const isAlone = [...own.apps].every((app) => plan.assignmentsOfApp(own.key, app).size === 1);
  if (isAlone) return;
  for (const kind of kinds) refuseSharedTargets(plan, own, kind, nameOf);
  const rivals = own.exclusive ? plan.assignmentsOf(own.key) : plan.exclusiveOf(own.key);
  for (const other of rivals) {
    const app = other === own || plan.isOpen(other) ? undefined : sharedApp(plan, own, other);
    if (app !== undefined) for (const kind of kinds) refuseExclusive(own, other, kind, nameOf(app));
  }
}

function sharedApp(plan: Plan, own: DeclaredAssignment, other: DeclaredAssignment): string | undefined {
  if (!plan.isSameLibrary(own.key, other.key)) return undefined;
  for (const app of own.apps) if (other.apps.has(app)) return app;
  return undefined;
}

/** Goes by the targets, not by the resources: in a program of a thousand assignments each would otherwise be held against all others. */
function refuseSharedTargets(
  plan: Plan,
  own: DeclaredAssignment,
  kind: TargetKind,
  nameOf: (app: string) => string,
): void {
  const appWith = new Map<DeclaredAssignment, string | undefined>([[own, undefined]]);
  const both: string[] = [];
  let other: DeclaredAssignment | undefined;
  for (const target of own.targets[kind] ?? []) {
    const declaring = plan.assignmentsOfTarget(kind, target);
    if (declaring.length < 2) continue;
    for (const each of declaring)
      if (!appWith.has(each)) appWith.set(each, plan.isOpen(each) ? undefined : sharedApp(plan, own, each));
    other ??= declaring.find((each) => appWith.get(each) !== undefined);
    if (other !== undefined && declaring.includes(other)) both.push(target);
  }
  if (other === undefined) return;
  const app = nameOf(appWith.get(other)!);
  const who = `${plural(both.length, kind)} (${namesOfTargets(both)})`;
  const why =
    own.intent === other.intent
      ? `${app} for ${who} is declared twice: here and in VppAssignment ${other.name}`
      : `${app} for ${who} is ${own.intent} here and ${other.intent} in VppAssignment ${other.name}`;
  throw new VppError("VPP_INPUT_CONFLICT", why, { remedy: "Declare each app for each target once." });
}

function refuseExclusive(own: DeclaredAssignment, other: DeclaredAssignment, kind: TargetKind, app: string): void {
  if (own.targets[kind] === undefined || other.targets[kind] === undefined) return;
  // Where both are exclusive, either may be the one that shuts the other out: which of them is checked last must not matter.
  const isShutOut = (excluded: DeclaredAssignment, by: DeclaredAssignment): boolean =>
    by.exclusive && excluded.intent === "required" && excluded.targets[kind]!.size > 0;
  const excluded = isShutOut(other, own) ? other : isShutOut(own, other) ? own : undefined;
  if (excluded === undefined) return;
  const excluding = excluded === own ? other : own;
  const why = `${app} is exclusive for ${kind}s in VppAssignment ${excluding.name}, and VppAssignment ${excluded.name} gives it to others`;
  throw new VppError("VPP_INPUT_CONFLICT", why, {
    remedy: "Put these targets into the exclusive assignment, or drop exclusive.",
  });
}

/** Refuses user ids that a set of the program registers but that do not come from that set, since nothing would order the two. */
export function refuseLooseUsers(plan: Plan, entry: string): void {
  const own = plan.assignment(entry);
  const users = own?.targets.user;
  if (own === undefined || users === undefined) return;
  for (const set of plan.userSetsOf(own.key)) {
    if (own.sets.includes(set.entry) || plan.isOpen(set)) continue;
    const loose = [...users].filter((user) => set.users.has(user));
    if (loose.length === 0) continue;
    const why = `${loose.length} of its users ${loose.length === 1 ? "is" : "are"} registered by VppUserSet ${set.name}, but not taken from it: ${namesOfTargets(loose)}`;
    throw new VppError("VPP_INPUT_CONFLICT", why, {
      remedy:
        "Take the ids from the set's clientUserIds, so that people are registered before they are licensed and retired after.",
    });
  }
}
