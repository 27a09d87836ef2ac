import { monotonicNow } from "./monotonicNow";

/** Longer than a second, because requests can arrive closer together than they were sent. */
const windowMs = 1100;
/** Requests that were on their way together are told together that they are too many; that is one reason to slow down. */
const sameReasonMs = 1000;
/** After so long without a complaint of the service, all of its rate is used again. */
const recoveryMs = 10_000;
const smallestShare = 1 / 16;

/**
 * Lets at most `perSecond` calls start in any second, in the order in which they came: half of them at once, if they come at once, and the
 * others at equal distances. When the service says all the same that they are too many, others use the library too: then everybody halves
 * his share and takes it back slowly, which leaves each about as much as the others.
 */
export class RateLimiter {
  private readonly starts: number[] = [];
  private last: Promise<void> = Promise.resolve();
  private heldUntil = Number.NEGATIVE_INFINITY;
  private share = { of: 1, at: 0 };
  private slowedAt = Number.NEGATIVE_INFINITY;

  /** `perSecond` is asked before each start, since the service may change its limit; undefined means no limit is known. */
  constructor(
    private readonly perSecond: () => number | undefined,
    private readonly sleep: (ms: number) => Promise<void>,
    private readonly now: () => number = monotonicNow,
  ) {}

  /** Resolves when the next call may start. */
  turn(): Promise<void> {
    this.last = this.last.then(() => this.wait());
    return this.last;
  }

  /** The service has said that there are too many requests: none starts for so long, and then fewer than before for a while. */
  slowDown(waitMs: number): void {
    const now = this.now();
    this.heldUntil = Math.max(this.heldUntil, now + waitMs);
    if (now - this.slowedAt < sameReasonMs) return;
    this.slowedAt = now;
    this.share = { of: Math.max(smallestShare, this.shareNow() / 2), at: this.heldUntil };
  }

  private shareNow(): number {
    return Math.min(1, this.share.of + Math.max(0, this.now() - this.share.at) / recoveryMs);
  }

  private async wait(): Promise<void> {
    while (this.heldUntil > this.now()) await this.sleep(this.heldUntil - this.now());
    const known = this.perSecond();
    if (known === undefined || known < 1) return;
    const limit = Math.max(1, Math.floor(known * this.shareNow()));
    const { starts } = this;
    while (starts.length > 0 && this.now() - starts[0]! >= windowMs) starts.shift();
    const [oldest, latest] = [starts.at(-limit), starts.at(-1)];
    const free = oldest === undefined ? 0 : oldest + windowMs;
    const spread = starts.length >= limit / 2 && latest !== undefined ? latest + windowMs / limit : 0;
    const waitMs = Math.max(free, spread) - this.now();
    if (waitMs > 0) await this.sleep(Math.max(1, waitMs));
    starts.push(this.now());
  }
}
