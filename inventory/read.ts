import type { Libraries } from "../provider/apple/library/libraries";
import { isActive, type Library } from "../provider/apple/library/library";
import { deadTokenStatus, isUnknownToken, neverAccepted } from "../provider/apple/library/ownership/deadToken";
import { expiringMs } from "../provider/apple/resources/token/check";
import type { TokenStatus } from "../provider/apple/resources/token/types";
import { VppError } from "../provider/errors";
import type { Declared } from "./declared";
import type {
  Holding,
  HoldingsOf,
  Inventory,
  InventoryApp,
  InventoryToken,
  InventoryUser,
  Licences,
  Wanted,
} from "./types";

const dayMs = 24 * 60 * 60 * 1000;

/** What is known of a library before it is asked, for example from a state. */
export interface Known {
  readonly contentTokenKey: string;
  /** The library that the key must open; answers about any other are refused. */
  readonly libraryId?: string;
  /** What opens it, where that is not what the others are opened with: each stack has a configuration of its own. */
  readonly libraries?: Libraries;
}

/**
 * Reads one library in as few requests as what is wanted allows, and changes nothing. A library whose mark is neither ours nor that which
 * `declared` expects is held by another. A dead token is a status and leaves the rest empty;
 * whatever else goes wrong is thrown as a {@link VppError}.
 */
export async function readInventory(
  libraries: Libraries,
  known: Known,
  wanted: Wanted,
  declared?: ReadonlyMap<string, Declared>,
): Promise<Inventory> {
  const { contentTokenKey, libraryId } = known;
  const opener = known.libraries ?? libraries;
  const credential = opener.credential(contentTokenKey);
  const library = opener.ofKey(contentTokenKey);
  if (libraryId !== undefined) library.expect(libraryId);
  const readAt = new Date();
  const { expiresAt, organizationName } = credential;
  const daysLeft = Math.floor((expiresAt.getTime() - readAt.getTime()) / dayMs);
  try {
    const config = await library.config();
    const reading = wanted.apps === false ? Promise.resolve([]) : readApps(library, wanted.names === true);
    const [apps, users, licences, holdings] = await Promise.all([
      reading,
      wanted.users ? readUsers(library) : undefined,
      wanted.licences ? readLicences(library, reading, wanted.licencesOf) : undefined,
      wanted.holdingsOf && readHoldings(library, wanted.holdingsOf),
    ]);
    const refs = declared?.get(library.libraryId!)?.refs ?? [];
    const expected = refs.flatMap(({ bindingId, managedBy }) => [bindingId, managedBy]);
    const token = tokenOf(library, expected, expiresAt, daysLeft, readAt);
    return {
      contentTokenKey,
      title: config.locationName || config.organizationName || organizationName || contentTokenKey,
      libraryId: library.libraryId!,
      ...(config.locationName && { locationName: config.locationName }),
      organizationName: config.organizationName ?? organizationName,
      ...(config.countryISO2ACode && { countryCode: config.countryISO2ACode }),
      ...(config.defaultPlatform && { platform: config.defaultPlatform }),
      token,
      apps,
      ...(users && { users }),
      ...(licences && { licences }),
      ...(holdings && { holdings }),
      readAt,
    };
  } catch (error) {
    // A library that is known has been opened by a token before; whether by this one can't be told here.
    const wasAccepted = libraryId !== undefined;
    const refusal = !wasAccepted && isUnknownToken(error) ? (neverAccepted(error) as VppError) : undefined;
    const dead = refusal === undefined ? deadTokenStatus(error) : "refused";
    const status = expiresAt <= readAt ? "expired" : dead;
    if (status === undefined) throw error;
    return {
      contentTokenKey,
      title: organizationName || contentTokenKey,
      ...(libraryId !== undefined && { libraryId }),
      organizationName,
      token: { status, expiresAt, daysLeft, ...(status === "refused" && { refusal }) },
      apps: [],
      readAt,
    };
  }
}

function tokenOf(
  library: Library,
  expectedHolders: readonly (string | undefined)[],
  expiresAt: Date,
  daysLeft: number,
  now: Date,
): InventoryToken {
  const { holder } = library;
  const left = expiresAt.getTime() - now.getTime();
  const isForeign = holder !== undefined && expectedHolders.length > 0 && !expectedHolders.includes(holder.id);
  const status: TokenStatus = isForeign
    ? "heldByAnother"
    : left <= 0
      ? "expired"
      : left <= expiringMs
        ? "expiring"
        : "valid";
  return { status, expiresAt, daysLeft, ...(holder && { holder: { id: holder.id, name: holder.name } }) };
}

async function readApps(library: Library, withNames: boolean): Promise<InventoryApp[]> {
  const assets = (await library.assets()).all();
  if (!withNames) return assets;
  const names = await library.names.lookUp(assets.map(({ adamId }) => adamId));
  return assets.map((asset) => ({ ...asset, ...names.get(asset.adamId) }));
}

async function readUsers(library: Library): Promise<InventoryUser[]> {
  const users = await library.activeUsers();
  return users.map(({ clientUserId, status, email }) => ({ clientUserId, status, ...(email && { email }) }));
}

async function readLicences(
  library: Library,
  apps: Promise<readonly InventoryApp[]>,
  isWanted: Wanted["licencesOf"],
): Promise<Licences> {
  if (isWanted === undefined) {
    const [{ device, user }, all] = await Promise.all([library.everybody(), apps]);
    const of = (holders: typeof device): Licences["devices"] =>
      new Map(all.map(({ key }) => [key, holders.get(key) ?? new Set<string>()]));
    return { devices: of(device), users: of(user) };
  }
  const keys = (await apps).filter(isWanted).map(({ key }) => key);
  const [devices, users] = await Promise.all([library.holders(keys, "device"), library.holders(keys, "user")]);
  return {
    devices: new Map(keys.map((key) => [key, devices.of(key)])),
    users: new Map(keys.map((key) => [key, users.of(key)])),
  };
}

function readHoldings(library: Library, { serialNumbers, clientUserIds }: HoldingsOf): Promise<Holding[]> {
  const devices = serialNumbers.map(
    async (target): Promise<Holding> => ({
      kind: "device",
      target,
      apps: (await library.appsOf("device", target)).sort(),
    }),
  );
  const people = clientUserIds.map(async (target): Promise<Holding> => {
    const [records, apps] = await Promise.all([library.usersById([target]), library.appsOf("user", target)]);
    const record = records.find((each) => each.clientUserId === target && isActive(each));
    return { kind: "user", target, apps: apps.sort(), ...(record && { status: record.status }) };
  });
  return Promise.all([...devices, ...people]);
}

/** Whether a library could not be read because its content token is dead. */
export function isDead({ token }: Pick<Inventory, "token">): boolean {
  return token.status === "expired" || token.status === "revoked" || token.status === "refused";
}

/** How many of those who hold an app have been invited and have not accepted yet; undefined if it was not read. */
export function pendingOf({ users, licences }: Inventory): ((appKey: string) => number) | undefined {
  if (users === undefined || licences === undefined) return undefined;
  const invited = new Set(
    users.filter(({ status }) => status === "Registered").map(({ clientUserId }) => clientUserId),
  );
  return (appKey) => {
    let count = 0;
    for (const id of licences.users.get(appKey) ?? []) if (invited.has(id)) count++;
    return count;
  };
}

/** Reads several libraries, one after another in the order given; two keys that open one library are refused. */
export async function readInventories(
  libraries: Libraries,
  known: readonly Known[],
  wanted: Wanted,
  declared?: ReadonlyMap<string, Declared>,
): Promise<Inventory[]> {
  const read: Inventory[] = [];
  for (const each of known) {
    const inventory = await readInventory(libraries, each, wanted, declared);
    const twin = read.find(({ libraryId }) => libraryId !== undefined && libraryId === inventory.libraryId);
    if (twin !== undefined) {
      const why = `the keys ${twin.contentTokenKey} and ${inventory.contentTokenKey} open the same library, ${inventory.libraryId}`;
      throw new VppError("VPP_INPUT_CONFLICT", why, { remedy: "Name only one of them." });
    }
    read.push(inventory);
  }
  return read;
}
