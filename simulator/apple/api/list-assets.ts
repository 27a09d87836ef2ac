import { PRICING_PARAMS, UNLIMITED } from "../core/asset";
import { type Asset, type AssetCounts, availableCount } from "../core/assignment";
import type { Readings } from "../core/readings";
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
  const earlier = call.library.assetLag.earlier();
  const countsOf = (asset: Asset): AssetCounts => earlier?.was.get(asset) ?? asset;
  const matches = filterOf(call, countsOf);
  const found = [...call.library.assets.values()].filter(
    (asset) => matches(asset) && !(unlimited === false && asset.unlimited),
  );
  const page = pageOf(call, selectionOf(found), call.library.assetVersions, earlier?.revision);
  const apart = unlimited === true ? page.records.filter((asset) => asset.unlimited) : [];
  const together = page.records.filter((asset) => !apart.includes(asset));
  return envelope(
    call,
    {
      ...listField(
        call,
        "assets",
        together.map((asset) => assetRow(asset, countsOf(asset), call.world.settings.readings)),
      ),
      ...(unlimited === true &&
        listField(
          call,
          "unlimitedAssets",
          apart.map((asset) => unlimitedRow(asset, countsOf(asset))),
        )),
      ...page.fields,
    },
    "list",
  );
}

/** One asset as GET assets writes it. */
function assetRow(asset: Asset, counts: AssetCounts, readings: Readings): object {
  return {
    ...unlimitedRow(asset, counts),
    availableCount: shownAvailable(counts, readings),
    retiredCount: counts.retiredCount,
    totalCount: totalCount(counts, readings["retired-count"] === "inside"),
  };
}

/**
 * The total as the service writes it. Its only sample with retired licences has fewer in total than retired, so by
 * default those are not part of the total.
 */
export function totalCount({ owned, retiredCount }: AssetCounts, retiredInside: boolean): number {
  return owned === UNLIMITED || retiredInside ? owned : owned - retiredCount;
}

/** Apple's examples all have what is assigned and what is available add up to the total, whatever the sign. */
function shownAvailable(counts: AssetCounts, readings: Readings): number {
  const available = availableCount(counts);
  return readings["negative-available"] === "zero" ? Math.max(0, available) : available;
}

function unlimitedRow(asset: Asset, counts: AssetCounts): object {
  const { adamId, pricingParam, productType, deviceAssignable, revocable, supportedPlatforms } = asset.description;
  return {
    adamId,
    assignedCount: counts.assignedCount,
    deviceAssignable,
    pricingParam,
    productType,
    revocable,
    supportedPlatforms,
  };
}

function filterOf(call: Call, countsOf: (asset: Asset) => AssetCounts): (asset: Asset) => boolean {
  const { query } = call;
  const adamId = query.text("adamId");
  const productType = query.choice("productType", ["App", "Book"]);
  const pricingParam = query.choice("pricingParam", PRICING_PARAMS);
  const deviceAssignable = property(call, "deviceAssignable");
  const revocable = property(call, "revocable");
  const assigned = range(query.integer("minAssignedCount"), query.integer("maxAssignedCount"));
  const { readings } = call.world.settings;
  const available = range(query.integer("minAvailableCount"), query.integer("maxAvailableCount"));
  return (asset) => {
    const about = asset.description;
    return (
      (adamId === undefined || about.adamId === adamId) &&
      (productType === undefined || about.productType === productType) &&
      (pricingParam === undefined || about.pricingParam === pricingParam) &&
      (deviceAssignable === undefined || about.deviceAssignable === deviceAssignable) &&
      (revocable === undefined || about.revocable === revocable) &&
      assigned(countsOf(asset).assignedCount) &&
      available(shownAvailable(countsOf(asset), readings))
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
