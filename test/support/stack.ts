import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Deployment } from "../engine/backend";
import { type Crypter, openCrypter, unseal } from "../engine/secrets";
import { unwrap } from "../engine/values";
import { type ChildOutput, endOf, outputOf, startChild } from "./childOutput";
import type { Engine } from "./engines";
import { root } from "./paths";

/** What a command printed and how it ended. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Both outputs, colours taken out. */
  readonly text: string;
}

/** One resource of a state, as `stack export` shows it. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly delete?: boolean;
  readonly pendingReplacement?: boolean;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
  readonly initErrors?: string[];
}

const passphrase = "only for tests";
/** By salt; a key takes long to derive, and all stacks that are copied from one have the same. */
const crypters = new Map<string, Crypter>();

/** Folders with a stack that was just made, by engine and project: to copy one costs less than to make one for every test. */
const emptyStacks = new Map<string, string>();

/** A preview doubles what a command costs; tests that are about previews ask for one by name. */
function withoutPreview(args: readonly string[]): string[] {
  const always = ["--yes", "--skip-preview"];
  return [...always, ...args.filter((arg) => !always.includes(arg))];
}

/** Both outputs, colours taken out. */
function plainText({ stdout, stderr }: ChildOutput): string {
  return `${stdout}${stderr}`.replace(/\u001b\[[0-9;]*m/g, "");
}

/** A Pulumi project in a folder of its own, with a file backend and a home of its own, run through one engine. */
export class TestStack {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  private readonly bin: string;

  private constructor(
    engine: Engine,
    env: NodeJS.ProcessEnv,
    readonly project: string,
  ) {
    this.folder = mkdtempSync(join(tmpdir(), "vpp-stack-"));
    this.bin = join(engine.folder, "pulumi");
    mkdirSync(join(this.folder, "backend"));
    mkdirSync(join(this.folder, "tmp"));
    symlinkSync(join(root, "node_modules"), join(this.folder, "node_modules"));
    // The programs are JavaScript; without the compiler a command takes a tenth less.
    const runtime = "runtime: { name: nodejs, options: { typescript: false } }";
    writeFileSync(join(this.folder, "Pulumi.yaml"), `name: ${project}\n${runtime}\n`);
    writeFileSync(join(this.folder, "package.json"), JSON.stringify({ name: project, private: true }));
    const { VPP_CONTENT_TOKEN: _, VPP_CONTENT_TOKEN_FILE: __, VPP_ENDPOINT: ___, ...inherited } = process.env;
    this.env = {
      ...inherited,
      PATH: [engine.folder, join(root, "node_modules/.bin"), process.env.PATH].join(delimiter),
      PULUMI_BACKEND_URL: `file://${join(this.folder, "backend")}`,
      PULUMI_HOME: join(this.folder, "home"),
      PULUMI_CONFIG_PASSPHRASE: passphrase,
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_STACK: "dev",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      TMPDIR: join(this.folder, "tmp"),
      NO_COLOR: "1",
      ...env,
    };
  }

  /** Makes the folder and the stack `dev`. */
  static async create(engine: Engine, env: NodeJS.ProcessEnv = {}, project = "trial"): Promise<TestStack> {
    const stack = new TestStack(engine, env, project);
    const key = `${engine.name} ${project}`;
    const template = emptyStacks.get(key);
    if (template !== undefined) {
      cpSync(template, stack.folder, { recursive: true });
      return stack;
    }
    await stack.expect(0, "stack", "init", "dev");
    const kept = mkdtempSync(join(tmpdir(), "vpp-empty-stack-"));
    for (const name of ["backend", "Pulumi.dev.yaml"])
      cpSync(join(stack.folder, name), join(kept, name), { recursive: true });
    process.once("exit", () => rmSync(kept, { recursive: true, force: true }));
    emptyStacks.set(key, kept);
    return stack;
  }

  /** A copy of one of the examples, as it is, without a stack. Its types are not checked in each run: a test of types does that once. */
  static ofExample(engine: Engine, example: string, env: NodeJS.ProcessEnv = {}): TestStack {
    const stack = new TestStack(engine, { PULUMI_NODEJS_TRANSPILE_ONLY: "true", ...env }, `vpp-${example}`);
    cpSync(join(root, "examples", example), stack.folder, {
      recursive: true,
      filter: (path) => !path.endsWith("node_modules"),
    });
    return stack;
  }

  /** Sets the program: CommonJS, in which `vpp` and `pulumi` are there already. */
  program(text: string): void {
    const head = 'const pulumi = require("@pulumi/pulumi");\nconst vpp = require("pulumi-vpp");\n';
    writeFileSync(join(this.folder, "index.js"), `${head}${text}\n`);
  }

  /** Runs a command. */
  run(...args: string[]): Promise<CommandResult> {
    return this.runWith({}, ...args);
  }

  /** Runs a command with a few more environment variables. */
  runWith(env: NodeJS.ProcessEnv, ...args: string[]): Promise<CommandResult> {
    return this.execute(this.bin, args, env);
  }

  /** Runs another command than `pulumi` in the project's folder, with all that `pulumi` would have. */
  async execute(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<CommandResult> {
    const ended = await outputOf(command, args, { cwd: this.folder, env: { ...this.env, ...env } });
    return { ...ended, text: plainText(ended) };
  }

  /** Runs a command that must end with this exit code; the error holds all that it printed. */
  async expect(code: number, ...args: string[]): Promise<CommandResult> {
    const result = await this.run(...args);
    if (result.code !== code)
      throw new Error(`pulumi ${args.join(" ")} ended with ${result.code}, not ${code}:\n${result.text}`);
    return result;
  }

  up(...args: string[]): Promise<CommandResult> {
    return this.expect(0, "up", ...withoutPreview(args));
  }

  /** An `up` that must fail. */
  async failingUp(...args: string[]): Promise<CommandResult> {
    return this.failing("up", "--yes", ...args);
  }

  /** A preview that must fail. */
  async failingPreview(...args: string[]): Promise<CommandResult> {
    return this.failing("preview", ...args);
  }

  /** A command that must fail. */
  async failing(...args: string[]): Promise<CommandResult> {
    const result = await this.run(...args);
    if (result.code === 0) throw new Error(`pulumi ${args.join(" ")} should have failed:\n${result.text}`);
    return result;
  }

  preview(...args: string[]): Promise<CommandResult> {
    return this.expect(0, "preview", ...args);
  }

  refresh(...args: string[]): Promise<CommandResult> {
    return this.expect(0, "refresh", ...withoutPreview(args));
  }

  destroy(...args: string[]): Promise<CommandResult> {
    return this.expect(0, "destroy", ...withoutPreview(args));
  }

  /** The state's resources, secrets in clear. Read from the file: a command for it would cost a second each time. */
  resources(): StateResource[] {
    const { checkpoint } = JSON.parse(this.stateText()) as { checkpoint: { latest?: Deployment } };
    const { resources = [], secrets_providers: secrets } = checkpoint.latest ?? {};
    const salt = secrets?.state?.salt ?? "";
    const crypter = crypters.get(salt) ?? openCrypter(salt, () => passphrase);
    crypters.set(salt, crypter);
    return resources.map((resource) => {
      const { inputs, outputs, ...rest } = unseal(resource, crypter);
      return { ...rest, inputs: unwrap(inputs), outputs: unwrap(outputs) };
    });
  }

  /** One resource of the state by its name. */
  resource(name: string): StateResource {
    const found = this.resources().find(({ urn, delete: old }) => urn.endsWith(`::${name}`) && !old);
    if (found === undefined) throw new Error(`There is no resource ${name} in the state.`);
    return found;
  }

  /** The outputs of one resource, secrets in clear. */
  outputs(name: string): Record<string, unknown> {
    return this.resource(name).outputs ?? {};
  }

  /** The state file. */
  private get stateFile(): string {
    return join(this.folder, `backend/.pulumi/stacks/${this.project}/${this.env.PULUMI_STACK}.json`);
  }

  /** The whole state file, as text. */
  stateText(): string {
    return readFileSync(this.stateFile, "utf8");
  }

  /** Edits the state behind the engine's back. */
  editState(edit: (text: string) => string): void {
    writeFileSync(this.stateFile, edit(this.stateText()));
  }

  /** Renames the stack; from then on commands are about it under the new name. */
  async rename(name: string): Promise<void> {
    await this.expect(0, "stack", "rename", name);
    this.env.PULUMI_STACK = name;
  }

  /** Keeps the stack as it is now: its state and its configuration. The function puts them back, as often as it is called. */
  keep(): () => void {
    const kept = join(this.folder, `kept-${readdirSync(this.folder).length}`);
    const { PULUMI_STACK } = this.env;
    const settings = (): string[] => readdirSync(this.folder).filter((name) => /^Pulumi\..+\.yaml$/.test(name));
    for (const name of ["backend", ...settings()])
      cpSync(join(this.folder, name), join(kept, name), { recursive: true });
    return () => {
      for (const name of ["backend", ...settings()]) rmSync(join(this.folder, name), { recursive: true });
      cpSync(kept, this.folder, { recursive: true });
      this.env.PULUMI_STACK = PULUMI_STACK;
    };
  }

  /** Runs `up`, and kills the engine and all that it started, outright, as soon as it has come as far as said; takes the lock off. */
  async killedUp(isThere: () => boolean | Promise<boolean>, ...args: string[]): Promise<void> {
    const child = spawn(this.bin, ["up", ...withoutPreview(args)], {
      cwd: this.folder,
      env: this.env,
      detached: true,
      stdio: "ignore",
    });
    let hasEnded = false;
    const ended = new Promise<void>((resolve) =>
      child.on("close", () => {
        hasEnded = true;
        resolve();
      }),
    );
    while (!(await isThere())) {
      if (hasEnded) throw new Error(`pulumi up ${args.join(" ")} ended before it came as far as it was to be killed.`);
      await delay(10);
    }
    process.kill(-child.pid!, "SIGKILL");
    await ended;
    await this.run("cancel", "--yes");
  }

  /** Runs a command and sends its process a signal, as Ctrl-C does, as soon as it has come as far as said. */
  async interrupted(
    isThere: () => boolean | Promise<boolean>,
    args: readonly string[],
    signal: NodeJS.Signals = "SIGINT",
  ): Promise<CommandResult> {
    const child = startChild(this.bin, args, { cwd: this.folder, env: this.env, detached: true });
    const ending = endOf(child);
    let hasEnded = false;
    void ending.then(() => {
      hasEnded = true;
    });
    while (!(await isThere())) {
      if (hasEnded)
        throw new Error(`pulumi ${args.join(" ")} ended before it was interrupted:\n${(await ending).stderr}`);
      await delay(10);
    }
    child.kill(signal);
    const ended = await ending;
    return { ...ended, text: plainText(ended) };
  }

  /** Plans that a run has left in the temporary folder. */
  leftovers(): string[] {
    return readdirSync(join(this.folder, "tmp")).filter((name) => name.startsWith("pulumi-vpp-"));
  }

  /** Removes the folder with all that is in it. */
  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
