import type { Measured } from "./growth";
import type { ProcessCost, Sample, Side } from "./measure";
import type { Role } from "./probe/role";

/** One side of a job, all its runs taken together. */
export interface Summary {
  readonly seconds: Measured;
  readonly processes: Readonly<Partial<Record<Role, ProcessCost>>>;
}

/** What came of a job at one size on one engine. */
export interface Result {
  readonly job: string;
  readonly size: number;
  /** The engine's name; "none" where no engine has a part. */
  readonly engine: string;
  readonly runs: number;
  /** When it was measured: the day alone. */
  readonly date: string;
  readonly ours: Summary;
  readonly floor?: Summary;
  /** The most requests of any run, by path. */
  readonly requests: Readonly<Record<string, number>>;
  /** What the job is about, for budgets that depend on it: numbers of apps, targets, libraries and so on. */
  readonly scale: Readonly<Record<string, number>>;
  /** Figures that only this job has: the largest of any run. */
  readonly more: Readonly<Record<string, number>>;
}

/** The middle one of some numbers, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Median, least and most of some runs. */
export function measured(values: readonly number[]): Measured {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/** Runs both sides in turn, in the same minutes, so that whatever slows the machine slows both. A first pair may be thrown away. */
export async function alternate(
  ours: Side,
  floor: Side | undefined,
  { runs, warmUp }: { readonly runs: number; readonly warmUp: boolean },
): Promise<{ readonly ours: Sample[]; readonly floor: Sample[] }> {
  const samples = { ours: [] as Sample[], floor: [] as Sample[] };
  for (let run = warmUp ? -1 : 0; run < runs; run++) {
    const pair = { ours: await ours(), floor: await floor?.() };
    if (run < 0) continue;
    samples.ours.push(pair.ours);
    if (pair.floor) samples.floor.push(pair.floor);
  }
  return samples;
}

/** Takes the runs of one side together. */
export function summarise(samples: readonly Sample[]): Summary {
  const roles = new Set(samples.flatMap(({ processes }) => Object.keys(processes) as Role[]));
  const costOf = (role: Role): ProcessCost => {
    const costs = samples.map(({ processes }) => processes[role]).filter((cost) => cost !== undefined);
    return {
      megabytes: median(costs.map(({ megabytes }) => megabytes)),
      cpuSeconds: median(costs.map(({ cpuSeconds }) => cpuSeconds)),
    };
  };
  return {
    seconds: measured(samples.map(({ seconds }) => seconds)),
    processes: Object.fromEntries([...roles].map((role) => [role, costOf(role)])),
  };
}

/** For each name the largest number of any run: a request too many in one run is one too many. */
export function largest(records: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [name, value] of records.flatMap((record) => Object.entries(record)))
    found[name] = Math.max(found[name] ?? Number.NEGATIVE_INFINITY, value);
  return found;
}

/** By what factor ours is slower than its floor, by the medians; undefined without a floor. */
export function ratioOf({ ours, floor }: Result): number | undefined {
  return floor && ours.seconds.median / floor.seconds.median;
}

/** The same by the quickest run of each, which a busy machine disturbs least: for a few runs that must not fail by chance. */
export function quickRatioOf({ ours, floor }: Result): number | undefined {
  return floor && ours.seconds.min / floor.seconds.min;
}

/** By how much ours is above the floor in what a process of one role costs; undefined where there is nothing to compare. */
export function overFloor({ ours, floor }: Result, role: Role, figure: keyof ProcessCost): number | undefined {
  const [mine, its] = [ours.processes[role], floor?.processes[role]];
  return mine && its && mine[figure] - its[figure];
}
