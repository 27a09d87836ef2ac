/** What came of one try. */
export type Outcome =
  | { readonly kind: "answered"; readonly status: number; readonly errorNumber?: number; readonly retryAfter?: string }
  /** The request can't have reached the service: refused, no such host, no connection in time. */
  | { readonly kind: "notSent" }
  /** The same, for a reason that stays: a certificate that can't be trusted, a proxy that refuses. */
  | { readonly kind: "barred" }
  /** The service may have taken the request: reset, timed out, or an answer that can't be read. */
  | { readonly kind: "unknown"; readonly status?: number; readonly retryAfter?: string };

/** What decides on another try beside the outcome. */
export interface Attempt {
  /** Reads can be repeated at will; a write only if it can't have been accepted. */
  readonly isRead: boolean;
  /** How many tries have been made, this one included. */
  readonly tries: number;
  /** Milliseconds left before the caller gives up. */
  readonly remainingMs: number;
  /** First wait in milliseconds; each further one doubles. */
  readonly baseMs: number;
  /** A number from 0 to 1 that spreads the waits of many callers. */
  readonly jitter: number;
  /** Now, in milliseconds since 1970, for a `Retry-After` that is a date. */
  readonly now: number;
}

/** Wait and try again, or give up; `retryAt` tells when the service wants to be asked again, if it said so. */
export type Decision =
  | { readonly retry: true; readonly waitMs: number }
  | { readonly retry: false; readonly retryAt?: number };

const maxTries = 6;
const longestWaitMs = 30_000;
/** A year; what is asked for beyond it can't be told as a date. */
const longestAskedMs = 366 * 24 * 60 * 60 * 1000;

/** Internal error, maintenance, too many requests, temporarily unavailable: nothing was done, and asking again can help. */
const passing = new Set([9603, 9644, 9646, 9729]);

/** Whether the service says that it gets too many requests. */
export function isThrottled(outcome: Outcome): boolean {
  return outcome.kind === "answered" && (outcome.errorNumber === 9646 || outcome.status === 429);
}

/** Whether an `errorNumber` speaks of the service's own state, not of what was asked for. */
export function isPassing(errorNumber: number): boolean {
  return passing.has(errorNumber);
}

/** Milliseconds that a `Retry-After` header asks for, as seconds or as a date; undefined if it is neither. */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, longestAskedMs);
  // Without a time of day it is no date: Date.parse makes one of nearly anything, such as "1.5".
  const date = /\d:\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function canTryAgain(outcome: Outcome, isRead: boolean): boolean {
  if (outcome.kind === "notSent") return true;
  if (outcome.kind === "barred") return false;
  if (outcome.kind === "unknown")
    return isRead && (outcome.status === undefined || outcome.status < 400 || outcome.status >= 500);
  if (outcome.errorNumber !== undefined) return isPassing(outcome.errorNumber);
  return outcome.status === 429 || (isRead && outcome.status >= 500);
}

/**
 * Decides whether to try again and how long to wait before. The service's word beats our own: a `Retry-After` is kept even beyond
 * our longest wait, and one that lies beyond the deadline ends the tries now.
 */
export function decide(outcome: Outcome, attempt: Attempt): Decision {
  if (!canTryAgain(outcome, attempt.isRead)) return { retry: false };
  const asked =
    outcome.kind === "notSent" || outcome.kind === "barred"
      ? undefined
      : parseRetryAfter(outcome.retryAfter, attempt.now);
  if (asked !== undefined && asked > attempt.remainingMs) return { retry: false, retryAt: attempt.now + asked };
  if (attempt.tries >= maxTries && !isThrottled(outcome)) return { retry: false };
  const own =
    Math.min(longestWaitMs, attempt.baseMs * 2 ** Math.min(attempt.tries - 1, maxTries)) * (0.5 + attempt.jitter / 2);
  const waitMs = asked ?? own;
  return waitMs > attempt.remainingMs ? { retry: false } : { retry: true, waitMs };
}
