import type { Context } from "../../engine/kind";
import { kindsOfTarget } from "../../plan/declared";
import type { Library } from "../library/library";
import type { Required } from "../library/planProtection";
import { activeIds } from "../library/readings/people";
import { countPairs, filterPairs, type Pairs } from "../library/rectangles";
import type { CutOffWork } from "../library/runs/cutOffWork";
import { timeOf } from "../library/runs/runFiles";
import type { TargetKind } from "../library/targets";
import { describePairs, namesByOneLookUp } from "./naming";
import type { TokenRef } from "./tokenRef";

/**
 * What runs that were cut off have left open in a library; undefined if nothing is, which costs no request. The first who asks waits for the
 * end of what the service still works on.
 */
export function cutOffWorkIn(context: Context, token: TokenRef): Promise<CutOffWork | undefined> {
  const { run, libraries } = context;
  return run.cutOffWork(token.bindingId, () => libraries.open(token));
}

/** Whether the check of a resource has found something to mend that such a run has left. */
export function mustBeMended({ run, subject }: Context, { bindingId }: Pick<TokenRef, "bindingId">): boolean {
  return run.knownCutOffWork(bindingId)?.unmended.has(subject) === true;
}

/** It has been mended. */
export function noteMended({ run, subject }: Context, { bindingId }: Pick<TokenRef, "bindingId">): void {
  run.knownCutOffWork(bindingId)?.unmended.delete(subject);
}

/** "A run that was cut off (2026-11-25 16:02)", to begin a sentence. */
export function cutOffRun({ at }: CutOffWork): string {
  return `a run that was cut off${at === undefined ? "" : ` (it began at ${timeOf(at)} UTC)`}`;
}

/** Licences of one kind of target that such a run has left as they should not be. */
export interface LeftOver {
  readonly kind: TargetKind;
  readonly pairs: Pairs;
}

/** Licences that such a run has assigned with resources of these names, that are still assigned, and that the program does not require. */
export async function leftOversOf(
  work: CutOffWork,
  required: Required,
  isMeant: (name: string) => boolean,
): Promise<LeftOver[]> {
  const found: LeftOver[] = [];
  for (const kind of kindsOfTarget) {
    const given = filterPairs(
      work.given(kind, isMeant),
      (app, target) => !required.pair(app, kind, target) && work.assets.mayBeRevoked(app),
    );
    const pairs = await work.assigned(given, kind);
    if (countPairs(pairs) > 0) found.push({ kind, pairs });
  }
  return found;
}

/** The devices and people of whom some licence is among these. */
export function targetsIn(found: readonly LeftOver[]): string[] {
  return [...new Set(found.flatMap(({ pairs }) => [...pairs.keys()]))];
}

/** How many licences these are, and the first by name; `count` is 0 if there are none, and then nothing is asked for. */
export async function describeLeftOvers(
  library: Library,
  found: readonly LeftOver[],
): Promise<{ readonly count: number; readonly first: string }> {
  const pairs = found.flatMap(({ kind, pairs: of }) =>
    [...of].flatMap(([target, apps]) => apps.map((app) => ({ app, kind, target }))),
  );
  if (pairs.length === 0) return { count: 0, first: "" };
  const nameOf = await namesByOneLookUp(
    library,
    pairs.slice(0, 5).map(({ app }) => app),
  );
  return { count: pairs.length, first: await describePairs(pairs, pairs.length, nameOf) };
}

/** Those of these people whom such a run has registered who are still registered. */
export async function stillRegistered(library: Library, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const active = activeIds(await library.usersById(ids));
  return ids.filter((id) => active.has(id));
}
