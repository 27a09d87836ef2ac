import type { Result } from "./compare";
import { type Figure, figureOf } from "./figures";
import { type Growth, mostGrowth } from "./growth";

type Scale = Readonly<Record<string, number>>;

/** A budget: what one figure of some jobs may be at most, or must be. */
export interface Budget {
  readonly jobs: RegExp;
  readonly figure: Figure;
  readonly limit: number | ((scale: Scale) => number);
  /** The figure must be the limit, no more and no less. */
  readonly isExact?: boolean;
  /** Holds for the largest size only. */
  readonly atFull?: boolean;
  /** Another limit for `--quick`, whose jobs are small and whose machine may be busy; false: not held to there. */
  readonly quick?: number | false;
}

const pages = (count = 0): number => Math.max(1, Math.ceil(count / 1000));
const each = ({ libraries = 1 }: Scale): number => libraries;
/** The associate requests of apps × devices. */
const rectangles = ({ apps = 0, devices = 0 }: Scale): number => Math.ceil(apps / 25) * Math.ceil(devices / 1000);

/** All budgets. Counts are the same on every machine; times are compared in one run, and so hold on any. */
export const budgets: readonly Budget[] = [
  { jobs: /unchanged$/, figure: "requests", limit: 0, isExact: true },
  { jobs: /^preview-unchanged$/, figure: "ratio", limit: 1.05, atFull: true, quick: false },
  { jobs: /^up-unchanged$/, figure: "ratio", limit: 1.05, atFull: true, quick: 1.6 },

  { jobs: /refresh/, figure: "path:client/config", limit: each },
  { jobs: /refresh/, figure: "path:service/config", limit: each },
  { jobs: /refresh/, figure: "path:assets", limit: (scale) => each(scale) * pages(scale.apps) },
  { jobs: /refresh/, figure: "path:users", limit: (scale) => each(scale) * pages(scale.people) },
  {
    jobs: /^(refresh-|library-refresh)/,
    figure: "path:assignments",
    // An app's pages are counted as if its licences were spread evenly, which they are here.
    limit: (scale) =>
      2 * each(scale) * Math.min(pages(scale.licences), scale.apps! * pages(scale.ofApps! / scale.apps!)),
  },
  {
    jobs: /^fleet-refresh$/,
    figure: "path:assignments",
    limit: ({ apps = 0, devices = 0 }) => 2 * Math.min(pages(apps * devices), apps * pages(devices)),
  },
  { jobs: /^refresh-/, figure: "ratio", limit: 1.3, atFull: true, quick: 2 },

  { jobs: /^first-up-assignments$/, figure: "ratio", limit: 1.1, atFull: true, quick: 2 },
  {
    jobs: /^first-up-assignments$/,
    figure: "path:assets/associate",
    // As many as there are resources if none of them meet; that many do, the ratio and the page of figures show.
    limit: ({ assignments = 0 }) => assignments,
  },
  { jobs: /^(wide-)?fleet-first-up$/, figure: "path:assets/associate", limit: rectangles, isExact: true },
  {
    jobs: /^people-first-up$/,
    figure: "path:users/create",
    limit: ({ people = 0 }) => Math.ceil(people / 100),
    isExact: true,
  },

  // What each library takes is what one takes, and what depends on no library is asked once.
  { jobs: /^libraries-(first-up|refresh)$/, figure: "path:service/config", limit: 1, isExact: true },
  { jobs: /^libraries-first-up$/, figure: "path:lookup", limit: 1, isExact: true },
  // The check, the look whose it is right before the mark is written, and the mark.
  { jobs: /^libraries-first-up$/, figure: "path:client/config", limit: (scale) => 3 * each(scale), isExact: true },
  { jobs: /^libraries-first-up$/, figure: "path:assets", limit: each, isExact: true },
  { jobs: /^libraries-first-up$/, figure: "path:assets/associate", limit: each, isExact: true },
  { jobs: /^libraries-refresh$/, figure: "path:assignments", limit: each, isExact: true },
  { jobs: /^libraries-unchanged$/, figure: "ratio", limit: 1.05, atFull: true, quick: false },
  { jobs: /^libraries-(first-up|refresh)$/, figure: "ratio", limit: 1.3, atFull: true, quick: false },

  { jobs: /^new-library-first-up$/, figure: "unpolled", limit: 7 },
  { jobs: /^new-library-first-up$/, figure: "path:assets/associate", limit: rectangles, isExact: true },

  { jobs: /^fleet-destroy$/, figure: "path:assets/disassociate", limit: rectangles, isExact: true },
  { jobs: /^fleet-grow$/, figure: "path:assets/associate", limit: 1, isExact: true },
  { jobs: /^fleet-grow$/, figure: "more:targets", limit: 1, isExact: true },
  { jobs: /^fleet-grow$/, figure: "reads", limit: 3 },
  { jobs: /^fleet-shrink$/, figure: "path:assets/disassociate", limit: 1, isExact: true },
  { jobs: /^fleet-shrink$/, figure: "more:targets", limit: 1, isExact: true },
  { jobs: /^fleet-/, figure: "hostCpu", limit: 3, atFull: true, quick: false },
  { jobs: /^fleet-/, figure: "hostMemory", limit: 300, atFull: true, quick: false },
  // Inputs and outputs: what Pulumi itself must hold.
  { jobs: /fleet-(first-up|unchanged|refresh|grow|shrink)$/, figure: "more:lists", limit: 2, isExact: true },

  {
    jobs: /^library-(status|report|adopt)$/,
    figure: "requests",
    // Opening, the apps, the people, the licences, and the names of fifty apps each.
    limit: ({ apps = 0, people, licences }) => 2 + pages(apps) + pages(people) + pages(licences) + Math.ceil(apps / 50),
    isExact: true,
  },

  { jobs: /^wide-fleet-preview$/, figure: "hostMemory", limit: 100, atFull: true, quick: false },
  { jobs: /^wide-fleet-preview$/, figure: "hostCpu", limit: 2, atFull: true, quick: false },
  { jobs: /^plan$/, figure: "more:megabytes", limit: 100, atFull: true },
  { jobs: /^plan$/, figure: "seconds", limit: 2, atFull: true, quick: 6 },
  { jobs: /^one-(check|diff|read)$/, figure: "requests", limit: 0, isExact: true },
  { jobs: /^load-provider$/, figure: "overMs", limit: 60, quick: 150 },
  { jobs: /^load-sdk$/, figure: "overMs", limit: 40, quick: 150 },
];

const besideFloor: ReadonlySet<Figure> = new Set(["ratio", "overMs", "hostCpu", "hostMemory"]);

/** Whether `--quick` holds a job to anything that its floor has a part in. */
export function needsFloorInQuick(job: string): boolean {
  return budgets.some(({ jobs, figure, quick }) => jobs.test(job) && besideFloor.has(figure) && quick !== false);
}

/** How one budget stands. */
export interface Verdict {
  readonly figure: Figure;
  readonly value: number;
  readonly limit: number;
  readonly isExact: boolean;
  readonly ok: boolean;
}

/** Holds one result to all budgets that concern it. `full` is the largest size of the job; growth is judged there too. */
export function judge(
  result: Result,
  { quick, full, growth }: { readonly quick: boolean; readonly full: number; readonly growth?: Growth },
): Verdict[] {
  const verdicts: Verdict[] = [];
  for (const budget of budgets) {
    if (!budget.jobs.test(result.job) || (quick && budget.quick === false)) continue;
    if (budget.atFull && result.size !== full) continue;
    const value = figureOf(budget.figure, result, quick);
    if (value === undefined) continue;
    const usual = typeof budget.limit === "number" ? budget.limit : budget.limit(result.scale);
    const limit = quick && typeof budget.quick === "number" ? budget.quick : usual;
    const isExact = budget.isExact === true;
    verdicts.push({ figure: budget.figure, value, limit, isExact, ok: isExact ? value === limit : value <= limit });
  }
  if (growth && !quick && result.size === full) {
    const limit = mostGrowth[growth.by];
    verdicts.push({ figure: "growth", value: growth.value, limit, isExact: false, ok: growth.value <= limit });
  }
  return verdicts;
}
