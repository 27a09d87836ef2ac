import type { Asset } from "../core/asset";
import type { Target } from "../core/assignment";
import type { Library } from "../core/library";
import type { ControlContext } from "./control";
import { ControlError, type Input } from "./input";

/** POST assignments: gives licences or takes them back at once, all of what is asked for or nothing. */
export function controlAssignments({ world }: ControlContext, input: Input): object {
  input.only("library", "action", "assets", "serialNumbers", "clientUserIds");
  const library = input.library(world);
  const action = input.choice("action", ["assign", "unassign"]);
  const assets = readAssets(library, input);
  const targets = readTargets(library, input);
  const change = action === "assign" ? assign : unassign;
  for (const asset of assets) {
    check(asset, targets, action);
  }
  const changed = assets.reduce((sum, asset) => sum + change(library, asset, targets), 0);
  return { changed, unchanged: assets.length * targets.length - changed };
}

function assign(library: Library, asset: Asset, targets: readonly Target[]): number {
  const wanting = targets.filter((target) => !asset.holders.has(target));
  for (const target of wanting) {
    library.licences.give(asset, target);
  }
  return wanting.length;
}

function unassign(library: Library, asset: Asset, targets: readonly Target[]): number {
  const held = targets.map((target) => asset.holders.get(target)).filter((assignment) => assignment !== undefined);
  for (const assignment of held) {
    library.licences.takeBack(assignment);
  }
  return held.length;
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

function readAssets(library: Library, input: Input): Asset[] {
  const found = input.objects("assets").map((item) => {
    const key = item.only("adamId", "pricingParam").assetKey();
    const asset = library.asset(key);
    if (asset === undefined) {
      throw new ControlError(400, `the library does not own ${key.adamId} (${key.pricingParam})`);
    }
    return asset;
  });
  return [...new Set(found)];
}

function readTargets(library: Library, input: Input): Target[] {
  const users = input.texts("clientUserIds").map((clientUserId) => {
    const user = library.users.active(clientUserId);
    if (user === undefined) {
      throw new ControlError(400, `the library has no active user "${clientUserId}"`);
    }
    return user;
  });
  const devices = input.texts("serialNumbers").map((serialNumber) => library.licences.device(serialNumber));
  if (users.length + devices.length === 0) {
    throw input.wrong("serialNumbers", 'a list with at least one member, or else "clientUserIds"');
  }
  return [...users, ...devices];
}
