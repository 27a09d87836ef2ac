import type { Context } from "../../../engine/kind";
import { isVppError, type VppError } from "../../../errors";
import {
  type Library,
  mapConcurrent,
  requestsAtOnce,
  type WireFailure,
  type WireUserRequest,
} from "../../library/library";
import { progressText, Tally } from "../../library/writes/progress";
import { halves, isAboutLimits, isAboutOneOfMany, mostSplits } from "../../library/writes/splitting";
import type { UserSetInputs } from "./types";

/** What is done to people. */
export type UserAction = "create" | "update" | "retire";

/** Why somebody is not as asked. */
export interface Reason {
  readonly errorNumber?: number;
  readonly errorMessage?: string;
  /** The service refused a request for one of several people, and did not say whom. */
  readonly isOfOthers?: true;
  /** His licences could not be taken back. */
  readonly isHolding?: true;
}

/** What came of sending users once. */
export interface Sent {
  /** Whose request did not simply succeed. */
  readonly unsettled: readonly string[];
  /** Whose request was not sent. */
  readonly unsent: readonly string[];
  readonly reasons: ReadonlyMap<string, Reason>;
  readonly wrote: boolean;
  /** What ended the work. */
  readonly stopped?: VppError;
  /** Why the end of a request was never learned. */
  readonly unsure?: VppError;
}

const doneTo = { create: "people registered", update: "people updated", retire: "people retired" } as const;

/** Sends users once, in requests as large as the service allows, and smaller ones where it refuses a request for one of its parts or for its size. */
export async function sendUsers(
  context: Context,
  library: Library,
  { token }: Pick<UserSetInputs, "token">,
  action: UserAction,
  users: readonly WireUserRequest[],
  deadline: number,
): Promise<Sent> {
  const unsettled: string[] = [];
  const unsent: string[] = [];
  const reasons = new Map<string, Reason>();
  let wrote = false;
  let stopped: VppError | undefined;
  let unsure: VppError | undefined;
  const settle = (part: readonly WireUserRequest[], failures: readonly WireFailure[]): void => {
    const spared = sparedBy(failures);
    for (const { clientUserId } of part) {
      // What the service does not count among the failures of an update is done: an account could not be looked up.
      if (!(action === "update" && spared(clientUserId))) unsettled.push(clientUserId);
      const failure = failures.findLast((each) => concerns(each, clientUserId));
      if (failure) reasons.set(clientUserId, { errorNumber: failure.errorNumber, errorMessage: failure.errorMessage });
    }
  };
  const refuse = (part: readonly WireUserRequest[], { details }: VppError): void => {
    for (const { clientUserId } of part) {
      unsettled.push(clientUserId);
      const isOfOthers = part.length > 1 && { isOfOthers: true as const };
      reasons.set(clientUserId, { errorNumber: details.serviceCode, errorMessage: details.serviceText, ...isOfOthers });
    }
  };
  const ids = users.map(({ clientUserId }) => clientUserId);
  const { files } = context.run;
  if (action === "create") {
    context.run.recordRegistered(token.libraryId, ids);
    files.registering(token.bindingId, ids, context.operation);
  } else files.changing(token.bindingId, ids, context.operation);
  const rest = new Set(users.map(({ clientUserId }) => clientUserId));
  try {
    const { limits } = await library.serviceConfig();
    const ref = context.run.refNow(token);
    const tally = new Tally(Math.ceil(users.length / limits.maxUsers), users.length, (now) =>
      context.progress(progressText(now, doneTo[action])),
    );
    // What the service was seen to refuse as too large, whatever it says of its limits.
    const fits = { people: limits.maxUsers };
    const sendOne = async (part: readonly WireUserRequest[], splits = { left: mostSplits }): Promise<void> => {
      // After the deadline nothing more is begun: nobody would wait for its end.
      if (stopped || (unsure && library.isOver(deadline))) return;
      if (part.length > fits.people) {
        for (const each of partsOf(part, fits.people)) await sendOne(each, splits);
        return;
      }
      const onPending = (done: number): void => tally.pending(part, done, part.length);
      const leave = (): void => {
        for (const { clientUserId } of part) rest.delete(clientUserId);
      };
      try {
        const settled = await library.writeUsers(ref, action, part, deadline, onPending);
        wrote = true;
        leave();
        if (settled.kind !== "complete") settle(part, settled.kind === "failed" ? settled.failures : []);
        if (settled.kind === "unsure") unsure = settled.why;
        tally.ended(part, settled.kind === "complete" ? part.length : 0);
      } catch (error) {
        if (!isVppError(error)) throw error;
        const isTooLarge = isAboutLimits(error.details.serviceCode);
        const mayBeSplit = isTooLarge || splits.left-- > 0;
        const smaller = mayBeSplit ? await smallerParts(library, part, error) : undefined;
        if (isTooLarge) fits.people = Math.min(fits.people, smaller?.[0]?.length ?? fits.people);
        if (smaller !== undefined) for (const each of smaller) await sendOne(each, splits);
        else if (isAboutOneOfMany(error.details.serviceCode)) {
          leave();
          refuse(part, error);
        } else stopped ??= error;
      }
    };
    await mapConcurrent(partsOf(users, limits.maxUsers), requestsAtOnce, (part) => sendOne(part));
  } catch (error) {
    if (!isVppError(error)) throw error;
    stopped = error;
  }
  unsent.push(...rest);
  return { unsettled, unsent, reasons, wrote, ...(stopped && { stopped }), ...(unsure && { unsure }) };
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

/** A failure that names nobody concerns everybody of its request. */
function concerns({ errorInfo }: WireFailure, id: string): boolean {
  const named = errorInfo?.clientUserIds ?? [];
  return named.length === 0 || named.includes(id);
}

/** Tells whom failures spare that all say whom they are about. */
function sparedBy(failures: readonly WireFailure[]): (id: string) => boolean {
  const named = new Set<string>();
  for (const { errorInfo } of failures) {
    if (!errorInfo?.clientUserIds?.length) return () => false;
    for (const id of errorInfo.clientUserIds) named.add(id);
  }
  return failures.length === 0 ? () => false : (id) => !named.has(id);
}
