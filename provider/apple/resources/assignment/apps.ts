import { InputFaults } from "../../../engine/kind";
import type { Asset, AssetTable } from "../../library/readings/assets";
import { assetOfKey } from "../../library/readings/assets";
import { countByApp } from "../../library/rectangles";
import { notOwned } from "../app";
import type { Work } from "./changeSet";
import { goneFromLibrary, type KnownReason } from "./failureReport";
import { appsOf, changeOf } from "./shape";
import type { AssignmentInputs } from "./types";

/**
 * Refuses apps that the library does not own, or that don't allow what the edit newly wants of them. What an app allows can change at the
 * service: then its devices keep what they hold, and it can be shrunk, refreshed and deleted; only what would be given is refused. Throws
 * InputFaults or a VppError.
 */
export function refuseWrongApps(
  before: Partial<AssignmentInputs>,
  inputs: AssignmentInputs,
  assets: AssetTable,
  works: readonly Pick<Work, "kind" | "give" | "found">[],
): void {
  const faults: string[] = [];
  const old = new Set(before.apps ? appsOf({ apps: before.apps }) : []);
  for (const app of appsOf(inputs)) {
    const asset = assets.get(app);
    if (asset === undefined) {
      if (isGiven(works, app) || (!old.has(app) && !isFound(works, app))) throw notOwnedApp(app, assets);
      continue;
    }
    if (!asset.deviceAssignable && mustGoToDevices(before, inputs, works, app, old.has(app))) {
      const { adamId } = asset;
      faults.push(
        `app ${adamId} can't be given to devices (${whatIs(asset)} goes to people only): use clientUserIds in an assignment of its own`,
      );
    }
    if (asset.revocable) continue;
    if (inputs.intent === "uninstall" && isAdded(before, inputs, works, app))
      faults.push(`app ${asset.adamId} can't be uninstalled: ${whatIs(asset)} can't be taken back`);
    if (inputs.exclusive && !(before.exclusive === true && old.has(app)))
      faults.push(`app ${asset.adamId} can't be exclusive: ${whatIs(asset)} can't be taken back from others`);
  }
  if (faults.length > 0) throw new InputFaults(faults);
}

const notForDevices: KnownReason = {
  why: "it can no longer be given to devices, so no further one gets it",
  code: "VPP_INPUT_INVALID",
  remedy: "Give it to people, with clientUserIds in an assignment of its own, or take it out of the assignment.",
};

/** Why nobody of a kind can get an app any more; undefined if that is not so. */
export function whyNotGiven(assets: AssetTable, app: string, kind: Work["kind"]): KnownReason | undefined {
  const asset = assets.get(app);
  if (asset === undefined) return goneFromLibrary;
  return kind === "device" && !asset.deviceAssignable ? notForDevices : undefined;
}

function notOwnedApp(app: string, assets: AssetTable): Error {
  const { adamId, pricingParam } = assetOfKey(app);
  const others = assets.withAdamId(adamId).map((other) => other.pricingParam);
  return notOwned(adamId, pricingParam, others);
}

function mustGoToDevices(
  before: Partial<AssignmentInputs>,
  inputs: AssignmentInputs,
  works: readonly Pick<Work, "kind" | "give" | "found">[],
  app: string,
  isOld: boolean,
): boolean {
  if (inputs.serialNumbers === undefined) return false;
  const devices = works.filter(({ kind }) => kind === "device");
  if (isGiven(devices, app)) return true;
  // A program that newly names such an app for devices is wrong, also while it names no device yet.
  return !(isOld && before.serialNumbers !== undefined) && !isFound(devices, app);
}

function isGiven(works: readonly Pick<Work, "give">[], app: string): boolean {
  return works.some(({ give }) => countByApp(give).has(app));
}

function isFound(works: readonly Pick<Work, "found">[], app: string): boolean {
  return works.some(({ found }) => countByApp(found).has(app));
}

function isAdded(
  before: Partial<AssignmentInputs>,
  inputs: AssignmentInputs,
  works: readonly Pick<Work, "kind">[],
  app: string,
): boolean {
  if (before.intent !== inputs.intent) return true;
  return works.some(({ kind }) => changeOf(before, inputs, kind).added.some(({ apps }) => apps.includes(app)));
}

function whatIs({ productType }: Asset): string {
  return productType === "Book" ? "a book" : "a product of this kind";
}
