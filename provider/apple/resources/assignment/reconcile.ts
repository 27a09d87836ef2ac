import { type Context, defined } from "../../../engine/kind";
import { codesOf, InitFailedError, isVppError, type VppError } from "../../../errors";
import { freshMs, type Library } from "../../library/library";
import { noteDoubt, requiredIn } from "../../library/planProtection";
import type { TargetKind } from "../../library/readings/assignmentCache";
import { countByApp, countPairs, covering, filterPairs, type Pairs, toRectangles } from "../../library/rectangles";
import type { WriteResult } from "../../library/writes/assignmentBatch";
import { noteMended } from "../cutOff";
import { plural } from "../lists";
import { namesOfTargets } from "../naming";
import { appCountsOf } from "./appCounts";
import { whyNotGiven } from "./apps";
import { brakeAssignment } from "./brake";
import { assetsWith, noteKept, targetsTaken, type Work, workFor } from "./changeSet";
import { countsOf, list, pendingCount } from "./counts";
import { cutOffTasks } from "./cutOff";
import { type Explained, explain, notBegun } from "./failureReport";
import { noteLasting, noteStaying } from "./irrevocable";
import { targetsLosing } from "./notes";
import { appsOf, kinds, ownRectangles, targetCount, targetsOf, toReleasing } from "./shape";
import { wayToLicences } from "./shortage";
import type { AssignmentInputs, AssignmentState, ListedPair } from "./types";
import { registerThem } from "./unknownUsers";

/** What became of one kind of target. */
interface Done {
  readonly work: Work;
  readonly notGiven: Pairs;
  readonly notTaken: Pairs;
  readonly surplusLeft: Pairs;
}

/** Makes the service's licences what the assignment says: looks, takes back, gives, and returns what is then there. */
export async function reconcileAssignment(
  context: Context,
  id: string,
  inputs: AssignmentInputs,
  before: AssignmentState | undefined,
): Promise<AssignmentState> {
  const { run } = context;
  const library = context.libraries.open(inputs.token);
  const cutOff = await cutOffTasks(context, inputs);
  const everything =
    cutOff.mustLook ||
    before === undefined ||
    before.missingCount > 0 ||
    before.surplusCount > 0 ||
    before.releasing !== undefined ||
    before.clientUserIds?.some((id) => run.registered.get(inputs.token.libraryId)?.has(id)) === true ||
    inputs.exclusive;
  const inPlay = kinds.filter(
    (kind) =>
      targetsOf(inputs, kind) ||
      (before && targetsOf(before, kind)) ||
      leavesOver(before, kind) ||
      cutOff.leftOver(kind).length > 0,
  );
  const assets = await assetsWith(library, [...appsOf(inputs), ...(before ? appsOf(before) : [])], freshMs);
  const required = await requiredIn(inputs.token, run.plan, context.libraries);
  const works: Work[] = [];
  for (const kind of inPlay) {
    works.push(
      await workFor(
        {
          library,
          assets,
          required,
          before: before ?? {},
          now: inputs,
          everything,
          abandoned: cutOff.leftOver(kind),
          ...(before && { known: before }),
          maxAgeMs: freshMs,
        },
        kind,
      ),
    );
  }
  const taken = works.flatMap(({ dropped, surplus }) => [dropped, surplus]);
  const targets = (before && targetCount(before)) || targetCount(inputs);
  brakeAssignment(inputs, targetsTaken(...taken), targets, { losing: targetsLosing(works) });
  await noteLasting(context, library, works, assets);
  noteKept(context, works);
  const inDoubt = works.reduce((sum, work) => sum + countPairs(work.inDoubt), 0);
  if (inDoubt > 0)
    noteDoubt(context, required, `${plural(inDoubt, "licence")} ${inDoubt === 1 ? "stays" : "stay"} for now`);
  if (before) await noteStaying(context, library, inputs, before, assets, required);
  if (context.entry !== undefined) run.forgetChanges(context.entry);
  if (
    works.some((work) => countPairs(work.give) + countPairs(work.leftOver) > 0) ||
    taken.some(({ size }) => size > 0)
  ) {
    await library.requireHolder(inputs.token);
  }
  // Before the first write: what can't be read must still be able to end the run here.
  const unknownUsers = await unknownAmong(library, works);

  const reasons: string[] = [];
  const tell = (explained: readonly Explained[]): void => {
    reasons.push(...explained.map(({ text, remedy }) => `${text} ${remedy}`.trim()));
  };
  let stopped: VppError | undefined;
  const wayTo = (app: string, count: number) => wayToLicences(context, inputs.token, app, count);
  const write = async (action: "give" | "takeBack", kind: TargetKind, pairs: Pairs): Promise<Pairs> => {
    if (pairs.size === 0) return pairs;
    const result: WriteResult = stopped
      ? notBegun(pairs, stopped)
      : await library.write(inputs.token, action, kind, pairs, context);
    stopped = result.stopped;
    tell(await explain(library, action, kind, pairs, result, { wayTo }));
    return result.undone;
  };
  const done: Done[] = [];
  for (const work of works) {
    const notTaken = await write("takeBack", work.kind, merge(work.dropped, work.leftOver));
    const surplusLeft = await write("takeBack", work.kind, work.surplus);
    done.push({ work, notTaken, surplusLeft, notGiven: work.give });
  }
  for (const [index, entry] of done.entries()) {
    const { kind, give } = entry.work;
    const unknown = kind === "user" ? unknownUsers : nobody;
    const isPossible = (app: string, target: string): boolean =>
      whyNotGiven(assets, app, kind) === undefined && !unknown.has(target);
    const possible = filterPairs(give, isPossible);
    const impossible = filterPairs(give, (app, target) => !isPossible(app, target));
    const gone = filterPairs(impossible, (app) => whyNotGiven(assets, app, kind) !== undefined);
    for (const app of countByApp(gone).keys()) {
      const ofApp = filterPairs(gone, (each) => each === app);
      const known = whyNotGiven(assets, app, kind);
      tell(await explain(library, "give", kind, ofApp, notBegun(ofApp), known && { known }));
    }
    if (unknown.size > 0) {
      const who = `${plural(unknown.size, "user")} of ${give.size} got no licence`;
      reasons.push(
        `${who}: the service has no active record of them (VPP_INPUT_UNKNOWN_USER): ${namesOfTargets([...unknown])}. ${registerThem}`,
      );
    }
    done[index] = { ...entry, notGiven: merge(await write("give", kind, possible), impossible) };
  }
  const state = await stateAfter(library, inputs, before, done);
  if (stopped) reasons.push(`${stopped.reason} (${codesOf(stopped)}). ${stopped.details.remedy ?? ""}`.trim());
  if (reasons.length > 0) throw new InitFailedError(id, state, reasons);
  noteMended(context, inputs.token);
  return state;
}

const nobody: ReadonlySet<string> = new Set();

/** Which of the users who are to get licences the service does not know. */
async function unknownAmong(library: Library, works: readonly Work[]): Promise<ReadonlySet<string>> {
  const users = works.flatMap(({ kind, give }) => (kind === "user" ? [...give.keys()] : []));
  return users.length > 0 ? library.unknownUsers(users) : nobody;
}

function leavesOver(before: AssignmentState | undefined, kind: TargetKind): boolean {
  return before?.releasing?.some((entry) => targetsOf(entry, kind)) ?? false;
}

function merge(a: Pairs, b: Pairs): Pairs {
  if (b.size === 0) return a;
  const merged = new Map<string, string[]>();
  for (const pairs of [a, b]) {
    for (const [target, apps] of pairs) merged.set(target, [...new Set([...(merged.get(target) ?? []), ...apps])]);
  }
  return merged;
}

async function stateAfter(
  library: Library,
  inputs: AssignmentInputs,
  before: AssignmentState | undefined,
  done: readonly Done[],
): Promise<AssignmentState> {
  const missing = done.flatMap(({ work, notGiven }) => list(notGiven, work.kind));
  const surplusPairs = done.map(({ surplusLeft }) => surplusLeft);
  const surplus = done.flatMap(({ work, surplusLeft }) => list(surplusLeft, work.kind));
  // What was ours when the intent became uninstall stays ours to take back, also when it leaves the program before that has been done.
  const releasing = done.flatMap(({ work, notTaken, surplusLeft }) => {
    const wasOurs = covering(before ? ownRectangles(before, work.kind) : []);
    const left = merge(merge(notTaken, work.inDoubt), filterPairs(surplusLeft, wasOurs));
    return toReleasing(toRectangles(left), work.kind);
  });
  const declared = appsOf(inputs).length * targetCount(inputs);
  const usersChanged = done.some(
    ({ work }) => work.kind === "user" && (work.give.size > 0 || work.found.size > 0 || work.dropped.size > 0),
  );
  return defined<AssignmentState>({
    ...inputs,
    ...countsOf(inputs, declared, missing, surplus, targetsTaken(...surplusPairs)),
    pendingCount:
      before === undefined || usersChanged
        ? await pendingOrBefore(library, inputs, missing, before)
        : before.pendingCount,
    appCounts: appCountsOf(inputs, library),
    releasing: releasing.length > 0 ? releasing : undefined,
    lastSyncedAt: new Date().toISOString(),
  });
}

/** By now licences may have been written, so a count that can't be had must not make the engine forget them. */
async function pendingOrBefore(
  library: Library,
  inputs: AssignmentInputs,
  missing: readonly ListedPair[],
  before: AssignmentState | undefined,
): Promise<number> {
  try {
    return await pendingCount(library, inputs, new Set(missing.flatMap(({ clientUserId }) => clientUserId ?? [])));
  } catch (error) {
    if (!isVppError(error)) throw error;
    return before?.pendingCount ?? 0;
  }
}
