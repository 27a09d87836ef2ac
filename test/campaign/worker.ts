import fc from "fast-check";
import type { History } from "./history";
import { type Result, runHistory } from "./run";
import { providerAlone, type Way, wholeCommands } from "./ways";

/** What a worker is told: which histories are its own, and how many it lives at once. */
export interface Task {
  readonly seeds: readonly number[];
  readonly lanes: number;
  /** Whether histories are lived as whole commands. */
  readonly asCommands: boolean;
}

/** What a worker tells of one history. */
export interface Report {
  readonly seed: number;
  readonly violations: readonly string[];
  readonly commands: number;
  readonly requests: number;
  readonly codes: Readonly<Record<string, number>>;
  /** The shortest history found that fails too, with what it came to. */
  readonly shrunk?: { readonly history: History; readonly result: Result };
}

/** Shrinking ends after so long; what it has found by then is told. */
const shrinkMs = Number(process.env.CAMPAIGN_SHRINK_MS ?? "60000");

/** Lives the history of a seed through, and shrinks it if it fails. */
export async function liveSeed(seed: number, { histories, makeStack }: Way): Promise<Report> {
  let first: Result | undefined;
  let smallest: { history: History; result: Result } | undefined;
  let shrinkUntil = Number.POSITIVE_INFINITY;
  const property = fc.asyncProperty(histories, async (history) => {
    if (Date.now() > shrinkUntil) return true;
    const result = await runHistory(history, makeStack);
    first ??= result;
    if (result.violations.length === 0) return true;
    smallest = { history, result };
    shrinkUntil = Math.min(shrinkUntil, Date.now() + shrinkMs);
    return false;
  });
  await fc.check(property, { seed, numRuns: 1 });
  const { violations = [], commands = 0, requests = 0, codes = {} } = first ?? {};
  return { seed, violations, commands, requests, codes, ...(smallest && { shrunk: smallest }) };
}

if (require.main === module) {
  process.once("message", (task: Task) => {
    const seeds = [...task.seeds];
    const lane = async (): Promise<void> => {
      const way = task.asCommands ? wholeCommands() : providerAlone();
      for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) process.send!(await liveSeed(seed, way));
      way.dispose();
    };
    void Promise.all(Array.from({ length: task.lanes }, lane)).then(() => process.disconnect());
  });
}
