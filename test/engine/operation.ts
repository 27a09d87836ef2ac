import { Generator, included, type PassOptions } from "./generator";
import { type Host, startHost } from "./host";
import { Pool, shuffle } from "./pool";
import { runProgram } from "./program";
import { removeRest } from "./removal";
import type { Reporter } from "./report";
import { DYNAMIC_PROVIDER_TYPE, makeUrn, type ResourceState, STACK_TYPE } from "./resource";
import type { Snapshot } from "./snapshot";
import { fail, type Pass, refresh } from "./steps";
import { equal, makeSecret, type Properties } from "./values";

/** What an operation has outside itself: the provider's process and the user's program. */
const processes = { startHost, runProgram };

/** One pass over a stack: a preview, or the real thing. */
export class Operation {
  private readonly pass: Pass;
  private readonly config: Properties;
  private readonly options: PassOptions;
  private exitCode = 1;

  constructor(
    options: Omit<PassOptions, "stackUrn">,
    snapshot: Snapshot,
    reporter: Reporter,
    private readonly outside: typeof processes = processes,
  ) {
    const { project, stack, preview, parallel, settings } = options;
    const stackUrn = makeUrn(stack, project.name, "", STACK_TYPE, `${project.name}-${stack}`);
    const onLine = (line: string, isError: boolean): void =>
      reporter.diagnostic(isError ? "info#err" : "info", line, stackUrn);
    const host = undefined as unknown as Host;
    const pool = new Pool(parallel);
    this.pass = { preview, snapshot, reporter, pool, host, onLine, failed: false, stepFailed: false };
    const entries = Object.entries(settings).map(([key, { text, secret }]) => [key, secret ? makeSecret(text) : text]);
    this.config = Object.fromEntries(entries) as Properties;
    this.options = { ...options, stackUrn };
  }

  /** Lets what is running end, and begins nothing more. */
  cancel(): void {
    this.exitCode = 8;
    fail(this.pass, new Error("the operation was cancelled"));
    this.pass.host?.cancel();
  }

  /** Runs the pass, each part with a host that has the right configuration. Gives the exit code. */
  async run(): Promise<number> {
    const { pass } = this;
    const { command, program, reads, preview, stackUrn } = this.options;
    const { reporter, snapshot } = pass;
    for (const { urn } of snapshot.interrupted)
      reporter.diagnostic("warning", `an interrupted operation: creating ${urn}`);
    // Without a program there is no configuration of today, and that of the last update counts.
    const before = snapshot.base.find((r) => r.type === DYNAMIC_PROVIDER_TYPE)?.inputs ?? {};
    const config = program ? this.config : before;
    const oneHost = equal(before, config);
    if (reads && !oneHost) await this.withHost(before, () => this.refreshAll());
    await this.withHost(config, async () => {
      if (reads && oneHost) await this.refreshAll();
      if (pass.failed || (command === "refresh" && !program)) return;
      await (program ? this.runProgram() : removeRest(pass, this.options));
    });
    if (pass.stepFailed) reporter.diagnostic("error", `${preview ? "preview" : "update"} failed`, stackUrn);
    reporter.finish(!pass.failed);
    return pass.failed ? this.exitCode : 0;
  }

  private async withHost(config: Properties, work: () => Promise<void>): Promise<void> {
    const { name, programFolder } = this.options.project;
    this.pass.host = this.outside.startHost(programFolder, name, config, this.pass.onLine);
    await work().finally(() => this.pass.host.stop());
  }

  /** Reads all resources at once, in no order, and puts what was read in place of what was known. */
  private async refreshAll(read = new Map<ResourceState, ResourceState | undefined>()): Promise<void> {
    const { pool, snapshot } = this.pass;
    const unread = snapshot.base.filter((resource) => included(this.options, resource.urn) && !read.has(resource));
    for (const resource of shuffle(unread))
      await pool.begin(async () => read.set(resource, await refresh(this.pass, resource)));
    await pool.idle();
    snapshot.refreshed(read);
  }

  private async runProgram(): Promise<void> {
    const { pass, options } = this;
    const generator = new Generator(pass, options, this.config);
    let stackOutputs: Properties | undefined;
    const end = await this.outside.runProgram(pass, options, generator, (urn, outputs) => {
      if (urn === options.stackUrn) stackOutputs = outputs;
      else this.setOutputs(generator.news.get(urn), outputs);
    });
    const lacking = [...options.targets].find((urn) => !generator.olds.has(urn) && !generator.handled.has(urn));
    if (!pass.failed && lacking) fail(pass, new Error(`Target '${lacking}' could not be found in the stack.`));
    const last = () =>
      options.command === "refresh" ? this.refreshAll(generator.readAlready) : removeRest(pass, options, generator);
    if (!pass.failed) await last();
    // The stack's outputs come last: after a failure, those it had before stay as far as there are no new ones.
    const stack = generator.news.get(options.stackUrn);
    if (stackOutputs) this.setOutputs(stack, pass.failed ? { ...stack?.outputs, ...stackOutputs } : stackOutputs);
    await end();
  }

  private setOutputs(state: ResourceState | undefined, outputs: Properties): void {
    if (!state) return;
    const old = state.outputs ?? {};
    state.outputs = outputs;
    this.pass.snapshot.touch(state);
    if (!equal(old, outputs)) this.pass.snapshot.save();
    this.pass.reporter.outputs(state, old);
  }
}
