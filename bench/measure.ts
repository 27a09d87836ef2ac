import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestStack } from "../test/support/stack";
import type { World } from "../test/support/world";
import type { Role } from "./probe/role";

/** What the processes of one role cost in one run: the memory of the largest, the CPU time of all. */
export interface ProcessCost {
  readonly megabytes: number;
  readonly cpuSeconds: number;
}

/** One run of one side of a job. */
export interface Sample {
  readonly seconds: number;
  /** How many requests the service got, by path. */
  readonly requests: Readonly<Record<string, number>>;
  readonly processes: Readonly<Partial<Record<Role, ProcessCost>>>;
  /** Figures that only this job has, by name. */
  readonly more?: Readonly<Record<string, number>>;
}

/** One of the two sides of a job: each call is one measured run. What has to be there before is made ready without being measured. */
export type Side = () => Promise<Sample>;

const preload = join(__dirname, "probe/usage.js");

/** Measures the processes that are started with its environment. */
export class Probe {
  private readonly folder = mkdtempSync(join(tmpdir(), "vpp-probe-"));

  /** What a process must be started with to be measured. Nothing else of this process's own options reaches it. */
  get env(): NodeJS.ProcessEnv {
    return { NODE_OPTIONS: `--require=${JSON.stringify(preload)}`, BENCH_PROBE: this.folder, ...profiling };
  }

  /** What was measured; ends the probe. */
  read(): Sample["processes"] {
    const found = new Map<string, ProcessCost>();
    for (const name of readdirSync(this.folder).filter((file) => file.endsWith(".json"))) {
      const role = name.split("-")[0]!;
      const { megabytes, cpuSeconds } = JSON.parse(readFileSync(join(this.folder, name), "utf8")) as ProcessCost;
      const before = found.get(role) ?? { megabytes: 0, cpuSeconds: 0 };
      found.set(role, {
        megabytes: Math.max(before.megabytes, megabytes),
        cpuSeconds: before.cpuSeconds + cpuSeconds,
      });
    }
    rmSync(this.folder, { recursive: true, force: true });
    return Object.fromEntries(found);
  }
}

let profiling: NodeJS.ProcessEnv = {};

/** From now on every run is profiled into a folder; its figures are not worth much then. */
export function profileInto(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const both = [preload, join(__dirname, "probe/profile.js")];
  const options = both.map((script) => `--require=${JSON.stringify(script)}`).join(" ");
  profiling = { NODE_OPTIONS: options, BENCH_PROFILES: folder };
}

/** Measures how long something takes. */
export async function timed<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly seconds: number }> {
  const began = process.hrtime.bigint();
  const result = await work();
  return { result, seconds: Number(process.hrtime.bigint() - began) / 1e9 };
}

/** The requests that a service has got since it last forgot them, by path. */
export async function requestsOf(world: World): Promise<Sample["requests"]> {
  const counts: Record<string, number> = {};
  for (const { path } of await world.requests()) {
    const name = path.replace(/^\/(mdm\/v2\/)?/, "");
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** Runs one command of an engine, which must end well. */
export async function measureCommand(
  stack: TestStack,
  world: World,
  words: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Sample> {
  await world.forget();
  const probe = new Probe();
  const { result, seconds } = await timed(() => stack.runWith({ ...probe.env, ...env }, ...words));
  const processes = probe.read();
  if (result.code !== 0) throw new Error(`pulumi ${words.join(" ")} ended with ${result.code}:\n${result.text}`);
  return { seconds, requests: await requestsOf(world), processes, more: { targets: await targetsOf(world) } };
}

/** How many devices and people the writes were about that the service has got since it last forgot. */
async function targetsOf(world: World): Promise<number> {
  const bodies = (await world.requests()).map(({ body }) => body);
  return bodies.reduce((sum, body) => sum + (body?.serialNumbers ?? 0) + (body?.clientUserIds ?? 0), 0);
}

/** Ends what an earlier run left set in the environment and would make one side quicker or slower than a user's machine is. */
export function cleanEnvironment(): void {
  for (const name of ["NODE_COMPILE_CACHE", "NODE_V8_COVERAGE", "NODE_OPTIONS", "NODE_DEBUG"]) delete process.env[name];
}
