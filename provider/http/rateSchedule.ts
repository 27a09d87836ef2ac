/** Longer than a second, because requests can arrive closer together than they were sent. */
export const windowMs = 1100;
/** Starts this close to each other are kept as one, so that a schedule stays small at any rate. */
const mergeMs = windowMs / 200;
/** Requests that were on their way together are told together that they are too many; that is one reason to slow down. */
const sameReasonMs = 1000;
/** After so long without a complaint of the service, all of its rate is used again. */
const recoveryMs = 10_000;
const smallestShare = 1 / 16;

/** Starts that are close to each other: the first, the last and how many, in milliseconds. */
export type Starts = [first: number, last: number, count: number];

/** When requests to one library have started or will, in milliseconds of one clock, and what the service has said about their number. */
export interface RateSchedule {
  starts: Starts[];
  /** Nothing starts before. */
  heldUntil: number;
  /** The part of the rate that is used, as of a time; it grows back from there. */
  share: { of: number; at: number };
  slowedAt: number;
}

/** A schedule of a clock that begins at 0, on which nothing has happened. */
export function emptySchedule(): RateSchedule {
  return { starts: [], heldUntil: 0, share: { of: 1, at: 0 }, slowedAt: -sameReasonMs };
}

/**
 * Takes the next start and gives how many milliseconds it is away: at most `perSecond` starts lie in any second, half of them together, if
 * they come together, and the others at equal distances. A start that is further away than `patienceMs` is not taken.
 */
export function takeStart(schedule: RateSchedule, now: number, perSecond: number, patienceMs: number): number {
  const limit = Math.max(1, Math.floor(perSecond * shareOf(schedule, now)));
  schedule.starts = schedule.starts.filter(([, last]) => now - last < windowMs);
  const { starts } = schedule;
  const inWindow = starts.reduce((sum, [, , count]) => sum + count, 0);
  const free = inWindow < limit ? 0 : lastButOf(starts, limit) + windowMs;
  const spread = inWindow >= limit / 2 && starts.length > 0 ? starts.at(-1)![1] + windowMs / limit : 0;
  const start = Math.max(now, free, spread, schedule.heldUntil);
  if (start - now > patienceMs) return start - now;
  const latest = starts.at(-1);
  if (latest && start - latest[0] < mergeMs) {
    latest[1] = start;
    latest[2]++;
  } else starts.push([start, start, 1]);
  return start - now;
}

/** The service has said that there are too many requests: none starts for so long, and then fewer than before for a while. */
export function slowDown(schedule: RateSchedule, now: number, waitMs: number): void {
  schedule.heldUntil = Math.max(schedule.heldUntil, now + waitMs);
  if (now - schedule.slowedAt < sameReasonMs) return;
  const of = Math.max(smallestShare, shareOf(schedule, now) / 2);
  schedule.slowedAt = now;
  schedule.share = { of, at: schedule.heldUntil };
}

function shareOf({ share }: RateSchedule, now: number): number {
  return Math.min(1, share.of + Math.max(0, now - share.at) / recoveryMs);
}

/** When the `count`-th last start is. */
function lastButOf(starts: readonly Starts[], count: number): number {
  let left = count;
  for (let at = starts.length - 1; at >= 0; at--) {
    left -= starts[at]![2];
    if (left <= 0) return starts[at]![1];
  }
  return 0;
}
