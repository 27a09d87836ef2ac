import type { CheckContext, Context } from "../../../engine/kind";
import { countPairs, type Pairs, type Rectangle, toRectangles } from "../../library/rectangles";
import type { TargetKind } from "../../library/targets";
import { cutOffRun, cutOffWorkIn, type LeftOver, leftOversOf, requiredBy } from "../cutOff";
import { plural } from "../lists";
import { describePairs, type NamedPair, namesByOneLookUp } from "../naming";
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
  const { undone, leftOver } = await mendingOf(context, inputs);
  const slot = context.subject;
  if (undone.length + leftOver.length === 0) {
    work.unmended.delete(slot);
    return;
  }
  work.unmended.add(slot);
  const losing = targetsIn(inputs.intent === "uninstall" ? [...undone, ...leftOver] : leftOver);
  brakeAssignment(inputs, losing.length, targetCount(inputs), { losing });
  const parts: string[] = [];
  const library = context.libraries.open(inputs.token);
  for (const [found, verb] of [
    [undone, inputs.intent === "required" ? "will be assigned again" : "will be revoked again"],
    [leftOver, "that it assigned and nothing declares will be revoked"],
  ] as const) {
    const pairs = pairsOf(found);
    if (pairs.length === 0) continue;
    const nameOf = await namesByOneLookUp(
      library,
      pairs.slice(0, 5).map(({ app }) => app),
    );
    parts.push(`${plural(pairs.length, "licence")} ${verb}: ${await describePairs(pairs, pairs.length, nameOf)}`);
  }
  context.note("cutOff", `${cutOffRun(work)} has left work open. ${parts.join("; ")}.`);
}

/** What an update has to look at, and to take back besides, because of runs that were cut off. */
export async function cutOffTasks(
  context: Context,
  inputs: AssignmentInputs,
): Promise<{ readonly mustLook: boolean; leftOver(kind: TargetKind): readonly Rectangle[]; done(): void }> {
  const work = await cutOffWorkIn(context, inputs.token);
  if (work === undefined) return { mustLook: false, leftOver: () => [], done: () => undefined };
  const { undone, leftOver } = await mendingOf(context, inputs);
  return {
    mustLook: undone.length > 0,
    leftOver: (kind) => toRectangles(leftOver.find((each) => each.kind === kind)?.pairs ?? new Map()),
    done: () => void work.unmended.delete(context.subject),
  };
}

async function mendingOf(context: Context, inputs: AssignmentInputs): Promise<Mending> {
  const work = (await cutOffWorkIn(context, inputs.token))!;
  const undone: LeftOver[] = [];
  for (const kind of kinds) {
    const touched = work.touched(declaredRectangles(inputs, kind), kind);
    const pairs = await (inputs.intent === "required" ? work.missing(touched, kind) : work.assigned(touched, kind));
    if (pairs.size > 0) undone.push({ kind, pairs });
  }
  if (!inputs.reclaim) return { undone, leftOver: [] };
  const required = await requiredBy(context, inputs.token);
  return { undone, leftOver: await leftOversOf(work, required, (name) => name === context.name) };
}

function pairsOf(found: readonly LeftOver[]): NamedPair[] {
  return found.flatMap(({ kind, pairs }) =>
    [...pairs].flatMap(([target, apps]) => apps.map((app) => ({ app, kind, target }))),
  );
}

function targetsIn(found: readonly { readonly pairs: Pairs }[]): string[] {
  return [...new Set(found.flatMap(({ pairs }) => [...pairs.keys()]))];
}

/** How many licences there are in all. */
export function countOf(found: readonly LeftOver[]): number {
  return found.reduce((sum, { pairs }) => sum + countPairs(pairs), 0);
}
