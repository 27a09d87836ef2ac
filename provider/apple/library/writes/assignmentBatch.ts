import { isVppError, type VppError } from "../../../errors";
import { mapConcurrent } from "../../../http/mapConcurrent";
import type { Limits } from "../../api/client";
import { requestsAtOnce } from "../../api/requestsAtOnce";
import type { WireFailure } from "../../api/wire";
import type { Action } from "../log/writes";
import { assetKey } from "../readings/assets";
import type { Held } from "../readings/assignmentCache";
import {
  countByApp,
  countPairs,
  covering,
  filterPairs,
  type Pairs,
  pairsWhere,
  type Rectangle,
  splitRectangles,
  toRectangles,
} from "../rectangles";
import type { TargetKind } from "../targets";
import { type ProgressListener, Tally } from "./progress";
import { halvesOf, isAboutApps, isAboutLimits, isAboutOneOfMany, mostSplits } from "./splitting";
import type { JobEnd, WriteJob } from "./writeQueue";

export type { Action } from "../log/writes";

/** What a writer needs of the library that it writes to. */
export interface WriteAccess {
  /** The service's limits: as known, or asked for anew. */
  limits(anew?: boolean): Promise<Limits>;
  /** Sends one request, alone or with others' work, and waits for its end; refuses, without sending, when the library is no longer ours. */
  send(job: Omit<WriteJob, "ref">): Promise<JobEnd>;
  /** What is known of these pairs, after a further reading where there is something to learn. */
  observe(kind: TargetKind, apps: readonly string[], targets: readonly string[]): Promise<Held>;
  /** Free licences of these apps, counted anew. */
  freeNow(apps: readonly string[]): Promise<(app: string) => number>;
  readonly progress: ProgressListener;
  pause(ms: number): Promise<void>;
  readonly now: () => number;
  /** When all of it is given up, in milliseconds. */
  readonly deadline: number;
}

/** What came of a bulk write. */
export interface WriteResult {
  /** Pairs that are not as asked, and those of which that can't be told. */
  readonly undone: Pairs;
  /** Of these, the ones of which it can't be told: they were sent, and their end was not learned. */
  readonly unknown: Pairs;
  /** Why pairs are not as asked, where the service said so. */
  readonly reasonOf: (app: string, target: string) => WireFailure | undefined;
  /** What ended the work before its end; what was not settled then counts as undone. */
  readonly stopped?: VppError;
}

const settleMs = 1000;
/** Internal error and maintenance pass by; licences may have come free. */
const worthAnotherTry = new Set([9603, 9644, 9709]);

/**
 * Gives or takes back every pair, in requests as large as the limits allow. What fails is looked at, sent once more as far as that can
 * help (for missing licences: as many as are free, in the order given), looked at again, and what is still undone is returned.
 */
export async function writePairs(
  access: WriteAccess,
  action: Action,
  kind: TargetKind,
  pairs: Pairs,
): Promise<WriteResult> {
  const failures: Failed[] = [];
  const reasonOf = (app: string, target: string): WireFailure | undefined =>
    failures.findLast((failed) => covers(failed, app, target))?.failure;
  let work = pairs;
  let heldBack: Looked = nothing;
  let isAlone = false;
  for (let round = 1, rounds = 2; ; round++) {
    const sent = await sendAll(access, action, kind, work, isAlone);
    failures.push(...sent.failures);
    if (sent.unsure) await access.pause(settleMs * round);
    const looked = await look(access, action, kind, sent);
    const undone = filterPairs(pairs, eitherHas(heldBack.undone, looked.undone));
    const isUnknown = eitherHas(heldBack.unknown, looked.unknown);
    const unknown = filterPairs(undone, (app, target) => isUnknown(app, target) && !isNamed(failures, app, target));
    const result = { undone, unknown, reasonOf };
    const stopped = sent.stopped ?? looked.stopped;
    if (undone.size === 0 || stopped) return { ...result, ...(stopped && { stopped }) };
    // What failed in one request with others' work may have failed for theirs: one more try without them tells.
    const isWorthTryingAlone: boolean = sent.hasFailedWithOthers && !isAlone;
    if (isWorthTryingAlone) rounds++;
    isAlone ||= isWorthTryingAlone;
    const helps = isWorthTryingAlone
      ? undone
      : filterPairs(undone, (app, target) => isWorthAnotherTry(reasonOf(app, target)));
    const next = action === "give" ? await affordable(access, helps) : helps;
    const isLastRound = next.size === 0 || round >= (sent.unsure ? Math.max(4, rounds) : rounds);
    if (isLastRound || access.now() >= access.deadline)
      return { ...result, ...(sent.unsure && { stopped: sent.unsure }) };
    const isLeft = (app: string, target: string): boolean => !has(next, app, target);
    heldBack = { undone: filterPairs(undone, isLeft), unknown: filterPairs(unknown, isLeft) };
    work = next;
  }
}

/** A failure, and the request that it is about: a failure that names nothing concerns all of its own request, and no other. */
interface Failed {
  readonly failure: WireFailure;
  readonly apps: ReadonlySet<string>;
  readonly targets: ReadonlySet<string>;
}

interface Sent {
  /** What is not known to be as asked. */
  readonly unsettled: Rectangle[];
  /** What of that was sent and not refused, so that it may be as asked all the same. */
  readonly open: Rectangle[];
  readonly failures: Failed[];
  readonly hasFailedWithOthers: boolean;
  readonly stopped?: VppError;
  readonly unsure?: VppError;
}

async function sendAll(
  access: WriteAccess,
  action: Action,
  kind: TargetKind,
  pairs: Pairs,
  isAlone: boolean,
): Promise<Sent> {
  const unsettled: Rectangle[] = [];
  const open: Rectangle[] = [];
  const failures: Failed[] = [];
  let stopped: VppError | undefined;
  let unsure: VppError | undefined;
  let hasFailedWithOthers = false;
  // What the service was seen to refuse as too large, whatever it says of its limits.
  const fits = { apps: Number.POSITIVE_INFINITY, targets: Number.POSITIVE_INFINITY };
  const cut = (rectangles: readonly Rectangle[], limits: Limits): Rectangle[] => {
    const maxTargets = kind === "device" ? limits.maxSerialNumbers : limits.maxClientUserIds;
    return splitRectangles(rectangles, Math.min(limits.maxAssets, fits.apps), Math.min(maxTargets, fits.targets));
  };
  const requests = cut(toRectangles(pairs), await access.limits());
  const tally = new Tally(requests.length, countPairs(pairs), access.progress);

  const sendOne = async (rectangle: Rectangle, alone: boolean, splits = { left: mostSplits }): Promise<void> => {
    // After the deadline nothing more is begun: nobody would wait for its end.
    if (stopped || (unsure && access.now() >= access.deadline)) {
      unsettled.push(rectangle);
      return;
    }
    const smaller = splitRectangles([rectangle], fits.apps, fits.targets);
    if (smaller.length > 1) {
      for (const part of smaller) await sendOne(part, alone, splits);
      return;
    }
    const size = rectangle.apps.length * rectangle.targets.length;
    try {
      const onPending = (done: number): void => tally.pending(rectangle, done, size);
      const { deadline } = access;
      const settled = await access.send({ action, kind, rectangle, isAlone: alone, onPending, deadline });
      if (settled.kind !== "complete") {
        unsettled.push(rectangle);
        open.push(rectangle);
      }
      if (settled.kind === "failed") {
        hasFailedWithOthers ||= settled.isShared;
        const ours = settled.isShared ? settled.failures.filter(namesSomething) : settled.failures;
        failures.push(...ours.map((failure) => failedIn(rectangle, failure)));
      }
      if (settled.kind === "unsure") unsure = settled.why;
      tally.ended(rectangle, settled.kind === "complete" ? size : 0);
    } catch (error) {
      if (!isVppError(error)) throw error;
      const mayBeSplit = isAboutLimits(error.details.serviceCode) || splits.left-- > 0;
      const parts = mayBeSplit ? await partsOf(rectangle, error) : undefined;
      if (parts !== undefined) {
        for (const part of parts) await sendOne(part, true, splits);
        return;
      }
      unsettled.push(rectangle);
      const { serviceCode } = error.details;
      if (isAboutOneOfMany(serviceCode)) failures.push(failedIn(rectangle, refusalIn(error)));
      else stopped ??= error;
    }
  };

  /** A request that was refused as a whole for one of its parts, or for its size, in smaller ones; undefined if that can't help. */
  const partsOf = async (rectangle: Rectangle, { details }: VppError): Promise<Rectangle[] | undefined> => {
    const { serviceCode } = details;
    if (isAboutLimits(serviceCode)) {
      const limits = await access.limits(true);
      const parts = cut([rectangle], limits);
      if (parts.length > 1) return parts;
      const side = isAboutApps(serviceCode) ? "apps" : "targets";
      fits[side] = Math.ceil(rectangle[side].length / 2);
      const halved = cut([rectangle], limits);
      return halved.length > 1 ? halved : undefined;
    }
    return isAboutOneOfMany(serviceCode) ? halvesOf(rectangle, serviceCode) : undefined;
  };

  await mapConcurrent(requests, requestsAtOnce, (rectangle) => sendOne(rectangle, isAlone));
  return { unsettled, open, failures, hasFailedWithOthers, stopped, unsure };
}

function failedIn({ apps, targets }: Rectangle, failure: WireFailure): Failed {
  return { failure, apps: new Set(apps), targets: new Set(targets) };
}

/** A request that was refused as a whole says of each of its pairs what an accepted one says of those that failed. */
function refusalIn({ details: { serviceCode, serviceText } }: VppError): WireFailure {
  return { errorNumber: serviceCode, ...(serviceText !== undefined && { errorMessage: serviceText }) };
}

/** What a look shows: pairs that are not as asked, and those of them of which it can't tell. */
interface Looked {
  readonly undone: Pairs;
  readonly unknown: Pairs;
  readonly stopped?: VppError;
}

const nothing: Looked = { undone: new Map(), unknown: new Map() };

/** Which pairs of requests that did not simply succeed are still not as asked. If that can't be seen, all of them count. */
async function look(access: WriteAccess, action: Action, kind: TargetKind, { unsettled, open }: Sent): Promise<Looked> {
  if (unsettled.length === 0) return nothing;
  const apps = [...new Set(unsettled.flatMap((rectangle) => rectangle.apps))];
  const targets = [...new Set(unsettled.flatMap((rectangle) => rectangle.targets))];
  const done = action === "give" ? "held" : "free";
  const mayBeDone = covering(open);
  try {
    const held = await access.observe(kind, apps, targets);
    const undone = pairsWhere(unsettled, (app, target) => held.state(app, target) !== done);
    const isOpen = (app: string, target: string): boolean =>
      held.state(app, target) === "unknown" && mayBeDone(app, target);
    return { undone, unknown: filterPairs(undone, isOpen) };
  } catch (error) {
    if (!isVppError(error)) throw error;
    const undone = pairsWhere(unsettled, () => true);
    return { undone, unknown: filterPairs(undone, mayBeDone), stopped: error };
  }
}

/** Of these pairs, for each app as many as it has free licences now, in order. */
async function affordable(access: WriteAccess, pairs: Pairs): Promise<Map<string, string[]>> {
  if (pairs.size === 0) return new Map();
  const apps = [...countByApp(pairs).keys()];
  const freeNow = await access.freeNow(apps);
  const left = new Map(apps.map((app) => [app, freeNow(app)]));
  return filterPairs(pairs, (app) => {
    const free = left.get(app) ?? 0;
    left.set(app, free - 1);
    return free > 0;
  });
}

function isWorthAnotherTry(reason: WireFailure | undefined): boolean {
  return reason?.errorNumber === undefined || worthAnotherTry.has(reason.errorNumber);
}

/** Whether a failure says of which pairs it speaks. */
function namesSomething({ errorInfo: { assets, serialNumbers, clientUserIds } = {} }: WireFailure): boolean {
  return [assets, serialNumbers, clientUserIds].some((named) => named !== undefined && named.length > 0);
}

function covers({ failure, apps, targets }: Failed, app: string, target: string): boolean {
  if (!apps.has(app) || !targets.has(target)) return false;
  const { assets, serialNumbers = [], clientUserIds = [] } = failure.errorInfo ?? {};
  if (assets?.length && !assets.some((asset) => assetKey(asset) === app)) return false;
  const named = serialNumbers.length + clientUserIds.length;
  return named === 0 || serialNumbers.includes(target) || clientUserIds.includes(target);
}

/** Whether the service has named this pair, or its app, or its target, as one that it has not done. */
function isNamed(failures: readonly Failed[], app: string, target: string): boolean {
  return failures.some((failed) => namesSomething(failed.failure) && covers(failed, app, target));
}

function eitherHas(one: Pairs, other: Pairs): (app: string, target: string) => boolean {
  return (app, target) => has(one, app, target) || has(other, app, target);
}

function has(pairs: Pairs, app: string, target: string): boolean {
  return pairs.get(target)?.includes(app) ?? false;
}
