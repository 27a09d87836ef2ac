import type { Extent } from "./declared";

/** What a resource is about to take back, or whom it is about to retire, as its check has planned it. */
export interface TakeBack {
  readonly entry: string;
  readonly name: string;
  readonly key: string;
  readonly extents: readonly Extent[];
  readonly users: readonly string[];
}

/** What two resources both speak of. */
export interface Overlap {
  /** The other resource. */
  readonly name: string;
  readonly extent: Extent;
}

/**
 * What the checks of this run have planned to take back. Resources are checked in any order, and an update may begin before the next check: so
 * whoever takes looks at who has gained, and whoever gains looks at who takes.
 */
export class TakeBacks {
  private readonly byEntry = new Map<string, TakeBack>();

  /** Notes what a check has planned, in place of what an earlier check of the same resource had. */
  record(takeBack: TakeBack): void {
    if (takeBack.extents.length + takeBack.users.length > 0) this.byEntry.set(takeBack.entry, takeBack);
    else this.byEntry.delete(takeBack.entry);
  }

  /** What others than `entry` have planned. */
  ofOthers(entry: string): TakeBack[] {
    return [...this.byEntry.values()].filter((each) => each.entry !== entry);
  }
}

/** The first of `theirs` that has pairs in common with one of `ours`, and these. */
export function overlapOf(ours: readonly Extent[], name: string, theirs: readonly Extent[]): Overlap | undefined {
  for (const one of ours) {
    for (const other of theirs) {
      const extent = common(one, other);
      if (extent !== undefined) return { name, extent };
    }
  }
  return undefined;
}

/** How many pairs two lists of extents have in common. The extents of one list share no pair. */
export function countCommon(ours: readonly Extent[], theirs: readonly Extent[]): number {
  let count = 0;
  for (const one of ours) {
    for (const other of theirs) {
      const { apps = [], targets = [] } = common(one, other) ?? {};
      count += apps.length * targets.length;
    }
  }
  return count;
}

function common(one: Extent, other: Extent): Extent | undefined {
  if (one.kind !== other.kind) return undefined;
  const otherApps = new Set(other.apps);
  const apps = one.apps.filter((app) => otherApps.has(app));
  if (apps.length === 0) return undefined;
  const [fewer, more] = one.targets.length < other.targets.length ? [one, other] : [other, one];
  const wanted = new Set(fewer.targets);
  const targets = more.targets.filter((target) => wanted.has(target));
  return targets.length === 0 ? undefined : { kind: one.kind, apps, targets };
}
