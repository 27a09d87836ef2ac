import type { Asset } from "../core/assignment";
import type { Library } from "../core/library";
import type { World } from "../core/world";
import type { Query } from "./query";

/** What a look-up is asked with. */
export interface LookUp {
  readonly world: World;
  readonly query: Query;
  /** The address below which the client reaches the simulator. */
  readonly origin: string;
  /** The Cookie header, whose `itvt` holds the content token when custom apps are asked for. */
  readonly cookie: string;
}

/**
 * The content metadata look-up: names, bundle ids and the like by `adamId`. Whatever is not known, not sold in the
 * storefront or not for everybody is left out; the answer is a success in any case, as the service's is.
 */
export function lookUp({ world, query, origin, cookie }: LookUp): object {
  const country = (query.text("cc") ?? "us").toLowerCase();
  const owner = ownerOf(world, cookie);
  const results: Record<string, object> = {};
  for (const id of (query.text("id") ?? "").split(",")) {
    const asset = findAsset(world, id.trim(), owner);
    if (asset?.description.metadata.storefronts?.includes(country) ?? asset !== undefined) {
      results[id.trim()] = describe(origin, asset);
    }
  }
  return {
    results,
    version: 2,
    isAuthenticated: false,
    meta: { storefront: { id: "143441", cc: country }, language: { tag: query.text("l") ?? "en-us" } },
  };
}

function findAsset(world: World, adamId: string, owner: Library | undefined): Asset | undefined {
  return world
    .libraries()
    .flatMap((library) => library.assetsOf(adamId).map((asset) => ({ library, asset })))
    .find(({ library, asset }) => !asset.description.metadata.custom || library === owner)?.asset;
}

function ownerOf(world: World, cookie: string): Library | undefined {
  const text = /(?:^|;\s*)itvt=([^;]*)/.exec(cookie)?.[1];
  const token = text === undefined ? undefined : world.tokens.find(text.trim());
  return token !== undefined && !token.revoked && token.expiresAt > world.clock.now() ? token.library : undefined;
}

function describe(origin: string, asset: Asset): object {
  const { adamId, deviceAssignable, metadata, productType, supportedPlatforms } = asset.description;
  return {
    id: adamId,
    name: metadata.name,
    artistName: metadata.artistName,
    ...(metadata.bundleId !== undefined && { bundleId: metadata.bundleId }),
    kind: productType === "Book" ? "ebook" : supportedPlatforms.includes("iOS") ? "iosSoftware" : "desktopApp",
    deviceFamilies: metadata.deviceFamilies,
    ...(metadata.minimumOSVersion !== undefined && { minimumOSVersion: metadata.minimumOSVersion }),
    genreNames: metadata.genreNames,
    artwork: { url: `${origin}/artwork/${adamId}/{w}x{h}bb.{f}`, width: 1024, height: 1024 },
    offers: [{ type: "get", version: { display: metadata.version, externalId: Number(adamId) } }],
    isB2BCustomApp: metadata.custom,
    isVppDeviceBasedLicensingEnabled: deviceAssignable,
    url: `${origin}/app/id${adamId}`,
  };
}
