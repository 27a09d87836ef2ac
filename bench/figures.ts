import { overFloor, quickRatioOf, type Result, ratioOf } from "./compare";
import { type Growth, growthOf } from "./growth";

/** What a budget can be about: a figure of one result. */
export type Figure =
  | "ratio"
  | "seconds"
  | "overMs"
  | "hostCpu"
  | "hostMemory"
  | "requests"
  | "unpolled"
  | "reads"
  | "growth"
  | `path:${string}`
  | `more:${string}`;

/** Requests that open a library, wait, or write: all others read. */
const noReads = /^(service\/config|client\/config|status)$|\/(associate|disassociate|create|update|retire)$/;

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

/** How a job grows on one engine, from all its sizes that have been measured. */
export function growthIn(results: readonly Result[], { job, engine }: Pick<Result, "job" | "engine">) {
  const sizes = results
    .filter((result) => result.job === job && result.engine === engine)
    .map(({ size, ours, floor }) => ({ size, ours: ours.seconds, ...(floor && { floor: floor.seconds }) }))
    .sort((a, b) => a.size - b.size);
  return growthOf(sizes.filter(({ size }) => size * 17 > sizes.at(-1)!.size));
}

/** One figure of a result; undefined where it has none. With few runs it is the quickest ones that are compared. */
export function figureOf(figure: Figure, result: Result, quick: boolean, growth?: Growth): number | undefined {
  const { ours, floor, requests, more } = result;
  const one = quick ? "min" : "median";
  switch (figure) {
    case "ratio":
      return (quick ? quickRatioOf : ratioOf)(result);
    case "seconds":
      return ours.seconds.median;
    case "overMs":
      return floor && (ours.seconds[one] - floor.seconds[one]) * 1000;
    case "hostCpu":
      return overFloor(result, "host", "cpuSeconds");
    case "hostMemory":
      return overFloor(result, "host", "megabytes");
    case "requests":
      return sum(Object.values(requests));
    case "unpolled":
      // How often a write is asked about is the service's time, not ours; names of apps come from the store.
      return sum(Object.values(requests)) - (requests.status ?? 0) - (requests.lookup ?? 0);
    case "reads":
      return sum(
        Object.entries(requests)
          .filter(([path]) => !noReads.test(path))
          .map(([, count]) => count),
      );
    case "growth":
      return growth?.value;
    default: {
      const [kind, name] = figure.split(":", 2) as ["path" | "more", string];
      return kind === "path" ? (requests[name] ?? 0) : more[name];
    }
  }
}
