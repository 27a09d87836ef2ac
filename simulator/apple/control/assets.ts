import { ControlError } from "../../kit/control/error";
import { type AssetDescription, UNLIMITED } from "../core/asset";
import type { Asset } from "../core/assignment";
import type { Library } from "../core/library";
import { type AssetEntry, describeAsset } from "../library-file/build";
import { checkAssetEntry } from "../library-file/check";
import { type AssetBody, keyOf, type LibraryBody, libraryOf } from "./bodies";
import type { ControlContext } from "./context";
import { assetState } from "./state";

const OWN_FIELDS = ["library", "action", "count"];

/** The body of POST assets. */
export interface AssetsBody extends LibraryBody, AssetBody {
  readonly action: "buy" | "refund" | "transfer" | "add" | "remove";
  readonly count?: number;
  /** For a refund: whether licences that somebody holds may be refunded too; their holders keep them. */
  readonly held?: boolean;
  /** For a transfer: the id of the library that receives the licences. */
  readonly to?: string;
}

/** POST assets: licences are bought, refunded or transferred, or an asset comes to the library or leaves it. */
export function controlAssets({ world, notifier }: ControlContext, body: AssetsBody): object {
  const library = libraryOf(world, body);
  const { action, count = 1 } = body;
  if (action === "add") {
    const added = add(library, body);
    notifier.tellCount(library, added.description, added.unlimited ? 0 : added.owned);
    return assetState(world, added);
  }
  const asset = owned(library, body);
  const before = asset.owned;
  if (action === "remove") {
    library.removeAsset(asset);
    notifier.tellCount(library, asset.description, asset.unlimited ? 0 : -before);
    return { removed: true };
  }
  if (action === "buy") {
    library.changeOwned(asset, count);
  } else {
    const receiver = action === "transfer" ? readReceiver(library, body, (name) => world.library(name)) : undefined;
    takeAway(library, asset, count, body.held === true);
    if (receiver !== undefined) {
      notifier.tellCount(receiver, asset.description, receive(receiver, asset.description, count));
    }
  }
  notifier.tellCount(library, asset.description, asset.owned - before);
  return assetState(world, asset);
}

function add(library: Library, body: AssetsBody): Asset {
  const { adamId, pricingParam } = keyOf(body);
  const fields: Readonly<Record<string, unknown>> = Object.fromEntries(
    Object.entries(body).filter(([name]) => !OWN_FIELDS.includes(name)),
  );
  const counted =
    fields.totalCount === undefined && fields.unlimited === undefined ? { totalCount: body.count ?? 0 } : {};
  const entry = { name: `App ${adamId}`, productType: "App", ...counted, ...fields };
  const problem = checkAssetEntry(entry);
  if (problem !== undefined) {
    throw new ControlError(400, `asset: ${problem}`);
  }
  if (library.asset({ adamId, pricingParam }) !== undefined) {
    throw new ControlError(400, `the library already owns ${adamId} (${pricingParam})`);
  }
  const { description, owned: total } = describeAsset(entry as unknown as AssetEntry);
  return library.addAsset(description, total);
}

function owned(library: Library, body: AssetsBody): Asset {
  const key = keyOf(body);
  const asset = library.asset(key);
  if (asset === undefined) {
    throw new ControlError(400, `the library does not own ${key.adamId} (${key.pricingParam}); "add" makes it so`);
  }
  return asset;
}

function readReceiver(library: Library, body: AssetsBody, find: (name: string) => Library | undefined): Library {
  const receiver = find(body.to ?? "");
  if (receiver === undefined || receiver === library) {
    throw new ControlError(400, '"to" must be the id of another library');
  }
  return receiver;
}

function takeAway(library: Library, asset: Asset, count: number, held: boolean): void {
  if (asset.unlimited) {
    throw new ControlError(400, "an unlimited asset cannot be refunded or transferred");
  }
  if (held && count > asset.owned - asset.retiredCount) {
    throw new ControlError(400, `only ${asset.owned - asset.retiredCount} licences can be refunded, not ${count}`);
  }
  if (!held && count > asset.availableCount) {
    throw new ControlError(400, `only ${asset.availableCount} licences are available, not ${count}`);
  }
  library.changeOwned(asset, -count);
}

/** Adds licences to the receiving library and says by how many they grew: an unlimited asset does not grow. */
function receive(library: Library, description: AssetDescription, count: number): number {
  const asset = library.asset(description) ?? library.addAsset(description, 0);
  const before = asset.owned;
  if (asset.owned + count < UNLIMITED) {
    library.changeOwned(asset, count);
  }
  return asset.owned - before;
}
