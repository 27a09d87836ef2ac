/** The `totalCount` with which the service marks an asset without a limit. */
export const UNLIMITED = 2_147_483_647;

/** The pricing parameters: standard and high quality. */
export const PRICING_PARAMS = ["STDQ", "PLUS"] as const;
/** One of the pricing parameters. */
export type PricingParam = (typeof PRICING_PARAMS)[number];

/** What identifies an asset in a library. */
export interface AssetKey {
  readonly adamId: string;
  readonly pricingParam: PricingParam;
}

/** What the metadata look-up tells about an asset. */
export interface AssetMetadata {
  readonly name: string;
  readonly artistName: string;
  readonly bundleId?: string;
  readonly genreNames: readonly string[];
  readonly deviceFamilies: readonly string[];
  readonly minimumOSVersion?: string;
  readonly version: string;
  /** A custom app is only found by who proves to own it. */
  readonly custom: boolean;
  /** The storefronts (lower-case country codes) that sell it; all of them when left out. */
  readonly storefronts?: readonly string[];
}

/** The properties of an asset that never change. */
export interface AssetDescription extends AssetKey {
  readonly productType: "App" | "Book";
  readonly deviceAssignable: boolean;
  readonly revocable: boolean;
  readonly supportedPlatforms: readonly string[];
  readonly metadata: AssetMetadata;
}

/** The text under which an asset is kept in maps. */
export function keyText(key: AssetKey): string {
  return `${key.adamId}/${key.pricingParam}`;
}
