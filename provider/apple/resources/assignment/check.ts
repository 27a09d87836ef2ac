import { type CheckContext, InputFaults, sameValue } from "../../../engine/kind";
import { hasUnknown } from "../../../engine/unknown";
import { normalizeAdamId } from "../../../plan/adamId";
import { normalizeSerialNumber } from "../../../plan/serialNumber";
import { faultsOf } from "../../../schema/validate";
import type { AssetRef, Library } from "../../library/library";
import { judgeLicences, type LicenceVerdict } from "../../library/licenceBudget";
import { type Required, requiredIn } from "../../library/planProtection";
import { assetOfKey } from "../../library/readings/assets";
import { countByApp, type Pairs, without } from "../../library/rectangles";
import type { ListChange } from "../changeLimit";
import { cutOffWorkIn } from "../cutOff";
import { inOldOrder, plural, repeats } from "../lists";
import { oddIds, oddIdsInUse } from "../oddIds";
import { refuseOtherLibrary } from "../tokenRef";
import { refuseWrongApps } from "./apps";
import { brakeAssignment } from "./brake";
import { assetsWith, droppedTargets, noteKept, type Work, workFor } from "./changeSet";
import { refuseConflicts, refuseLooseUsers } from "./conflicts";
import { recordTakeBacks, refuseRetired, refuseTakenElsewhere, takeOverInputs } from "./engineInputs";
import { noteLasting, noteStaying, stayingApps } from "./irrevocable";
import { notePlan } from "./notes";
import { appsOf, changeOf, kinds, targetCount, targetsOf } from "./shape";
import { freeInWords, shortage, sourcesOf } from "./shortage";
import type { AssignmentInputs } from "./types";
import { refuseUnknownUsers } from "./unknownUsers";

/** Checks a VppAssignment: shape, the program as a whole, what the apps allow, the brake, and whether the licences suffice. */
export async function checkAssignment(
  context: CheckContext,
  olds: Partial<AssignmentInputs>,
  given: AssignmentInputs,
): Promise<AssignmentInputs> {
  // What was checked when it was last written need not be checked again; what the rest of the program says of it must be.
  const isAsBefore = olds.token !== undefined && sameValue(withDefaults(given), olds);
  const inputs = isAsBefore ? (olds as AssignmentInputs) : await checkedInputs(context, olds, given);
  const correction = takeOverInputs(context, inputs);
  if (hasUnknown(inputs.token) || hasUnknown(inputs.apps)) {
    if (correction) refuseTakenElsewhere(context, correction, numberOf);
    return inputs;
  }

  const library = context.libraries.open(inputs.token);
  const names = new Map<string, string>();
  for (const app of appsOf(inputs)) names.set(app, await library.names.nameOf(assetOfKey(app).adamId));
  const nameOf = (app: string): string => names.get(app) ?? numberOf(app);
  if (context.plan) {
    refuseConflicts(context.plan, context.entry, nameOf);
    refuseLooseUsers(context.plan, context.entry);
    refuseRetired(context.plan, context.entry);
  }
  if (correction) refuseTakenElsewhere(context, correction, nameOf);
  if (hasUnknown(inputs.serialNumbers) || hasUnknown(inputs.clientUserIds)) return inputs;
  if ((await cutOffWorkIn(context, inputs.token)) !== undefined) {
    const { checkCutOff } = await import("./cutOff.js");
    await checkCutOff(context, inputs);
  }
  if (!isAsBefore && isEdited(olds, inputs)) await checkEdit(context, library, olds, inputs, nameOf);
  context.run.checked.add(context.entry);
  await refuseDeferredShortages(context, library, inputs);
  return inputs;
}

const numberOf = (app: string): string => `app ${assetOfKey(app).adamId}`;

/** The inputs by themselves: their shape, defaults, and their lists in the order that the state has. */
async function checkedInputs(
  context: CheckContext,
  olds: Partial<AssignmentInputs>,
  given: AssignmentInputs,
): Promise<AssignmentInputs> {
  const tidied = tidy(given);
  const faults = faultsOf("VppAssignment", tidied);
  if (tidied.serialNumbers === undefined && tidied.clientUserIds === undefined) {
    faults.push("neither serialNumbers nor clientUserIds is given; set one of them, or both");
  }
  // Only inputs of the right shape can be asked about.
  const odd =
    faults.length > 0 ? [] : await oddIdsInUse(context, tidied.token, tidied.clientUserIds, olds.clientUserIds);
  faults.push(...oddIds("clientUserIds", tidied.clientUserIds, [...(olds.clientUserIds ?? []), ...odd]));
  faults.push(...repeats("apps", itemsOf(tidied.apps).map(appIn)));
  faults.push(...repeats("serialNumbers", itemsOf(tidied.serialNumbers).map(textIn)));
  faults.push(...repeats("clientUserIds", itemsOf(tidied.clientUserIds).map(textIn)));
  if (faults.length > 0) throw new InputFaults(faults);
  refuseOtherLibrary(olds.token, tidied.token);
  return ordered(olds, tidied);
}

/** Until they have been checked, lists can be anything and hold anything. */
function itemsOf(list: unknown): readonly unknown[] {
  return Array.isArray(list) ? (list as readonly unknown[]) : [];
}

function textIn(item: unknown): string | undefined {
  return typeof item === "string" && !hasUnknown(item) ? item : undefined;
}

function appIn(item: unknown): string | undefined {
  const { adamId, pricingParam } = (typeof item === "object" && item !== null ? item : {}) as Partial<AssetRef>;
  if (textIn(adamId) === undefined || textIn(pricingParam) === undefined) return undefined;
  return appsOf({ apps: [item as AssetRef] })[0];
}

/** Defaults, and numbers as the service writes them. */
function tidy(given: AssignmentInputs): AssignmentInputs {
  const serials = itemsOf(given.serialNumbers).map((serial) => {
    const text = textIn(serial);
    return text === undefined ? serial : normalizeSerialNumber(text);
  });
  const apps = itemsOf(given.apps).map(tidyApp);
  return {
    ...withDefaults(given),
    ...(Array.isArray(given.apps) && { apps: apps as AssetRef[] }),
    ...(Array.isArray(given.serialNumbers) && { serialNumbers: serials as string[] }),
  };
}

/** A transform may write an app as a program does: as its adamId alone, or without a pricingParam. */
function tidyApp(app: unknown): unknown {
  if (typeof app !== "string" && (typeof app !== "object" || app === null)) return app;
  const { adamId: given, ...others } = typeof app === "string" ? { adamId: app } : (app as Partial<AssetRef>);
  const adamId = textIn(given);
  return adamId === undefined ? app : { pricingParam: "STDQ", ...others, adamId: normalizeAdamId(adamId) };
}

function withDefaults(given: AssignmentInputs): AssignmentInputs {
  return {
    ...given,
    intent: given.intent ?? "required",
    exclusive: given.exclusive ?? false,
    reclaim: given.reclaim ?? true,
  };
}

/** The same inputs with their lists in the order of the old ones. What is not known yet is no list. */
function ordered(olds: Partial<AssignmentInputs>, inputs: AssignmentInputs): AssignmentInputs {
  const { apps, serialNumbers, clientUserIds } = inputs;
  const self = (value: string): string => value;
  return {
    ...inputs,
    ...(Array.isArray(apps) && { apps: inOldOrder(olds.apps, apps, (app) => appsOf({ apps: [app] })[0]!) }),
    ...(Array.isArray(serialNumbers) && { serialNumbers: inOldOrder(olds.serialNumbers, serialNumbers, self) }),
    ...(Array.isArray(clientUserIds) && { clientUserIds: inOldOrder(olds.clientUserIds, clientUserIds, self) }),
  };
}

function isEdited(olds: Partial<AssignmentInputs>, inputs: AssignmentInputs): boolean {
  if (olds.token?.libraryId !== inputs.token.libraryId || olds.intent !== inputs.intent) return true;
  if (inputs.exclusive && !olds.exclusive) return true;
  return kinds.some((kind) => {
    const { added, dropped } = changeOf(olds, inputs, kind);
    return (
      added.length > 0 ||
      dropped.length > 0 ||
      (targetsOf(olds, kind) === undefined) !== (targetsOf(inputs, kind) === undefined)
    );
  });
}

async function checkEdit(
  context: CheckContext,
  library: Library,
  olds: Partial<AssignmentInputs>,
  inputs: AssignmentInputs,
  nameOf: (app: string) => string,
): Promise<void> {
  const { plan, run, entry } = context;
  const assets = await assetsWith(library, appsOf(inputs));
  const before = olds.token?.libraryId === inputs.token.libraryId ? olds : {};
  recordTakeBacks(context, before, inputs, nameOf);
  const required = await requiredIn(inputs.token, run.plan, context.libraries);
  const works: Work[] = [];
  for (const kind of kinds) {
    if (targetsOf(before, kind) === undefined && targetsOf(inputs, kind) === undefined) continue;
    works.push(await workFor({ library, assets, required, before, now: inputs, everything: false }, kind));
  }
  refuseWrongApps(before, inputs, assets, works);
  brake(before, inputs, required, works);
  noteKept(context, works);
  await refuseUnknownUsers(plan, library, inputs.token.contentTokenKey, works);
  const staying = stayingApps(before, inputs, assets);
  // One request for all, those that only a note will name among them.
  await library.names.lookUp([...appsOf(inputs), ...staying].map((app) => assetOfKey(app).adamId));
  const asks = sumByApp(works, ({ give }) => [give]);
  const drops = sumByApp(works, ({ dropped, surplus }) => [dropped, surplus]);
  const key = plan?.libraryKey(inputs.token.contentTokenKey) ?? inputs.token.contentTokenKey;
  for (const app of new Set([...asks.keys(), ...drops.keys()])) {
    run.recordChange(key, app, entry, { asks: asks.get(app) ?? 0, drops: drops.get(app) ?? 0 });
  }
  if (plan !== undefined) {
    for (const app of asks.keys()) {
      const verdict = await judgeLicences(library, plan, run, key, app, entry);
      await actOn(context, library, verdict, key, app);
    }
  } else {
    await refuseOwnShortage(library, asks, drops);
  }
  notePlan(context, before, inputs, works);
  await noteLasting(context, library, works, assets);
  await noteStaying(context, library, inputs, before, assets, required);
}

function brake(
  before: Partial<AssignmentInputs>,
  inputs: AssignmentInputs,
  required: Required,
  works: readonly Work[],
): void {
  const losing = new Set<string>();
  const lists: ListChange[] = [];
  for (const work of works) {
    const left = new Set(without(targetsOf(before, work.kind) ?? [], targetsOf(inputs, work.kind) ?? []));
    if (inputs.reclaim) {
      const dropped = droppedTargets(before, inputs, required, work.kind);
      for (const target of dropped) losing.add(`${work.kind} ${target}`);
      const leaving = [...dropped].filter((target) => left.has(target)).length;
      lists.push({ of: targetsOf(before, work.kind)?.length ?? 0, leaving });
    }
    for (const target of work.surplus.keys()) losing.add(`${work.kind} ${target}`);
  }
  const named = [...new Set([...losing].map((target) => target.slice(target.indexOf(" ") + 1)))];
  brakeAssignment(inputs, losing.size, targetCount(before) || targetCount(inputs), { lists, losing: named });
}

function sumByApp(works: readonly Work[], pairsOf: (work: Work) => Pairs[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const pairs of works.flatMap(pairsOf)) {
    for (const [app, count] of countByApp(pairs)) sums.set(app, (sums.get(app) ?? 0) + count);
  }
  return sums;
}

async function actOn(
  context: CheckContext,
  library: Library,
  verdict: LicenceVerdict,
  key: string,
  app: string,
): Promise<void> {
  const slot = `${key} ${app}`;
  if (verdict.kind === "perhaps") context.run.deferredShortages.add(slot);
  else context.run.deferredShortages.delete(slot);
  if (verdict.kind === "short") {
    const isRevocableApp = (await library.assets()).mayBeRevoked(app);
    const sources = sourcesOf(context, library.libraryId ?? "", app, isRevocableApp);
    throw shortage(await library.names.nameOf(assetOfKey(app).adamId), verdict, sources);
  }
  if (verdict.kind === "pending") {
    const name = await library.names.nameOf(assetOfKey(app).adamId);
    context.note(
      `pending ${app}`,
      `${name}: ${plural(verdict.needed, "licence")} needed, ${freeInWords(verdict.free)} while other resources of this run are still being written. ` +
        "Apple's service decides when its turn comes.",
    );
  }
  if (verdict.kind === "laterInRun") {
    const name = await library.names.nameOf(assetOfKey(app).adamId);
    context.note(
      `later ${app}`,
      `${name}: ${plural(verdict.needed, "licence")} needed, ${freeInWords(verdict.free)}; other resources of this run give back enough. ` +
        "If some come too late, run `pulumi up` a second time.",
    );
  }
}

async function refuseOwnShortage(
  library: Library,
  asks: ReadonlyMap<string, number>,
  drops: ReadonlyMap<string, number>,
): Promise<void> {
  for (const [app, count] of asks) {
    const needed = Math.max(0, count - (drops.get(app) ?? 0));
    const free = library.free(app);
    if (needed <= free) continue;
    throw shortage(await library.names.nameOf(assetOfKey(app).adamId), {
      needed,
      free,
      lacking: needed - free,
      askers: [],
    });
  }
}

/** The last check of the run settles what was left open because a resource still to come might have given licences back. */
async function refuseDeferredShortages(
  context: CheckContext,
  library: Library,
  inputs: AssignmentInputs,
): Promise<void> {
  const { plan, run, entry } = context;
  if (plan === undefined) return;
  const key = plan.libraryKey(inputs.token.contentTokenKey);
  for (const slot of [...run.deferredShortages]) {
    if (!slot.startsWith(`${key} `)) continue;
    const app = slot.slice(key.length + 1);
    await actOn(context, library, await judgeLicences(library, plan, run, key, app, entry), key, app);
  }
}
