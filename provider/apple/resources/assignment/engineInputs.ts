import type { CheckContext } from "../../../engine/kind";
import { hasUnknown, isUnknown } from "../../../engine/unknown";
import { VppError } from "../../../errors";
import type { Correction, Extent, SeenAssignment } from "../../../plan/declared";
import type { Plan } from "../../../plan/planReader";
import { countCommon, type Overlap, overlapOf } from "../../../plan/takeBacks";
import { noteOnlyByArguments } from "../../library/planProtection";
import { assetKey } from "../../library/readings/assets";
import type { TargetKind } from "../../library/readings/assignmentCache";
import { plural, someOf } from "../lists";
import { describeTargets } from "../naming";
import { changeOf, kinds, targetsOf } from "./shape";
import type { AssignmentInputs } from "./types";

/**
 * Puts what the engine gave to this check into the plan, which knows the constructor's arguments: `ignoreChanges` and transforms make them differ.
 * Gives back how they do.
 */
export function takeOverInputs(context: CheckContext, inputs: AssignmentInputs): Correction | undefined {
  const { plan, run, entry, name } = context;
  const seen = seenIn(inputs);
  if (plan === undefined || entry === "") {
    run.protectAssignment(name, seen);
    return undefined;
  }
  const { libraryId } = inputs.token;
  if (seen.key !== undefined && !isUnknown(libraryId)) plan.learn(seen.key, libraryId);
  return plan.correctAssignment(entry, name, seen);
}

/** What is known of the inputs. A list of which a part is not known yet counts with what is. */
function seenIn(inputs: AssignmentInputs): SeenAssignment {
  const { token, apps, intent, exclusive } = inputs;
  const targets: Partial<Record<TargetKind, readonly string[] | null>> = {};
  for (const kind of kinds) {
    const list: unknown = targetsOf(inputs, kind);
    if (list === undefined) targets[kind] = null;
    else if (Array.isArray(list)) targets[kind] = (list as string[]).filter((target) => !isUnknown(target));
  }
  const contentTokenKey: unknown = isUnknown(token) ? undefined : token.contentTokenKey;
  return {
    targets,
    ...(typeof contentTokenKey === "string" && !isUnknown(contentTokenKey) && { key: contentTokenKey }),
    ...(Array.isArray(apps) && { apps: apps.filter((app) => !hasUnknown(app)).map(assetKey) }),
    ...(!isUnknown(intent) && { intent }),
    ...(!isUnknown(exclusive) && { exclusive }),
  };
}

/** Refuses what the engine gives to this resource beyond its arguments, and another resource of the program takes back in this run. */
export function refuseTakenElsewhere(
  { plan, entry, ...context }: CheckContext,
  { gained, onlyInLine }: Correction,
  nameOf: (app: string) => string,
): void {
  const own = plan?.assignment(entry);
  if (plan === undefined || own === undefined) return;
  for (const other of plan.takeBacks.ofOthers(entry)) {
    if (!plan.isSameLibrary(other.key, own.key)) continue;
    const overlap = overlapOf(gained, other.name, other.extents);
    if (overlap !== undefined) {
      throw conflict(
        `${describe(overlap.extent, nameOf)} comes to it from the engine (ignoreChanges or a transform), not from its arguments, and VppAssignment ${other.name} gives it up in this run`,
      );
    }
    const left = countCommon(onlyInLine, other.extents);
    if (left > 0) {
      const what = `${plural(left, "licence")} that VppAssignment ${other.name} gives up ${left === 1 ? "stays" : "stay"}`;
      noteOnlyByArguments(context, what, [`VppAssignment ${own.name}`]);
    }
  }
}

/** Notes what an edit gives up, and refuses what the engine gives to another resource of the program beyond that one's arguments. */
export function recordTakeBacks(
  { plan, entry, name }: CheckContext,
  before: Partial<AssignmentInputs>,
  inputs: AssignmentInputs,
  nameOf: (app: string) => string,
): void {
  if (plan === undefined) return;
  const key = inputs.token.contentTokenKey;
  const extents = inputs.reclaim ? givenUp(before, inputs) : [];
  plan.takeBacks.record({ entry, name, key, extents, users: [] });
  if (extents.length === 0) return;
  for (const { name: other, extents: gained } of plan.gainedByOthers(entry, key)) {
    const overlap = overlapOf(extents, other, gained);
    if (overlap === undefined) continue;
    throw conflict(
      `it gives up ${describe(overlap.extent, nameOf)}, which comes to VppAssignment ${other} from the engine (ignoreChanges or a transform), not from its arguments`,
    );
  }
}

function givenUp(before: Partial<AssignmentInputs>, now: AssignmentInputs): Extent[] {
  return kinds.flatMap((kind) => changeOf(before, now, kind).dropped.map((rectangle) => ({ kind, ...rectangle })));
}

function conflict(why: string): VppError {
  return new VppError("VPP_INPUT_CONFLICT", why, {
    remedy:
      "Whether it stays would depend on which of the two comes first. Name it in the arguments of the one that is to have it, or make the change in two runs.",
  });
}

function describe({ kind, apps, targets }: Overlap["extent"], nameOf: (app: string) => string): string {
  const more = apps.length > 1 ? ` and ${plural(apps.length - 1, "more app")}` : "";
  return `${nameOf(apps[0]!)}${more} for ${describeTargets(targets, kind)}`;
}

/** Refuses people whom a user set of the program is about to retire: whoever is retired loses every licence. */
export function refuseRetired(plan: Plan, entry: string): void {
  const own = plan.assignment(entry);
  const users = own?.targets.user;
  if (own === undefined || users === undefined || own.intent !== "required") return;
  for (const other of plan.takeBacks.ofOthers(entry)) {
    if (!plan.isSameLibrary(other.key, own.key)) continue;
    const retired = other.users.filter((user) => users.has(user));
    if (retired.length === 0) continue;
    const why = `${plural(retired.length, "user")} of it (${someOf(retired)}) ${retired.length === 1 ? "leaves" : "leave"} VppUserSet ${other.name} in this run`;
    throw new VppError("VPP_INPUT_CONFLICT", why, {
      remedy: "Take them out of the assignment too, or keep them in the set.",
    });
  }
}
