import { askOneByOneUpTo, isActive, type Library, type WireUser } from "../../library/library";
import { isKnownStatus } from "../../library/readings/people";
import { refuseVanishedUsers } from "../../library/readings/readSanityCheck";
import { without } from "../../library/rectangles";
import type { UserSetState } from "./types";

/** What the service is known to have of some users: the active record, or nothing. */
export type Records = ReadonlyMap<string, WireUser>;

/** What one look at the service has shown. */
export interface Seen {
  readonly active: Records;
  /** The retired records of those of whom no active one was seen, as far as retired ones were asked for. */
  readonly retired: ReadonlyMap<string, readonly WireUser[]>;
}

/** What a look at nobody shows. */
export const nobodySeen: Seen = { active: new Map(), retired: new Map() };

/**
 * Looks at users at the service, in the way that costs fewer requests. `known` are those of them who should be there: what a list alone denies of
 * them is not believed.
 */
export async function observeUsers(
  library: Library,
  ids: readonly string[],
  known: readonly string[] = [],
): Promise<Seen> {
  if (ids.length === 0) return nobodySeen;
  if (ids.length <= askOneByOneUpTo) return seenIn(await library.usersById(ids));
  const { active, retired } = await listUsers(library, known, true);
  return { active: new Map(ids.flatMap((id) => (active.has(id) ? [[id, active.get(id)!] as const] : []))), retired };
}

/**
 * All active users. Those who should be there and whom the list lacks are asked for one by one; if there are many, in the list of all records,
 * which is held against answers about single ones.
 */
export async function listUsers(library: Library, known: readonly string[], fresh = false): Promise<Seen> {
  const listed = activeRecords(await library.users(fresh));
  const lacking = known.filter((id) => !listed.has(id));
  if (lacking.length === 0) return { active: listed, retired: new Map() };
  const closer = seenIn(await library.userRecords(lacking));
  const isThere = (id: string): boolean => listed.has(id) || closer.active.has(id);
  if (lacking.length > askOneByOneUpTo && !lacking.every(isThere)) await refuseVanishedUsers(library, known, isThere);
  return { active: new Map([...listed, ...closer.active]), retired: closer.retired };
}

/** The active record of each user. Retired ones repeat and do not count, nor does one of a status unknown to us beside one of a known status. */
export function activeRecords(records: readonly WireUser[]): Records {
  const active = new Map<string, WireUser>();
  for (const record of records) {
    if (isActive(record) && (isKnownStatus(record.status) || !active.has(record.clientUserId)))
      active.set(record.clientUserId, record);
  }
  return active;
}

/** Those whom a state knows to be there. */
export function knownUsers({ members, releasing = [] }: Pick<UserSetState, "members" | "releasing">): string[] {
  const active = members.filter(({ status }) => status !== "Missing").map(({ clientUserId }) => clientUserId);
  return [...new Set([...active, ...releasing])];
}

/** Those of `ids` of whom no active record was seen. */
export function absent(ids: readonly string[], { active }: Seen): string[] {
  return without(ids, active.keys());
}

function seenIn(records: readonly WireUser[]): Seen {
  const active = activeRecords(records);
  const retired = new Map<string, WireUser[]>();
  for (const record of records) {
    if (active.has(record.clientUserId)) continue;
    retired.set(record.clientUserId, [...(retired.get(record.clientUserId) ?? []), record]);
  }
  return { active, retired };
}
