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

/** All products of a library as of one reading, and how many licences have been given since by this run. */
export class AssetTable {
  private readonly assets = new Map<string, Asset>();
  private readonly usedSince = new Map<string, number>();

  constructor(
    items: readonly WireAsset[],
    /** When the reading ended, in milliseconds since 1970. */
    readonly at: number,
  ) {
    for (const item of items) {
      const asset = complete(item);
      this.assets.set(asset.key, asset);
    }
  }

  get(key: string): Asset | undefined {
    return this.assets.get(key);
  }

  /** Every product, in the service's order. */
  all(): Asset[] {
    return [...this.assets.values()];
  }

  /** The keys of the products of which a licence can be taken back. */
  revocable(): string[] {
    return [...this.assets.values()].filter(({ revocable }) => revocable).map(({ key }) => key);
  }

  /** Products with the same adamId, whatever their pricing kind. */
  withAdamId(adamId: string): Asset[] {
    return [...this.assets.values()].filter((asset) => asset.adamId === adamId);
  }

  /** Free licences now: those of the reading, less what this run has given since and more what it has taken back. */
  free(key: string): number {
    const asset = this.assets.get(key);
    if (asset === undefined) return 0;
    if (asset.totalCount >= unlimited) return Number.POSITIVE_INFINITY;
    return Math.max(0, asset.availableCount - (this.usedSince.get(key) ?? 0));
  }

  /** Licences of all products together. */
  get assignedCount(): number {
    let sum = 0;
    for (const asset of this.assets.values()) sum += asset.assignedCount;
    return sum;
  }

  /** Notes that this run gave (or, below zero, took back) so many licences of a product. */
  use(key: string, count: number): void {
    this.usedSince.set(key, (this.usedSince.get(key) ?? 0) + count);
  }
}

function complete(item: WireAsset): Asset {
  const ref = { adamId: String(item.adamId), pricingParam: item.pricingParam ?? "STDQ" };
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
