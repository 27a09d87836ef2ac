import { type Buckets, folded, largest, shortfall, total } from "./buckets";
import type { LibraryCounts, NamedCount } from "./declaredCounts";
import type { DeclaredRecord, Unnamed } from "./declaredRecord";

/** What leaves a library with the resources that leave the program, held against the record of an earlier run: lower bounds. */
export interface Leaving {
  /** Names of resources that were declared and are no more. */
  readonly names: readonly string[];
  /** At least so many more have left, whose names had no room in the record. */
  readonly unnamed: number;
  readonly licences: number;
  readonly devices: number;
  readonly people: number;
  /** Devices and people; fewer than the two together where resources that stay may account for some. */
  readonly targets: number;
  /** Not more devices and people than these. */
  readonly atMost: number;
}

/** Licences that leave a library with whole assignments, by app: a lower bound for each. */
export interface LeavingLicences {
  readonly names: readonly string[];
  licencesOf(app: string): number;
}

/** Nothing leaves. */
export const nothingLeaves: LeavingLicences = { names: [], licencesOf: () => 0 };

/** The same as {@link leavingAssignments}, app by app. */
export function leavingLicences(
  record: DeclaredRecord,
  present: LibraryCounts,
  { names, targets }: Leaving,
): LeavingLicences {
  return {
    names,
    licencesOf(app) {
      const lost = [`d ${app}`, `u ${app}`].map((slot) => {
        const before = record.licences.get(slot);
        return before === undefined ? 0 : total(shortfall(before, nowIn(present.licences.get(slot), record.buckets)));
      });
      return Math.min(lost[0]! + lost[1]!, targets);
    },
  };
}

/** What is known of this run's program beside its counts. */
export interface ThisRun {
  /** All that is required by now, in whichever way. */
  readonly present: LibraryCounts;
  /** What this run will record. */
  readonly firm: LibraryCounts;
  /** How many resources of a name the program has by now, whatever they declare. */
  readonly resources: ReadonlyMap<string, number>;
  /** How many targets an update of the resources of a name may leave out: that is for their own limit to say. */
  mayDrop(name: string, targets: number): number;
}

/** Licences that leave with whole assignments; only those that `isCounted` takes for licences that can be revoked. */
export function leavingAssignments(
  record: DeclaredRecord,
  run: ThisRun,
  isCounted: (slot: string) => boolean,
): Leaving | undefined {
  const none = new Array<number>(record.buckets).fill(0);
  const short = { d: none, u: none };
  const more = { d: none, u: none };
  let licences = 0;
  for (const [slot, before] of record.licences) {
    if (!isCounted(slot)) continue;
    const kind = slot.startsWith("d") ? "d" : "u";
    const now = nowIn(run.present.licences.get(slot), record.buckets);
    const lost = shortfall(before, now);
    licences += total(lost);
    // A target that loses several apps is one target: in each bucket at least as many lose something as lose the same app.
    short[kind] = largest(short[kind], lost);
    more[kind] = largest(more[kind], shortfall(now, before));
  }
  const [devices, people] = [total(short.d), total(short.u)];
  const gone = goneOf(record.assignments, run.firm.assignments, record.unnamed.assignments, run);
  return bounded(gone, { licences, devices, people }, total(more.d) + total(more.u));
}

/** People who leave with whole user sets. */
export function leavingUserSets(record: DeclaredRecord, run: ThisRun): Leaving | undefined {
  const now = nowIn(run.present.people, record.buckets);
  const people = total(shortfall(record.people, now));
  const gone = goneOf(record.userSets, run.firm.userSets, record.unnamed.userSets, run);
  return bounded(gone, { licences: 0, devices: 0, people }, total(shortfall(now, record.people)));
}

function nowIn(counts: Buckets | undefined, size: number): number[] {
  return counts === undefined ? new Array<number>(size).fill(0) : folded(counts, size);
}

interface Gone {
  readonly names: readonly string[];
  readonly unnamed: number;
  /** The targets that they had, each counted as often as it was named. */
  readonly targets: number;
  /** Targets that resources which stay may leave out in their own updates. */
  readonly mayDrop: number;
}

function goneOf(
  recorded: ReadonlyMap<string, NamedCount>,
  firm: ReadonlyMap<string, NamedCount>,
  rest: Unnamed,
  run: ThisRun,
): Gone {
  const names: string[] = [];
  let targets = 0;
  let mayDrop = 0;
  for (const [name, before] of recorded) {
    const now = firm.get(name);
    if ((run.resources.get(name) ?? 0) < before.resources) {
      names.push(name);
      targets += before.targets;
    } else if (now?.mark !== before.mark || now.targets !== before.targets) {
      const limit = run.mayDrop(name, before.targets);
      // An update over its own limit is refused by its own check, which names the right resource.
      const isOver = before.targets - (now?.targets ?? 0) > limit;
      mayDrop += isOver ? before.targets : Math.min(before.targets, limit);
    }
  }
  if (rest.resources === 0) return { names, unnamed: 0, targets, mayDrop };
  let unrecorded = 0;
  for (const [name, count] of run.resources) if (!recorded.has(name)) unrecorded += count;
  const unnamed = Math.max(0, rest.resources - unrecorded);
  // Of those without a name nobody knows whether they are as they were.
  const theirs = rest.targets;
  return {
    names,
    unnamed,
    targets: targets + (unnamed > 0 ? theirs : 0),
    mayDrop: mayDrop + (unnamed > 0 ? 0 : theirs),
  };
}

function bounded(
  { names, unnamed, targets: goneTargets, mayDrop }: Gone,
  lost: Pick<Leaving, "licences" | "devices" | "people">,
  added: number,
): Leaving | undefined {
  if (names.length + unnamed === 0) return undefined;
  const all = lost.devices + lost.people;
  const targets = Math.min(all - mayDrop, goneTargets);
  if (targets <= 0) return undefined;
  const licences = targets < all ? Math.min(targets, lost.licences) : lost.licences;
  return { ...lost, names, unnamed, licences, targets, atMost: Math.max(targets, Math.min(goneTargets, all + added)) };
}
