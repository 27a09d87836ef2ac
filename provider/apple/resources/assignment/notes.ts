import type { Context } from "../../../engine/kind";
import { isVppError } from "../../../errors";
import { assetKey } from "../../library/readings/assets";
import type { TargetKind } from "../../library/readings/assignmentCache";
import { countPairs, filterPairs, type Pairs } from "../../library/rectangles";
import { plural } from "../lists";
import {
  countTargets,
  describePairs,
  describeTargets,
  knownNames,
  type NamedPair,
  type NameOf,
  namesByOneLookUp,
  namesOfTargets,
} from "../naming";
import type { Work } from "./changeSet";
import { appsOf, kinds, releasingRectangles, targetCount, targetsOf } from "./shape";
import type { AssignmentInputs, AssignmentState, ListedPair } from "./types";

/** Says what a refresh has found to differ, once it has been read; that costs one look-up of names for each library and run. */
export async function noteDriftRead(context: Context, state: AssignmentState): Promise<void> {
  const drift = driftOf(state);
  if (drift.length === 0) return;
  const library = context.libraries.open(state.token);
  const named = drift.flatMap(({ pairs }) => pairs.slice(0, 5).map(({ app }) => app));
  await say(context, state, drift, await namesByOneLookUp(library, named));
}

/** Says what the update is about to mend. A comparison sends no request, so apps have the names that this run knows. */
export async function noteDriftCompared(context: Context, state: AssignmentState): Promise<void> {
  const drift = driftOf(state);
  if (drift.length > 0) await say(context, state, drift, namesIfOpen(context, state));
}

/** A state may name a key that no content token is set for any more; that is for those to say who need the library. */
function namesIfOpen({ libraries }: Context, { token }: AssignmentState): NameOf {
  try {
    return knownNames(libraries.open(token));
  } catch (error) {
    if (!isVppError(error)) throw error;
    return async (app) => `app ${app.split("/")[0]}`;
  }
}

interface Drift {
  readonly what: string;
  readonly count: number;
  readonly pairs: readonly NamedPair[];
}

function driftOf(state: AssignmentState): Drift[] {
  const left = releasingOf(state);
  const all: Drift[] = [
    { what: "missing", count: state.missingCount, pairs: (state.missing ?? []).map(namedPair) },
    { what: "surplus", count: state.surplusCount, pairs: (state.surplus ?? []).map(namedPair) },
    { what: "still to be revoked", count: left.length, pairs: left },
  ];
  return all.filter(({ count }) => count > 0);
}

/** What a read has found is compared right after, under another name if the resource has been renamed: it is said once all the same. */
async function say(context: Context, state: AssignmentState, drift: readonly Drift[], nameOf: NameOf): Promise<void> {
  const parts: string[] = [];
  for (const { what, count, pairs } of drift)
    parts.push(`${count} ${what}: ${await describePairs(pairs, count, nameOf)}`);
  const identity = JSON.stringify([state.token.libraryId, state.lastSyncedAt, drift.map(({ pairs }) => pairs[0])]);
  if (context.run.driftTold.has(identity)) return;
  context.run.driftTold.add(identity);
  context.note("drift", `${parts.join("; ")}.`);
}

function namedPair({ adamId, pricingParam, serialNumber, clientUserId }: ListedPair): NamedPair {
  const app = assetKey({ adamId, pricingParam });
  return serialNumber === undefined
    ? { app, kind: "user", target: clientUserId ?? "" }
    : { app, kind: "device", target: serialNumber };
}

function releasingOf(state: AssignmentState): NamedPair[] {
  return kinds.flatMap((kind) =>
    releasingRectangles(state, kind).flatMap(({ apps, targets }) =>
      targets.flatMap((target) => apps.map((app) => ({ app, kind, target }))),
    ),
  );
}

/** One line on what the run will do: what changes in the program, licences, who loses some, and what is there already. */
export function notePlan(
  context: Context,
  before: Partial<AssignmentInputs>,
  now: AssignmentInputs,
  works: readonly Work[],
): void {
  const sum = (pairsOf: (work: Work) => Pairs[]): number =>
    works.flatMap(pairsOf).reduce((total, pairs) => total + countPairs(pairs), 0);
  const revoked = sum(({ dropped, surplus }) => [dropped, surplus]);
  const found = sum((work) => [work.found]);
  const parts = [
    `${plural(
      sum(({ give }) => [give]),
      "licence",
    )} to assign`,
  ];
  if (revoked > 0) parts.push(`${revoked} to revoke (${namesOfTargets(targetsLosing(works))})`);
  if (found > 0) parts.push(`${found} already assigned and now managed here`);
  const changes = changesOf(before, now);
  const kept = !now.reclaim && changes.some((change) => change.endsWith("removed"));
  const reclaim = kept ? " reclaim is false: what was removed keeps its licences." : "";
  context.note("plan", `${changes.length > 0 ? `${changes.join(", ")}. ` : ""}${parts.join(", ")}.${reclaim}`);
}

/** Each target that loses a licence, once. */
export function targetsLosing(works: readonly Pick<Work, "dropped" | "surplus">[]): string[] {
  return [...new Set(works.flatMap(({ dropped, surplus }) => [...dropped.keys(), ...surplus.keys()]))];
}

function changesOf(before: Partial<AssignmentInputs>, now: AssignmentInputs): string[] {
  const isNew = before.apps === undefined;
  const changes = kinds.flatMap((kind) =>
    countChanges(targetsOf(before, kind), targetsOf(now, kind), (count) => countTargets(count, kind)),
  );
  if (!isNew) {
    const olds = appsOf({ apps: before.apps ?? [] });
    changes.push(...countChanges(olds, appsOf(now), (count) => plural(count, "app")));
    if (before.intent !== now.intent) changes.push(`intent is now ${now.intent}`);
    if (now.exclusive && before.exclusive !== true) changes.push("exclusive from now on");
  }
  return changes;
}

function countChanges(
  before: readonly string[] | undefined,
  now: readonly string[] | undefined,
  counted: (count: number) => string,
): string[] {
  const [olds, news] = [new Set(before), new Set(now)];
  const added = [...news].filter((value) => !olds.has(value)).length;
  const removed = [...olds].filter((value) => !news.has(value)).length;
  return [...(added > 0 ? [`${counted(added)} added`] : []), ...(removed > 0 ? [`${counted(removed)} removed`] : [])];
}

/** Says that a resource goes and leaves its licences where they are. */
export function noteLeft(context: Context, state: AssignmentState): void {
  if (state.intent !== "required" || targetCount(state) === 0) {
    context.note("left", "reclaim is false: no licence is revoked.");
    return;
  }
  const who = kinds.flatMap((kind) => {
    const targets = targetsOf(state, kind) ?? [];
    return targets.length > 0 ? [describeTargets(targets, kind)] : [];
  });
  context.note(
    "left",
    `reclaim is false: its ${plural(state.assignedCount, "licence")} ${state.assignedCount === 1 ? "stays" : "stay"} with ${who.join(" and ")}.`,
  );
}

/** What a delete does, to be said at its end, however it ends: the state can't show it any more. */
class RevocationReport {
  private revoked = 0;
  private kept = 0;
  private readonly losing = { device: new Set<string>(), user: new Set<string>() };
  private readonly keeping = { device: new Set<string>(), user: new Set<string>() };

  /** Notes a write: what it was to take, and what of that is still there. */
  wrote(kind: TargetKind, asked: Pairs, undone: Pairs): void {
    const done = filterPairs(asked, (app, target) => !(undone.get(target)?.includes(app) ?? false));
    this.revoked += countPairs(done);
    for (const target of done.keys()) this.losing[kind].add(target);
  }

  /** Notes a licence that stays, since the program requires it elsewhere. */
  stays(kind: TargetKind, target: string): void {
    this.kept++;
    this.keeping[kind].add(target);
  }

  say(context: Context): void {
    const parts = [
      ...(this.revoked > 0 ? [`${plural(this.revoked, "licence")} revoked from ${inWords(this.losing)}`] : []),
      ...(this.kept > 0
        ? [
            `${plural(this.kept, "licence")} ${this.kept === 1 ? "stays" : "stay"} with ${inWords(this.keeping)}, since the program still requires ${this.kept === 1 ? "it" : "them"}`,
          ]
        : []),
    ];
    if (parts.length > 0) context.note("revoked", `${parts.join("; ")}.`);
  }
}

/** A delete that says at its end what it has done, also when it fails half-way. */
export function reportingRevocations(
  remove: (context: Context, id: string, state: AssignmentState, report: RevocationReport) => Promise<void>,
): (context: Context, id: string, state: AssignmentState) => Promise<void> {
  return async (context, id, state) => {
    const report = new RevocationReport();
    try {
      await remove(context, id, state, report);
    } finally {
      report.say(context);
    }
  };
}

function inWords(targets: Readonly<Record<TargetKind, ReadonlySet<string>>>): string {
  const of = kinds.filter((kind) => targets[kind].size > 0);
  return of.map((kind) => describeTargets([...targets[kind]], kind)).join(" and ");
}
