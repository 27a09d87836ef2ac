import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tokenFileOf } from "../test/support/command";
import { type Engine, folderOfCli } from "../test/support/engines";
import { root } from "../test/support/paths";
import { TestStack } from "../test/support/stack";
import { World } from "../test/support/world";
import { keyOf, type Program } from "./programs";

/** Whose classes a program uses. */
export type SideName = "ours" | "floor";

const packages: Readonly<Record<SideName, string>> = { ours: "pulumi-vpp", floor: "pulumi-floor" };

export const localEngine: Engine = { name: "local engine", folder: join(root, "test/engine/bin") };

/** The real CLI, where one is on PATH. */
export function realCli(): Engine | undefined {
  const folder = folderOfCli();
  return folder === undefined ? undefined : { name: "Pulumi CLI", folder };
}

/** A service and two stacks for the same program, ours and the floor's. */
export class Fixture {
  private constructor(
    readonly world: World,
    readonly ours: TestStack,
    readonly floor: TestStack,
  ) {}

  /** Nothing has been run yet. */
  static async empty(engine: Engine, program: Program): Promise<Fixture> {
    const world = await World.start(program.libraries);
    const env = environmentOf(world, program);
    const [ours, floor] = [await makeStack("ours", engine, env), await makeStack("floor", engine, env)];
    const fixture = new Fixture(world, ours, floor);
    fixture.write(program);
    return fixture;
  }

  /**
   * The program has been applied. The local engine does that, whichever engine goes on from there: the CLI takes its states as they are, and
   * would need a minute for a thousand resources.
   */
  static async applied(engine: Engine, program: Program, withFloor: boolean): Promise<Fixture> {
    const made = await Fixture.empty(localEngine, program);
    await made.ours.up();
    if (withFloor) await made.floor.up();
    if (engine.name === localEngine.name) return made;
    const env = environmentOf(made.world, program);
    const handed = new Fixture(
      made.world,
      await handOver(made.ours, "ours", engine, env),
      await handOver(made.floor, "floor", engine, env),
    );
    handed.write(program);
    return handed;
  }

  /** Gives both stacks this program. */
  write(program: Program): void {
    for (const side of ["ours", "floor"] as const) writeProgram(this[side], side, program);
  }

  async dispose(): Promise<void> {
    this.ours.dispose();
    this.floor.dispose();
    await this.world.close();
  }
}

/** Gives one stack a program. */
export function writeProgram(stack: TestStack, side: SideName, { text }: Program): void {
  const lines = ['const pulumi = require("@pulumi/pulumi");', `const vpp = require("${packages[side]}");`, text];
  writeFileSync(join(stack.folder, "index.js"), `${lines.join("\n")}\n`);
}

async function makeStack(side: SideName, engine: Engine, env: NodeJS.ProcessEnv): Promise<TestStack> {
  const stack = await TestStack.create(engine, env, "bench");
  // Both sides see one folder of packages of the same shape, with nothing but what they need.
  const modules = join(stack.folder, "node_modules");
  rmSync(modules);
  mkdirSync(modules);
  symlinkSync(join(root, "node_modules/@pulumi"), join(modules, "@pulumi"));
  symlinkSync(side === "ours" ? root : join(root, "dist/bench/floor"), join(modules, packages[side]));
  return stack;
}

async function handOver(from: TestStack, side: SideName, engine: Engine, env: NodeJS.ProcessEnv): Promise<TestStack> {
  const stack = await makeStack(side, engine, env);
  for (const name of ["backend", "Pulumi.dev.yaml"]) {
    rmSync(join(stack.folder, name), { recursive: true });
    cpSync(join(from.folder, name), join(stack.folder, name), { recursive: true });
  }
  from.dispose();
  return stack;
}

function environmentOf(world: World, { libraries }: Program): NodeJS.ProcessEnv {
  const others = libraries.slice(1).map(({ libraryId }, index) => {
    const variable = `VPP_CONTENT_TOKEN_${keyOf(index + 1).toUpperCase()}_FILE`;
    return [variable, tokenFileOf(world, libraryId)] as const;
  });
  return { ...world.env, ...Object.fromEntries(others) };
}
