import { isRetryable } from "./errorTable";

/** What came of one try. */
export type Outcome =
  | { readonly kind: "answered"; readonly status: number; readonly errorNumber?: number; readonly retryAfter?: string }
  /** The request can't have reached the service: refused, no such host, no connection in time. */
  | { readonly kind: "notSent" }
  /** The same, for a reason that stays: a certificate that can't be trusted, a proxy that refuses. */
  | { readonly kind: "barred" }
  /** The service may have taken the request: reset, timed out, or a server's error. */
  | { readonly kind: "unknown"; readonly status?: number; readonly retryAfter?: string }
  /** The same, since what was answered under a good status is not what this service sends. */
  | { readonly kind: "unreadable"; readonly retryAfter?: string };

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

const longestWaitMs = 30_000;
const mostDoublings = 10;
/** What can't be read is rarely better later: a page to log in at, a proxy's own words. */
const mostUnreadable = 6;
/** A year; what is asked for beyond it can't be told as a date. */
const longestAskedMs = 366 * 24 * 60 * 60 * 1000;

/** Whether the service says that it gets too many requests. */
export function isThrottled(outcome: Outcome): boolean {
  return outcome.kind === "answered" && (outcome.errorNumber === 9646 || outcome.status === 429);
}

/** Milliseconds that a `Retry-After` header asks for, as seconds, whole or not, or as a date; undefined if it is neither. */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^(\d+\.?\d*|\.\d+)$/.test(text)) return Math.min(Number(text) * 1000, longestAskedMs);
  // Without a time of day it is no date: Date.parse makes one of nearly anything, such as "1.5".
  const date = /\d:\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function canTryAgain(outcome: Outcome, { isRead, tries }: Attempt): boolean {
  if (outcome.kind === "notSent") return true;
  if (outcome.kind === "barred") return false;
  if (outcome.kind === "unknown") return isRead;
  if (outcome.kind === "unreadable") return isRead && tries < mostUnreadable;
  if (outcome.errorNumber !== undefined) return isRetryable(outcome.errorNumber);
  return outcome.status === 429 || (isRead && outcome.status >= 500);
}

/**
 * Decides whether to try again and how long to wait before: the longer of what `Retry-After` asks for and our own wait, which doubles up to
 * 30 seconds. Tries go on until the deadline; a wait that would end after it is not begun.
 */
export function decide(outcome: Outcome, attempt: Attempt): Decision {
  if (!canTryAgain(outcome, attempt)) return { retry: false };
  const header = "retryAfter" in outcome ? outcome.retryAfter : undefined;
  const asked = parseRetryAfter(header, attempt.now) ?? 0;
  if (asked > attempt.remainingMs) return { retry: false, retryAt: attempt.now + asked };
  const doubled = attempt.baseMs * 2 ** Math.min(attempt.tries - 1, mostDoublings);
  const waitMs = Math.max(asked, Math.min(longestWaitMs, doubled) * (0.5 + attempt.jitter / 2));
  return waitMs > attempt.remainingMs ? { retry: false } : { retry: true, waitMs };
}
