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
import { halves, isAboutLimits, isAboutOneOfMany, mostSplits } from "../../library/writes/splitting";
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
  if (action === "create") {
    const ids = users.map(({ clientUserId }) => clientUserId);
    context.run.recordRegistered(token.libraryId, ids);
    context.run.files.registering(token.bindingId, ids, context.operation);
  }
  try {
    const { limits } = await library.serviceConfig();
    const ref = context.run.refNow(token);
    const tally = new Tally(Math.ceil(users.length / limits.maxUsers), users.length, (now) =>
      context.progress(progressText(now, doneTo[action])),
    );
    const deadline = library.writeDeadline();
    // What the service was seen to refuse as too large, whatever it says of its limits.
    const fits = { people: limits.maxUsers };
    const sendOne = async (part: readonly WireUserRequest[], splits = { left: mostSplits }): Promise<void> => {
      if (stopped) return;
      if (part.length > fits.people) {
        for (const each of partsOf(part, fits.people)) await sendOne(each, splits);
        return;
      }
      const onPending = (done: number): void => tally.pending(part, done, part.length);
      try {
        const settled = await library.writeUsers(ref, action, part, deadline, onPending);
        wrote = true;
        if (settled.kind === "failed") failures.push(...settled.failures);
        if (settled.kind === "unsure") stopped ??= settled.why;
        tally.ended(part, settled.kind === "complete" ? part.length : 0);
      } catch (error) {
        if (!isVppError(error)) throw error;
        const isTooLarge = isAboutLimits(error.details.serviceCode);
        const mayBeSplit = isTooLarge || splits.left-- > 0;
        const smaller = mayBeSplit ? await smallerParts(library, part, error) : undefined;
        if (isTooLarge) fits.people = Math.min(fits.people, smaller?.[0]?.length ?? fits.people);
        if (smaller !== undefined) for (const each of smaller) await sendOne(each, splits);
        else if (isAboutOneOfMany(error.details.serviceCode)) failures.push(refusedAtOnce(part, error));
        else stopped ??= error;
      }
    };
    await mapConcurrent(partsOf(users, limits.maxUsers), requestsAtOnce, (part) => sendOne(part));
  } catch (error) {
    if (!isVppError(error)) throw error;
    stopped = error;
  }
  return { failures, wrote, ...(stopped && { stopped }) };
}

/** A request that was refused as a whole for one of its people, or for its size, in smaller ones; undefined if that can't help. */
async function smallerParts(
  library: Library,
  part: readonly WireUserRequest[],
  { details: { serviceCode } }: VppError,
): Promise<WireUserRequest[][] | undefined> {
  if (isAboutLimits(serviceCode)) {
    const parts = partsOf(part, (await library.limits(true)).maxUsers);
    return parts.length > 1 ? parts : halves(part);
  }
  return isAboutOneOfMany(serviceCode) ? halves(part) : undefined;
}

function partsOf(users: readonly WireUserRequest[], size: number): WireUserRequest[][] {
  const parts: WireUserRequest[][] = [];
  for (let at = 0; at < users.length; at += size) parts.push(users.slice(at, at + size));
  return parts;
}

function refusedAtOnce(part: readonly WireUserRequest[], { details }: VppError): WireFailure {
  const clientUserIds = part.map(({ clientUserId }) => clientUserId);
  return { errorNumber: details.serviceCode, errorMessage: details.serviceText, errorInfo: { clientUserIds } };
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
    await library.held(apps, "user", ids, freshMs);
    const held = await library.heldForSure(apps, "user", ids);
    // What is not known to be free is revoked all the same: where nobody holds it, that is success.
    const pairs = pairsWhere([{ apps, targets: ids }], (app, user) => held.state(app, user) !== "free");
    if (pairs.size > 0) {
      wrote = true;
      const ref = context.run.refNow(set.token);
      const { undone, stopped } = await library.write(ref, "takeBack", "user", pairs, context);
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
