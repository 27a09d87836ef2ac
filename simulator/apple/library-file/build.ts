import { type AssetDescription, keyText, UNLIMITED } from "../core/asset";
import { hasRetired, type Target, type User } from "../core/assignment";
import { accountHash } from "../core/ids";
import type { Library } from "../core/library";
import { TOKEN_LIFETIME_MS } from "../core/tokens";
import type { World } from "../core/world";
import { LibraryFileError } from "./check";
import type { AssetEntry, AssignmentEntry, LibraryEntry, LibraryFile, UserEntry } from "./types";

export type { AssetEntry } from "./types";

/**
 * Fills a world with the libraries of a file whose shape has been checked.
 *
 * @throws LibraryFileError when its parts contradict each other, such as more licences given than owned.
 */
export function buildLibraries(world: World, file: LibraryFile): void {
  file.libraries.forEach((entry, index) => {
    const place = `libraries[${index}]`;
    refuse(world.library(entry.libraryId) !== undefined, `${place}.libraryId ${entry.libraryId} occurs twice`);
    buildLibrary(world, entry, place);
  });
}

/** What an entry says about an asset, with what it leaves out filled in, and how many licences are owned. */
export function describeAsset(entry: AssetEntry): { description: AssetDescription; owned: number } {
  const productType = entry.productType ?? "App";
  const isApp = productType === "App";
  return {
    owned: entry.totalCount ?? UNLIMITED,
    description: {
      adamId: entry.adamId,
      pricingParam: entry.pricingParam ?? "STDQ",
      productType,
      deviceAssignable: entry.deviceAssignable ?? isApp,
      revocable: entry.revocable ?? isApp,
      supportedPlatforms: entry.supportedPlatforms ?? ["iOS"],
      metadata: {
        name: entry.name,
        artistName: entry.artistName ?? "Unknown",
        genreNames: entry.genreNames ?? [isApp ? "Business" : "Reference"],
        deviceFamilies: entry.deviceFamilies ?? ["iphone", "ipad"],
        version: entry.version ?? "1.0",
        custom: entry.custom ?? false,
        ...(entry.bundleId !== undefined && { bundleId: entry.bundleId }),
        ...(entry.minimumOSVersion !== undefined && { minimumOSVersion: entry.minimumOSVersion }),
        ...(entry.storefronts !== undefined && { storefronts: entry.storefronts }),
      },
    },
  };
}

function buildLibrary(world: World, entry: LibraryEntry, place: string): void {
  const platform = entry.platform ?? "enterprisestore";
  const library = world.addLibrary({
    libraryId: entry.libraryId,
    organizationName: entry.organizationName,
    locationName: entry.locationName,
    countryCode: entry.countryCode ?? "US",
    platform,
    websiteURL: platform === "volumestore" ? "https://school.apple.com" : "https://business.apple.com",
    domains: (entry.domains ?? []).map((domain) => domain.toLowerCase()),
  });
  library.mdmInfo = entry.mdmInfo;
  buildTokens(world, library, entry, place);
  entry.assets?.forEach((asset, index) => {
    const { description, owned } = describeAsset(asset);
    const key = keyText(description);
    refuse(library.assets.has(key), `${place}.assets[${index}]: ${key} occurs twice`);
    library.addAsset(description, owned);
  });
  entry.users?.forEach((user, index) => {
    addUser(library, user, `${place}.users[${index}]`);
  });
  entry.assignments?.forEach((assignment, index) => {
    const refunded = entry.assets?.find((asset) => isSameAsset(asset, assignment))?.refundedCount ?? 0;
    addAssignments({ world, library, refunded }, assignment, `${place}.assignments[${index}]`);
  });
}

function isSameAsset(asset: AssetEntry, { adamId, pricingParam }: AssignmentEntry): boolean {
  return asset.adamId === adamId && (asset.pricingParam ?? "STDQ") === (pricingParam ?? "STDQ");
}

function buildTokens(world: World, library: Library, entry: LibraryEntry, place: string): void {
  const names = new Set<string>();
  for (const [index, token] of (entry.tokens ?? [{ name: "token-1" }]).entries()) {
    refuse(names.has(token.name), `${place}.tokens[${index}].name "${token.name}" occurs twice`);
    names.add(token.name);
    const expiresAt =
      token.expiresAt === undefined ? world.clock.now() + TOKEN_LIFETIME_MS : parseMoment(token.expiresAt);
    refuse(Number.isNaN(expiresAt), `${place}.tokens[${index}].expiresAt is not a moment that exists`);
    const made = world.tokens.issue(library, { name: token.name, expiresAt, readOnly: token.access === "read-only" });
    if (token.status === "revoked") {
      world.tokens.revoke(made);
    }
  }
}

function addUser(library: Library, entry: UserEntry, place: string): void {
  const { otherStatus, ...known } = entry;
  refuse(
    otherStatus !== undefined && entry.status !== undefined,
    `${place}: status and otherStatus exclude each other`,
  );
  const status = otherStatus ?? entry.status ?? "Registered";
  const { libraryId } = library.identity;
  const needsHash = status === "Associated" && entry.idHash === undefined;
  const idHash = needsHash ? accountHash(libraryId, entry.managedAppleId ?? entry.clientUserId) : entry.idHash;
  const active = status === "Registered" || status === "Associated";
  const { users } = library;
  refuse(active && users.active(entry.clientUserId) !== undefined, `${place}: this clientUserId is active twice`);
  const taken = active && idHash !== undefined && users.linkedTo(idHash) !== undefined;
  refuse(taken, `${place}: its Apple Account is linked to another user`);
  refuse(status === "Registered" && idHash !== undefined, `${place}: a registered user has no idHash`);
  users.add({ ...known, status, ...(idHash !== undefined && { idHash }) });
}

interface Owner {
  readonly world: World;
  readonly library: Library;
  /** How many more licences of the asset may be held than are owned. */
  readonly refunded: number;
}

function addAssignments({ world, library, refunded }: Owner, entry: AssignmentEntry, place: string): void {
  const pricingParam = entry.pricingParam ?? "STDQ";
  const asset = library.asset({ adamId: entry.adamId, pricingParam });
  if (asset === undefined) {
    throw new LibraryFileError(`${place}: the library does not own ${entry.adamId} (${pricingParam})`);
  }
  const { deviceAssignable, revocable } = asset.description;
  const keepsNothing = revocable && world.settings.readings["retire-licences"] === "returned";
  const serialNumbers = entry.serialNumbers ?? [];
  refuse(serialNumbers.length > 0 && !deviceAssignable, `${place}: this asset cannot be assigned to devices`);
  const named = [...(entry.clientUserIds ?? []), ...serialNumbers.map((serialNumber) => `device ${serialNumber}`)];
  refuse(new Set(named).size < named.length, `${place}: somebody is given the same asset twice`);
  const targets: Target[] = [
    ...(entry.clientUserIds ?? []).map((clientUserId) => findUser(library, clientUserId, place)),
    ...(entry.userEntries ?? []).map((position) => findEntry(library, position, place)),
    ...serialNumbers.map((serialNumber) => library.licences.device(serialNumber)),
  ];
  for (const target of targets) {
    const retired = target.kind === "user" && hasRetired(target);
    refuse(retired && keepsNothing, `${place}: a retired user keeps nothing that is revocable`);
    refuse(asset.holders.has(target), `${place}: somebody is given the same asset twice`);
    refuse(asset.availableCount + refunded <= 0, `${place}: more licences are given than the library owns`);
    library.licences.give(asset, target);
  }
}

function findUser(library: Library, clientUserId: string, place: string): User {
  const user = library.users.active(clientUserId) ?? library.users.entries(clientUserId).at(-1);
  if (user === undefined) {
    throw new LibraryFileError(`${place}: the library has no user "${clientUserId}"`);
  }
  return user;
}

function findEntry(library: Library, position: number, place: string): User {
  const [user] = library.users.all.slice(position, 1);
  if (user === undefined) {
    throw new LibraryFileError(`${place}: the library has no user entry ${position}`);
  }
  return user;
}

function parseMoment(text: string): number {
  return Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, "$1:$2"));
}

function refuse(condition: boolean, message: string): void {
  if (condition) {
    throw new LibraryFileError(message);
  }
}
