import type { WireAssignment } from "../../api/wire";
import { type Asset, type AssetTable, unlimited } from "../readings/assets";
import type { Rectangle } from "../rectangles";
import type { TargetKind } from "../targets";
import { type Age, type AppHolders, groupByApp, LicenceReadings } from "./licenceReadings";
import { type Evidence, type PairState, pairState, readingNeeded } from "./pairState";
import { type Action, Write, WriteIndex, type WriteStatus } from "./writes";

/** Any reading of this run will do, however old. */
export const anyAge: Age = { began: Number.NEGATIVE_INFINITY, ended: Number.NEGATIVE_INFINITY };

/** What this run's own writes have to do with an app's count: none touched it, all have ended, or one is on its way. */
export type Touched = "no" | "ended" | "pending";

/** The rows of a reading of licences, and whether its pages fit together. */
export interface Rows {
  readonly items: readonly WireAssignment[];
  readonly isWhole: boolean;
}

/** A reading of licences that was kept, for whoever holds it against other answers of the service. */
export interface Kept {
  /** Whether what it does not show is not there, as far as the list itself tells. */
  readonly provesAbsence: boolean;
  /** How many licences of an app it shows. */
  readonly count: (app: string) => number;
  /** From now on it does not prove of this app that nobody else holds it. */
  readonly doubt: (app: string) => void;
}

/** The smallest part of a millisecond that a number of milliseconds since 1970 can still tell. */
const leastStep = 0.001;

interface CountReading {
  readonly asset: Asset | undefined;
  readonly began: number;
  readonly ended: number;
}

/**
 * All that a run has read of one library and written to it. Who holds an app and how many licences are free are answered from here alone,
 * so that no answer depends on what some cache was told in which order.
 */
export class LibraryLog {
  private readonly licences = new LicenceReadings();
  private readonly writes = new WriteIndex();
  private table?: AssetTable;
  private readonly counts = new Map<string, CountReading>();

  private last = Number.NEGATIVE_INFINITY;

  constructor(private readonly clock: () => number) {}

  /** The time for an entry, in milliseconds: never twice the same, so that of two entries it is known which came first. */
  now(): number {
    this.last = Math.max(this.clock(), this.last + leastStep);
    return this.last;
  }

  /** A write that is about to be sent. */
  startWrite(action: Action, kind: TargetKind, rectangle: Rectangle): Write {
    const write = new Write(action, kind, rectangle, this.now());
    this.writes.add(write);
    return write;
  }

  /** The write has ended, or nobody will learn its end. */
  endWrite(write: Write, status: Exclude<WriteStatus, "pending">): void {
    write.status = status;
    write.settledAt = this.now();
  }

  /** The service has refused the write as a whole: nothing of it was done. */
  dropWrite(write: Write): void {
    this.writes.remove(write);
  }

  /** Keeps a reading of all products; an older one than that in place tells nothing new. */
  keepAssets(table: AssetTable): void {
    if (this.table !== undefined && table.began < this.table.began) return;
    this.table = table;
    for (const [app, { began }] of this.counts) if (began <= table.began) this.counts.delete(app);
  }

  /** Keeps a reading of one product alone. */
  keepAsset(app: string, asset: Asset | undefined, began: number): void {
    const kept = this.counts.get(app) ?? this.table;
    if (kept === undefined || kept.began <= began) this.counts.set(app, { asset, began, ended: this.now() });
  }

  /** All products, as newly as each was read; undefined before the first reading. */
  get assets(): AssetTable | undefined {
    const newer = [...this.counts.values()].flatMap(({ asset }) => asset ?? []);
    return newer.length === 0 ? this.table : this.table?.with(newer);
  }

  /** Keeps a reading of all licences, or of one product's. Rows that come twice show that the pages did not fit together. */
  keepLicences(adamId: string | undefined, began: number, { items, isWhole }: Rows): Kept {
    const { holders, others, hasRepeats } = groupByApp(items);
    const unproven = new Set<string>();
    const counts = new Map(
      [...holders].map(([app, { device, user }]) => [app, device.size + user.size + (others.get(app) ?? 0)]),
    );
    const provesAbsence = isWhole && !hasRepeats;
    this.licences.keepApps(adamId, { began, ended: this.now(), provesAbsence, unproven }, holders);
    return {
      provesAbsence,
      count: (app) => counts.get(app) ?? 0,
      doubt: (app) => unproven.add(app),
    };
  }

  /** Keeps a reading of one target's licences; an app that comes twice shows that the pages did not fit together. */
  keepTarget(kind: TargetKind, target: string, began: number, apps: readonly string[], isWhole: boolean): void {
    const once = new Set(apps);
    const span = { began, ended: this.now(), provesAbsence: isWhole && once.size === apps.length };
    this.licences.keepTarget(kind, target, span, once);
  }

  /** The apps of which the newest readings show a holder. */
  get appsHeld(): readonly string[] {
    return this.licences.appsHeld;
  }

  /** Answers questions about one app and one kind of target. What it gives stays true to later entries of the log. */
  viewOf(app: string, kind: TargetKind, age: Age = anyAge): AppView {
    return new AppView(this.licences, this.writes, this.countOf(app), app, kind, age);
  }

  /** Free licences by the newest count and by what this run has done since. Below zero where more are assigned than owned. */
  free(app: string): number {
    const count = this.countOf(app);
    if (count?.asset === undefined) return 0;
    if (count.asset.totalCount >= unlimited) return Number.POSITIVE_INFINITY;
    let free = count.asset.availableCount;
    for (const write of this.writes.ofApp(app)) {
      // A write whose end was learned, or given up, before the reading began is in its count; one that overlaps it may be, and counts as not.
      if (write.settledAt <= count.began) continue;
      if (write.status === "failed") continue;
      free += write.action === "give" ? -write.targets.size : write.status === "complete" ? write.targets.size : 0;
    }
    return free;
  }

  /** Whether no write of this run that touches an app was on its way at any time since. */
  isQuietSince(app: string, since: number): boolean {
    return this.writes.ofApp(app).every(({ status, settledAt }) => status !== "pending" && settledAt < since);
  }

  /** Whether writes of this run make the newest count of an app uncertain. */
  touched(app: string): Touched {
    const began = this.countOf(app)?.began ?? Number.NEGATIVE_INFINITY;
    let touched: Touched = "no";
    for (const { status, settledAt } of this.writes.ofApp(app)) {
      if (status === "pending" || status === "lost") return "pending";
      if (settledAt > began) touched = "ended";
    }
    return touched;
  }

  private countOf(app: string): CountReading | undefined {
    const alone = this.counts.get(app);
    if (alone !== undefined) return alone;
    return this.table && { asset: this.table.get(app), began: this.table.began, ended: this.table.at };
  }
}

const nobody: AppHolders = { device: new Set(), user: new Set() };

/** What a run knows of the holders of one app. */
export class AppView {
  /** When the count began that alone says that nobody holds the app; undefined if there is none, or if licences were listed since. */
  readonly countedEmptyAt: number | undefined;
  private readonly reading: Evidence | undefined;
  private readonly holders: ReadonlySet<string>;
  private readonly provesAbsence: boolean;

  constructor(
    private readonly licences: LicenceReadings,
    private readonly writes: WriteIndex,
    count: CountReading | undefined,
    private readonly app: string,
    private readonly kind: TargetKind,
    private readonly age: Age,
  ) {
    const listed = licences.ofApp(app, age);
    const isYoung = count !== undefined && count.began >= age.began && count.ended >= age.ended;
    // An app of which the service counts no licence as assigned is held by nobody; one that it does not list may be held all the same.
    const isEmpty =
      isYoung && count.asset?.assignedCount === 0 && count.began > (listed?.began ?? Number.NEGATIVE_INFINITY);
    const { began, holders, provesAbsence } = isEmpty
      ? { began: count.began, holders: nobody, provesAbsence: true }
      : (listed ?? { began: undefined, holders: nobody, provesAbsence: false });
    this.countedEmptyAt = isEmpty ? count.began : undefined;
    this.reading = began === undefined ? undefined : { began, isHeld: undefined };
    this.holders = holders[kind];
    this.provesAbsence = provesAbsence;
  }

  /** Whether a reading shows all holders of the app. */
  get isRead(): boolean {
    return this.reading !== undefined;
  }

  state(target: string): PairState {
    return pairState(this.evidence(target), this.writesOf(target));
  }

  /** From which moment on a reading must begin to tell more of this pair; undefined if none can. */
  readingNeeded(target: string): number | undefined {
    return readingNeeded(this.evidence(target), this.writesOf(target));
  }

  /** Whether the target holds the app, or will once a write of this run that is on its way has been done. */
  isTaken(target: string): boolean {
    const last = this.writesOf(target).at(-1);
    return this.state(target) === "held" || (last?.status === "pending" && last.action === "give");
  }

  /** Everybody who is known to hold the app. */
  known(): ReadonlySet<string> {
    const written = this.writes.ofApp(this.app).filter(({ kind }) => kind === this.kind);
    if (written.length === 0 && !this.licences.hasTargets(this.kind)) return this.holders;
    const held = new Set<string>();
    const add = (targets: Iterable<string>): void => {
      for (const target of targets) if (this.state(target) === "held") held.add(target);
    };
    add(this.holders);
    for (const { targets } of written) add(targets);
    add(this.licences.targetsWith(this.app, this.kind));
    return held;
  }

  private evidence(target: string): Evidence | undefined {
    const { reading } = this;
    const listed = reading && {
      began: reading.began,
      isHeld: this.holders.has(target) ? true : this.provesAbsence ? false : undefined,
    };
    if (!this.licences.hasTargets(this.kind)) return listed;
    const alone = this.licences.ofTarget(this.kind, target, this.app, this.age);
    return alone !== undefined && (listed === undefined || alone.began >= listed.began) ? alone : listed;
  }

  private writesOf(target: string): readonly Write[] {
    const writes = this.writes.ofTarget(this.kind, target);
    return writes.length === 0 ? writes : writes.filter(({ apps }) => apps.has(this.app));
  }
}
