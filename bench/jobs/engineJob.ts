import type { Engine } from "../../test/support/engines";
import type { TestStack } from "../../test/support/stack";
import { Fixture, type SideName, writeProgram } from "../fixture";
import { measureCommand, type Sample } from "../measure";
import type { Program } from "../programs";
import type { Job, Prepared } from "./job";

/** A command of the engine, as data. */
interface EngineJob {
  readonly name: string;
  readonly title: string;
  readonly sizes: readonly number[];
  readonly quickSizes: readonly number[];
  readonly program: (size: number) => Program;
  readonly words: readonly string[];
  /**
   * What each run finds: nothing (`empty`), what a first `up` of the program left (`applied`), or that made anew for each run because the
   * command takes it away (`appliedAnew`).
   */
  readonly begins: "empty" | "applied" | "appliedAnew";
  /** By how much each run's program is larger than the one before. */
  readonly step?: 1 | -1;
  /** How long ours waits for events, which the floor does too. */
  readonly waitMs?: (size: number) => number;
  /** Figures to take from the stack after a run. */
  readonly look?: (stack: TestStack) => Record<string, number>;
}

/** The first question after an event: what an event at least makes a write wait for. */
const firstPollMs = 50;
/** So many writes of one resource are under way at a time. */
const writesAtOnce = 4;

/** How long so many writes of one resource wait for their events. */
export const waitOf = (writes: number): number => firstPollMs * Math.ceil(writes / writesAtOnce);

export const upWords = ["up", "--yes", "--skip-preview"];
export const refreshWords = ["refresh", "--yes", "--skip-preview"];
export const destroyWords = ["destroy", "--yes", "--skip-preview"];

/** How far a stack's program has grown beyond the size it began with. */
const steps = new WeakMap<TestStack, number>();

/** Jobs that leave the state as they find it share one fixture; it is kept until another is asked for. */
let kept: { readonly key: string; readonly fixture: Fixture } | undefined;

async function keptFixture(engine: Engine, program: Program, withFloor: boolean): Promise<Fixture> {
  const key = `${engine.name} ${withFloor}\n${program.text}`;
  if (kept?.key !== key) {
    await disposeKept();
    kept = { key, fixture: await Fixture.applied(engine, program, withFloor) };
  }
  return kept.fixture;
}

/** Gives up the fixture that is kept. */
export async function disposeKept(): Promise<void> {
  await kept?.fixture.dispose();
  kept = undefined;
}

/** A command of the engine as a job. */
export function engineJob({ begins, words, program, step, waitMs, look, ...named }: EngineJob): Job {
  const prepare = async (size: number, engine: Engine, withFloor: boolean): Promise<Prepared> => {
    const isKept = begins === "applied";
    let fixture = isKept ? await keptFixture(engine, program(size), withFloor) : undefined;
    const floorEnv = {
      BENCH_FLOOR_WAIT_MS: String(waitMs?.(size) ?? 0),
      ...(step !== undefined && { BENCH_FLOOR_UPDATES: "1" }),
    };
    const run = async (side: SideName, env?: NodeJS.ProcessEnv): Promise<Sample> => {
      const { world, [side]: stack } = fixture!;
      if (step !== undefined) {
        const grown = (steps.get(stack) ?? 0) + step;
        steps.set(stack, grown);
        writeProgram(stack, side, program(size + grown));
      }
      const sample = await measureCommand(stack, world, words, env);
      return look ? { ...sample, more: { ...sample.more, ...look(stack) } } : sample;
    };
    return {
      scale: program(size).scale,
      ours: async () => {
        if (!isKept) {
          await fixture?.dispose();
          fixture =
            begins === "empty"
              ? await Fixture.empty(engine, program(size))
              : await Fixture.applied(engine, program(size), withFloor);
        }
        return run("ours");
      },
      floor: () => run("floor", floorEnv),
      dispose: async () => {
        if (!isKept) await fixture?.dispose();
      },
    };
  };
  return { ...named, hasEngine: true, prepare };
}
