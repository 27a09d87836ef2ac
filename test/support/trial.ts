import type { SimulatorOptions } from "../../simulator";
import { type Engine, engines } from "./engines";
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
  /** Only the first engine: for what no engine has a part in, such as how the service answers an open question. */
  readonly oneEngine?: boolean;
}

/** Describes tests of whole programs, once for each engine; `trial` is filled before each test. */
export function describeTrials(title: string, tests: (trial: Trial) => void, options: TrialOptions = {}): void {
  const { libraries, oneEngine = false, ...simulator } = options;
  for (const engine of oneEngine ? engines().slice(0, 1) : engines()) {
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
