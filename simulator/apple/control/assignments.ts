import { ControlError } from "../../kit/control/error";
import type { Asset, Target } from "../core/assignment";
import type { Library } from "../core/library";
import { TaskRecord } from "../core/tasks";
import { keptSerialNumber } from "../work/serial-numbers";
import { type AssetBody, keyOf, type LibraryBody, libraryOf } from "./bodies";
import type { ControlContext } from "./context";

/** The body of POST assignments. */
export interface AssignmentsBody extends LibraryBody {
  readonly action: "assign" | "unassign";
  readonly assets: readonly AssetBody[];
  readonly serialNumbers?: readonly string[];
  readonly clientUserIds?: readonly string[];
}

/** POST assignments: gives licences or takes them back at once, all of what is asked for or nothing. */
export function controlAssignments({ world, notifier }: ControlContext, body: AssignmentsBody): object {
  const library = libraryOf(world, body);
  const { action } = body;
  const assets = readAssets(library, body);
  const targets = readTargets(library, {
    ...body,
    serialNumbers: (body.serialNumbers ?? []).map((text) => keptSerialNumber(text, world.settings.readings)),
  });
  for (const asset of assets) {
    check(asset, targets, action);
  }
  const eventType = action === "assign" ? "ASSOCIATE" : "DISASSOCIATE";
  const record = notifier.wants(library, eventType) ? new TaskRecord() : undefined;
  let changed = 0;
  for (const asset of assets) {
    for (const target of action === "assign" ? assign(library, asset, targets) : unassign(library, asset, targets)) {
      changed += 1;
      record?.done({ asset: asset.description, ...idsOf(target) });
    }
  }
  if (record !== undefined) {
    notifier.tellChange(library, { eventType }, record);
  }
  return { changed, unchanged: assets.length * targets.length - changed };
}

function assign(library: Library, asset: Asset, targets: readonly Target[]): Target[] {
  const wanting = targets.filter((target) => !asset.holders.has(target));
  for (const target of wanting) {
    library.licences.give(asset, target);
  }
  return wanting;
}

function unassign(library: Library, asset: Asset, targets: readonly Target[]): Target[] {
  const holding = targets.filter((target) => asset.holders.has(target));
  for (const target of holding) {
    library.licences.takeBack(asset.holders.get(target)!);
  }
  return holding;
}

function check(asset: Asset, targets: readonly Target[], action: "assign" | "unassign"): void {
  const { adamId, pricingParam, deviceAssignable, revocable } = asset.description;
  const wanting = targets.filter((target) => !asset.holders.has(target));
  if (action === "unassign") {
    if (!revocable && wanting.length < targets.length) {
      throw new ControlError(400, `${adamId} (${pricingParam}) is not revocable`);
    }
    return;
  }
  if (!deviceAssignable && targets.some((target) => target.kind === "device")) {
    throw new ControlError(400, `${adamId} (${pricingParam}) cannot be assigned to devices`);
  }
  if (wanting.length > asset.availableCount) {
    throw new ControlError(
      400,
      `${adamId} (${pricingParam}) has ${asset.availableCount} licences available, not ${wanting.length}`,
    );
  }
}

function readAssets(library: Library, body: AssignmentsBody): Asset[] {
  const found = body.assets.map((item) => {
    const key = keyOf(item);
    const asset = library.asset(key);
    if (asset === undefined) {
      throw new ControlError(400, `the library does not own ${key.adamId} (${key.pricingParam})`);
    }
    return asset;
  });
  return [...new Set(found)];
}

function readTargets(library: Library, { clientUserIds = [], serialNumbers = [] }: AssignmentsBody): Target[] {
  const users = [...new Set(clientUserIds)].map((clientUserId) => {
    const user = library.users.active(clientUserId);
    if (user === undefined) {
      throw new ControlError(400, `the library has no active user "${clientUserId}"`);
    }
    return user;
  });
  const devices = [...new Set(serialNumbers)].map((serialNumber) => library.licences.device(serialNumber));
  if (users.length + devices.length === 0) {
    throw new ControlError(400, '"serialNumbers" or "clientUserIds" must name somebody');
  }
  return [...users, ...devices];
}

function idsOf(target: Target): { clientUserId: string } | { serialNumber: string } {
  return target.kind === "user" ? { clientUserId: target.clientUserId } : { serialNumber: target.serialNumber };
}
