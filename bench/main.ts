/** `npm run bench`: measures every budget, each job beside its floor, and ends with 0 only if all that is guarded holds. */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../test/support/paths";
import { alternate, largest, type Result, summarise } from "./compare";
import { growthIn } from "./figures";
import { localEngine, realCli } from "./fixture";
import { judge, needsFloorInQuick } from "./guard";
import { disposeShared, families } from "./jobs/all";
import type { Job } from "./jobs/job";
import { cleanEnvironment, profileInto } from "./measure";
import { writePage } from "./page";
import { describeProfiles } from "./profile";
import { merge, readResults, writeResults } from "./results";
import { failuresOf, type Judged, tableOf, timeText } from "./table";

type Engine = typeof localEngine;

const usage = `Usage: npm run bench -- [OPTIONS]

  --quick               small jobs and few runs on the local engine: counts exactly, times loosely
  --only REGEXP         only jobs whose name and size, such as up-unchanged/1000, match
  --engine WHICH        local, cli or both (both, where a CLI is on PATH)
  --runs N              runs of each side (5; no fewer without --quick)
  --json FILE           where results go, beside those that the file has (bench/results.json; with --quick nowhere)
  --list                say which jobs there are
  --page                write the figures of bench/results.json into docs/performance.md
  --profile JOB FOLDER  run one job once and write CPU profiles of its processes
`;

const options = {
  quick: { type: "boolean", default: false },
  only: { type: "string", default: "" },
  engine: { type: "string", default: "both" },
  runs: { type: "string" },
  json: { type: "string" },
  list: { type: "boolean", default: false },
  page: { type: "boolean", default: false },
  profile: { type: "string" },
  help: { type: "boolean", default: false },
} as const;

/** One job at one size on one engine. */
interface Task {
  readonly job: Job;
  readonly size: number;
  readonly engine?: Engine;
}

const nameOf = ({ job, size }: Task): string => `${job.name}/${size}`;

/** What is to be run, in an order in which jobs that share something follow one another. */
function tasksOf(engines: readonly Engine[], quick: boolean, only: RegExp): Task[] {
  const sizesOf = (job: Job): readonly number[] => (quick ? job.quickSizes : job.sizes);
  const all = families.flatMap((family) => {
    const sizes = [...new Set(family.flatMap(sizesOf))].sort((a, b) => a - b);
    return sizes.flatMap((size) => {
      const jobs = family.filter((job) => sizesOf(job).includes(size));
      const alone = jobs.filter(({ hasEngine }) => !hasEngine).map((job): Task => ({ job, size }));
      const onEngines = engines.flatMap((engine) =>
        jobs.filter(({ hasEngine }) => hasEngine).map((job): Task => ({ job, size, engine })),
      );
      return [...onEngines, ...alone];
    });
  });
  return all.filter((task) => only.test(nameOf(task)));
}

async function run(task: Task, runs: number, quick: boolean): Promise<Result> {
  const { job, size, engine } = task;
  const withFloor = !quick || needsFloorInQuick(job.name);
  const { ours, scale, dispose, ...beside } = await job.prepare(size, engine ?? localEngine, withFloor);
  const floor = withFloor ? beside.floor : undefined;
  try {
    const least = job.isCheap ? Math.max(runs, quick ? 5 : 15) : runs;
    // Nobody waits for a second run of what is the same in each.
    const count = withFloor ? least : 1;
    const samples = await alternate(ours, floor, { runs: count, warmUp: !quick });
    return {
      job: job.name,
      size,
      engine: engine?.name ?? "none",
      runs: count,
      date: new Date().toISOString().slice(0, 10),
      ours: summarise(samples.ours),
      ...(floor && { floor: summarise(samples.floor) }),
      requests: largest(samples.ours.map(({ requests }) => requests)),
      scale,
      more: largest(samples.ours.map(({ more = {} }) => more)),
    };
  } finally {
    await dispose?.();
  }
}

/** Results with their verdicts. */
function judgeAll(results: readonly Result[], quick: boolean): Judged[] {
  const jobs = new Map(families.flat().map((job) => [job.name, job]));
  return results.map((result) => {
    const job = jobs.get(result.job);
    const full = (quick ? job?.quickSizes : job?.sizes)?.at(-1) ?? result.size;
    const growth = result.size === full && !quick ? growthIn(results, result) : undefined;
    return { result, verdicts: judge(result, { quick, full, ...(growth && { growth }) }), ...(growth && { growth }) };
  });
}

function enginesFor(which: string, quick: boolean): Engine[] {
  const cli = realCli();
  if (which === "cli" && cli === undefined) throw new Error("There is no Pulumi CLI on PATH.");
  if (which === "cli") return [cli!];
  if (which === "local" || quick || cli === undefined) return [localEngine];
  if (which === "both") return [localEngine, cli];
  throw new Error(`--engine is local, cli or both, not ${which}.`);
}

async function profile(task: Task | undefined, folder: string | undefined): Promise<number> {
  if (task === undefined || folder === undefined) throw new Error("--profile needs a job with its size, and a folder.");
  const { ours, dispose } = await task.job.prepare(task.size, task.engine ?? localEngine, false);
  profileInto(folder);
  await ours();
  await dispose?.();
  console.log(describeProfiles(folder));
  return 0;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const { quick, only, engine } = values;
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (values.page) {
    writePage(join(root, "bench/results.json"));
    return 0;
  }
  cleanEnvironment();
  const engines = enginesFor(engine, quick);
  const tasks = tasksOf(engines, quick, new RegExp(only));
  if (values.list) {
    for (const task of tasks)
      console.log(`${nameOf(task).padEnd(28)} ${(task.engine?.name ?? "").padEnd(13)} ${task.job.title}`);
    return 0;
  }
  if (values.profile !== undefined)
    return profile(
      tasks.find((task) => nameOf(task) === values.profile),
      positionals[0],
    );
  const runs = Math.max(Number(values.runs ?? (quick ? 2 : 5)), quick ? 1 : 5);
  const file = values.json ?? (quick ? undefined : join(root, "bench/results.json"));
  let results = file === undefined ? [] : readResults(file);
  const fresh: Result[] = [];
  for (const task of tasks) {
    const result = await run(task, runs, quick);
    const { ours, floor } = result;
    const beside = floor ? ` beside ${timeText(floor.seconds.median)}` : "";
    process.stderr.write(`${nameOf(task)} on ${result.engine}: ${timeText(ours.seconds.median)}${beside}\n`);
    fresh.push(result);
    results = merge(results, [result]);
    // After each job, so that a long bench that is broken off has not been for nothing.
    if (file !== undefined) writeResults(file, judgeAll(results, quick));
  }
  const isFresh = new Set<Result>(fresh);
  const rows = judgeAll(results, quick).filter(({ result }) => isFresh.has(result));
  console.log(tableOf(rows));
  const failures = failuresOf(rows);
  if (failures.length > 0) console.log(["", "Not held:", ...failures].join("\n  "));
  return failures.length > 0 ? 1 : 0;
}

/** Whatever happens, services and folders that jobs have shared are given up. */
async function toTheEnd(): Promise<void> {
  const code = await main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  });
  await disposeShared();
  process.exit(code);
}

void toTheEnd();
