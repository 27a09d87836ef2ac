import { VppError } from "../../errors";
import type { TargetKind } from "../../library/holdings";
import type { DeclaredAssignment, Plan } from "../../library/plan";
import { plural, someOf } from "../lists";
import { kinds } from "./shape";

/** Refuses what contradicts another resource of the program: a pair declared twice, or under somebody else's `exclusive`. */
export function refuseConflicts(plan: Plan, entry: string, nameOf: (app: string) => string): void {
  const own = plan.assignment(entry);
  if (own === undefined) return;
  for (const other of plan.assignmentsOf(own.key)) {
    if (other.entry === entry) continue;
    const shared = [...own.apps].filter((app) => other.apps.has(app));
    if (shared.length === 0) continue;
    for (const kind of kinds) refuseSharedTargets(own, other, kind, nameOf(shared[0]!));
    for (const kind of kinds) refuseExclusive(own, other, kind, nameOf(shared[0]!));
  }
}

function refuseSharedTargets(own: DeclaredAssignment, other: DeclaredAssignment, kind: TargetKind, app: string): void {
  const mine = own.targets[kind];
  const theirs = other.targets[kind];
  if (mine === undefined || theirs === undefined) return;
  const [few, many] = mine.size < theirs.size ? [mine, theirs] : [theirs, mine];
  const both = [...few].filter((target) => many.has(target));
  if (both.length === 0) return;
  const who = describeTargets(both, kind);
  const why =
    own.intent === other.intent
      ? `${app} for ${who} is declared twice: here and in VppAssignment ${other.name}`
      : `${app} for ${who} is ${own.intent} here and ${other.intent} in VppAssignment ${other.name}`;
  throw new VppError("VPP_INPUT_CONFLICT", why, { remedy: "Declare each app for each target once." });
}

function refuseExclusive(own: DeclaredAssignment, other: DeclaredAssignment, kind: TargetKind, app: string): void {
  if (own.targets[kind] === undefined || other.targets[kind] === undefined) return;
  const excluding = own.exclusive ? own : other.exclusive ? other : undefined;
  const excluded = excluding === own ? other : own;
  if (excluding === undefined || excluded.intent !== "required" || excluded.targets[kind]!.size === 0) return;
  const why = `${app} is exclusive for ${kind}s in VppAssignment ${excluding.name}, and VppAssignment ${excluded.name} gives it to others`;
  throw new VppError("VPP_INPUT_CONFLICT", why, {
    remedy: "Put these targets into the exclusive assignment, or drop exclusive.",
  });
}

/** Devices by serial number, people by count alone. */
export function describeTargets(targets: readonly string[], kind: TargetKind): string {
  const counted = plural(targets.length, kind);
  return kind === "device" ? `${counted} (${someOf(targets)})` : counted;
}

/** Refuses user ids that a set of the program registers but that do not come from that set, since nothing would order the two. */
export function refuseLooseUsers(plan: Plan, entry: string): void {
  const own = plan.assignment(entry);
  const users = own?.targets.user;
  if (own === undefined || users === undefined) return;
  for (const set of plan.userSetsOf(own.key)) {
    if (own.sets.includes(set.entry)) continue;
    const loose = [...users].filter((user) => set.users.has(user));
    if (loose.length === 0) continue;
    const why = `${loose.length} of its users ${loose.length === 1 ? "is" : "are"} registered by VppUserSet ${set.name}, but not taken from it`;
    throw new VppError("VPP_INPUT_CONFLICT", why, {
      remedy:
        "Take the ids from the set's clientUserIds, so that people are registered before they are licensed and retired after.",
    });
  }
}
