import type { Library } from "../../library/library";
import { noteOnlyByArguments, type Required } from "../../library/planProtection";
import type { AssetTable } from "../../library/readings/assets";
import type { TargetKind } from "../../library/readings/assignmentCache";
import { type Claim, heldAsClaimed } from "../../library/readings/readSanityCheck";
import { covering, type Pairs, pairsWhere, type Rectangle } from "../../library/rectangles";
import { plural } from "../lists";
import { appsOf, changeOf, declaredRectangles, extentOf, ownRectangles, releasingRectangles, targetsOf } from "./shape";
import type { AssignmentInputs, AssignmentState } from "./types";

/** What has to be done for one kind of target, and what is there already. */
export interface Work {
  readonly kind: TargetKind;
  /** Required and not assigned. */
  readonly give: Pairs;
  /** Declared, and not to be told from what the service answers. */
  readonly unsure: Pairs;
  /** Required, newly declared and assigned already. */
  readonly found: Pairs;
  /** Left the program, still assigned, and no other resource of the program requires it. */
  readonly dropped: Pairs;
  /** Left the program in an earlier run and is still assigned. */
  readonly leftOver: Pairs;
  /** Left the program and is assigned, but may be required by a resource of which it is not known whether it means the same library. */
  readonly inDoubt: Pairs;
  /** Would be taken back, did not the arguments of a resource require it to whose check the engine gave other inputs; by its name. */
  readonly kept: ReadonlyMap<string, number>;
  /** Assigned though the program wants it unassigned: `uninstall`, or somebody else's under `exclusive`. Never one of those above. */
  readonly surplus: Pairs;
}

/** What the comparison starts from. */
export interface WorkRequest {
  readonly library: Library;
  readonly assets: AssetTable;
  /** What the program requires; absent where nothing is going to be taken back. */
  readonly required?: Required;
  readonly before: Partial<AssignmentState>;
  readonly now: AssignmentInputs;
  /** What a run that was cut off has assigned with this resource, and nothing declares. */
  readonly abandoned?: readonly Rectangle[];
  /** Look at everything that is declared, not only at what the edit changes. */
  readonly everything: boolean;
  /** The state whose word is held against what the service shows; nothing is doubted without one. */
  readonly known?: AssignmentState;
  /** How old a reading may be, in milliseconds. */
  readonly maxAgeMs?: number;
  /** For the state, not for a write: what is not known is asked for once more, and then taken to be as the state says. */
  readonly isResult?: boolean;
}

/** Looks at the service, as little as will do, and says what is to be done for one kind of target. */
export async function workFor(request: WorkRequest, kind: TargetKind): Promise<Work> {
  const { library, assets, required, before, now, everything, known, maxAgeMs, isResult, abandoned = [] } = request;
  const change = changeOf(before, now, kind);
  const declared = everything ? declaredRectangles(now, kind) : change.added;
  const dropped = now.reclaim ? [...change.dropped, ...abandoned] : [];
  const leftOver = now.reclaim ? releasingRectangles(before, kind) : [];
  const looked = [...declared, ...dropped, ...leftOver];
  const { apps, targets } = extentOf(looked);
  const others = now.exclusive && targetsOf(now, kind) ? await library.holders(appsOf(now), kind, maxAgeMs) : undefined;
  const claim = claimOf(known, looked, kind);
  const seen = await heldAsClaimed(library, claim, apps, kind, targets, maxAgeMs);
  const held = isResult ? await library.heldForSure(apps, kind, targets) : seen;
  const isUnsure = (app: string, target: string): boolean => held.state(app, target) === "unknown";

  const isDeclared = covering(declaredRectangles(now, kind));
  const kept = new Map<string, number>();
  const counted = new Set<string>();
  const isProtected = (app: string, target: string): boolean => {
    if (!required?.pair(app, kind, target)) return false;
    const name = required.onlyByArguments.pair(app, kind, target);
    // Under `exclusive` what leaves the resource is looked at twice.
    if (name !== undefined && !counted.has(`${app} ${target}`)) {
      counted.add(`${app} ${target}`);
      kept.set(name, (kept.get(name) ?? 0) + 1);
    }
    return true;
  };
  // What is not known to be gone is revoked all the same: where nobody holds it, that is success.
  const mayTake = (app: string, target: string): boolean =>
    held.state(app, target) !== "free" && assets.mayBeRevoked(app) && !isProtected(app, target);
  const isGone = (app: string, target: string): boolean => !isDeclared(app, target) && mayTake(app, target);
  const isRequired = now.intent === "required";
  const leaving = [pairsWhere(dropped, isGone), pairsWhere(leftOver, isGone)] as const;
  let found: Pairs | undefined;
  const isLeaving = (app: string, target: string): boolean => leaving.some((pairs) => pairs.get(target)?.includes(app));
  return {
    kind,
    // To assign again what is assigned does no harm, so what is not known counts as missing, but for a state that knows better.
    give: isRequired
      ? pairsWhere(
          declared,
          (app, target) =>
            !held.has(app, target) && !(isResult && isUnsure(app, target) && claim.includes(app, target)),
        )
      : new Map(),
    unsure: isResult ? pairsWhere(declared, isUnsure) : new Map(),
    // A reading never asks for it, and it can be every licence there is.
    get found() {
      found ??= isRequired ? pairsWhere(change.added, (app, target) => held.has(app, target)) : new Map();
      return found;
    },
    dropped: leaving[0],
    leftOver: leaving[1],
    inDoubt: pairsWhere(
      [...dropped, ...leftOver],
      (app, target) =>
        !isDeclared(app, target) &&
        held.state(app, target) !== "free" &&
        assets.mayBeRevoked(app) &&
        required?.doubt.pair(app, kind, target) === true,
    ),
    surplus: pairsWhere(
      [
        ...(isRequired ? [] : declared),
        ...(others ? appsOf(now).map((app) => ({ apps: [app], targets: [...others.of(app)] })) : []),
      ],
      (app, target) =>
        (isRequired ? !isDeclared(app, target) : true) &&
        !isLeaving(app, target) &&
        (others?.has(app, target) ?? held.has(app, target)) &&
        assets.mayBeRevoked(app) &&
        !isProtected(app, target),
    ),
    kept,
  };
}

/** The apps of the library; read once more where the first reading lacks some of those that are asked about. */
export async function assetsWith(library: Library, apps: readonly string[], maxAgeMs?: number): Promise<AssetTable> {
  const assets = await library.assets(maxAgeMs);
  return apps.every((app) => assets.get(app) !== undefined) ? assets : library.assetsAgain();
}

/** Says once how many licences stay only because arguments name them to which the engine has preferred other inputs. */
export function noteKept(
  context: { note(reason: string, text: string): void },
  works: readonly Pick<Work, "kept">[],
): void {
  const names = works.flatMap(({ kept }) => [...kept.keys()]);
  const count = works.flatMap(({ kept }) => [...kept.values()]).reduce((sum, each) => sum + each, 0);
  const what = `${plural(count, "licence")} that would be revoked ${count === 1 ? "stays" : "stay"}`;
  noteOnlyByArguments(context, what, names);
}

/** What a state says is assigned, of what is looked at. What it still has to release counts as well. */
export function claimOf(known: AssignmentState | undefined, rectangles: readonly Rectangle[], kind: TargetKind): Claim {
  if (known === undefined) return { rectangles: [], includes: () => false, missing: 0 };
  return { rectangles, includes: covering(ownRectangles(known, kind)), missing: known.missingCount };
}

/** Targets that lose at least one licence. */
export function targetsTaken(...taken: readonly Pairs[]): number {
  return new Set(taken.flatMap((pairs) => [...pairs.keys()])).size;
}

/** Rectangles of what an edit drops and nobody else of the program requires, without looking at the service. */
export function droppedTargets(
  before: Partial<AssignmentInputs>,
  now: AssignmentInputs,
  required: Required,
  kind: TargetKind,
): Set<string> {
  const losing = new Set<string>();
  for (const { apps, targets } of changeOf(before, now, kind).dropped) {
    for (const target of targets) {
      if (apps.some((app) => !required.pair(app, kind, target))) losing.add(target);
    }
  }
  return losing;
}
