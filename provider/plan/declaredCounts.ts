import type { TargetKind } from "../apple/library/readings/assignmentCache";
import { addTo, hashOf, mostBuckets } from "./buckets";
import { kindsOfTarget } from "./declared";
import type { DeclaredAssignment, DeclaredUserSet, Plan } from "./planReader";

/** The resources of one name: a name is unique only among those of one parent. */
export interface NamedCount {
  readonly resources: number;
  /** Their devices and people, or the people of a set. */
  readonly targets: number;
  /** Tells whether they name the same apps and targets as before, as far as 12 bits can. */
  readonly mark: number;
}

/** What is declared of one library, as counts. */
export interface LibraryCounts {
  /** Licences of each app for each kind of target, in buckets of the target: by {@link slotOf}. */
  readonly licences: ReadonlyMap<string, readonly number[]>;
  /** People of user sets, in buckets. */
  readonly people: readonly number[];
  readonly assignments: ReadonlyMap<string, NamedCount>;
  readonly userSets: ReadonlyMap<string, NamedCount>;
  /** Devices and people that have a licence, each once. */
  readonly targetCount: number;
  /** People of user sets, each once. */
  readonly personCount: number;
}

/** Under what an app's licences for one kind of target are counted. */
export function slotOf(kind: TargetKind, app: string): string {
  return `${kind === "device" ? "d" : "u"} ${app}`;
}

/** What is declared before anything has to be waited for: the same in every run of the same program. */
export function firmPart(plan: Plan, key: string): { assignments: DeclaredAssignment[]; userSets: DeclaredUserSet[] } {
  return {
    assignments: [...plan.assignmentsOf(key)].filter((declared) => plan.isFirm(declared)),
    userSets: plan.userSetsOf(key).filter((declared) => plan.isFirm(declared)),
  };
}

/** Counts what these declarations require. Where `reclaimedOnly`, what is left as it is when it leaves the program counts nothing. */
export function countDeclared(
  assignments: Iterable<DeclaredAssignment>,
  userSets: Iterable<DeclaredUserSet>,
  reclaimedOnly: boolean,
): LibraryCounts {
  const licences = new Map<string, number[]>();
  const people = new Array<number>(mostBuckets).fill(0);
  const named = { assignments: new Map<string, NamedCount>(), userSets: new Map<string, NamedCount>() };
  const targets: Record<TargetKind, ReadonlySet<string>[]> = { device: [], user: [] };
  const persons: ReadonlySet<string>[] = [];
  for (const { name, apps, targets: lists, intent, reclaim, retained } of assignments) {
    if (intent !== "required" || (reclaimedOnly && (reclaim === false || retained))) continue;
    let count = 0;
    let mark = 0;
    for (const kind of kindsOfTarget) {
      const list = lists[kind];
      if (list === undefined || list.size === 0) continue;
      const { counts, sum } = histogramOf(list);
      targets[kind].push(list);
      count += list.size;
      mark += sum;
      for (const app of apps) addTo(countsIn(licences, slotOf(kind, app)), counts);
    }
    for (const app of apps) mark += hashOf(app);
    addNamed(named.assignments, name, count, mark);
  }
  for (const { name, users, reclaim, retained } of userSets) {
    if (reclaimedOnly && (reclaim === false || retained)) continue;
    const { counts, sum } = histogramOf(users);
    addTo(people, counts);
    persons.push(users);
    addNamed(named.userSets, name, users.size, sum);
  }
  const targetCount = distinct(targets.device) + distinct(targets.user);
  return { licences, people, ...named, targetCount, personCount: distinct(persons) };
}

interface Histogram {
  readonly counts: readonly number[];
  /** Of the targets' hashes. */
  readonly sum: number;
}

const histograms = new WeakMap<ReadonlySet<string>, Histogram>();

/** Lists never change once they are read, and equal ones are one. */
function histogramOf(list: ReadonlySet<string>): Histogram {
  const kept = histograms.get(list);
  if (kept !== undefined) return kept;
  const counts = new Array<number>(mostBuckets).fill(0);
  let sum = 0;
  for (const target of list) {
    const hash = hashOf(target);
    counts[hash % mostBuckets]!++;
    sum = (sum + hash) >>> 0;
  }
  const histogram = { counts, sum };
  histograms.set(list, histogram);
  return histogram;
}

function countsIn(licences: Map<string, number[]>, slot: string): number[] {
  const counts = licences.get(slot) ?? new Array<number>(mostBuckets).fill(0);
  licences.set(slot, counts);
  return counts;
}

function addNamed(all: Map<string, NamedCount>, name: string, targets: number, mark: number): void {
  const before = all.get(name) ?? { resources: 0, targets: 0, mark: 0 };
  const bits = ((mark >>> 0) ^ (mark >>> 12)) & 0xfff;
  all.set(name, {
    resources: before.resources + 1,
    targets: before.targets + targets,
    mark: (before.mark + bits) & 0xfff,
  });
}

function distinct(lists: readonly ReadonlySet<string>[]): number {
  const [first, ...others] = new Set(lists);
  if (first === undefined) return 0;
  if (others.length === 0) return first.size;
  const all = new Set(first);
  for (const list of others) for (const target of list) all.add(target);
  return all.size;
}
