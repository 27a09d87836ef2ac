import type { Context } from "../../../engine/kind";
import { isVppError, type VppError } from "../../../errors";
import {
  freshMs,
  type Library,
  mapConcurrent,
  requestsAtOnce,
  type WireFailure,
  type WireUserRequest,
} from "../../library/library";
import { countPairs, pairsWhere } from "../../library/rectangles";
import { progressText, Tally } from "../../library/writes/progress";
import type { UserSetInputs } from "./types";

/** What came of writing users. */
export interface UserWrites {
  readonly failures: WireFailure[];
  readonly wrote: boolean;
  /** Licences that were revoked before their holders were retired. */
  readonly revoked?: number;
  readonly stopped?: VppError;
}

/** What came of writing nobody. */
export const nothingDone: UserWrites = { failures: [], wrote: false };

const doneTo = { create: "people registered", update: "people updated", retire: "people retired" } as const;

/** Writes users in requests as large as the service allows. What an unsure end leaves open is seen by looking afterwards. */
export async function writeUsers(
  context: Context,
  library: Library,
  { token }: Pick<UserSetInputs, "token">,
  action: "create" | "update" | "retire",
  users: readonly WireUserRequest[],
): Promise<UserWrites> {
  if (users.length === 0) return nothingDone;
  const failures: WireFailure[] = [];
  let wrote = false;
  let stopped: VppError | undefined;
  if (action === "create")
    context.run.recordRegistered(
      token.libraryId,
      users.map(({ clientUserId }) => clientUserId),
    );
  try {
    const { limits } = await library.serviceConfig();
    const ref = context.run.refNow(token);
    const tally = new Tally(Math.ceil(users.length / limits.maxUsers), users.length, (now) =>
      context.progress(progressText(now, doneTo[action])),
    );
    const parts: WireUserRequest[][] = [];
    for (let at = 0; at < users.length; at += limits.maxUsers) parts.push(users.slice(at, at + limits.maxUsers));
    await mapConcurrent(parts, requestsAtOnce, async (part) => {
      if (stopped) return;
      try {
        const settled = await library.writeUsers(ref, action, part, (done) => tally.pending(part, done, part.length));
        wrote = true;
        if (settled.kind === "failed") failures.push(...settled.failures);
        if (settled.kind === "unsure") stopped ??= settled.why;
        tally.ended(part, settled.kind === "complete" ? part.length : 0);
      } catch (error) {
        if (!isVppError(error)) throw error;
        stopped ??= error;
      }
    });
  } catch (error) {
    if (!isVppError(error)) throw error;
    stopped = error;
  }
  return { failures, wrote, ...(stopped && { stopped }) };
}

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
  let wrote = false;
  let revoked = 0;
  let free = ids;
  try {
    const apps = (await library.assets(freshMs)).revocable();
    const held = await library.held(apps, "user", ids, freshMs);
    const pairs = pairsWhere([{ apps, targets: ids }], (app, user) => held.has(app, user));
    if (pairs.size > 0) {
      wrote = true;
      const ref = context.run.refNow(set.token);
      const { undone, stopped } = await library.write(ref, "takeBack", "user", pairs, context.progress);
      revoked = countPairs(pairs) - countPairs(undone);
      if (stopped) return { failures: [], wrote, revoked, stopped };
      free = ids.filter((user) => !undone.has(user));
    }
  } catch (error) {
    if (!isVppError(error)) throw error;
    return { failures: [], wrote, stopped: error };
  }
  const retired = await writeUsers(
    context,
    library,
    set,
    "retire",
    free.map((clientUserId) => ({ clientUserId })),
  );
  return { ...retired, revoked, wrote: wrote || retired.wrote };
}
