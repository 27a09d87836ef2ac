import type { Context } from "../../../engine/kind";
import { isVppError, type VppError } from "../../../errors";
import { freshMs, type Library, type WireUser, type WireUserRequest } from "../../library/library";
import { countPairs, pairsWhere } from "../../library/rectangles";
import { observeUsers, type Seen } from "./records";
import { type Reason, type Sent, sendUsers, type UserAction } from "./send";
import type { UserSetInputs } from "./types";

export type { Reason } from "./send";

/** What came of writing users. */
export interface UserWrites {
  /** Who is not as asked, as far as can be told, and why where the service said so. */
  readonly undone: ReadonlyMap<string, Reason | undefined>;
  /** Those of whom a look had to tell, and what it has shown. */
  readonly looked: ReadonlySet<string>;
  readonly seen?: Seen;
  /** Who was there before, by what the service said of the first request to register him. */
  readonly existed: ReadonlySet<string>;
  readonly wrote: boolean;
  /** Those of `undone` who may be done all the same: their request was sent, and its end was not learned. */
  readonly unknown?: ReadonlySet<string>;
  /** Licences that were revoked before their holders were retired. */
  readonly revoked?: number;
  /** What ended the work before its end. */
  readonly stopped?: VppError;
}

/** What came of writing nobody. */
export const nothingDone: UserWrites = { undone: new Map(), looked: new Set(), existed: new Set(), wrote: false };

/** Nobody was written, since something had ended the work before. */
export function notBegun(users: readonly { readonly clientUserId: string }[], stopped: VppError): UserWrites {
  return { ...nothingDone, stopped, undone: new Map(users.map(({ clientUserId }) => [clientUserId, undefined])) };
}

/** Whether what was asked for a person is the case, by the record that a look has shown and by what the service said of him. */
export type IsDone = (record: WireUser | undefined, user: WireUserRequest, reason: Reason | undefined) => boolean;

/** An active user with that id is there already. */
const existsAlready = 9716;
const settleMs = 1000;
/** Internal error and maintenance pass by. */
const worthAnotherTry = new Set([9603, 9644]);
/** After a failure once more, as that can pass; after an end that nobody learned, as often as licences are sent. */
const rounds = { failed: 2, unsure: 4 };

/**
 * Writes users in requests as large as the service allows. What fails, or ends in a way that is never learned, is looked at; what is not done is sent
 * once more as far as that can help, and looked at again.
 */
export async function writeUsers(
  context: Context,
  library: Library,
  set: Pick<UserSetInputs, "token">,
  action: UserAction,
  users: readonly WireUserRequest[],
  isDone: IsDone,
): Promise<UserWrites> {
  if (users.length === 0) return nothingDone;
  const deadline = library.writeDeadline();
  const byId = new Map(users.map((user) => [user.clientUserId, user]));
  const reasons = new Map<string, Reason>();
  const looked = new Set<string>();
  const existed = new Set<string>();
  let undone: readonly WireUserRequest[] = [];
  let seen: Seen | undefined;
  let wrote = false;
  let unknown: ReadonlySet<string> = new Set();
  const inOrder = (some: readonly WireUserRequest[]): readonly WireUserRequest[] => {
    const wanted = new Set(some);
    return users.filter((user) => wanted.has(user));
  };
  const end = (stopped?: VppError): UserWrites => ({
    undone: new Map(inOrder(undone).map(({ clientUserId }) => [clientUserId, reasons.get(clientUserId)])),
    looked,
    existed,
    wrote,
    unknown,
    ...(seen && { seen }),
    ...(stopped && { stopped }),
  });
  let work = users;
  let heldBack: readonly WireUserRequest[] = [];
  for (let round = 1; ; round++) {
    const sent: Sent = await sendUsers(context, library, set, action, work, deadline);
    wrote ||= sent.wrote;
    for (const [id, reason] of sent.reasons) {
      reasons.set(id, reason);
      // After a request of which nobody knows what came of it, he may be there because of that.
      if (reason.errorNumber === existsAlready && round === 1) existed.add(id);
    }
    if (sent.unsure && !sent.stopped) await library.pause(settleMs * round);
    const look = await lookAt(library, sent.unsettled);
    seen = look.seen ?? seen;
    if (look.seen) for (const id of sent.unsettled) looked.add(id);
    const isOpen = (id: string): boolean => look.seen === undefined && reasons.get(id)?.errorNumber === undefined;
    unknown = new Set(sent.unsettled.filter(isOpen));
    const isUndone = (id: string): boolean =>
      look.seen === undefined || !isDone(look.seen.active.get(id), byId.get(id)!, reasons.get(id));
    const failed = [...sent.unsettled.filter(isUndone), ...sent.unsent].map((id) => byId.get(id)!);
    undone = [...heldBack, ...failed];
    const stopped = sent.stopped ?? look.failure;
    if (undone.length === 0 || stopped) return end(undone.length === 0 ? undefined : stopped);
    work = failed.filter(({ clientUserId }) => isWorthAnotherTry(reasons.get(clientUserId)));
    const isLast = round >= (sent.unsure ? rounds.unsure : rounds.failed) || library.isOver(deadline);
    if (work.length === 0 || isLast) return end(sent.unsure);
    const again = new Set(work);
    heldBack = undone.filter((user) => !again.has(user));
  }
}

function isWorthAnotherTry(reason: Reason | undefined): boolean {
  return reason?.errorNumber === undefined || worthAnotherTry.has(reason.errorNumber);
}

/** One look at those of whom the end of a write did not tell. Their absence counts only if not a list alone says so. */
async function lookAt(library: Library, ids: readonly string[]): Promise<{ seen?: Seen; failure?: VppError }> {
  if (ids.length === 0) return {};
  try {
    return { seen: await observeUsers(library, ids, ids) };
  } catch (error) {
    if (!isVppError(error)) throw error;
    return { failure: error };
  }
}

/** Whether somebody is registered: the service has a record of him, or says so. */
export const isRegistered: IsDone = (record, _, reason) =>
  record !== undefined || reason?.errorNumber === existsAlready;

/** The service knows no active user of that id, or says that he is retired already. */
const notActive = new Set([9609, 9618]);

/**
 * Retires users, after their licences have been taken back: whether those return by themselves is not documented, and from a retired user nobody
 * can take them any more. Who still holds one is not retired.
 */
export async function retireUsers(
  context: Context,
  library: Library,
  set: Pick<UserSetInputs, "token">,
  ids: readonly string[],
): Promise<UserWrites> {
  if (ids.length === 0) return nothingDone;
  const users = ids.map((clientUserId) => ({ clientUserId }));
  let revoked = 0;
  let wrote = false;
  let holding: ReadonlySet<string> = new Set();
  try {
    const apps = (await library.assets(freshMs)).revocable();
    await library.held(apps, "user", ids, freshMs);
    const held = await library.heldForSure(apps, "user", ids);
    // What is not known to be free is revoked all the same: where nobody holds it, that is success.
    const pairs = pairsWhere([{ apps, targets: ids }], (app, user) => held.state(app, user) !== "free");
    if (pairs.size > 0) {
      wrote = true;
      const ref = context.run.refNow(set.token);
      const { undone, stopped } = await library.write(ref, "takeBack", "user", pairs, context);
      revoked = countPairs(pairs) - countPairs(undone);
      if (stopped) return { ...notBegun(users, stopped), wrote, revoked };
      holding = new Set(undone.keys());
    }
  } catch (error) {
    if (!isVppError(error)) throw error;
    return { ...notBegun(users, error), wrote };
  }
  const free = users.filter(({ clientUserId }) => !holding.has(clientUserId));
  const isRetired: IsDone = (record, _, reason) => record === undefined || notActive.has(reason?.errorNumber ?? 0);
  const retired = await writeUsers(context, library, set, "retire", free, isRetired);
  const undone = new Map<string, Reason | undefined>([
    ...[...holding].map((id) => [id, { isHolding: true }] as const),
    ...retired.undone,
  ]);
  return { ...retired, undone, revoked, wrote: wrote || retired.wrote };
}
