import { ControlError } from "../../kit/control/error";
import type { AssetKey, PricingParam } from "../core/asset";
import type { Library } from "../core/library";
import type { World } from "../core/world";

/** A body that is about a library: the one with this id, or the first when it is left out. */
export interface LibraryBody {
  readonly library?: string;
}

/** A body that names an asset; `pricingParam` is STDQ when it is left out. */
export interface AssetBody {
  readonly adamId: string;
  readonly pricingParam?: PricingParam;
}

/** The library a body is about. */
export function libraryOf(world: World, { library: libraryId }: LibraryBody): Library {
  const library = world.library(libraryId);
  if (library === undefined) {
    throw new ControlError(400, `there is no library ${libraryId ?? ""}`);
  }
  return library;
}

/** The key of the asset a body names. */
export function keyOf({ adamId, pricingParam = "STDQ" }: AssetBody): AssetKey {
  return { adamId, pricingParam };
}
