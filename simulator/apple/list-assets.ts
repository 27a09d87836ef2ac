import { PRICING_PARAMS } from "../core/asset";
import type { Asset } from "../core/assignment";
import { type Call, envelope } from "./call";
import { listField, pageOf, selectionOf } from "./paging";

/** The query parameters GET assets documents. */
export const ASSET_PARAMETERS = [
  "pageIndex",
  "adamId",
  "productType",
  "pricingParam",
  "deviceAssignable",
  "revocable",
  "minAssignedCount",
  "maxAssignedCount",
  "minAvailableCount",
  "maxAvailableCount",
  "unlimited",
] as const;

/** GET assets: what the library owns, with counts. */
export function listAssets(call: Call): object {
  const unlimited = call.query.flag("unlimited");
  const matches = filterOf(call);
  const found = [...call.library.assets.values()].filter(
    (asset) => matches(asset) && !(unlimited === false && asset.unlimited),
  );
  const page = pageOf(call, selectionOf(found), call.library.assetVersions);
  const apart = unlimited === true ? page.records.filter((asset) => asset.unlimited) : [];
  const together = page.records.filter((asset) => !apart.includes(asset));
  const inside = call.world.settings.readings["retired-count"] === "inside";
  return envelope(
    call,
    {
      ...listField(
        call,
        "assets",
        together.map((asset) => assetRow(asset, inside)),
      ),
      ...(unlimited === true && listField(call, "unlimitedAssets", apart.map(unlimitedRow))),
      ...page.fields,
    },
    "list",
  );
}

/** One asset as GET assets writes it. */
export function assetRow(asset: Asset, retiredInside: boolean): object {
  return {
    ...unlimitedRow(asset),
    availableCount: asset.availableCount,
    retiredCount: asset.retiredCount,
    totalCount: totalCount(asset, retiredInside),
  };
}

/**
 * The total as the service writes it. Its only sample with retired licences has fewer in total than retired, so by
 * default those are not part of the total.
 */
export function totalCount(asset: Asset, retiredInside: boolean): number {
  return asset.unlimited || retiredInside ? asset.owned : asset.owned - asset.retiredCount;
}

function unlimitedRow(asset: Asset): object {
  const { adamId, pricingParam, productType, deviceAssignable, revocable, supportedPlatforms } = asset.description;
  return {
    adamId,
    assignedCount: asset.assignedCount,
    deviceAssignable,
    pricingParam,
    productType,
    revocable,
    supportedPlatforms,
  };
}

function filterOf(call: Call): (asset: Asset) => boolean {
  const { query } = call;
  const adamId = query.text("adamId");
  const productType = query.choice("productType", ["App", "Book"]);
  const pricingParam = query.choice("pricingParam", PRICING_PARAMS);
  const deviceAssignable = property(call, "deviceAssignable");
  const revocable = property(call, "revocable");
  const assigned = range(query.integer("minAssignedCount"), query.integer("maxAssignedCount"));
  const available = range(query.integer("minAvailableCount"), query.integer("maxAvailableCount"));
  return (asset) => {
    const about = asset.description;
    return (
      (adamId === undefined || about.adamId === adamId) &&
      (productType === undefined || about.productType === productType) &&
      (pricingParam === undefined || about.pricingParam === pricingParam) &&
      (deviceAssignable === undefined || about.deviceAssignable === deviceAssignable) &&
      (revocable === undefined || about.revocable === revocable) &&
      assigned(asset.assignedCount) &&
      available(asset.availableCount)
    );
  };
}

/** A flag that selects by a property; only what `true` does is documented. */
function property(call: Call, name: "deviceAssignable" | "revocable"): boolean | undefined {
  const flag = call.query.flag(name);
  return flag === false && call.world.settings.readings["false-filters"] === "ignored" ? undefined : flag;
}

function range(least: number | undefined, most: number | undefined): (value: number) => boolean {
  return (value) => value >= (least ?? Number.NEGATIVE_INFINITY) && value <= (most ?? Number.POSITIVE_INFINITY);
}
