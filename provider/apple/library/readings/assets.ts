import type { AssetRef, WireAsset } from "../../api/wire";

/** The service's count for an app of which there is no end. */
export const unlimited = 2_147_483_647;

/** One product of a library, with nothing left out. */
export interface Asset extends AssetRef {
  readonly key: string;
  readonly productType: string;
  readonly deviceAssignable: boolean;
  readonly revocable: boolean;
  readonly supportedPlatforms: readonly string[];
  readonly totalCount: number;
  readonly assignedCount: number;
  readonly availableCount: number;
  readonly retiredCount: number;
}

/** The text that stands for a product in sets and maps. */
export function assetKey({ adamId, pricingParam }: AssetRef): string {
  return `${adamId}/${pricingParam}`;
}

/** The product that a key stands for. */
export function assetOfKey(key: string): AssetRef {
  const [adamId = "", pricingParam = ""] = key.split("/");
  return { adamId, pricingParam };
}

/** All products of a library as of one reading, or of several where single products were read anew. */
export class AssetTable {
  private readonly assets: ReadonlyMap<string, Asset>;

  constructor(
    items: readonly WireAsset[] | ReadonlyMap<string, Asset>,
    /** When the reading ended, in milliseconds since 1970. */
    readonly at: number,
    /** When it began. */
    readonly began = at,
  ) {
    this.assets = Array.isArray(items)
      ? new Map((items as readonly WireAsset[]).map((item) => [assetKey(refOf(item)), complete(item)]))
      : (items as ReadonlyMap<string, Asset>);
  }

  get(key: string): Asset | undefined {
    return this.assets.get(key);
  }

  /** Every product, in the service's order. */
  all(): Asset[] {
    return [...this.assets.values()];
  }

  /** The keys of the products of which a licence can be revoked. */
  revocable(): string[] {
    return [...this.assets.values()].filter(({ revocable }) => revocable).map(({ key }) => key);
  }

  /** Whether licences of an app can be revoked. That the list lacks the app says nothing about licences of it that somebody holds. */
  mayBeRevoked(key: string): boolean {
    return this.assets.get(key)?.revocable ?? true;
  }

  /** Products with the same adamId, whatever their pricing kind. */
  withAdamId(adamId: string): Asset[] {
    return [...this.assets.values()].filter((asset) => asset.adamId === adamId);
  }

  /** Licences of all products together. */
  get assignedCount(): number {
    let sum = 0;
    for (const asset of this.assets.values()) sum += asset.assignedCount;
    return sum;
  }

  /** The same table with products that were read after it. */
  with(newer: Iterable<Asset>): AssetTable {
    const assets = new Map(this.assets);
    for (const asset of newer) assets.set(asset.key, asset);
    return new AssetTable(assets, this.at, this.began);
  }
}

function refOf(item: WireAsset): AssetRef {
  return { adamId: String(item.adamId), pricingParam: item.pricingParam ?? "STDQ" };
}

function complete(item: WireAsset): Asset {
  const ref = refOf(item);
  const productType = item.productType ?? "App";
  const total = item.totalCount ?? 0;
  const assigned = item.assignedCount ?? 0;
  return {
    ...ref,
    key: assetKey(ref),
    productType,
    deviceAssignable: item.deviceAssignable ?? productType !== "Book",
    revocable: item.revocable ?? productType !== "Book",
    supportedPlatforms: item.supportedPlatforms ?? [],
    totalCount: total,
    assignedCount: assigned,
    availableCount: item.availableCount ?? Math.max(0, total - assigned),
    retiredCount: item.retiredCount ?? 0,
  };
}
