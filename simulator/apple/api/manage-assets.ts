import { type AssetKey, PRICING_PARAMS, type PricingParam } from "../core/asset";
import type { Asset } from "../core/assignment";
import { Refusal } from "../core/errors";
import type { LimitName } from "../core/limits";
import { type AssignWork, revokeTasks } from "../work/assign";
import { keptSerialNumber } from "../work/serial-numbers";
import { accepted } from "./accepted";
import type { Call } from "./call";
import { refuseDuplicates, refuseTooMany, refuseUnknownUsers } from "./rules";

interface Targets {
  readonly clientUserIds: readonly string[];
  readonly serialNumbers: readonly string[];
}

/** POST assets/associate. */
export function associateAssets(call: Call): object {
  const work = readAssignWork(call);
  refuseUnsuitable(call, work, (asset) => asset.description.deviceAssignable || work.serialNumbers.length === 0, 9707);
  refuseUnknownUsers(call, work.clientUserIds);
  return accepted(call, { eventType: "ASSOCIATE", numRequested: taskCount(work), work });
}

/** POST assets/disassociate. */
export function disassociateAssets(call: Call): object {
  const work = readAssignWork(call);
  refuseUnsuitable(call, work, (asset) => asset.description.revocable, 9706);
  refuseUnknownUsers(call, work.clientUserIds);
  return accepted(call, { eventType: "DISASSOCIATE", numRequested: taskCount(work), work });
}

/** POST assets/revoke. */
export function revokeAssets(call: Call): object {
  const targets = readTargets(call);
  refuseNoTargets(call, targets);
  refuseTooManyTargets(call, targets, "maxRevokeClientUserIds", "maxRevokeSerialNumbers");
  refuseDuplicateTargets(targets);
  refuseUnknownUsers(call, targets.clientUserIds);
  const numRequested = revokeTasks(call.library, targets, call.world.settings.readings);
  return accepted(call, { eventType: "REVOKE", numRequested, work: targets });
}

function readAssignWork(call: Call): AssignWork {
  const assets = readAssets(call);
  const targets = readTargets(call);
  if (assets.length === 0) {
    throw new Refusal(9718);
  }
  refuseNoTargets(call, targets);
  refuseTooMany(call, assets, "maxAssets", 9700);
  refuseTooManyTargets(call, targets, "maxClientUserIds", "maxSerialNumbers");
  refuseDuplicates(
    assets.map((asset) => `${asset.adamId}/${asset.pricingParam}`),
    9703,
  );
  refuseDuplicateTargets(targets);
  return { assets, ...targets };
}

function readAssets(call: Call): AssetKey[] {
  const value = call.body.assets ?? [];
  if (!Array.isArray(value)) {
    throw new Refusal(9602);
  }
  return value.map((item: unknown) => {
    if (typeof item !== "object" || item === null) {
      throw new Refusal(9602);
    }
    const { adamId, pricingParam = null } = item as Record<string, unknown>;
    const known = PRICING_PARAMS.find((each) => each === pricingParam);
    if (typeof adamId !== "string" || adamId === "" || (pricingParam !== null && known === undefined)) {
      throw new Refusal(9602);
    }
    return { adamId, pricingParam: known ?? defaultPricing(call, adamId) };
  });
}

function defaultPricing(call: Call, adamId: string): PricingParam {
  const owned = call.library.assetsOf(adamId);
  return call.world.settings.readings["default-pricing"] === "owned" && owned.length === 1
    ? owned[0]!.description.pricingParam
    : "STDQ";
}

function readTargets(call: Call): Targets {
  const { readings } = call.world.settings;
  return {
    clientUserIds: readTexts(call.body.clientUserIds),
    serialNumbers: readTexts(call.body.serialNumbers).map((text) => keptSerialNumber(text, readings)),
  };
}

function readTexts(value: unknown): string[] {
  const list = value ?? [];
  if (!Array.isArray(list) || !list.every((item) => typeof item === "string" && item !== "")) {
    throw new Refusal(9602);
  }
  return list as string[];
}

function refuseNoTargets(call: Call, targets: Targets): void {
  if (targets.clientUserIds.length === 0 && targets.serialNumbers.length === 0) {
    throw new Refusal(9719);
  }
  const both = targets.clientUserIds.length > 0 && targets.serialNumbers.length > 0;
  if (both && call.world.settings.readings["both-targets"] === "9602") {
    throw new Refusal(9602);
  }
}

function refuseTooManyTargets(call: Call, targets: Targets, users: LimitName, devices: LimitName): void {
  refuseTooMany(call, targets.clientUserIds, users, 9701);
  refuseTooMany(call, targets.serialNumbers, devices, 9702);
}

function refuseDuplicateTargets(targets: Targets): void {
  refuseDuplicates(targets.clientUserIds, 9704);
  refuseDuplicates(targets.serialNumbers, 9705);
}

function refuseUnsuitable(call: Call, work: AssignWork, suits: (asset: Asset) => boolean, errorNumber: number): void {
  const unknown = work.assets.filter((key) => call.library.asset(key) === undefined);
  if (unknown.length > 0 && call.world.settings.readings["unknown-asset"] === "9602") {
    throw new Refusal(9602, { errorInfo: { assets: unknown } });
  }
  const unsuitable = work.assets.filter((key) => {
    const asset = call.library.asset(key);
    return asset !== undefined && !suits(asset);
  });
  if (unsuitable.length > 0) {
    throw new Refusal(errorNumber, { errorInfo: { assets: unsuitable } });
  }
}

function taskCount(work: AssignWork): number {
  return work.assets.length * (work.clientUserIds.length + work.serialNumbers.length);
}
