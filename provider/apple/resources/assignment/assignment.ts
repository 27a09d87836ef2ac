import {
  type Context,
  type Difference,
  defined,
  type ReadResult,
  type ResourceKind,
  sameValue,
} from "../../../engine/kind";
import { hasUnknown, isUnknown } from "../../../engine/unknown";
import { requiredIn } from "../../library/planProtection";
import { heldAsClaimed } from "../../library/readings/readSanityCheck";
import { countPairs, type Pairs, pairsWhere, toRectangles } from "../../library/rectangles";
import { cutOffWorkIn, mustBeMended } from "../cutOff";
import { plural, readUnlessDead } from "../lists";
import { appCountsOf } from "./appCounts";
import { brakeAssignment } from "./brake";
import { assetsWith, claimOf, targetsTaken, type Work, type WorkRequest, workFor } from "./changeSet";
import { checkAssignment } from "./check";
import { countsOf, list, pendingCount } from "./counts";
import { noteDriftCompared, noteDriftRead, targetsLosing } from "./notes";
import { appsOf, extentOf, kinds, releasingRectangles, targetCount, targetsOf, toReleasing } from "./shape";
import type { AssignmentInputs, AssignmentState } from "./types";

/** Loaded by the first write: most runs change nothing. */
const writing = () => import("./reconcile.js");

/** Licences: every app of the assignment for every one of its targets. */
export const vppAssignmentKind: ResourceKind<AssignmentInputs, AssignmentState> = {
  kind: "VppAssignment",
  leftBehind: "its licences then stay with those who have them",

  check: checkAssignment,

  async diff(context: Context, state: AssignmentState, inputs: AssignmentInputs): Promise<Difference> {
    if (!hasUnknown(inputs.token) && inputs.token.libraryId !== state.token.libraryId)
      return { changes: true, replaces: ["token"] };
    await noteDriftCompared(context, state);
    // In a refresh there is no plan, and drift must be shown, however much of it there is; the brake is for runs that would act on it.
    const edited = isEdited(state, inputs);
    if (context.run.plan !== undefined && state.surplusTargetCount > 0) {
      const of = targetCount(state) || targetCount(inputs);
      if (edited && !hasUnknown(inputs)) {
        const losing = await targetsOfUpdate(context, state, inputs);
        brakeAssignment(inputs, losing.length, of, { losing });
      } else {
        brakeAssignment(inputs, state.surplusTargetCount, of, { losing: surplusTargets(state) });
      }
    }
    return {
      changes:
        edited ||
        state.missingCount > 0 ||
        state.surplusCount > 0 ||
        state.releasing !== undefined ||
        mustBeMended(context, state.token),
    };
  },

  async create(context: Context, inputs: AssignmentInputs) {
    const id = `${inputs.token.libraryId}/assignment/${context.name}`;
    const { reconcileAssignment } = await writing();
    return { id, state: await reconcileAssignment(context, id, inputs, undefined) };
  },

  async update(
    context: Context,
    id: string,
    state: AssignmentState,
    inputs: AssignmentInputs,
  ): Promise<AssignmentState> {
    const { reconcileAssignment } = await writing();
    return reconcileAssignment(context, id, inputs, state);
  },

  read(context: Context, id: string, state: AssignmentState): Promise<ReadResult<AssignmentInputs, AssignmentState>> {
    return readUnlessDead(context, id, state, () => readAssignment(context, id, state));
  },

  async remove(context: Context, id: string, state: AssignmentState): Promise<void> {
    const { removeAssignment } = await import("./remove.js");
    await removeAssignment(context, id, state);
  },
};

/** What an edit takes away together with the surplus that a refresh has found: the check alone sees only the edit. */
async function targetsOfUpdate(context: Context, before: AssignmentState, now: AssignmentInputs): Promise<string[]> {
  const library = context.libraries.open(now.token);
  const assets = await library.assets();
  const required = await requiredIn(now.token, context.run.plan, context.libraries);
  const works: Work[] = [];
  for (const kind of kinds) {
    if (targetsOf(before, kind) === undefined && targetsOf(now, kind) === undefined) continue;
    const request: WorkRequest = { library, assets, required, before, now, everything: true, known: before };
    works.push(await workFor(request, kind));
  }
  return targetsLosing(works);
}

/** Targets of the surplus as far as the state lists it. */
function surplusTargets({ surplus = [] }: AssignmentState): string[] {
  return [...new Set(surplus.map(({ serialNumber, clientUserId }) => serialNumber ?? clientUserId ?? ""))];
}

async function readAssignment(
  context: Context,
  id: string,
  state: AssignmentState,
): Promise<ReadResult<AssignmentInputs, AssignmentState>> {
  const library = context.libraries.open(state.token);
  await cutOffWorkIn(context, state.token);
  const assets = await assetsWith(library, appsOf(state));
  const missing: ReturnType<typeof list> = [];
  const surplus: ReturnType<typeof list> = [];
  const surplusPairs: Pairs[] = [];
  let unsure = 0;
  const releasing: ReturnType<typeof toReleasing> = [];
  for (const kind of kinds) {
    if (targetsOf(state, kind) === undefined && releasingRectangles(state, kind).length === 0) continue;
    const known = { before: {}, now: state, everything: true, known: state };
    const work = await workFor({ library, assets, ...known, isResult: true }, kind);
    unsure += countPairs(work.unsure);
    missing.push(...list(work.give, kind));
    surplus.push(...list(work.surplus, kind));
    surplusPairs.push(work.surplus);
    const left = releasingRectangles(state, kind);
    const { apps, targets } = extentOf(left);
    await heldAsClaimed(library, claimOf(state, left, kind), apps, kind, targets);
    const held = await library.heldForSure(apps, kind, targets);
    const isLeft = (app: string, target: string): boolean => held.state(app, target) !== "free";
    releasing.push(...toReleasing(toRectangles(pairsWhere(left, isLeft)), kind));
  }
  if (unsure > 0)
    context.note(
      "unsure",
      `${plural(unsure, "licence")} could not be told from Apple's answers, which contradict each other: taken as before. Refresh again later.`,
    );
  const declared = appsOf(state).length * targetCount(state);
  const unlicensed = new Set(missing.flatMap(({ clientUserId }) => clientUserId ?? []));
  const seen: AssignmentState = {
    ...state,
    ...countsOf(state, declared, missing, surplus, targetsTaken(...surplusPairs)),
    pendingCount: await pendingCount(library, state, unlicensed),
    appCounts: appCountsOf(state, library),
    lastSyncedAt: new Date().toISOString(),
  };
  const read = defined({ ...seen, releasing: releasing.length > 0 ? releasing : undefined });
  await noteDriftRead(context, read);
  return { id, state: read };
}

function isEdited(state: AssignmentState, inputs: AssignmentInputs): boolean {
  return (
    !sameValue(state.token, inputs.token) ||
    state.intent !== inputs.intent ||
    state.exclusive !== inputs.exclusive ||
    state.reclaim !== inputs.reclaim ||
    state.maxRevocations !== inputs.maxRevocations ||
    hasUnknown(inputs.apps) ||
    !sameSet(appsOf(state), appsOf(inputs)) ||
    !sameSet(state.serialNumbers, inputs.serialNumbers) ||
    !sameSet(state.clientUserIds, inputs.clientUserIds)
  );
}

function sameSet(a: readonly string[] | undefined, b: readonly string[] | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (isUnknown(b) || a.length !== b.length) return false;
  const set = new Set(a);
  return b.every((value) => set.has(value));
}
