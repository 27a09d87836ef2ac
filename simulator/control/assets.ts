import { type Asset, type AssetDescription, UNLIMITED } from "../core/asset";
import type { Library } from "../core/library";
import { type AssetEntry, describeAsset } from "../library-file/build";
import { checkAssetEntry } from "../library-file/check";
import type { ControlContext } from "./control";
import { ControlError, type Input } from "./input";
import { assetState } from "./state";

const OWN_FIELDS = ["library", "action", "count"];

/** POST assets: licences are bought, refunded or transferred, or an asset comes to the library or leaves it. */
export function controlAssets({ world }: ControlContext, input: Input): object {
  const library = input.library(world);
  const action = input.choice("action", ["buy", "refund", "transfer", "add", "remove"]);
  if (action === "add") {
    return assetState(world, add(library, input));
  }
  input.only("library", "action", "adamId", "pricingParam", "count", "to");
  const asset = owned(library, input);
  if (action === "remove") {
    library.removeAsset(asset);
    return { removed: true };
  }
  const count = input.optionalNumber("count", 1) ?? 1;
  if (action === "buy") {
    library.changeOwned(asset, count);
  } else {
    const receiver = action === "transfer" ? readReceiver(library, input, (name) => world.library(name)) : undefined;
    takeAvailable(library, asset, count);
    if (receiver !== undefined) {
      receive(receiver, asset.description, count);
    }
  }
  return assetState(world, asset);
}

function add(library: Library, input: Input): Asset {
  const { adamId, pricingParam } = input.assetKey();
  const fields = Object.fromEntries(Object.entries(input.all()).filter(([name]) => !OWN_FIELDS.includes(name)));
  const counted =
    fields.totalCount === undefined && fields.unlimited === undefined ? { totalCount: input.raw("count") ?? 0 } : {};
  const entry = { name: `App ${adamId}`, productType: "App", ...counted, ...fields };
  const problem = checkAssetEntry(entry);
  if (problem !== undefined) {
    throw new ControlError(400, `asset: ${problem}`);
  }
  if (library.asset({ adamId, pricingParam }) !== undefined) {
    throw new ControlError(400, `the library already owns ${adamId} (${pricingParam})`);
  }
  const { description, owned: total } = describeAsset(entry as AssetEntry);
  return library.addAsset(description, total);
}

function owned(library: Library, input: Input): Asset {
  const key = input.assetKey();
  const asset = library.asset(key);
  if (asset === undefined) {
    throw new ControlError(400, `the library does not own ${key.adamId} (${key.pricingParam}); "add" makes it so`);
  }
  return asset;
}

function readReceiver(library: Library, input: Input, find: (name: string) => Library | undefined): Library {
  const receiver = find(input.text("to"));
  if (receiver === undefined || receiver === library) {
    throw input.wrong("to", "the id of another library");
  }
  return receiver;
}

function takeAvailable(library: Library, asset: Asset, count: number): void {
  if (asset.unlimited) {
    throw new ControlError(400, "an unlimited asset cannot be refunded or transferred");
  }
  if (count > asset.availableCount) {
    throw new ControlError(400, `only ${asset.availableCount} licences are available, not ${count}`);
  }
  library.changeOwned(asset, -count);
}

function receive(library: Library, description: AssetDescription, count: number): void {
  const asset = library.asset(description) ?? library.addAsset(description, 0);
  if (asset.owned + count < UNLIMITED) {
    library.changeOwned(asset, count);
  }
}
