import type { Context } from "../../engine/kind";
import { type Required, requiredIn } from "../library/planProtection";
import { countPairs, filterPairs, type Pairs } from "../library/rectangles";
import type { CutOffWork } from "../library/runs/cutOffWork";
import { timeOf } from "../library/runs/runFiles";
import type { TargetKind } from "../library/targets";
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

/** What a run that was cut off has left of one kind of target, and nobody declares. */
export interface LeftOver {
  readonly kind: TargetKind;
  readonly pairs: Pairs;
}

/** Licences that such a run has assigned with resources of these names, that are still assigned, and that the program does not require. */
export async function leftOversOf(
  work: CutOffWork,
  required: Required,
  isMeant: (name: string) => boolean,
  isDeclared: (app: string, kind: TargetKind, target: string) => boolean = () => false,
): Promise<LeftOver[]> {
  const found: LeftOver[] = [];
  for (const kind of ["device", "user"] as const) {
    const given = filterPairs(
      work.given(kind, isMeant),
      (app, target) => !isDeclared(app, kind, target) && !required.pair(app, kind, target),
    );
    const assets = work.assets;
    const revocable = filterPairs(given, (app) => assets.get(app)?.revocable ?? true);
    const pairs = await work.assigned(revocable, kind);
    if (countPairs(pairs) > 0) found.push({ kind, pairs });
  }
  return found;
}

/** What the program requires, as far as it is known by now. */
export function requiredBy({ run, libraries }: Context, token: TokenRef): Promise<Required> {
  return requiredIn(token, run.plan, libraries);
}
