import type { WireAssignment } from "../../api/wire";
import { assetKey } from "../readings/assets";
import type { TargetKind } from "../targets";
import type { Evidence } from "./pairState";

/** Who holds one app. */
export type AppHolders = Readonly<Record<TargetKind, Set<string>>>;

/** How old a reading may be: when it must have begun, and when it must have ended, at the earliest. */
export interface Age {
  readonly began: number;
  readonly ended: number;
}

interface Span {
  readonly began: number;
  readonly ended: number;
  /** Whether what it does not show is not there. */
  readonly provesAbsence: boolean;
}

interface AppReading extends Span {
  /** Apps of which other answers of the service deny what this one shows. */
  readonly unproven: ReadonlySet<string>;
  readonly holders: Map<string, AppHolders>;
  /** Products of which a newer reading of their own is kept: of these it tells nothing any more, and its rows are let go. */
  readonly outdated: Set<string>;
}

interface TargetReading extends Span {
  readonly apps: ReadonlySet<string>;
}

const nobody: AppHolders = { device: new Set(), user: new Set() };

/** What the newest reading of each scope has shown. Older rows are not kept. */
export class LicenceReadings {
  private whole?: AppReading;
  private readonly byProduct = new Map<string, AppReading>();
  private readonly byTarget: Readonly<Record<TargetKind, Map<string, TargetReading>>> = {
    device: new Map(),
    user: new Map(),
  };

  /** Keeps the rows of a reading of all licences, or of one product's. */
  keepApps(
    adamId: string | undefined,
    span: Span & Pick<AppReading, "unproven">,
    holders: Map<string, AppHolders>,
  ): void {
    if (adamId !== undefined) {
      if (!isNewer(span, this.byProduct.get(adamId))) return;
      this.byProduct.set(adamId, { ...span, holders, outdated: new Set() });
      this.outdate(adamId);
      return;
    }
    if (!isNewer(span, this.whole)) return;
    this.whole = { ...span, holders, outdated: new Set() };
    for (const [product, reading] of this.byProduct) {
      if (reading.began <= span.began) this.byProduct.delete(product);
      else this.outdate(product);
    }
  }

  private outdate(adamId: string): void {
    const { whole } = this;
    if (whole === undefined || whole.began > this.byProduct.get(adamId)!.began) return;
    whole.outdated.add(adamId);
    for (const pricingParam of ["STDQ", "PLUS"]) whole.holders.delete(assetKey({ adamId, pricingParam }));
  }

  /** Keeps the rows of a reading of one target's licences. */
  keepTarget(kind: TargetKind, target: string, span: Span, apps: ReadonlySet<string>): void {
    if (isNewer(span, this.byTarget[kind].get(target))) this.byTarget[kind].set(target, { ...span, apps });
  }

  /** The newest reading that is young enough and shows all holders of an app; undefined if there is none. */
  ofApp(app: string, age: Age): (Span & { readonly holders: AppHolders }) | undefined {
    const adamId = app.slice(0, app.indexOf("/"));
    const whole = this.whole?.outdated.has(adamId) ? undefined : this.whole;
    const product = this.byProduct.get(adamId);
    const readings = [whole, product].filter((each) => each !== undefined && isYoung(each, age));
    const [newest] = readings.sort((a, b) => b!.began - a!.began);
    if (newest === undefined) return undefined;
    const provesAbsence = newest.provesAbsence && !newest.unproven.has(app);
    return { began: newest.began, ended: newest.ended, provesAbsence, holders: newest.holders.get(app) ?? nobody };
  }

  /** Whether single targets have been read at all. */
  hasTargets(kind: TargetKind): boolean {
    return this.byTarget[kind].size > 0;
  }

  /** What the newest reading of one target that is young enough says of an app. */
  ofTarget(kind: TargetKind, target: string, app: string, age: Age): Evidence | undefined {
    const reading = this.byTarget[kind].get(target);
    if (reading === undefined || !isYoung(reading, age)) return undefined;
    return { began: reading.began, isHeld: reading.apps.has(app) ? true : reading.provesAbsence ? false : undefined };
  }

  /** The targets of which a reading of their own shows that they hold an app. */
  *targetsWith(app: string, kind: TargetKind): Iterable<string> {
    for (const [target, { apps }] of this.byTarget[kind]) if (apps.has(app)) yield target;
  }

  /** The apps of which the newest readings show a holder. */
  get appsHeld(): readonly string[] {
    const apps = new Set(this.whole?.holders.keys());
    for (const { holders } of this.byProduct.values()) for (const app of holders.keys()) apps.add(app);
    return [...apps];
  }
}

function isNewer(span: Span, other: Span | undefined): boolean {
  return other === undefined || span.began >= other.began;
}

function isYoung({ began, ended }: Span, age: Age): boolean {
  return began >= age.began && ended >= age.ended;
}

/** Rows by app, and whether a row came twice. */
export function groupByApp(rows: readonly WireAssignment[]): {
  readonly holders: Map<string, AppHolders>;
  /** By app, how many licences are held by something of a kind unknown to us. */
  readonly others: ReadonlyMap<string, number>;
  readonly hasRepeats: boolean;
} {
  const holders = new Map<string, AppHolders>();
  const others = new Map<string, number>();
  let counted = 0;
  for (const row of rows) {
    const app = assetKey(row);
    let of = holders.get(app);
    if (of === undefined) {
      of = { device: new Set(), user: new Set() };
      holders.set(app, of);
    }
    if (row.serialNumber !== undefined) of.device.add(row.serialNumber);
    else if (row.clientUserId !== undefined) of.user.add(row.clientUserId);
    else {
      others.set(app, (others.get(app) ?? 0) + 1);
      continue;
    }
    counted++;
  }
  let distinct = 0;
  for (const { device, user } of holders.values()) distinct += device.size + user.size;
  return { holders, others, hasRepeats: distinct < counted };
}
