import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { prelude, type Todo } from "./provider";

const root = join(__dirname, "../../../..");
const localBin = join(root, "test/engine/bin");

/** Which command the tests run: the local engine, or with VPP_ENGINE=cli the real one. */
export const engine: "local" | "cli" = process.env.VPP_ENGINE === "cli" ? "cli" : "local";

function findCli(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== localBin);
  return folders.map((folder) => join(folder, "pulumi")).find((file) => existsSync(file));
}

/** Tells whether the real CLI is on PATH. */
export const hasCli = (): boolean => findCli() !== undefined;

/** The file of one of the two commands. */
export function command(which: "local" | "cli"): string {
  const file = which === "local" ? join(localBin, "pulumi") : findCli();
  if (!file) throw new Error("the Pulumi CLI is not on PATH");
  return file;
}

/** A call that the provider got. */
export interface Call {
  call: string;
  name: string;
  pid: number;
  id?: string;
  olds?: Record<string, unknown>;
  news?: Record<string, unknown>;
  config?: Record<string, unknown>;
  /** On `configure`: what `config.get("other:key")` gave, the variable TEST_VARIABLE, and the working directory. */
  other?: string;
  variable?: string;
  folder?: string;
}

/** A resource in the state, as far as tests look at it. */
export interface Resource {
  urn: string;
  type: string;
  id?: string;
  delete?: boolean;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  initErrors?: string[];
  protect?: boolean;
  taint?: boolean;
}

/** How a command ended. */
export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
  /** What the provider was called for meanwhile, as `create a`; without `configure`. */
  calls: string[];
}

/** A project with one stack, in a temporary folder. */
export class Workbench {
  readonly folder = mkdtempSync(join(tmpdir(), "engine-"));
  private readonly callFile = join(this.folder, "calls");
  private readonly worldFile = join(this.folder, "world.json");
  /** The command that is run. */
  command = command(engine);
  /** Environment variables for the next commands. */
  readonly environment: Record<string, string> = {};

  constructor(program: string) {
    mkdirSync(join(this.folder, "state"));
    writeFileSync(join(this.folder, "Pulumi.yaml"), "name: bench\nruntime: nodejs\n");
    writeFileSync(join(this.folder, "package.json"), '{ "name": "bench", "main": "index.js" }');
    symlinkSync(join(root, "node_modules"), join(this.folder, "node_modules"));
    writeFileSync(this.callFile, "");
    this.program(program);
    this.world({});
  }

  /** Puts another program in place. */
  program(text: string): void {
    writeFileSync(join(this.folder, "index.js"), prelude + text);
  }

  /** Tells the provider what to do in its calls. */
  world(todos: Record<string, Todo>): void {
    writeFileSync(this.worldFile, JSON.stringify(todos));
  }

  /** The stack's file in the backend. */
  get stateFile(): string {
    return join(this.folder, "state/.pulumi/stacks/bench/dev.json");
  }

  /** The resources in the state. */
  resources(): Resource[] {
    const file = JSON.parse(readFileSync(this.stateFile, "utf8")) as {
      checkpoint: { latest?: { resources?: Resource[] } };
    };
    return file.checkpoint.latest?.resources ?? [];
  }

  /** The dynamic resource of a name; the one that stays, if there are several. */
  resource(name: string): Resource | undefined {
    return this.resources().find((r) => r.urn.endsWith(`::${name}`) && r.delete !== true);
  }

  /** An exported state without what is different every time: identifiers, times, places in the source. */
  comparable(file: string): unknown {
    const drop = ["created", "modified", "sourcePosition", "stackTrace", "time", "state"];
    const text = readFileSync(join(this.folder, file), "utf8").replace(
      /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g,
      "UUID",
    );
    const { deployment } = JSON.parse(text, (key, value: unknown) => (drop.includes(key) ? undefined : value)) as {
      deployment: { resources: Resource[] };
    };
    return { ...deployment, resources: deployment.resources.sort((a, b) => (a.urn < b.urn ? -1 : 1)) };
  }

  /** The calls of one kind so far, in order. */
  callsOf(call: string, name = ""): Call[] {
    return this.calls().filter((c) => c.call === call && c.name === name);
  }

  /** Waits until the provider got a call. */
  async until(call: string, name: string): Promise<void> {
    while (this.callsOf(call, name).length === 0) await new Promise((resolve) => setTimeout(resolve, 25));
  }

  /** Every call so far. */
  calls(): Call[] {
    return readFileSync(this.callFile, "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Call);
  }

  /** Starts a command and returns at once. */
  start(...args: string[]): { pid: number; ended: Promise<Ended> } {
    const before = this.calls().length;
    const child = spawn(this.command, [...args, "--non-interactive", "--color", "never"], {
      cwd: this.folder,
      env: this.variables(),
    });
    const output = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
    const ended = new Promise<Ended>((resolve) => {
      child.once("close", (code) => {
        const calls = this.calls()
          .slice(before)
          .filter((c) => c.call !== "configure");
        resolve({ code: code ?? -1, ...output, calls: calls.map((c) => `${c.call} ${c.name}`) });
      });
    });
    return { pid: child.pid!, ended };
  }

  private variables(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      PULUMI_HOME: join(this.folder, "home"),
      PULUMI_BACKEND_URL: `file://${join(this.folder, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "sesame",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      TEST_CALLS: this.callFile,
      TEST_WORLD: this.worldFile,
      ...this.environment,
    };
  }

  /** Runs a command to its end. */
  run(...args: string[]): Promise<Ended> {
    return this.start(...args).ended;
  }

  /** Runs a command that has to succeed. */
  async ok(...args: string[]): Promise<Ended> {
    const ended = await this.run(...args);
    if (ended.code !== 0)
      throw new Error(`pulumi ${args.join(" ")} exited with ${ended.code}:\n${ended.stdout}${ended.stderr}`);
    return ended;
  }

  /** Runs a command that has to fail. */
  async failing(...args: string[]): Promise<Ended> {
    const ended = await this.run(...args);
    if (ended.code === 0) throw new Error(`pulumi ${args.join(" ")} should have failed:\n${ended.stdout}`);
    return ended;
  }

  /** Removes the folder. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

const benches: Workbench[] = [];

/** A project with a new stack `dev`. */
export async function bench(program: string, used = command(engine)): Promise<Workbench> {
  const made = new Workbench(program);
  made.command = used;
  benches.push(made);
  await made.ok("stack", "init", "dev");
  return made;
}

/** Removes all projects of the tests that have run. */
export function cleanUp(): void {
  for (const made of benches.splice(0)) made.remove();
}

/** The URN of a test resource. */
export const urn = (name: string): string => `urn:pulumi:dev::bench::pulumi-nodejs:dynamic/test:R::${name}`;

/** The options of a run that is not about its preview. */
export const skip = ["--yes", "--skip-preview"];

/** A test of what only the CLI does; `what` is how the local engine's README names it. */
export function cliOnly(title: string, what: string, test: () => Promise<void>): void {
  it(`${title} (${what} is CLI only)`, async function () {
    if (engine === "local") return this.skip();
    await test();
  });
}
