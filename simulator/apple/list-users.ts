import { isActive, type User } from "../core/assignment";
import { Refusal } from "../core/errors";
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
}

const caches = new WeakMap<Library, SelectionCache<User>>();

/** GET users: all user entries, retired ones included unless filtered, or those that changed since a version. */
export function listUsers(call: Call): object {
  const { query, library } = call;
  const honoursGuide = call.world.settings.readings["include-retired"] === "honoured";
  const filter: Filter = {
    activeOnly:
      query.flag("activeOnly") ?? (honoursGuide && ["0", "false"].includes(query.text("includeRetired") ?? "")),
    retiredOnly: query.flag("retiredOnly") ?? false,
    clientUserId: query.text("clientUserId"),
  };
  refuseUnknownUserFilter(call, filter.clientUserId);
  const page = pageOf(call, select(call, filter), library.users.versions);
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

function select(call: Call, filter: Filter): Selection<User> {
  const { users } = call.library;
  const since = sinceRevision(call, users.versions);
  if (since !== undefined && !filtersDelta(call)) {
    return selectSince(call, { activeOnly: false, retiredOnly: false, clientUserId: undefined }, since);
  }
  if (since === undefined && filter.clientUserId !== undefined) {
    return selectionOf(users.entries(filter.clientUserId).filter((user) => matches(user, filter)));
  }
  if (since === undefined && !filter.activeOnly && !filter.retiredOnly) {
    return users.all;
  }
  return selectSince(call, filter, since);
}

function selectSince(call: Call, filter: Filter, since: number | undefined): Selection<User> {
  const { users } = call.library;
  const key = `${since} ${users.versions.revision} ${JSON.stringify(filter)}`;
  return cacheOf(call.library).get(key, () => {
    const candidates = since === undefined ? [...users.all] : users.changes.since(since);
    if (candidates === undefined) {
      throw new Refusal(9721);
    }
    return candidates.filter((user) => matches(user, filter));
  });
}

function matches(user: User, filter: Filter): boolean {
  return (
    (!filter.activeOnly || isActive(user)) &&
    (!filter.retiredOnly || !isActive(user)) &&
    (filter.clientUserId === undefined || user.clientUserId === filter.clientUserId)
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
