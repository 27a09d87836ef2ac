/** Every one of `apps` with every one of `targets`. A write of the service is of this form. */
export interface Rectangle {
  readonly apps: readonly string[];
  readonly targets: readonly string[];
}

/** Pairs of an app and a target, in the order of the targets. */
export type Pairs = ReadonlyMap<string, readonly string[]>;

/**
 * The pairs of `rectangles` for which `keep` holds: for each target its apps. They are gone through app by app, since whoever answers has a list
 * for each app, and going from list to list costs more the larger they are.
 */
export function pairsWhere(
  rectangles: readonly Rectangle[],
  keep: (app: string, target: string) => boolean,
): Map<string, string[]> {
  const pairs = new Map<string, string[]>();
  for (const { apps, targets } of rectangles) {
    const wanted = new Array<string[] | undefined>(targets.length);
    for (const app of apps) {
      for (let index = 0; index < targets.length; index++) {
        if (!keep(app, targets[index]!)) continue;
        const kept = wanted[index];
        if (kept === undefined) wanted[index] = [app];
        else kept.push(app);
      }
    }
    for (const [index, kept] of wanted.entries()) {
      if (kept === undefined) continue;
      const before = pairs.get(targets[index]!);
      if (before === undefined) pairs.set(targets[index]!, kept);
      else for (const app of kept) if (!before.includes(app)) before.push(app);
    }
  }
  return pairs;
}

/** Those of the pairs for which `keep` holds, in their order. */
export function filterPairs(pairs: Pairs, keep: (app: string, target: string) => boolean): Map<string, string[]> {
  const kept = new Map<string, string[]>();
  for (const [target, apps] of pairs) {
    const wanted = apps.filter((app) => keep(app, target));
    if (wanted.length > 0) kept.set(target, wanted);
  }
  return kept;
}

/** Tells of a pair whether one of the rectangles holds it; however large they are, the answer takes the same time. */
export function covering(rectangles: readonly Rectangle[]): (app: string, target: string) => boolean {
  const sets = rectangles.map(({ apps, targets }) => ({ apps: new Set(apps), targets: new Set(targets) }));
  if (sets.length === 0) return () => false;
  const [{ apps, targets }, ...others] = sets as [(typeof sets)[0], ...typeof sets];
  if (others.length === 0) return (app, target) => apps.has(app) && targets.has(target);
  return (app, target) => sets.some((each) => each.apps.has(app) && each.targets.has(target));
}

/** Exact rectangles that hold these pairs and no others: targets with the same apps come together. */
export function toRectangles(pairs: Pairs): Rectangle[] {
  const groups = new Map<string, { apps: readonly string[]; targets: string[] }>();
  for (const [target, apps] of pairs) {
    const signature = [...apps].sort().join(" ");
    const group = groups.get(signature);
    if (group) group.targets.push(target);
    else groups.set(signature, { apps, targets: [target] });
  }
  return [...groups.values()];
}

/** The same pairs in rectangles of at most so many apps and targets. */
export function splitRectangles(rectangles: readonly Rectangle[], maxApps: number, maxTargets: number): Rectangle[] {
  const parts: Rectangle[] = [];
  for (const { apps, targets } of rectangles) {
    for (let a = 0; a < apps.length; a += maxApps) {
      for (let t = 0; t < targets.length; t += maxTargets) {
        parts.push({ apps: apps.slice(a, a + maxApps), targets: targets.slice(t, t + maxTargets) });
      }
    }
  }
  return parts;
}

/** How many pairs there are. */
export function countPairs(pairs: Pairs): number {
  let count = 0;
  for (const apps of pairs.values()) count += apps.length;
  return count;
}

/** How many pairs each app has. */
export function countByApp(pairs: Pairs): Map<string, number> {
  const counts = new Map<string, number>();
  for (const apps of pairs.values()) for (const app of apps) counts.set(app, (counts.get(app) ?? 0) + 1);
  return counts;
}

/** The values of a list that are not in the other one, in order. */
export function without<T>(list: readonly T[], other: Iterable<T>): T[] {
  const gone = new Set(other);
  return list.filter((value) => !gone.has(value));
}
