import { isVppError } from "../../../errors";
import type { LibraryLog } from "../log/libraryLog";
import { assetOfKey } from "../readings/assets";
import type { Rectangle } from "../rectangles";
import type { TargetKind } from "../targets";
import type { Watch } from "./settle";

/** What the poller needs of the library. */
export interface CompletionAccess {
  readonly log: LibraryLog;
  /** Reads all licences of a product anew, into the log. */
  read(adamId: string): Promise<unknown>;
  /** How many licences a page holds, as far as seen. */
  pageSizeOf(): number;
  readonly now: () => number;
}

/** Two are rarely done at the same moment, and then a reading has saved nothing. */
const fewestWrites = 3;

interface Pending {
  readonly isHeldAfter: boolean;
  readonly kind: TargetKind;
  readonly rectangle: Rectangle;
  readonly acceptedAt: number;
  isSeen: boolean;
  asked: number;
}

interface Look {
  readonly begun: number;
  /** How many writes it showed to be done; undefined if it could not be had. */
  readonly seen: Promise<number | undefined>;
  isAccompanied: boolean;
}

/**
 * Waits for many writes at the price of one: where a reading of licences takes fewer requests than asking about every write that is on its
 * way, one reading tells of them all. It shows success alone. So where it shows some writes done, the others are asked about; where it
 * shows none, one of them in turn, since that one may have failed.
 */
export class BulkCompletionPoller {
  private readonly pending = new Set<Pending>();
  private last?: Look;

  constructor(private readonly access: CompletionAccess) {}

  /** Watches a write that was just accepted; `isHeldAfter` says how its licences will be when it is done. */
  watch(isHeldAfter: boolean, kind: TargetKind, rectangle: Rectangle): Watch {
    const write: Pending = { isHeldAfter, kind, rectangle, acceptedAt: this.access.now(), isSeen: false, asked: 0 };
    this.pending.add(write);
    return {
      next: (pausedMs) => this.next(write, pausedMs),
      ended: () => {
        this.pending.delete(write);
      },
    };
  }

  private async next(write: Pending, pausedMs: number): Promise<"done" | "wait" | "ask"> {
    if (write.isSeen) return "done";
    if (this.pending.size < fewestWrites) return "ask";
    const look = this.lookFor(write, pausedMs);
    const seen = await look?.seen;
    if (write.isSeen) return "done";
    if (look === undefined || seen === undefined || seen > 0) return "ask";
    const fewest = Math.min(...[...this.pending].map(({ asked }) => asked));
    if (look.isAccompanied || write.asked > fewest) return "wait";
    look.isAccompanied = true;
    write.asked++;
    return "ask";
  }

  /** A look that was begun after the write was accepted, and not long ago: those who wake together share it. */
  private lookFor(write: Pending, pausedMs: number): Look | undefined {
    const oldest = Math.max(write.acceptedAt, this.access.now() - pausedMs / 2);
    if (this.last !== undefined && this.last.begun > oldest) return this.last;
    const products = this.worthReading();
    if (products === undefined) return undefined;
    const begun = this.access.now();
    this.last = { begun, seen: this.look(products, begun), isAccompanied: false };
    return this.last;
  }

  /** The products to read, unless that would take more than half as many requests as asking about each write: not all are done by then. */
  private worthReading(): string[] | undefined {
    const given = new Map<string, number>();
    for (const { rectangle } of this.pending)
      for (const app of rectangle.apps) given.set(app, (given.get(app) ?? 0) + rectangle.targets.length);
    if (2 * given.size > this.pending.size) return undefined;
    const { assets } = this.access.log;
    const licences = new Map<string, number>();
    for (const [app, count] of given) {
      const { adamId } = assetOfKey(app);
      licences.set(adamId, (licences.get(adamId) ?? 0) + count + (assets?.get(app)?.assignedCount ?? 0));
    }
    let pages = 0;
    for (const count of licences.values()) pages += Math.max(1, Math.ceil(count / this.access.pageSizeOf()));
    return 2 * pages <= this.pending.size ? [...licences.keys()] : undefined;
  }

  private async look(products: readonly string[], begun: number): Promise<number | undefined> {
    const asked = [...this.pending].filter(({ acceptedAt }) => acceptedAt < begun);
    try {
      await Promise.all(products.map((adamId) => this.access.read(adamId)));
    } catch (error) {
      if (!isVppError(error)) throw error;
      return undefined;
    }
    const read = new Set(products);
    for (const write of asked) {
      const { apps, targets } = write.rectangle;
      const done = write.isHeldAfter ? "held" : "free";
      write.isSeen = apps.every((app) => {
        if (!read.has(assetOfKey(app).adamId)) return false;
        const view = this.access.log.viewOf(app, write.kind);
        return targets.every((target) => view.state(target) === done);
      });
    }
    return asked.filter(({ isSeen }) => isSeen).length;
  }
}
