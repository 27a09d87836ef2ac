import { mapConcurrent } from "../../../http/mapConcurrent";
import { Semaphore } from "../../../http/semaphore";
import type { Client } from "../../api/client";
import { type AppView, anyAge, type Kept, type LibraryLog } from "../log/libraryLog";
import type { Age } from "../log/licenceReadings";
import type { PairState } from "../log/pairState";
import type { TargetKind } from "../targets";
import { type AssetTable, assetKey, assetOfKey } from "./assets";
import { LicencePages } from "./licencePages";
import { SharedReadings } from "./sharedReadings";

export type { TargetKind } from "../targets";

/** Who holds which app, as far as it has been asked for. */
export interface Held {
  /** Whether the target is known to hold the app. */
  has(app: string, target: string): boolean;
  /** The same, where not to know is told apart from not to hold. */
  state(app: string, target: string): PairState;
}

/** All holders of some apps, of one kind of target. */
export interface Holders extends Held {
  of(app: string): ReadonlySet<string>;
}

/** What the cache needs beside the list of licences. */
export interface CountsAccess {
  /** The counts of one product, or of all, read anew. */
  countsNow(adamId: string | undefined): Promise<void>;
}

const pagesAtOnce = 5;

/**
 * The licences of one library, read in the way that costs the fewest requests: by target, by app, or all at once, and shared by every
 * resource of the run. What was read and written is kept in the log; this decides what has to be read for an answer.
 */
export class AssignmentCache {
  /** What it takes to read them. */
  readonly pages: LicencePages;
  private readonly shared = new SharedReadings();
  /** Of many products, so many are read at a time: the rows of all of them at once would take memory without being any faster. */
  private readonly productGate = new Semaphore(pagesAtOnce);
  private spent = 0;
  private wasWholeRead = false;
  /** The first reading of licences, until it has shown how many a page holds: before that, no choice between two ways of reading is sound. */
  private firstWalk?: Promise<unknown>;

  constructor(
    private readonly client: Client,
    private readonly log: LibraryLog,
    private readonly counts: CountsAccess,
  ) {
    this.pages = new LicencePages(client, () => log.now());
  }

  /** Who of `targets` holds which of `apps`, from readings no older than `maxAgeMs`. */
  async observe(
    assets: AssetTable,
    apps: readonly string[],
    kind: TargetKind,
    targets: readonly string[],
    maxAgeMs: number,
  ): Promise<Held> {
    const age = this.ageOf(maxAgeMs);
    if (this.firstWalk && maxAgeMs > 0) await this.firstWalk;
    await this.shared.untilKnown(async () => {
      const lack = this.lackOf(apps, kind, targets, age);
      if (lack === undefined) return [];
      const appCost = this.costOfApps(assets, lack.apps, lack.since);
      const unread = lack.targets;
      const isCheap = unread.length < appCost && this.spent + unread.length <= this.costOfAll(assets);
      if (!isCheap) return this.readApps(assets, lack.apps, lack.since, maxAgeMs);
      this.spent += unread.length;
      return [this.readTargets(kind, unread, lack.since)];
    });
    return this.held(apps, kind, age);
  }

  /** Everybody who holds one of `apps`, from readings no older than `maxAgeMs`. */
  async holders(assets: AssetTable, apps: readonly string[], kind: TargetKind, maxAgeMs: number): Promise<Holders> {
    const age = this.ageOf(maxAgeMs);
    if (this.firstWalk && maxAgeMs > 0) await this.firstWalk;
    await this.shared.untilKnown(() => {
      const lack = this.lackOf(apps, kind, undefined, age);
      return lack === undefined ? [] : this.readApps(assets, lack.apps, lack.since, maxAgeMs);
    });
    const known = new Map<string, ReadonlySet<string>>();
    const of = (app: string): ReadonlySet<string> => {
      let holders = known.get(app);
      if (holders === undefined) {
        holders = this.log.viewOf(app, kind, age).known();
        known.set(app, holders);
      }
      return holders;
    };
    return { ...this.held(apps, kind, age), of };
  }

  /**
   * Everybody who holds anything, from one reading of the whole list: whoever wants all of it never pays less by going from app to app, since
   * every app begins a page of its own.
   */
  async everybody(): Promise<Readonly<Record<TargetKind, ReadonlyMap<string, ReadonlySet<string>>>>> {
    const all = (): Promise<void> =>
      this.shared.join("all", Number.NEGATIVE_INFINITY) ?? this.readWhole(Number.POSITIVE_INFINITY);
    await this.shared.untilKnown(() => (this.wasWholeRead ? [] : [all()]));
    const device = new Map<string, ReadonlySet<string>>();
    const user = new Map<string, ReadonlySet<string>>();
    for (const app of this.log.appsHeld) {
      device.set(app, this.log.viewOf(app, "device").known());
      user.set(app, this.log.viewOf(app, "user").known());
    }
    return { device, user };
  }

  /**
   * The same after one further reading, for a result that has to be sure: of those pairs that are still not known, by app or by target, whichever
   * takes fewer requests. What a write of unknown end touches stays unknown.
   */
  async observeAgain(
    assets: AssetTable,
    apps: readonly string[],
    kind: TargetKind,
    targets: readonly string[],
  ): Promise<Held> {
    const before = this.held(apps, kind, anyAge);
    const isOpen = (app: string, target: string): boolean => before.state(app, target) === "unknown";
    const openApps = apps.filter((app) => targets.some((target) => isOpen(app, target)));
    if (openApps.length === 0) return before;
    const openTargets = targets.filter((target) => openApps.some((app) => isOpen(app, target)));
    const now = this.log.now();
    await this.shared.untilKnown(() =>
      openTargets.length <= this.costOfApps(assets, openApps, now)
        ? [this.readTargets(kind, openTargets, now)]
        : this.readProducts(assets, openApps),
    );
    return this.held(apps, kind, anyAge);
  }

  /** Lists the licences of those of the apps of which a count alone says that nobody holds them, for whoever knows better. */
  async list(assets: AssetTable, apps: readonly string[], kind: TargetKind): Promise<void> {
    await this.shared.untilKnown(() => {
      const counted = apps.filter((app) => this.log.viewOf(app, kind).countedEmptyAt !== undefined);
      if (counted.length === 0) return [];
      const since = Math.max(...counted.map((app) => this.log.viewOf(app, kind).countedEmptyAt!));
      return this.readApps(assets, counted, since, Number.POSITIVE_INFINITY);
    });
  }

  /** Requests that a full reading of an app would take. */
  pagesOf(assets: AssetTable, app: string): number {
    return this.pages.for(assets.get(app)?.assignedCount ?? 0);
  }

  /** Reads all licences of a product anew, for whoever waits for writes to be done. */
  readProduct(adamId: string): Promise<unknown> {
    const began = this.log.now();
    return this.client.assignments({ adamId }).then((walked) => {
      this.log.keepLicences(adamId, began, walked);
    });
  }

  private held(apps: readonly string[], kind: TargetKind, age: Age): Held {
    const views = new Map<string, AppView>(apps.map((app) => [app, this.log.viewOf(app, kind, age)]));
    const state = (app: string, target: string): PairState => views.get(app)?.state(target) ?? "unknown";
    return { state, has: (app, target) => state(app, target) === "held" };
  }

  /** The least that a reading must be. Who asks for the present wants to see what he has just written: an earlier beginning won't do. */
  private ageOf(maxAgeMs: number): Age {
    if (maxAgeMs === Number.POSITIVE_INFINITY) return anyAge;
    const now = this.log.now();
    return { began: maxAgeMs === 0 ? now : Number.NEGATIVE_INFINITY, ended: now - maxAgeMs };
  }

  /** What has to be read to answer about these pairs, or, without targets, about all holders; undefined if nothing has. */
  private lackOf(
    apps: readonly string[],
    kind: TargetKind,
    targets: readonly string[] | undefined,
    age: Age,
  ): { readonly apps: string[]; readonly targets: string[]; readonly since: number } | undefined {
    const lackingApps: string[] = [];
    const lackingTargets = new Set<string>();
    let since = age.began;
    for (const app of apps) {
      const view = this.log.viewOf(app, kind, age);
      let isLacking = targets === undefined && !view.isRead;
      for (const target of targets ?? []) {
        const needed = view.readingNeeded(target);
        if (needed === undefined) continue;
        isLacking = true;
        lackingTargets.add(target);
        since = Math.max(since, needed);
      }
      if (isLacking) lackingApps.push(app);
    }
    return lackingApps.length === 0 ? undefined : { apps: lackingApps, targets: [...lackingTargets], since };
  }

  private costOfApps(assets: AssetTable, apps: readonly string[], since: number): number {
    if (this.shared.has("all", since)) return 0;
    let cost = 0;
    for (const app of apps) if (!this.shared.has(scopeOf(app), since)) cost += Math.max(1, this.pagesOf(assets, app));
    return cost;
  }

  private costOfAll(assets: AssetTable): number {
    return this.pages.ofAll(assets.assignedCount);
  }

  private async readTargets(kind: TargetKind, targets: readonly string[], since: number): Promise<void> {
    await mapConcurrent(targets, pagesAtOnce, (target) =>
      this.shared.start(`${kind} ${target}`, since, this.log.now(), async (began) => {
        const filter = kind === "device" ? { serialNumber: target } : { clientUserId: target };
        const { items, isWhole } = await this.client.assignments(filter);
        this.log.keepTarget(kind, target, began, items.map(assetKey), isWhole);
      }),
    );
  }

  /** Begins what has to be read of these apps, or joins what is being read. */
  private async readApps(
    assets: AssetTable,
    apps: readonly string[],
    since: number,
    maxAgeMs: number,
  ): Promise<Promise<void>[]> {
    const whole = this.shared.join("all", since);
    if (whole !== undefined) return [whole];
    const joined = apps.flatMap((app) => this.shared.join(scopeOf(app), since) ?? []);
    const missing = apps.filter((app) => !this.shared.has(scopeOf(app), since));
    if (missing.length === 0) return joined;
    const cost = this.costOfApps(assets, missing, since);
    // Renting by the app is stopped where it would come dearer than buying the whole list, so never more than twice the best is paid.
    const mayRead = this.spent + cost <= this.costOfAll(assets);
    if (maxAgeMs === Number.POSITIVE_INFINITY && this.spent > 0 && mayRead && this.pages.isUnknown) {
      await this.pages.begin();
      return this.readApps(assets, apps, since, maxAgeMs);
    }
    if (!mayRead) return [this.readWhole(maxAgeMs)];
    return [...joined, ...this.readProducts(assets, missing)];
  }

  private readProducts(assets: AssetTable, apps: readonly string[]): Promise<void>[] {
    const byAdamId = new Map<string, string[]>();
    for (const app of apps) {
      const { adamId } = assetOfKey(app);
      byAdamId.set(adamId, [...(byAdamId.get(adamId) ?? []), app]);
    }
    return [...byAdamId].map(([adamId, keys]) => {
      const expected = keys.reduce((pages, app) => pages + Math.max(1, this.pagesOf(assets, app)), 0);
      // Counted at once: resources that come before the answer does must know that this much is paid already.
      this.spent += expected;
      return this.shared.start(adamId, Number.POSITIVE_INFINITY, this.log.now(), async (began) => {
        const kept = await this.productGate.run(async () => {
          const walked = await this.walk({ adamId });
          this.spent += walked.requests - expected;
          this.pages.learn(walked.items.length, walked.requests);
          return this.log.keepLicences(adamId, began, walked);
        });
        await this.holdAgainstCounts(kept, began, adamId, keys);
      });
    });
  }

  private readWhole(maxAgeMs: number): Promise<void> {
    const begun = this.pages.takeBegun();
    // A page that was read before may be too old for whoever wants to see what was written since.
    const reuse = maxAgeMs === Number.POSITIVE_INFINITY ? begun : undefined;
    this.spent = 0;
    return this.shared.start("all", Number.POSITIVE_INFINITY, reuse?.begunAt ?? this.log.now(), async (began) => {
      const walked = await (reuse?.list.readOn() ?? this.walk({}));
      this.pages.learn(walked.items.length, walked.requests);
      const kept = this.log.keepLicences(undefined, began, walked);
      this.wasWholeRead = true;
      await this.holdAgainstCounts(kept, began, undefined, this.log.assets?.all().map(({ key }) => key) ?? []);
    });
  }

  /**
   * The service counts licences and lists them: two answers that have to agree, but for those of retired people. Where the list shows fewer, the
   * counts are read again, since others may have changed both; what still disagrees is listed once more, and what disagrees then is not known.
   */
  private async holdAgainstCounts(
    kept: Kept,
    began: number,
    adamId: string | undefined,
    apps: readonly string[],
  ): Promise<void> {
    const isShort =
      (of: Kept, since: number) =>
      (app: string): boolean => {
        const { assets } = this.log;
        const { assignedCount = 0, retiredCount = 0 } = assets?.get(app) ?? {};
        if (of.count(app) >= assignedCount - retiredCount) return false;
        return this.log.isQuietSince(app, Math.min(since, assets?.began ?? since));
      };
    let short = apps.filter(isShort(kept, began));
    if (short.length === 0 && kept.provesAbsence) return;
    if (short.length > 0) {
      await this.counts.countsNow(adamId);
      short = short.filter(isShort(kept, began));
    }
    if (!kept.provesAbsence || short.length === 0) return;
    const products = [...new Set(short.map((app) => assetOfKey(app).adamId))];
    await mapConcurrent(products, pagesAtOnce, async (product) => {
      const beganAgain = this.log.now();
      const again = this.log.keepLicences(product, beganAgain, await this.client.assignments({ adamId: product }));
      for (const app of short.filter((each) => assetOfKey(each).adamId === product))
        if (isShort(again, beganAgain)(app)) again.doubt(app);
    });
  }

  private walk(filter: { adamId?: string }): ReturnType<Client["assignments"]> {
    const walk = this.client.assignments(filter);
    this.firstWalk ??= walk.catch(() => undefined);
    return walk;
  }
}

function scopeOf(app: string): string {
  return assetOfKey(app).adamId;
}
