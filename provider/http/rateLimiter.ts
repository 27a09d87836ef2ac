import { monotonicNow } from "./monotonicNow";
import { emptySchedule, slowDown, takeStart } from "./rateSchedule";
import type { SharedSchedule } from "./sharedSchedule";

/** Requests a second to one library for as long as the service has not said how many it allows. */
export const assumedPerSecond = 10;
/** What others of this machine are held up by at most, whatever the service asked of one request. */
const longestSharedHoldMs = 60_000;
/** A process that wakes up this late, on a busy machine, would start together with those whose turn it is now. */
const latenessMs = 150;
const mostReservations = 3;

/** The next start lies beyond the time that the caller has. */
export class BeyondPatience extends Error {
  /** `waitMs` is how far away it is. */
  constructor(readonly waitMs: number) {
    super();
  }
}

/**
 * Lets at most `perSecond` calls start in any second, in the order in which they came; with a {@link SharedSchedule}, those of all processes
 * that share it together. When the service says all the same that they are too many, others use the library too: then everybody halves
 * his share and takes it back slowly, which leaves each about as much as the others.
 */
export class RateLimiter {
  private readonly own = emptySchedule();
  private last: Promise<unknown> = Promise.resolve();

  /** `perSecond` is asked before each start, since the service may change its limit; {@link assumedPerSecond} while it is undefined. */
  constructor(
    private readonly perSecond: () => number | undefined,
    private readonly sleep: (ms: number) => Promise<void>,
    private readonly now: () => number = monotonicNow,
    private readonly shared?: SharedSchedule,
  ) {}

  /**
   * Resolves when the next call may start; rejects with {@link BeyondPatience} if that is further away than `patienceMs`, which is asked when
   * those who came before have started.
   */
  turn(patienceMs: () => number = () => Number.POSITIVE_INFINITY): Promise<void> {
    const turn = this.last.then(() => this.wait(patienceMs()));
    this.last = turn.catch(() => undefined);
    return turn;
  }

  /** The service has said that there are too many requests: none starts for so long, and then fewer than before for a while. */
  slowDown(waitMs: number): void {
    slowDown(this.own, this.now(), waitMs);
    void this.shared?.update((schedule, now) => slowDown(schedule, now, Math.min(waitMs, longestSharedHoldMs)));
  }

  private async wait(patienceMs: number): Promise<void> {
    const latest = this.now() + patienceMs;
    for (let reservations = 1; ; reservations++) {
      const start = this.now() + (await this.reserve(latest - this.now()));
      if (start > latest) throw new BeyondPatience(start - this.now());
      while (start > this.now()) await this.sleep(Math.max(1, start - this.now()));
      const isHeld = this.own.heldUntil > this.now();
      const isLate = this.now() - start > latenessMs && reservations < mostReservations;
      if (!isHeld && !isLate) return;
    }
  }

  /** Milliseconds until the start that was taken. What this process itself was told holds in either case. */
  private async reserve(patienceMs: number): Promise<number> {
    const told = this.perSecond();
    const perSecond = told === undefined || told < 1 ? assumedPerSecond : told;
    const held = this.own.heldUntil - this.now();
    if (held > patienceMs) return held;
    const shared = await this.shared?.update((schedule, now) => {
      schedule.heldUntil = Math.max(schedule.heldUntil, now + Math.min(held, longestSharedHoldMs));
      return takeStart(schedule, now, perSecond, patienceMs);
    });
    if (shared !== undefined) return Math.max(shared, held);
    return takeStart(this.own, this.now(), perSecond, patienceMs);
  }
}
