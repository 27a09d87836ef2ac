import type { WireAsset, WireAssignment } from "../../../../provider/apple/api/wire";
import { LibraryLog } from "../../../../provider/apple/library/log/libraryLog";
import type { Action, Write } from "../../../../provider/apple/library/log/writes";
import { AssetTable, assetOfKey } from "../../../../provider/apple/library/readings/assets";

export const apps = ["100/STDQ", "200/STDQ"] as const;
export const targets = ["S1", "S2", "S3"] as const;
export type App = (typeof apps)[number];
const owned = 4;

/** A moment of a history: what is done in it, and to whom. */
export interface Step {
  readonly what: "write" | "process" | "learn" | "read" | "page" | "end" | "count" | "counted" | "admin";
  /** Chooses among what can be done. */
  readonly pick: number;
  /** Chooses pairs: a bit for each. */
  readonly pairs: number;
  /** How it goes: well, or badly in one of the ways there are. */
  readonly how: "well" | "badly" | "worse";
}

interface Sent {
  readonly write: Write;
  readonly isGiven: boolean;
  readonly pairs: readonly Pair[];
  readonly fate: Step["how"];
  isProcessed: boolean;
}

interface Pair {
  readonly app: App;
  readonly target: string;
}

/** A reading that is going on: which pairs it is about, what it has seen of them, and whether the list has moved since. */
interface Walking {
  readonly scope: "all" | "app" | "target";
  readonly began: number;
  readonly pairs: readonly Pair[];
  readonly seen: Map<string, boolean>;
  isMoved: boolean;
}

interface Counting {
  readonly scope: "all" | "one";
  readonly app: App;
  readonly began: number;
  readonly assigned: Map<App, number>;
}

/** What a successful reading can be relied on for, pair by pair: what it showed, or undefined where it proves nothing. */
export interface Proof {
  readonly began: number;
  readonly isHeld: boolean | undefined;
}

/** A service whose truth is known at every moment, beside a log that knows of it only what a run gets to see. */
export class LogModel {
  private time = 1000;
  readonly log = new LibraryLog(() => this.time);
  /** For each pair every change of the truth, with its time; the first is how it was from the beginning. */
  readonly history = new Map<string, { readonly at: number; readonly isHeld: boolean }[]>();
  readonly sent: Sent[] = [];
  /** By pair, all that readings have proven of it. */
  readonly proofs = new Map<string, Proof[]>();
  readonly counts = new Map<App, { began: number; free: number }[]>();
  private readonly walks: Walking[] = [];
  private readonly countings: Counting[] = [];

  constructor() {
    for (const app of apps)
      for (const target of targets) this.history.set(keyOf(app, target), [{ at: 0, isHeld: false }]);
  }

  /** Does what a step says, as far as there is something to do. */
  take({ what, pick, pairs, how }: Step): void {
    this.time += 1;
    if (what === "write") this.write(pick, pairs, how);
    else if (what === "process") this.process(pick);
    else if (what === "learn") this.learn(pick);
    else if (what === "read") this.read(pick, pairs);
    else if (what === "page") this.page(pick, pairs);
    else if (what === "end") this.end(pick, how);
    else if (what === "count") this.count(pick);
    else if (what === "counted") this.counted(pick, how);
    else for (const pair of chosen(pairs)) this.set(pair, pick % 2 === 0);
  }

  /** Whether a pair was so at any moment since. */
  wasEver(app: App, target: string, isHeld: boolean, since: number): boolean {
    const changes = this.history.get(keyOf(app, target))!;
    const first = changes.findLastIndex(({ at }) => at <= since);
    return changes.slice(Math.max(0, first)).some((change) => change.isHeld === isHeld);
  }

  /** The most licences of an app that were free at any moment since. */
  mostFreeSince(app: App, since: number): number {
    const moments = [since, ...[...this.history.values()].flatMap((changes) => changes.map(({ at }) => at))];
    const freeAt = (moment: number): number =>
      owned -
      targets.filter((target) => this.history.get(keyOf(app, target))!.findLast(({ at }) => at <= moment)?.isHeld)
        .length;
    return Math.max(...moments.filter((moment) => moment >= since).map(freeAt));
  }

  private isHeld({ app, target }: Pair): boolean {
    return this.history.get(keyOf(app, target))!.at(-1)!.isHeld;
  }

  private set(pair: Pair, isHeld: boolean): void {
    if (this.isHeld(pair) === isHeld) return;
    this.history.get(keyOf(pair.app, pair.target))!.push({ at: this.log.now(), isHeld });
    for (const walk of this.walks)
      walk.isMoved ||= walk.pairs.some(({ app, target }) => app === pair.app && target === pair.target);
  }

  /** A write is a rectangle: the apps and targets of the chosen pairs. */
  private write(pick: number, chosenPairs: number, fate: Step["how"]): void {
    const pairs = chosen(chosenPairs);
    if (pairs.length === 0) return;
    const rectangle = {
      apps: [...new Set(pairs.map(({ app }) => app))],
      targets: [...new Set(pairs.map(({ target }) => target))],
    };
    const action: Action = pick % 2 === 0 ? "give" : "takeBack";
    const write = this.log.startWrite(action, "device", rectangle);
    const all = rectangle.apps.flatMap((app) => rectangle.targets.map((target) => ({ app, target })));
    this.sent.push({ write, isGiven: action === "give", pairs: all, fate, isProcessed: false });
  }

  /** The service does what was asked: all of it, or a part, or nothing. Events can overtake each other. */
  private process(pick: number): void {
    const open = this.sent.filter(({ isProcessed }) => !isProcessed);
    const event = open[pick % Math.max(1, open.length)];
    if (event === undefined) return;
    event.isProcessed = true;
    const done = event.fate === "badly" ? event.pairs.slice(0, pick % (event.pairs.length + 1)) : event.pairs;
    for (const pair of done) this.set(pair, event.isGiven);
  }

  /** The run learns how a write ended; what it gives up may be done later on, or never. */
  private learn(pick: number): void {
    const open = this.sent.filter(
      ({ write, isProcessed, fate }) => write.status === "pending" && (isProcessed || fate === "worse"),
    );
    const event = open[pick % Math.max(1, open.length)];
    if (event === undefined) return;
    this.log.endWrite(event.write, event.fate === "well" ? "complete" : event.fate === "badly" ? "failed" : "lost");
  }

  private read(pick: number, chosenPairs: number): void {
    const scope = (["all", "app", "target"] as const)[pick % 3]!;
    const [one = { app: apps[0], target: targets[0] }] = chosen(chosenPairs);
    const pairs = everyPair.filter(
      ({ app, target }) => scope === "all" || (scope === "app" ? app === one.app : target === one.target),
    );
    this.walks.push({ scope, began: this.log.now(), pairs, seen: new Map(), isMoved: false });
  }

  /** A page of a reading is answered: it shows some of the pairs as they are now. */
  private page(pick: number, chosenPairs: number): void {
    const walk = this.walks[pick % Math.max(1, this.walks.length)];
    if (walk === undefined) return;
    const now = new Set(chosen(chosenPairs).map(({ app, target }) => keyOf(app, target)));
    for (const pair of walk.pairs) {
      const key = keyOf(pair.app, pair.target);
      if (now.has(key) && !walk.seen.has(key)) walk.seen.set(key, this.isHeld(pair));
    }
  }

  /** A reading ends with all its pages, or fails; a page can be lacking, or come twice. */
  private end(pick: number, how: Step["how"]): void {
    const index = pick % Math.max(1, this.walks.length);
    const [walk] = this.walks.splice(index, 1);
    if (walk === undefined || (how === "worse" && pick % 2 === 0)) return;
    for (const pair of walk.pairs) {
      const key = keyOf(pair.app, pair.target);
      if (!walk.seen.has(key)) walk.seen.set(key, this.isHeld(pair));
    }
    const shown = walk.pairs.filter(({ app, target }) => walk.seen.get(keyOf(app, target)));
    const rows =
      how === "badly"
        ? shown.slice(1)
        : how === "worse" && shown.length > 0
          ? [...shown.slice(1), ...shown.slice(1, 2)]
          : shown;
    const isWhole = !walk.isMoved && how !== "badly" && (how !== "worse" || rows.length === shown.length);
    this.keep(walk, rows, isWhole);
    const isProven = isWhole && (how === "well" || shown.length === 0);
    for (const pair of walk.pairs) {
      const isShown = rows.includes(pair);
      const isHeld = isShown ? true : isProven ? false : undefined;
      const proofs = this.proofs.get(keyOf(pair.app, pair.target)) ?? [];
      this.proofs.set(keyOf(pair.app, pair.target), [...proofs, { began: walk.began, isHeld }]);
    }
  }

  private keep({ scope, began, pairs }: Walking, rows: readonly Pair[], isWhole: boolean): void {
    const items: WireAssignment[] = rows.map(({ app, target }) => ({ ...assetOfKey(app), serialNumber: target }));
    const [{ app, target }] = pairs as [Pair];
    if (scope === "target")
      this.log.keepTarget(
        "device",
        target,
        began,
        rows.map((row) => row.app),
        isWhole,
      );
    else this.log.keepLicences(scope === "all" ? undefined : assetOfKey(app).adamId, began, { items, isWhole });
  }

  private count(pick: number): void {
    const app = apps[pick % apps.length]!;
    this.countings.push({ scope: pick % 4 < 2 ? "all" : "one", app, began: this.log.now(), assigned: this.assigned() });
  }

  private assigned(): Map<App, number> {
    return new Map(apps.map((app) => [app, targets.filter((target) => this.isHeld({ app, target })).length]));
  }

  /** Counts are one answer, true at one moment between the question and its arrival. */
  private counted(pick: number, how: Step["how"]): void {
    const [counting] = this.countings.splice(pick % Math.max(1, this.countings.length), 1);
    if (counting === undefined || how === "worse") return;
    const assigned = how === "well" ? this.assigned() : counting.assigned;
    const { began, scope, app } = counting;
    const about = scope === "all" ? apps : [app];
    const table = new AssetTable(
      about.map((each) => asset(each, assigned.get(each)!)),
      this.log.now(),
      began,
    );
    if (scope === "all") this.log.keepAssets(table);
    else this.log.keepAsset(app, table.get(app), began);
    for (const each of about) {
      this.counts.set(each, [...(this.counts.get(each) ?? []), { began, free: owned - assigned.get(each)! }]);
      if (assigned.get(each) !== 0) continue;
      for (const target of targets) {
        const proofs = this.proofs.get(keyOf(each, target)) ?? [];
        this.proofs.set(keyOf(each, target), [...proofs, { began, isHeld: false }]);
      }
    }
  }
}

function asset(app: App, assignedCount: number): WireAsset {
  return { ...assetOfKey(app), totalCount: owned, assignedCount, availableCount: owned - assignedCount };
}

export function keyOf(app: string, target: string): string {
  return `${app} ${target}`;
}

const everyPair: readonly Pair[] = apps.flatMap((app) => targets.map((target) => ({ app, target })));

/** The pairs whose bit is set. */
function chosen(bits: number): Pair[] {
  return everyPair.filter((_, index) => (bits >> index) % 2 === 1);
}
