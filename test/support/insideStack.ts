import { setTimeout as delay } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { InitError } from "../engine/errors";
import { unwrap } from "../engine/values";
import type { Data, Kind, Stored } from "./hostProcess";
import { InsideHost } from "./insideHost";
import { evaluate, kindOf, withEnvironment } from "./programStack";
import type { CommandResult } from "./stack";
import type { TrialOptions } from "./trial";
import { smallLibrary, World } from "./world";

interface Kept extends Stored {
  readonly kind: Kind;
  readonly inputs: Data;
  readonly initErrors?: readonly string[];
}

/** One command that is going on: what it told, how much it changed, whether anything failed, and what the program has registered. */
interface Operation {
  readonly host: InsideHost;
  readonly preview: boolean;
  readonly told: string[];
  readonly registered: Set<string>;
  changes: number;
  failed: boolean;
}

/**
 * A program and its state in the tests' own process, with the commands of a `TestStack`: the SDK registers its resources with Pulumi's mocks,
 * behind which the provider works on a service. It answers in milliseconds what the provider refuses, does and tells. What engines have a part
 * in (targets, replacements, secrets, the state's file) it doesn't know, and refuses.
 */
export class InsideStack {
  readonly env: NodeJS.ProcessEnv;
  private readonly state = new Map<string, Kept>();
  private text = "";
  private turn = 0;
  private comparing: Promise<unknown> = Promise.resolve();

  constructor(env: NodeJS.ProcessEnv) {
    this.env = { ...env };
  }

  program(text: string): void {
    this.text = `const pulumi = require("@pulumi/pulumi");\nconst vpp = require("pulumi-vpp");\n${text}\n`;
  }

  run(...args: string[]): Promise<CommandResult> {
    return this.runWith({}, ...args);
  }

  async runWith(env: NodeJS.ProcessEnv, command = "", ...options: string[]): Promise<CommandResult> {
    const known = ["--yes", "--skip-preview", "--preview-only", "--expect-no-changes"];
    const unknown = options.find((option) => !known.includes(option));
    if (unknown !== undefined) throw new Error(`${unknown} is for engines.`);
    const preview = command === "preview" || options.includes("--preview-only");
    const surroundings = { ...this.env, ...env };
    const host = new InsideHost({ env: surroundings });
    const operation: Operation = { host, preview, told: [], registered: new Set<string>(), changes: 0, failed: false };
    if (command === "up" || command === "preview") await this.update(operation, surroundings);
    else if (command === "refresh") await this.reread(operation);
    else if (command === "destroy") await this.takeDown(operation);
    else throw new Error(`${command} is for engines.`);
    const unexpected = options.includes("--expect-no-changes") && operation.changes > 0;
    const text = [...host.stderr, ...operation.told].join("\n");
    return { code: operation.failed || unexpected ? 1 : 0, stdout: text, stderr: "", text };
  }

  async expect(code: number, ...args: string[]): Promise<CommandResult> {
    const result = await this.run(...args);
    if (result.code !== code)
      throw new Error(`${args.join(" ")} ended with ${result.code}, not ${code}:\n${result.text}`);
    return result;
  }

  up = (...args: string[]): Promise<CommandResult> => this.expect(0, "up", ...args);
  preview = (...args: string[]): Promise<CommandResult> => this.expect(0, "preview", ...args);
  refresh = (...args: string[]): Promise<CommandResult> => this.expect(0, "refresh", ...args);
  destroy = (...args: string[]): Promise<CommandResult> => this.expect(0, "destroy", ...args);
  failingUp = (...args: string[]): Promise<CommandResult> => this.expect(1, "up", ...args);
  failingPreview = (...args: string[]): Promise<CommandResult> => this.expect(1, "preview", ...args);

  resource(name: string): Kept {
    const kept = this.state.get(name);
    if (kept === undefined) throw new Error(`There is no resource ${name} in the state.`);
    return kept;
  }

  outputs(name: string): Record<string, unknown> {
    return this.resource(name).outputs;
  }

  private async update(operation: Operation, env: NodeJS.ProcessEnv): Promise<void> {
    const newResource = async ({ type, name, inputs, id }: pulumi.runtime.MockResourceArgs) => {
      const kind = kindOf(type);
      if (kind === undefined) return { id: id ?? `${name}-id`, state: inputs as Data };
      operation.registered.add(name);
      // An engine promises no order.
      await delay((this.turn++ * 7) % 5);
      return this.register(operation, kind, name, unwrap(inputs) as Data);
    };
    await pulumi.runtime.setMocks({ newResource, call: () => ({}) }, "trial", "dev", operation.preview, "organization");
    await withEnvironment(env, () => evaluate(this.text));
    if (!operation.failed) await this.takeDown(operation);
  }

  /** Brings one resource to what the program says. After a failure nothing more is begun. */
  private async register(
    operation: Operation,
    kind: Kind,
    name: string,
    given: Data,
  ): Promise<{ id: string; state: Data }> {
    const old = this.state.get(name);
    const nothing = { id: old?.id ?? "", state: { ...given, ...old?.outputs } };
    if (operation.failed) return nothing;
    try {
      const { inputs, differs } = await this.inTurn(() => this.compared(operation, kind, name, old, given));
      if (operation.failed) return nothing;
      if (!differs) return { id: old!.id, state: old!.outputs };
      operation.changes++;
      if (operation.preview) return { id: old?.id ?? "", state: inputs };
      const stored = await this.write(operation.host, kind, name, old, inputs);
      return { id: stored.id, state: stored.outputs };
    } catch (error) {
      operation.failed = true;
      operation.told.push((error as Error).message);
      return nothing;
    }
  }

  /** Engines check and compare one resource after the other, and write many at once. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.comparing.then(work);
    this.comparing = result.catch(() => undefined);
    return result;
  }

  private async compared(
    { host, failed }: Operation,
    kind: Kind,
    name: string,
    old: Kept | undefined,
    given: Data,
  ): Promise<{ inputs: Data; differs: boolean }> {
    if (failed) return { inputs: given, differs: false };
    const { inputs, failures } = await host.check(kind, old?.inputs ?? {}, given);
    if (failures.length > 0) throw new Error(failures.map(({ reason }) => `${kind} ${name}: ${reason}`).join("\n"));
    return { inputs, differs: await this.differs(host, kind, old, inputs) };
  }

  private async differs(host: InsideHost, kind: Kind, old: Kept | undefined, inputs: Data): Promise<boolean> {
    if (old === undefined) return true;
    const { changes, replaces } = await host.diff(kind, old, inputs);
    if (replaces.length > 0) throw new Error(`A replacement, because of ${replaces.join(", ")}, is for engines.`);
    return changes || old.initErrors !== undefined;
  }

  private async write(
    host: InsideHost,
    kind: Kind,
    name: string,
    old: Kept | undefined,
    inputs: Data,
  ): Promise<Stored> {
    try {
      const stored = old === undefined ? await host.create(kind, inputs) : await host.update(kind, old, inputs);
      this.state.set(name, { ...stored, kind, inputs });
      return stored;
    } catch (error) {
      if (!(error instanceof InitError)) throw error;
      const { id, properties, reasons: initErrors } = error;
      const { __provider: _, ...outputs } = properties;
      // The engine keeps the old inputs after an update that failed, and the new outputs.
      this.state.set(name, { id, outputs, kind, inputs: old?.inputs ?? inputs, initErrors });
      throw new Error(initErrors.join("\n"));
    }
  }

  private async reread(operation: Operation): Promise<void> {
    for (const [name, kept] of [...this.state]) {
      try {
        const { id, outputs, inputs = kept.inputs } = await operation.host.read(kept.kind, kept);
        const isGone = id === undefined || outputs === undefined;
        if (isGone || (await operation.host.diff(kept.kind, { id, outputs }, inputs)).changes) operation.changes++;
        if (operation.preview) continue;
        if (isGone) this.state.delete(name);
        else this.state.set(name, { id, outputs, inputs, kind: kept.kind });
      } catch (error) {
        operation.failed = true;
        operation.told.push((error as Error).message);
      }
    }
  }

  /** Deletes what the program has not registered, what was made last first. */
  private async takeDown(operation: Operation): Promise<void> {
    const dropped = [...this.state].filter(([name]) => !operation.registered.has(name)).reverse();
    for (const [name, kept] of dropped) {
      operation.changes++;
      if (operation.preview) continue;
      try {
        await operation.host.delete(kept.kind, kept);
        this.state.delete(name);
      } catch (error) {
        operation.failed = true;
        operation.told.push((error as Error).message);
      }
    }
  }
}

/** Describes tests of programs in the tests' own process; `trial` is filled before each test. */
export function describeInside(
  title: string,
  tests: (trial: { readonly world: World; readonly stack: InsideStack }) => void,
  { libraries = [smallLibrary()], ...simulator }: Omit<TrialOptions, "contract"> = {},
): void {
  describe(title, () => {
    const trial = {} as { world: World; stack: InsideStack };
    beforeEach(async () => {
      trial.world = await World.start(libraries, simulator);
      trial.stack = new InsideStack(trial.world.env);
    });
    afterEach(() => trial.world?.close());
    tests(trial);
  });
}
