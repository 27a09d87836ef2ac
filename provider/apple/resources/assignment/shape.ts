import { assetKey } from "../../library/readings/assets";
import type { TargetKind } from "../../library/readings/assignmentCache";
import { type Rectangle, without } from "../../library/rectangles";
import type { AssignmentInputs, AssignmentState, Releasing } from "./types";

/** Both kinds of target, in the order in which they are worked through. */
export { kindsOfTarget as kinds } from "../../../plan/declared";

/** Targets of a kind; undefined if the kind is not in play. */
export function targetsOf(
  inputs: Pick<AssignmentInputs, "serialNumbers" | "clientUserIds">,
  kind: TargetKind,
): readonly string[] | undefined {
  return kind === "device" ? inputs.serialNumbers : inputs.clientUserIds;
}

/** The keys of the apps. */
export function appsOf({ apps }: Pick<AssignmentInputs, "apps">): string[] {
  return apps.map(assetKey);
}

/** How many targets there are in all. */
export function targetCount(inputs: Pick<AssignmentInputs, "serialNumbers" | "clientUserIds">): number {
  return (inputs.serialNumbers?.length ?? 0) + (inputs.clientUserIds?.length ?? 0);
}

/** What an edit of the program changes, for one kind of target. */
export interface Change {
  /** Declared now and not before, or with another intent. */
  readonly added: Rectangle[];
  /** Required before and not declared any more. */
  readonly dropped: Rectangle[];
}

/** Compares what was declared before (nothing, for a new resource) with what is declared now. */
export function changeOf(before: Partial<AssignmentInputs>, now: AssignmentInputs, kind: TargetKind): Change {
  const newApps = appsOf(now);
  const newTargets = targetsOf(now, kind) ?? [];
  const oldApps = before.apps ? appsOf({ apps: before.apps }) : [];
  const oldTargets = targetsOf(before, kind) ?? [];
  const wasRequired = before.intent === "required";
  const keptTargets = without(newTargets, without(newTargets, oldTargets));
  const added =
    before.intent === now.intent
      ? [
          { apps: newApps, targets: without(newTargets, oldTargets) },
          { apps: without(newApps, oldApps), targets: keptTargets },
        ]
      : [{ apps: newApps, targets: newTargets }];
  const dropped = wasRequired
    ? [
        { apps: oldApps, targets: without(oldTargets, newTargets) },
        { apps: without(oldApps, newApps), targets: keptTargets },
      ]
    : [];
  return { added: notEmpty(added), dropped: notEmpty(dropped) };
}

/** Everything that is declared, of one kind. */
export function declaredRectangles(inputs: AssignmentInputs, kind: TargetKind): Rectangle[] {
  return notEmpty([{ apps: appsOf(inputs), targets: targetsOf(inputs, kind) ?? [] }]);
}

/** What is still to be taken back from earlier runs, of one kind. */
export function releasingRectangles({ releasing }: Pick<AssignmentState, "releasing">, kind: TargetKind): Rectangle[] {
  return notEmpty((releasing ?? []).map((entry) => ({ apps: entry.apps, targets: targetsOf(entry, kind) ?? [] })));
}

/** What the state says is assigned and the resource's to take back, of one kind: what it requires, and what earlier runs have left. */
export function ownRectangles(state: AssignmentState, kind: TargetKind): Rectangle[] {
  return [...(state.intent === "required" ? declaredRectangles(state, kind) : []), ...releasingRectangles(state, kind)];
}

/** Rectangles in the form of the state. */
export function toReleasing(rectangles: readonly Rectangle[], kind: TargetKind): Releasing[] {
  return rectangles.map(({ apps, targets }) => ({
    apps,
    [kind === "device" ? "serialNumbers" : "clientUserIds"]: targets,
  }));
}

/** Apps and targets that occur in these rectangles, each once. */
export function extentOf(rectangles: readonly Rectangle[]): { apps: string[]; targets: string[] } {
  return {
    apps: [...new Set(rectangles.flatMap(({ apps }) => apps))],
    targets: [...new Set(rectangles.flatMap(({ targets }) => targets))],
  };
}

function notEmpty(rectangles: readonly Rectangle[]): Rectangle[] {
  return rectangles.filter(({ apps, targets }) => apps.length > 0 && targets.length > 0);
}
