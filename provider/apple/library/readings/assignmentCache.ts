import { mapConcurrent } from "../../../http/mapConcurrent";
import type { Client } from "../../api/client";
import type { WireAssignment } from "../../api/wire";
import { type AssetTable, assetKey, assetOfKey } from "./assets";
import { LicencePages } from "./licencePages";

/** A licence goes to a device or to a user, never to both. */
export type TargetKind = "device" | "user";

/** Who holds which app, as far as it has been asked for. */
export interface Held {
  has(app: string, target: string): boolean;
}

/** All holders of some apps, of one kind of target. */
export interface Holders extends Held {
  of(app: string): ReadonlySet<string>;
}

/** When a reading was begun and when it ended; one that is under way has no end yet and will be as fresh as anybody can wish. */
interface Stamp {
  readonly begun: number;
  readonly ended: number;
}

interface AppReading {
  readonly at: number;
  readonly holders: Readonly<Record<TargetKind, Set<string>>>;
}

interface TargetReading {
  readonly at: number;
  readonly apps: Set<string>;
}

const nobody: ReadonlySet<string> = new Set();

/**
 * The licences of one library, read in the way that costs the fewest requests: by target, by app, or all at once, and shared by every
 * resource of the run. What this run writes is noted, so that a reading stays true to it.
 */
export class AssignmentCache {
  private readonly byApp = new Map<string, Promise<AppReading>>();
  private readonly byTarget = new Map<string, Promise<TargetReading>>();
  private whole?: Promise<AppReading[]>;
  private wholeAt?: Stamp;
  private readonly appAt = new Map<string, Stamp>();
  private readonly targetAt = new Map<string, Stamp>();
  /** What it takes to read them. */
  readonly pages: LicencePages;
  private spent = 0;
  private readonly texts = new Map<string, string>();
  /** The first reading of licences, until it has shown how many a page holds: before that, no choice between two ways of reading is sound. */
  private firstWalk?: Promise<unknown>;

  constructor(
    private readonly client: Client,
    private readonly now: () => number,
  ) {
    this.pages = new LicencePages(client, now);
  }

  /** Who of `targets` holds which of `apps`, from readings no older than `maxAgeMs`. */
  async observe(
    assets: AssetTable,
    apps: readonly string[],
    kind: TargetKind,
    targets: readonly string[],
    maxAgeMs: number,
  ): Promise<Held> {
    const since = this.since(maxAgeMs);
    if (this.firstWalk && maxAgeMs > 0) await this.firstWalk;
    const unread = targets.filter((target) => !this.isFresh(this.targetAt.get(`${kind}:${target}`), since));
    const appCost = this.costOfApps(assets, apps, since);
    const isCheap = unread.length < appCost && this.spent + unread.length <= this.costOfAll(assets);
    if (unread.length === 0 || isCheap) {
      this.spent += unread.length;
      return this.readTargets(kind, targets, unread);
    }
    return this.holders(assets, apps, kind, maxAgeMs);
  }

  /** Everybody who holds one of `apps`, from readings no older than `maxAgeMs`. */
  async holders(assets: AssetTable, apps: readonly string[], kind: TargetKind, maxAgeMs: number): Promise<Holders> {
    const since = this.since(maxAgeMs);
    if (this.firstWalk && maxAgeMs > 0) await this.firstWalk;
    const missing = apps.filter((app) => !this.isFresh(this.appAt.get(app), since) && this.mayBeHeld(assets, app));
    const cost = this.costOfApps(assets, missing, since);
    // Renting by the app is stopped where it would come dearer than buying the whole list, so never more than twice the best is paid.
    if (missing.length > 0 && !this.isFresh(this.wholeAt, since)) {
      const mayRead = this.spent + cost <= this.costOfAll(assets);
      if (maxAgeMs === Number.POSITIVE_INFINITY && this.spent > 0 && mayRead && this.pages.isUnknown) {
        await this.pages.begin();
        return this.holders(assets, apps, kind, maxAgeMs);
      }
      if (mayRead) this.readApps(assets, missing);
      else this.readWhole(maxAgeMs);
    }
    // What is fresh or begun by now will do, however long it takes and whatever the clock says then. An app that the service's counts say
    // nobody holds is not read, and what an older reading says of it is no longer true.
    const isWhole = this.isFresh(this.wholeAt, since);
    const isRead = new Set(apps.filter((app) => isWhole || this.isFresh(this.appAt.get(app), since)));
    if (isWhole) await this.whole;
    // All are taken at once: a reading that fails while another is waited for is forgotten, and must not look like one that found nobody.
    const pending = apps.map((app) => [app, isRead.has(app) ? this.byApp.get(app) : undefined] as const);
    const readings = new Map<string, ReadonlySet<string>>();
    for (const [app, reading] of pending) readings.set(app, (await reading)?.holders[kind] ?? nobody);
    return {
      of: (app) => readings.get(app) ?? nobody,
      has: (app, target) => readings.get(app)?.has(target) ?? false,
    };
  }

  /**
   * Everybody who holds anything, from one reading of the whole list: whoever wants all of it never pays less by going from app to app, since
   * every app begins a page of its own.
   */
  async everybody(): Promise<Readonly<Record<TargetKind, ReadonlyMap<string, ReadonlySet<string>>>>> {
    if (this.wholeAt === undefined) this.readWhole(Number.POSITIVE_INFINITY);
    await this.whole;
    const device = new Map<string, ReadonlySet<string>>();
    const user = new Map<string, ReadonlySet<string>>();
    for (const [app, reading] of [...this.byApp]) {
      const { holders } = await reading;
      device.set(app, holders.device);
      user.set(app, holders.user);
    }
    return { device, user };
  }

  /** Requests that a full reading of an app would take. */
  pagesOf(assets: AssetTable, app: string): number {
    return this.pages.for(assets.get(app)?.assignedCount ?? 0);
  }

  /** Notes what this run has given or taken back, in every reading that could show it. */
  async note(app: string, kind: TargetKind, targets: Iterable<string>, isHeld: boolean): Promise<void> {
    const change = (set: Set<string>, value: string): unknown => (isHeld ? set.add(value) : set.delete(value));
    const appReading = await settled(this.byApp.get(app));
    for (const target of targets) {
      if (appReading) change(appReading.holders[kind], target);
      const reading = this.byTarget.get(`${kind}:${target}`);
      if (reading === undefined) continue;
      const targetReading = await settled(reading);
      if (targetReading) change(targetReading.apps, app);
    }
  }

  /** The least that a reading must be. Who asks for the present wants to see what he has just written: an earlier beginning won't do. */
  private since(maxAgeMs: number): Stamp {
    const now = this.now();
    return { begun: maxAgeMs === 0 ? now : Number.NEGATIVE_INFINITY, ended: now - maxAgeMs };
  }

  private isFresh(at: Stamp | undefined, since: Stamp): boolean {
    return at !== undefined && at.begun >= since.begun && at.ended >= since.ended;
  }

  private underWay(): Stamp {
    return { begun: this.now(), ended: Number.POSITIVE_INFINITY };
  }

  /** Whether anybody can hold an app. The counts are as fresh as the reading has to be: whoever asks has taken care of that. */
  private mayBeHeld(assets: AssetTable, app: string): boolean {
    const asset = assets.get(app);
    return asset !== undefined && (asset.assignedCount > 0 || assets.free(app) < asset.availableCount);
  }

  private costOfApps(assets: AssetTable, apps: readonly string[], since: Stamp): number {
    if (this.isFresh(this.wholeAt, since)) return 0;
    let cost = 0;
    for (const app of apps) {
      if (this.isFresh(this.appAt.get(app), since) || !this.mayBeHeld(assets, app)) continue;
      cost += Math.max(1, this.pagesOf(assets, app));
    }
    return cost;
  }

  private costOfAll(assets: AssetTable): number {
    return this.pages.ofAll(assets.assignedCount);
  }

  private async readTargets(kind: TargetKind, targets: readonly string[], unread: readonly string[]): Promise<Held> {
    await mapConcurrent(unread, 5, async (target) => {
      const key = `${kind}:${target}`;
      const reading = this.client
        .assignments(kind === "device" ? { serialNumber: target } : { clientUserId: target })
        .then(({ items }) => ({ at: this.now(), apps: new Set(items.map(assetKey)) }));
      this.byTarget.set(key, reading);
      const stamp = this.underWay();
      this.targetAt.set(key, stamp);
      try {
        this.targetAt.set(key, { begun: stamp.begun, ended: (await reading).at });
      } catch (error) {
        this.targetAt.delete(key);
        throw error;
      }
    });
    const readings = new Map<string, Set<string>>();
    for (const target of targets) readings.set(target, (await this.byTarget.get(`${kind}:${target}`)!).apps);
    return { has: (app, target) => readings.get(target)?.has(app) ?? false };
  }

  private readApps(assets: AssetTable, apps: readonly string[]): void {
    const byAdamId = new Map<string, string[]>();
    for (const app of apps) {
      const { adamId } = assetOfKey(app);
      byAdamId.set(adamId, [...(byAdamId.get(adamId) ?? []), app]);
    }
    for (const [adamId, keys] of byAdamId) {
      const expected = keys.reduce((pages, app) => pages + Math.max(1, this.pagesOf(assets, app)), 0);
      // Counted at once: resources that come before the answer does must know that this much is paid already.
      this.spent += expected;
      const walk = this.walk({ adamId }).then(({ items, requests }) => {
        this.spent += requests - expected;
        this.pages.learn(items.length, requests);
        return group(items, this.now(), this.texts);
      });
      for (const app of keys) {
        this.keepApp(
          app,
          walk.then((groups) => groups.get(app) ?? emptyReading(this.now())),
        );
      }
    }
  }

  private readWhole(maxAgeMs: number): void {
    const begun = this.pages.takeBegun();
    // A page that was read before may be too old for whoever wants to see what was written since.
    const reuse = maxAgeMs === Number.POSITIVE_INFINITY ? begun : undefined;
    const stamp: Stamp = { ...this.underWay(), ...(reuse && { begun: reuse.begunAt }) };
    this.wholeAt = stamp;
    this.spent = 0;
    const walk = (reuse?.list.readOn() ?? this.walk({})).then(({ items, requests }) => {
      this.pages.learn(items.length, requests);
      const groups = group(items, this.now(), this.texts);
      this.byApp.clear();
      this.appAt.clear();
      for (const [app, reading] of groups) this.keepApp(app, Promise.resolve(reading), stamp);
      this.wholeAt = { begun: stamp.begun, ended: this.now() };
      return [...groups.values()];
    });
    this.whole = walk;
    walk.catch(() => {
      this.wholeAt = undefined;
    });
  }

  private walk(filter: { adamId?: string }): ReturnType<Client["assignments"]> {
    const walk = this.client.assignments(filter);
    this.firstWalk ??= walk.catch(() => undefined);
    return walk;
  }

  private keepApp(app: string, reading: Promise<AppReading>, stamp = this.underWay()): void {
    this.byApp.set(app, reading);
    this.appAt.set(app, stamp);
    reading.then(
      ({ at }) => this.appAt.set(app, { begun: stamp.begun, ended: at }),
      () => {
        if (this.byApp.get(app) !== reading) return;
        this.appAt.delete(app);
        this.byApp.delete(app);
      },
    );
  }
}

function emptyReading(at: number): AppReading {
  return { at, holders: { device: new Set(), user: new Set() } };
}

/** A device that holds fifty apps is one text in memory, not fifty. */
function group(items: readonly WireAssignment[], at: number, texts: Map<string, string>): Map<string, AppReading> {
  const groups = new Map<string, AppReading>();
  const once = (text: string): string => {
    const known = texts.get(text);
    if (known !== undefined) return known;
    texts.set(text, text);
    return text;
  };
  for (const item of items) {
    const app = assetKey(item);
    const reading = groups.get(app) ?? emptyReading(at);
    groups.set(app, reading);
    if (item.serialNumber !== undefined) reading.holders.device.add(once(item.serialNumber));
    else if (item.clientUserId !== undefined) reading.holders.user.add(once(item.clientUserId));
  }
  return groups;
}

async function settled<T>(promise: Promise<T> | undefined): Promise<T | undefined> {
  try {
    return await promise;
  } catch {
    return undefined;
  }
}
