import {
  type Context,
  type Difference,
  defined,
  type ReadResult,
  type ResourceKind,
  sameValue,
} from "../../../engine/kind";
import { hasUnknown, isUnknown } from "../../../engine/unknown";
import { VppError } from "../../../errors";
import { freshMs, type Library } from "../../library/library";
import { requiredIn } from "../../library/planProtection";
import type { TargetKind } from "../../library/readings/assignmentCache";
import { heldAsClaimed } from "../../library/readings/readSanityCheck";
import { countPairs, type Pairs, pairsWhere, toRectangles } from "../../library/rectangles";
import type { WriteResult } from "../../library/writes/assignmentBatch";
import { cutOffWorkIn } from "../cutOff";
import { refuseOverRunLimit } from "../deleteLimit";
import { plural, readUnlessDead } from "../lists";
import { appCountsOf } from "./appCounts";
import { brakeAssignment } from "./brake";
import {
  assetsWith,
  claimOf,
  isRevocable,
  noteKept,
  targetsTaken,
  type Work,
  type WorkRequest,
  workFor,
} from "./changeSet";
import { checkAssignment } from "./check";
import { mustBeMended } from "./cutOff";
import { explain, goesOn, notBegun } from "./failureReport";
import { namesOf } from "./irrevocable";
import { noteDriftCompared, noteDriftRead, noteLeft, reportingRevocations, targetsLosing } from "./notes";
import { countsOf, list, pendingCount, reconcileAssignment } from "./reconcile";
import {
  appsOf,
  extentOf,
  kinds,
  ownRectangles,
  releasingRectangles,
  targetCount,
  targetsOf,
  toReleasing,
} from "./shape";
import type { AssignmentInputs, AssignmentState } from "./types";

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
        mustBeMended(context, inputs),
    };
  },

  async create(context: Context, inputs: AssignmentInputs) {
    const id = `${inputs.token.libraryId}/assignment/${context.name}`;
    return { id, state: await reconcileAssignment(context, id, inputs, undefined) };
  },

  update(context: Context, id: string, state: AssignmentState, inputs: AssignmentInputs): Promise<AssignmentState> {
    return reconcileAssignment(context, id, inputs, state);
  },

  read(context: Context, id: string, state: AssignmentState): Promise<ReadResult<AssignmentInputs, AssignmentState>> {
    return readUnlessDead(context, id, state, () => readAssignment(context, id, state));
  },

  remove: reportingRevocations(async (context: Context, id: string, state: AssignmentState, report): Promise<void> => {
    if (!state.reclaim) {
      noteLeft(context, state);
      return;
    }
    const lasting = new Set<string>();
    const kept = new Map<string, number>();
    let inDoubt = 0;
    if (kinds.every((kind) => ownRectangles(state, kind).length === 0)) return;
    const library = context.libraries.open(state.token);
    await cutOffWorkIn(context, state.token);
    const required = await requiredIn(state.token, context.run.plan, context.libraries);
    const assets = await assetsWith(library, appsOf(state), freshMs);
    const takesOf = new Map<TargetKind, Pairs>();
    const targets = new Set<string>();
    const own = new Set<string>();
    for (const kind of kinds) {
      const rectangles = ownRectangles(state, kind);
      const { apps, targets: declared } = extentOf(rectangles);
      if (apps.length === 0) continue;
      const held = await heldAsClaimed(library, claimOf(state, rectangles, kind), apps, kind, declared, freshMs);
      const takes = pairsWhere(rectangles, (app, target) => {
        if (!required.pair(app, kind, target)) own.add(`${kind} ${target}`);
        if (held.state(app, target) === "free") return false;
        const canBeTaken = isRevocable(assets, app);
        if (canBeTaken && required.doubt.pair(app, kind, target)) inDoubt++;
        if (required.pair(app, kind, target)) {
          const name = canBeTaken ? required.onlyByArguments.pair(app, kind, target) : undefined;
          if (name !== undefined) kept.set(name, (kept.get(name) ?? 0) + 1);
          else if (canBeTaken && !required.doubt.pair(app, kind, target)) report.stays(kind, target);
          return false;
        }
        if (canBeTaken) return true;
        lasting.add(app);
        return false;
      });
      for (const target of takes.keys()) targets.add(`${kind} ${target}`);
      if (takes.size > 0) takesOf.set(kind, takes);
    }
    refuseOverRunLimit(context, { id, token: state.token, required, property: "maxRevocations", targets, held: own });
    const ref = context.run.refNow(state.token);
    if (takesOf.size > 0) await library.requireHolder(ref);
    const results = new Map<TargetKind, WriteResult>();
    let stopped: VppError | undefined;
    for (const [kind, takes] of takesOf) {
      const result = stopped ? notBegun(takes, stopped) : await library.write(ref, "takeBack", kind, takes, context);
      stopped = result.stopped;
      report.wrote(kind, takes, result.undone);
      results.set(kind, result);
    }
    await refuseHalfTaken(library, takesOf, results);
    noteKept(context, [{ kept }]);
    if (inDoubt > 0) throw required.doubt.error(`${inDoubt} of its licences can't be taken back`);
    if (lasting.size > 0) {
      const fate = `${lasting.size === 1 ? "stays" : "stay"} with those who have it`;
      context.note("irrevocable", `${await namesOf(library, [...lasting])} can't be revoked and ${fate}.`);
    }
  }),
};

/** Fails a delete that has not taken back everything, with what it has done, what not, and what is not known. */
async function refuseHalfTaken(
  library: Library,
  takesOf: ReadonlyMap<TargetKind, Pairs>,
  results: ReadonlyMap<TargetKind, WriteResult>,
): Promise<void> {
  const all = [...results.values()];
  const [undone, unknown, asked] = [
    all.map((result) => countPairs(result.undone)),
    all.map((result) => countPairs(result.unknown)),
    [...takesOf.values()].map(countPairs),
  ].map((counts) => counts.reduce((sum, count) => sum + count, 0)) as [number, number, number];
  if (undone === 0) return;
  const { stopped } = all.find((result) => result.stopped) ?? {};
  if (stopped && undone === asked && unknown === 0) throw stopped;
  const texts: string[] = [];
  const remedies = new Set<string>();
  for (const [kind, result] of results) {
    for (const { text, remedy } of await explain(library, "takeBack", kind, takesOf.get(kind)!, result)) {
      texts.push(text.replace(/\.$/, ""));
      if (remedy !== goesOn) remedies.add(remedy);
    }
  }
  const open = unknown > 0 ? `, and of ${unknown} it is not known` : "";
  const sum = `${plural(undone - unknown, "licence")} of ${asked} not taken back${open}`;
  const why = [...(stopped ? [stopped.reason] : []), sum, ...texts].join("; ");
  const wayOn = stopped ? [stopped.details.remedy, refreshBefore] : [`Run the same command again. ${refreshBefore}`];
  const remedy = [...remedies, ...wayOn].filter(Boolean).join(" ");
  throw new VppError(stopped?.code ?? "VPP_SERVICE_PARTIAL", why, { ...stopped?.details, remedy });
}

const refreshBefore = "Before any other command run `pulumi refresh`: the state can't show what a delete has done.";

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
