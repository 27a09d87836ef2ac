import { hasRetired, isActive, type User } from "../core/assignment";
import { Refusal } from "../core/errors";
import type { EarlierList } from "../core/lag";
import type { Library } from "../core/library";
import { type Call, envelope } from "./call";
import { refuseUnknownUserFilter } from "./list-assignments";
import { filtersDelta, listField, pageOf, type Selection, SelectionCache, selectionOf, sinceRevision } from "./paging";

/** The query parameters GET users documents. */
export const USER_PARAMETERS = ["pageIndex", "activeOnly", "retiredOnly", "clientUserId", "sinceVersionId"] as const;

interface Filter {
  readonly activeOnly: boolean;
  readonly retiredOnly: boolean;
  readonly clientUserId: string | undefined;
  /** In small letters. */
  readonly managedAppleId: string | undefined;
}

const NO_FILTER: Filter = {
  activeOnly: false,
  retiredOnly: false,
  clientUserId: undefined,
  managedAppleId: undefined,
};

/** The list as it was: what the entries were that changed since. */
type Earlier = EarlierList<User, User | undefined>;

const caches = new WeakMap<Library, SelectionCache<User>>();

/** GET users: all user entries, retired ones included unless filtered, or those that changed since a version. */
export function listUsers(call: Call): object {
  const { query, library } = call;
  const { readings } = call.world.settings;
  const honoursGuide = readings["include-retired"] === "honoured";
  const honoursAccount = readings["managed-apple-id-filter"] === "honoured";
  const filter: Filter = {
    activeOnly:
      query.flag("activeOnly") ?? (honoursGuide && ["0", "false"].includes(query.text("includeRetired") ?? "")),
    retiredOnly: query.flag("retiredOnly") ?? false,
    clientUserId: query.text("clientUserId"),
    managedAppleId: honoursAccount ? query.text("managedAppleId")?.toLowerCase() : undefined,
  };
  refuseUnknownUserFilter(call, filter.clientUserId);
  const earlier = library.users.lag.earlier();
  const page = pageOf(call, select(call, filter, earlier), library.users.versions, earlier?.revision);
  return envelope(call, { ...page.fields, ...listField(call, "users", page.records.map(userRow)) }, "list");
}

/** One user as GET users writes it: the invitation code only while it is of use, the managed account never. */
export function userRow(user: User): object {
  return {
    clientUserId: user.clientUserId,
    ...(user.email !== undefined && { email: user.email }),
    ...(user.idHash !== undefined && { idHash: user.idHash }),
    ...(user.status === "Registered" && { inviteCode: user.inviteCode }),
    status: user.status,
  };
}

function select(call: Call, filter: Filter, earlier: Earlier | undefined): Selection<User> {
  const { users } = call.library;
  const since = sinceRevision(call, users.versions);
  if (since !== undefined && !filtersDelta(call)) {
    return selectSince(call, NO_FILTER, { since, earlier });
  }
  if (since === undefined && filter.clientUserId !== undefined) {
    return selectionOf(shown(users.entries(filter.clientUserId), earlier).filter((user) => matches(user, filter)));
  }
  if (
    since === undefined &&
    earlier === undefined &&
    !filter.activeOnly &&
    !filter.retiredOnly &&
    filter.managedAppleId === undefined
  ) {
    return users.all;
  }
  return selectSince(call, filter, { since, earlier });
}

/** Entries as the list shows them: those that it lags behind as they were, and new ones not at all. */
function shown(users: readonly User[], earlier: Earlier | undefined): User[] {
  return users
    .map((user) => (earlier?.was.has(user) === true ? earlier.was.get(user) : user))
    .filter((user) => user !== undefined);
}

interface Delta {
  /** The revision after which changes count; all entries are meant when it is left out. */
  readonly since: number | undefined;
  readonly earlier: Earlier | undefined;
}

function selectSince(call: Call, filter: Filter, { since, earlier }: Delta): Selection<User> {
  const { users } = call.library;
  const key = `${since} ${earlier?.revision} ${users.versions.revision} ${JSON.stringify(filter)}`;
  return cacheOf(call.library).get(key, () => {
    const candidates = since === undefined ? [...users.all] : users.changes.since(since, earlier?.revision);
    if (candidates === undefined) {
      throw new Refusal(9721);
    }
    return shown(candidates, earlier).filter((user) => matches(user, filter));
  });
}

function matches(user: User, filter: Filter): boolean {
  return (
    (!filter.activeOnly || isActive(user)) &&
    (!filter.retiredOnly || hasRetired(user)) &&
    (filter.clientUserId === undefined || user.clientUserId === filter.clientUserId) &&
    (filter.managedAppleId === undefined || user.managedAppleId?.toLowerCase() === filter.managedAppleId)
  );
}

function cacheOf(library: Library): SelectionCache<User> {
  let cache = caches.get(library);
  if (cache === undefined) {
    cache = new SelectionCache();
    caches.set(library, cache);
  }
  return cache;
}
