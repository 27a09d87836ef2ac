import { isVppError } from "../../../errors";
import type { WireAssignment } from "../../api/wire";
import { type AssetTable, assetKey, assetOfKey } from "../readings/assets";
import type { TargetKind } from "../readings/assignmentCache";
import type { Rectangle } from "../rectangles";
import type { Watch } from "./events";

/** What a look at the licences needs of the library. */
export interface CompletionAccess {
  /** The counts as they are known by now; costs no request. */
  assets(): Promise<AssetTable>;
  /** All licences of a product, read anew. */
  read(adamId: string): Promise<readonly WireAssignment[]>;
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
    const look = await this.lookFor(write, pausedMs);
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
  private async lookFor(write: Pending, pausedMs: number): Promise<Look | undefined> {
    const oldest = Math.max(write.acceptedAt, this.access.now() - pausedMs / 2);
    if (this.last !== undefined && this.last.begun > oldest) return this.last;
    const products = await this.worthReading();
    if (this.last !== undefined && this.last.begun > oldest) return this.last;
    if (products === undefined) return undefined;
    const begun = this.access.now();
    this.last = { begun, seen: this.look(products, begun), isAccompanied: false };
    return this.last;
  }

  /** The products to read, unless that would take more than half as many requests as asking about each write: not all are done by then. */
  private async worthReading(): Promise<string[] | undefined> {
    const given = new Map<string, number>();
    for (const { rectangle } of this.pending)
      for (const app of rectangle.apps) given.set(app, (given.get(app) ?? 0) + rectangle.targets.length);
    if (2 * given.size > this.pending.size) return undefined;
    const assets = await this.access.assets();
    const licences = new Map<string, number>();
    for (const [app, count] of given) {
      const { adamId } = assetOfKey(app);
      licences.set(adamId, (licences.get(adamId) ?? 0) + count + (assets.get(app)?.assignedCount ?? 0));
    }
    let pages = 0;
    for (const count of licences.values()) pages += Math.max(1, Math.ceil(count / this.access.pageSizeOf()));
    return 2 * pages <= this.pending.size ? [...licences.keys()] : undefined;
  }

  private async look(products: readonly string[], begun: number): Promise<number | undefined> {
    const asked = [...this.pending].filter(({ acceptedAt }) => acceptedAt < begun);
    const held = new Set<string>();
    try {
      for (const items of await Promise.all(products.map((adamId) => this.access.read(adamId)))) {
        for (const item of items) {
          if (item.serialNumber !== undefined) held.add(`device ${assetKey(item)} ${item.serialNumber}`);
          if (item.clientUserId !== undefined) held.add(`user ${assetKey(item)} ${item.clientUserId}`);
        }
      }
    } catch (error) {
      if (!isVppError(error)) throw error;
      return undefined;
    }
    const read = new Set(products);
    for (const write of asked) {
      const { apps, targets } = write.rectangle;
      write.isSeen = apps.every(
        (app) =>
          read.has(assetOfKey(app).adamId) &&
          targets.every((target) => held.has(`${write.kind} ${app} ${target}`) === write.isHeldAfter),
      );
    }
    return asked.filter(({ isSeen }) => isSeen).length;
  }
}
