import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LibraryEntry } from "../../simulator";
import { SAMPLES } from "../../simulator/apple/samples/samples";
import { type Engine, type EngineContract, enginesFor } from "./engines";
import { root } from "./paths";
import { type CommandResult, TestStack } from "./stack";
import { World } from "./world";

/** An example in a folder of its own, with the service that it talks to. */
export class Example {
  private constructor(
    readonly engine: Engine,
    readonly world: World,
    readonly stack: TestStack,
  ) {}

  static async start(engine: Engine, name: string, libraries: readonly LibraryEntry[]): Promise<Example> {
    const world = await World.start(libraries);
    return new Example(engine, world, TestStack.ofExample(engine, name, world.env));
  }

  /** Makes a stack, about which commands are from then on. */
  async newStack(name: string): Promise<void> {
    await this.stack.expect(0, "stack", "init", name);
    this.stack.env.PULUMI_STACK = name;
  }

  /** Runs a command that the example's README has on a line of its own; what a terminal would be asked is answered beforehand. */
  async type(line: string, code = 0): Promise<CommandResult> {
    const lines = this.read("README.md").split("\n");
    assert.ok(lines.includes(`    ${line}`), `README.md has no line "${line}"`);
    const [command, verb = "", ...words] = line.split(/ +/);
    assert.equal(command, "pulumi");
    const answers = ["up", "destroy"].includes(verb) ? ["--yes", "--skip-preview"] : [];
    return this.stack.expect(code, verb, ...answers, ...words.map((word) => word.replace("$PWD", this.stack.folder)));
  }

  /** A file of the example, as this copy has it. */
  read(file: string): string {
    return readFileSync(join(this.stack.folder, file), "utf8");
  }

  /** Does what somebody does in an editor. */
  edit(file: string, change: (text: string) => string): void {
    const before = this.read(file);
    const after = change(before);
    assert.notEqual(after, before, `${file} is as it was`);
    writeFileSync(join(this.stack.folder, file), after);
  }

  /** The values of a column of one of the example's lists. */
  column(file: string, place = 0): string[] {
    const [, ...rows] = this.read(file).trim().split("\n");
    return rows.map((row) => row.split(",")[place]!);
  }

  async close(): Promise<void> {
    this.stack.dispose();
    await this.world.close();
  }
}

/** The library that the simulator serves unless told otherwise, as `examples/README.md` starts it. */
export const companyLibraries = SAMPLES.company!.libraries;

/** The libraries in an example's own file for the simulator. */
export function librariesOf(example: string): LibraryEntry[] {
  const text = readFileSync(join(root, "examples", example, "library.json"), "utf8");
  return (JSON.parse(text) as { libraries: LibraryEntry[] }).libraries;
}

/**
 * Describes tests of one example, on one engine or for a part of the engines' contract on each; its copy and its service are shared by the
 * tests, which follow each other. What the engine has no part in, such as a refusal of the provider's, is to be tested where `isLast` says so.
 */
export function describeExample(
  name: string,
  tests: (example: () => Example, isLast: boolean) => void,
  {
    libraries = companyLibraries,
    stack = "dev",
    contract,
  }: { libraries?: readonly LibraryEntry[]; stack?: string; contract?: EngineContract } = {},
): void {
  const all = enginesFor(contract);
  for (const engine of all) {
    describe(`the example ${name}, on the ${engine.name}`, () => {
      let example: Example;
      before(async () => {
        example = await Example.start(engine, name, libraries);
        await example.newStack(stack);
      });
      after(() => example?.close());
      tests(() => example, engine === all.at(-1));
    });
  }
}
