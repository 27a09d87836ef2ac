import type { CheckContext } from "../../../engine/kind";
import { isVppError, VppError } from "../../../errors";
import { countDeclared, firmPart, type LibraryCounts } from "../../../plan/declaredCounts";
import { type DeclaredRecord, recordIn, recordText } from "../../../plan/declaredRecord";
import {
  type Leaving,
  leavingAssignments,
  leavingLicences,
  leavingUserSets,
  nothingLeaves,
  type ThisRun,
} from "../../../plan/leaving";
import type { Plan } from "../../../plan/planReader";
import { limitOf } from "../changeLimit";
import { plural, someOf } from "../lists";
import { type RunLibrary, requiredNow, runLimit, wayToAllow } from "../runLimit";
import { neighboursOf, refuseLeavingLibraries } from "./neighbours";

const outOfState = "What you have taken out of the state yourself counts here, too, although nothing happens to it.";

/** A library whose VppToken has just been checked. */
export interface Bound {
  readonly libraryId: string;
  readonly key: string;
  /** Whether an earlier run has bound it already. */
  readonly wasBound: boolean;
}

/**
 * Holds what the program declares of a library against what an earlier run declared: says what leaves with the resources that leave, and refuses
 * it over the limit. Gives what this run declares, for the next one; nothing where the plan may still grow, since then nobody knows what is missing.
 */
export async function forecast(context: CheckContext, bound: Bound, before: unknown): Promise<string | undefined> {
  const { plan } = context;
  if (!bound.wasBound) context.run.leaving.set(bound.libraryId, nothingLeaves);
  if (plan?.end === undefined || !plan.isFirm(context)) return undefined;
  const { assignments, userSets } = firmPart(plan, bound.key);
  const firm = countDeclared(assignments, userSets, true);
  const record = recordIn(before);
  if (record !== undefined) {
    context.run.recordedUserSets.set(bound.libraryId, new Set(record.userSets.keys()));
    await judgeAssignments(context, bound, record, firm);
    judgeUserSets(context, bound, record, firm);
    refuseLeavingLibraries(context, record);
  } else if (bound.wasBound) {
    context.note(
      "noRecord",
      "what an earlier run declared here is not on record, so this run can't count beforehand what leaves the program with whole resources. " +
        "Each delete is held to the run's limit all the same, and from now on there is a record.",
    );
  }
  return recordText(
    firm,
    plan.declaredTokens.filter((token) => plan.isFirm(token)).length,
    neighboursOf(plan, bound.key),
  );
}

/** Keys that are, or may be, those of this library: of others a VppToken says that they are another one's. */
function keysOf(plan: Plan, key: string): Set<string> {
  const bound = new Set(plan.declaredTokens.map((token) => token.key));
  return new Set([key, ...[...plan.keys].filter((other) => !bound.has(other))]);
}

async function judgeAssignments(
  context: CheckContext,
  bound: Bound,
  record: DeclaredRecord,
  firm: LibraryCounts,
): Promise<void> {
  const plan = context.plan!;
  const open = new Set(plan.end!.open);
  // Of these not even the library is known yet.
  if (plan.end!.open.some((entry) => !plan.hasLine(entry))) return;
  const keys = keysOf(plan, bound.key);
  const present = requiredNow(plan, keys);
  const declared = [...plan.assignmentsOf(bound.key)];
  const unsettled = [...keys].flatMap((key) => [...plan.assignmentsOf(key)]).filter(({ entry }) => open.has(entry));
  if (unsettled.some(({ moreApps }) => moreApps)) return;
  // What an assignment will yet name can make up for whatever is missing of its apps.
  const openApps = new Set(unsettled.flatMap(({ apps }) => [...apps]));
  const isKnown = (slot: string): boolean => !openApps.has(slot.slice(2));
  const byName = grouped(declared, ({ name }) => name);
  const thisRun: ThisRun = {
    present,
    firm,
    resources: sizes(byName),
    mayDrop(name, targets) {
      const own = byName.get(name) ?? [];
      if (own.some(({ entry, reclaim, retained }) => reclaim === false || retained || open.has(entry))) return targets;
      return own.reduce((sum, { maxRevocations }) => sum + limitOf("maxRevocations", maxRevocations, targets), 0);
    },
  };
  const library: RunLibrary = { libraryId: bound.libraryId, keys };
  const over = (leaving: Leaving): number | undefined => {
    const limit = runLimit(context.run, library, "maxRevocations", present.targetCount + leaving.targets);
    return leaving.targets > limit ? limit : undefined;
  };
  const isSure = (slot: string): boolean => isKnown(slot) && record.licences.has(`d${slot.slice(1)}`);
  let leaving = leavingAssignments(record, thisRun, isKnown);
  context.run.leaving.set(
    bound.libraryId,
    leaving === undefined ? nothingLeaves : leavingLicences(record, present, leaving),
  );
  if (leaving === undefined) return;
  if (over(leaving) !== undefined) {
    const isRevocable = await revocableIn(context, bound);
    leaving = leavingAssignments(
      record,
      thisRun,
      (slot) => isKnown(slot) && (isRevocable?.(slot.slice(2)) ?? isSure(slot)),
    );
    if (leaving === undefined) return;
    const limit = over(leaving);
    if (limit !== undefined) throw refusal(context, library, leaving, limit);
  }
  const sure = leavingAssignments(record, thisRun, isSure);
  const books =
    sure?.targets === leaving.targets
      ? ""
      : ", unless they are of books, which can't be revoked and stay with their readers";
  context.note(
    "leaving",
    `${what(leaving, "assignment")}: ${lossOf(leaving)} will be revoked${books} (${namesOf(leaving)}).`,
  );
}

function judgeUserSets(context: CheckContext, bound: Bound, record: DeclaredRecord, firm: LibraryCounts): void {
  const plan = context.plan!;
  const open = new Set(plan.end!.open);
  const keys = keysOf(plan, bound.key);
  const declared = plan.userSetsOf(bound.key);
  const all = [...keys].flatMap((key) => plan.userSetsOf(key));
  if (all.some(({ entry }) => open.has(entry)) || plan.end!.open.some((entry) => !plan.hasLine(entry))) return;
  const present = requiredNow(plan, keys);
  const byName = grouped(declared, ({ name }) => name);
  const leaving = leavingUserSets(record, {
    present,
    firm,
    resources: sizes(byName),
    mayDrop(name, targets) {
      const own = byName.get(name) ?? [];
      if (own.some(({ reclaim, retained }) => reclaim === false || retained)) return targets;
      return own.reduce((sum, { maxRetirements }) => sum + limitOf("maxRetirements", maxRetirements, targets), 0);
    },
  });
  if (leaving === undefined) return;
  const library: RunLibrary = { libraryId: bound.libraryId, keys };
  const limit = runLimit(context.run, library, "maxRetirements", present.personCount + leaving.targets);
  const people = leaving.targets === 1 ? "at least 1 person" : `at least ${leaving.targets} people`;
  const fate = "will be retired, as far as this stack registered them";
  if (leaving.targets <= limit) {
    context.note("leavingPeople", `${what(leaving, "user set")}: ${people} ${fate} (${namesOf(leaving)}).`);
    return;
  }
  const why = `${what(leaving, "user set")} (${namesOf(leaving)}): ${people} ${fate}, more than one run may retire (${limit}); nothing was changed`;
  throw new VppError("VPP_LIMIT_BRAKE", why, {
    remedy: `${wayToAllow(context.run, library, "maxRetirements", leaving.atMost)} ${outOfState}`,
  });
}

/** Which apps can be taken back, by the library itself; undefined if it can't be asked. */
async function revocableIn(context: CheckContext, { key }: Bound): Promise<((app: string) => boolean) | undefined> {
  try {
    const assets = await context.libraries.ofKey(key).assets();
    return (app) => assets.get(app)?.revocable === true;
  } catch (error) {
    if (!isVppError(error)) throw error;
    return undefined;
  }
}

function refusal(context: CheckContext, library: RunLibrary, leaving: Leaving, limit: number): VppError {
  const why =
    `${what(leaving, "assignment")} (${namesOf(leaving)}): ${lossOf(leaving)} would be revoked, ` +
    `more than one run may take licences from (${plural(limit, "target")}); nothing was changed`;
  return new VppError("VPP_LIMIT_BRAKE", why, {
    remedy: `${wayToAllow(context.run, library, "maxRevocations", leaving.atMost)} ${outOfState}`,
  });
}

function what({ names, unnamed }: Leaving, noun: string): string {
  const count = names.length + unnamed;
  return `${plural(count, noun)} ${count === 1 ? "leaves" : "leave"} the program`;
}

function lossOf({ licences, devices, people, targets }: Leaving): string {
  const persons = people === 1 ? "1 person" : `${people} people`;
  const parts = [...(devices > 0 ? [plural(devices, "device")] : []), ...(people > 0 ? [persons] : [])];
  const who = targets < devices + people ? plural(targets, "target") : parts.join(" and ");
  return `at least ${plural(licences, "licence")} of ${who}`;
}

function namesOf({ names, unnamed }: Leaving): string {
  return names.length > 0 ? someOf(names, names.length + unnamed) : "names are not recorded";
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

function sizes(groups: ReadonlyMap<string, readonly unknown[]>): Map<string, number> {
  return new Map([...groups].map(([name, { length }]) => [name, length]));
}
