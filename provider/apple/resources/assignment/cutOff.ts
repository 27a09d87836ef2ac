import type { CheckContext, Context } from "../../../engine/kind";
import { requiredIn } from "../../library/planProtection";
import { type Rectangle, toRectangles } from "../../library/rectangles";
import type { CutOffWork } from "../../library/runs/cutOffWork";
import type { TargetKind } from "../../library/targets";
import {
  cutOffRun,
  cutOffWorkIn,
  describeLeftOvers,
  type LeftOver,
  leftOversOf,
  noteMended,
  targetsIn,
} from "../cutOff";
import { plural } from "../lists";
import { brakeAssignment } from "./brake";
import { declaredRectangles, kinds, targetCount } from "./shape";
import type { AssignmentInputs } from "./types";

/** What a run that was cut off has left to mend in one assignment. */
interface Mending {
  /** Declared, and not as declared: of those licences that the run may have changed. */
  readonly undone: readonly LeftOver[];
  /** Assigned by the run with this resource, and declared by none. */
  readonly leftOver: readonly LeftOver[];
}

/**
 * Looks, before anything else is judged, at what runs that were cut off may have changed of this assignment, says what will be mended, and
 * refuses what goes beyond the brake. Costs no request without such a run. Throws a VppError.
 */
export async function checkCutOff(context: CheckContext, inputs: AssignmentInputs): Promise<void> {
  const work = await cutOffWorkIn(context, inputs.token);
  if (work === undefined) return;
  const { undone, leftOver } = await mendingOf(context, work, inputs);
  if (undone.length + leftOver.length === 0) {
    noteMended(context, inputs.token);
    return;
  }
  work.unmended.add(context.subject);
  const losing = targetsIn(inputs.intent === "uninstall" ? [...undone, ...leftOver] : leftOver);
  brakeAssignment(inputs, losing.length, targetCount(inputs), { losing });
  const library = context.libraries.open(inputs.token);
  const parts: string[] = [];
  for (const [found, fate] of [
    [undone, inputs.intent === "required" ? "will be assigned again" : "will be revoked again"],
    [leftOver, "that it assigned and nothing declares will be revoked"],
  ] as const) {
    const { count, first } = await describeLeftOvers(library, found);
    if (count > 0) parts.push(`${plural(count, "licence")} ${fate}: ${first}`);
  }
  context.note("cutOff", `${cutOffRun(work)} has left work open. ${parts.join("; ")}.`);
}

/** What an update has to look at, and to take back besides, because of runs that were cut off. */
export async function cutOffTasks(
  context: Context,
  inputs: AssignmentInputs,
): Promise<{ readonly mustLook: boolean; leftOver(kind: TargetKind): readonly Rectangle[] }> {
  const work = await cutOffWorkIn(context, inputs.token);
  if (work === undefined) return { mustLook: false, leftOver: () => [] };
  const { undone, leftOver } = await mendingOf(context, work, inputs);
  return {
    mustLook: undone.length > 0,
    leftOver: (kind) => toRectangles(leftOver.find((each) => each.kind === kind)?.pairs ?? new Map()),
  };
}

async function mendingOf(context: Context, work: CutOffWork, inputs: AssignmentInputs): Promise<Mending> {
  const undone: LeftOver[] = [];
  const areMeant = inputs.intent === "required" ? "assigned" : "free";
  for (const kind of kinds) {
    const pairs = await work.undone(declaredRectangles(inputs, kind), kind, areMeant);
    if (pairs.size > 0) undone.push({ kind, pairs });
  }
  if (!inputs.reclaim) return { undone, leftOver: [] };
  const required = await requiredIn(inputs.token, context.run.plan, context.libraries);
  return { undone, leftOver: await leftOversOf(work, required, (name) => name === context.name) };
}
