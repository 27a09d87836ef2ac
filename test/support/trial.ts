import type { SimulatorOptions } from "../../simulator";
import { type Engine, type EngineContract, enginesFor } from "./engines";
import { TestStack } from "./stack";
import { smallLibrary, World } from "./world";

/** A stack and the service that it talks to, both fresh for every test. */
export interface Trial {
  world: World;
  stack: TestStack;
  readonly engine: Engine;
}

/** How the service of a trial is set up. */
export interface TrialOptions extends Partial<SimulatorOptions> {
  readonly libraries?: Parameters<typeof World.start>[0];
  /** The part of the engines' contract that these tests ask, and so on every engine; without it they run on one. */
  readonly contract?: EngineContract;
}

/** Describes tests of whole programs; `trial` is filled before each test. */
export function describeTrials(title: string, tests: (trial: Trial) => void, options: TrialOptions = {}): void {
  const { libraries, contract, ...simulator } = options;
  for (const engine of enginesFor(contract)) {
    describe(`${title}, on the ${engine.name}`, () => {
      const trial = { engine } as Trial;
      beforeEach(async () => {
        trial.world = await World.start(libraries ?? [smallLibrary()], simulator);
        trial.stack = await TestStack.create(engine, trial.world.env);
      });
      afterEach(async () => {
        trial.stack?.dispose();
        await trial.world?.close();
      });
      tests(trial);
    });
  }
}

/** A value as program text. */
export function js(value: unknown): string {
  return JSON.stringify(value);
}

/** The line that every program of the tests begins with. */
export const bindHq = 'const token = new vpp.VppToken("hq", { displayName: "Head office" });';
