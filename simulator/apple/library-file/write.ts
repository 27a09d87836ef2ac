import { type Asset, type Assignment, USER_STATUSES, type User } from "../core/assignment";
import type { Library } from "../core/library";
import type { ContentToken } from "../core/tokens";
import { userRecord } from "../core/users";
import type { World } from "../core/world";
import type { AssetEntry, AssignmentEntry, LibraryEntry, LibraryFile, TokenEntry, UserEntry } from "./types";

/**
 * The libraries as a library file holds them. Loaded again it gives the same assets, users, licences, marks, domains
 * and tokens, in the same order. Texts of tokens, notification settings and events are not in it.
 */
export function writeLibraries(world: World, libraries: readonly Library[]): LibraryFile {
  return { libraries: libraries.map((library) => libraryEntry(world, library)) };
}

function libraryEntry(world: World, library: Library): LibraryEntry {
  const { libraryId, organizationName, locationName, countryCode, platform, domains } = library.identity;
  return {
    libraryId,
    organizationName,
    locationName,
    countryCode,
    platform,
    domains,
    ...(library.mdmInfo !== undefined && { mdmInfo: library.mdmInfo }),
    tokens: world.tokens.of(library).map(tokenEntry),
    assets: [...library.assets.values()].map(assetEntry),
    users: [...library.users.all].map(userEntry),
    assignments: assignmentEntries(library),
  };
}

function tokenEntry(token: ContentToken): TokenEntry {
  return {
    name: token.name,
    expiresAt: new Date(token.expiresAt).toISOString(),
    ...(token.revoked && { status: "revoked" }),
    ...(token.readOnly && { access: "read-only" }),
  };
}

function userEntry(user: User): UserEntry {
  const { status, ...more } = userRecord(user);
  const known = USER_STATUSES.find((each) => each === status);
  return { ...more, ...(known === undefined ? { otherStatus: status } : { status: known }) };
}

function assetEntry({ description, owned, unlimited, availableCount }: Asset): AssetEntry {
  const { metadata, adamId, pricingParam, productType, deviceAssignable, revocable, supportedPlatforms } = description;
  const { name, ...more } = metadata;
  return {
    adamId,
    pricingParam,
    name,
    productType,
    ...(unlimited ? { unlimited } : { totalCount: owned }),
    ...(availableCount < 0 && { refundedCount: -availableCount }),
    deviceAssignable,
    revocable,
    supportedPlatforms,
    ...more,
  };
}

type Holders = "clientUserIds" | "userEntries" | "serialNumbers";

/** Licences that follow one another with the same asset and kind of holder become one entry, so the order stays. */
function assignmentEntries(library: Library): AssignmentEntry[] {
  const entries: AssignmentEntry[] = [];
  let asset: Asset | undefined;
  let kind: Holders | undefined;
  let holders: (string | number)[] = [];
  for (const assignment of library.licences.all) {
    const [holderKind, holder] = holderOf(library, assignment);
    if (assignment.asset !== asset || holderKind !== kind) {
      asset = assignment.asset;
      kind = holderKind;
      holders = [];
      const { adamId, pricingParam } = asset.description;
      entries.push({ adamId, pricingParam, [kind]: holders });
    }
    holders.push(holder);
  }
  return entries;
}

function holderOf(library: Library, { target }: Assignment): [Holders, string | number] {
  if (target.kind === "device") {
    return ["serialNumbers", target.serialNumber];
  }
  const { clientUserId } = target;
  const meant = library.users.active(clientUserId) ?? library.users.entries(clientUserId).at(-1);
  return meant === target ? ["clientUserIds", clientUserId] : ["userEntries", target.seq - 1];
}
