import { measured, type Result, type Summary } from "../../../bench/compare";
import type { Sample } from "../../../bench/measure";

/** One side of a job, as it would be after these runs. */
export function summary(seconds: readonly number[], processes: Summary["processes"] = {}): Summary {
  return { seconds: measured(seconds), processes };
}

/** A result, all of which can be changed. */
export function result(changes: Partial<Result> = {}): Result {
  return {
    job: "up-unchanged",
    size: 1000,
    engine: "local engine",
    runs: 5,
    date: "2026-01-01",
    ours: summary([1]),
    requests: {},
    scale: {},
    more: {},
    ...changes,
  };
}

/** One run. */
export function sample(seconds: number, changes: Partial<Sample> = {}): Sample {
  return { seconds, requests: {}, processes: {}, ...changes };
}
