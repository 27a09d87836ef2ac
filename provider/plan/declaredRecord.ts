import { type Buckets, bucketsIn, bucketText, folded, mostBuckets } from "./buckets";
import type { LibraryCounts, NamedCount } from "./declaredCounts";

/** The longest record of one library, in bytes: it lies in the state, beside everything else of the VppToken. */
export const longestRecord = 16 * 1024;

/** Another library of the program, in total. */
export interface Neighbour {
  /** Name and token key of its VppToken. */
  readonly name: string;
  readonly key: string;
  readonly targetCount: number;
  readonly personCount: number;
}

/** What a run has declared of a library, for the next run to hold its plan against. */
export interface DeclaredRecord {
  readonly buckets: number;
  readonly licences: ReadonlyMap<string, Buckets>;
  readonly people: Buckets;
  readonly assignments: ReadonlyMap<string, NamedCount>;
  readonly userSets: ReadonlyMap<string, NamedCount>;
  /** Resources whose names had no room, and their targets. */
  readonly unnamed: { readonly assignments: Unnamed; readonly userSets: Unnamed };
  /** How many VppTokens the program had. */
  readonly tokenCount: number;
  readonly neighbours: readonly Neighbour[];
}

/** Resources without their names. */
export interface Unnamed {
  readonly resources: number;
  readonly targets: number;
}

type Named = readonly [string, NamedCount];

/** The record's text: JSON with everything in order, so that the same program always makes the same bytes. */
interface RecordText {
  readonly v: 1;
  readonly b: number;
  readonly l: Readonly<Record<string, string>>;
  readonly p: string;
  readonly a: string;
  readonly s: string;
  readonly u: readonly [number, number, number, number];
  readonly t: number;
  readonly n: readonly (readonly [string, string, number, number])[];
}

/** How much of what is known goes into a text. */
interface Extent {
  readonly buckets: number;
  readonly names: number;
  readonly apps: number;
}

/**
 * The counts as a text of at most 16 KB. What has no room makes the record coarser: fewer buckets, then fewer names, those with the fewest targets
 * first, then fewer apps. A coarser one misses more and still never says too much.
 */
export function recordText(counts: LibraryCounts, tokenCount: number, neighbours: readonly Neighbour[]): string {
  const assignments = bySize(counts.assignments);
  const userSets = bySize(counts.userSets);
  const apps = [...counts.licences].sort(([a], [b]) => order(a, b));
  const textOf = (extent: Extent): string =>
    JSON.stringify(toText({ counts, assignments, userSets, apps, tokenCount, neighbours }, extent));
  const fits = (extent: Extent): boolean => Buffer.byteLength(textOf(extent)) <= longestRecord;
  const whole = { names: assignments.length + userSets.length, apps: apps.length };
  const fine = [mostBuckets, 32, 16].find((buckets) => fits({ ...whole, buckets }));
  if (fine !== undefined) return textOf({ ...whole, buckets: fine });
  const coarse = [16, 8, 4, 2, 1].find((buckets) => fits({ ...whole, names: 0, buckets }));
  if (coarse !== undefined) {
    const names = largestThat((count) => fits({ ...whole, names: count, buckets: coarse }), whole.names);
    return textOf({ ...whole, names, buckets: coarse });
  }
  return textOf({
    names: 0,
    buckets: 1,
    apps: largestThat((count) => fits({ names: 0, buckets: 1, apps: count }), apps.length),
  });
}

/** The record in a text; nothing if there is none that can be read. */
export function recordIn(text: unknown): DeclaredRecord | undefined {
  if (typeof text !== "string") return undefined;
  try {
    const { v, b, l, p, a, s, u, t, n } = JSON.parse(text) as RecordText;
    if (v !== 1) return undefined;
    const [restOfAssignments, theirTargets, restOfSets, theirPeople] = u;
    return {
      buckets: b,
      licences: new Map(Object.entries(l).map(([slot, counts]) => [slot, bucketsIn(counts, b)])),
      people: bucketsIn(p, b),
      assignments: namesIn(a),
      userSets: namesIn(s),
      unnamed: {
        assignments: { resources: restOfAssignments, targets: theirTargets },
        userSets: { resources: restOfSets, targets: theirPeople },
      },
      tokenCount: t,
      neighbours: n.map(([name, key, targetCount, personCount]) => ({ name, key, targetCount, personCount })),
    };
  } catch {
    return undefined;
  }
}

interface Parts {
  readonly counts: LibraryCounts;
  readonly assignments: readonly Named[];
  readonly userSets: readonly Named[];
  readonly apps: readonly (readonly [string, Buckets])[];
  readonly tokenCount: number;
  readonly neighbours: readonly Neighbour[];
}

function toText(parts: Parts, { buckets, names, apps }: Extent): RecordText {
  // People who are retired don't come back, so their sets are named first.
  const sets = Math.min(names, parts.userSets.length);
  const resources = names - sets;
  const restOfAssignments = sumOf(parts.assignments.slice(resources));
  const restOfSets = sumOf(parts.userSets.slice(sets));
  return {
    v: 1,
    b: buckets,
    l: Object.fromEntries(
      parts.apps.slice(0, apps).map(([slot, counts]) => [slot, bucketText(folded(counts, buckets))]),
    ),
    p: bucketText(folded(parts.counts.people, buckets)),
    a: nameText(parts.assignments.slice(0, resources)),
    s: nameText(parts.userSets.slice(0, sets)),
    u: [restOfAssignments.resources, restOfAssignments.targets, restOfSets.resources, restOfSets.targets],
    t: parts.tokenCount,
    n: parts.neighbours.map(({ name, key, targetCount, personCount }) => [name, key, targetCount, personCount]),
  };
}

/** Names in alphabetical order, each without the letters that it shares with the one before: many names differ in their last letters only. */
function nameText(named: readonly Named[]): string {
  let before = "";
  return [...named]
    .sort(([a], [b]) => order(a, b))
    .map(([name, { resources, targets, mark }]) => {
      let shared = 0;
      while (shared < 35 && shared < name.length && name[shared] === before[shared]) shared++;
      before = name;
      const repeated = resources === 1 ? "" : `*${resources.toString(36)}`;
      return `${targets.toString(36)}${repeated}.${mark.toString(36).padStart(3, "0")}${shared.toString(36)}${escaped(name.slice(shared))}`;
    })
    .join("|");
}

function namesIn(text: string): Map<string, NamedCount> {
  const named = new Map<string, NamedCount>();
  let before = "";
  for (const item of text === "" ? [] : text.split("|")) {
    const dot = item.indexOf(".");
    const [targets = "", resources = "1"] = item.slice(0, dot).split("*");
    const mark = Number.parseInt(item.slice(dot + 1, dot + 4), 36);
    const shared = Number.parseInt(item[dot + 4] ?? "0", 36);
    before = before.slice(0, shared) + unescaped(item.slice(dot + 5));
    named.set(before, { resources: Number.parseInt(resources, 36), targets: Number.parseInt(targets, 36), mark });
  }
  return named;
}

function escaped(name: string): string {
  return name.replace(/[%|]/g, (letter) => (letter === "%" ? "%25" : "%7c"));
}

function unescaped(text: string): string {
  return text.replaceAll("%7c", "|").replaceAll("%25", "%");
}

function bySize(named: ReadonlyMap<string, NamedCount>): Named[] {
  return [...named].sort(([a, { targets: of }], [b, { targets: than }]) => than - of || order(a, b));
}

function sumOf(named: readonly Named[]): Unnamed {
  let resources = 0;
  let targets = 0;
  for (const [, count] of named) {
    resources += count.resources;
    targets += count.targets;
  }
  return { resources, targets };
}

/** By the letters' numbers: what another language makes of them would make other bytes. */
function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The largest number up to `most` for which it holds, if it holds for all smaller ones. */
function largestThat(holds: (count: number) => boolean, most: number): number {
  let low = 0;
  let high = most;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
