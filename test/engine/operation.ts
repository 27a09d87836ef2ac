import { Child, findPulumiCommand, type OnLine } from "./child";
import { exitCodes } from "./errors";
import type { Listener } from "./events";
import { Generator, type GeneratorOptions } from "./generator";
import { ProviderHost } from "./host";
import { services } from "./monitor";
import { Pool, shuffle } from "./pool";
import type { Project, Setting } from "./project";
import { removeRest } from "./removal";
import { makeUrn, NODE_PROVIDER, type ResourceState, STACK_TYPE } from "./resource";
import type { Snapshot } from "./snapshot";
import { fail, type Pass, Reported, refresh } from "./steps";
import { equal, makeSecret, type Properties } from "./values";

/** Everything a pass has to know. */
export interface PassOptions extends Omit<GeneratorOptions, "config"> {
  command: "up" | "refresh" | "destroy";
  preview: boolean;
  /** Reads every resource first; with `up --refresh`. */
  refresh: boolean;
  runProgram: boolean;
  targetDependents: boolean;
  parallel: number;
  settings: Record<string, Setting>;
  stackOutputs(name: string): Promise<Properties>;
}

/** One pass over a stack: a preview, or the real thing. Every pass has processes of its own. */
export class Operation {
  private readonly pass: Pass;
  private readonly config: Properties;
  private readonly stackUrn: string;
  private stackResult: Properties | undefined;
  /** What the command is to exit with when the pass has failed. */
  exitCode: number = exitCodes.error;

  constructor(
    private readonly project: Project,
    private readonly options: PassOptions,
    snapshot: Snapshot,
    listener: Listener,
  ) {
    const pool = new Pool(options.parallel);
    this.pass = {
      preview: options.preview,
      snapshot,
      listener,
      pool,
      provider: undefined as unknown as Pass["provider"],
      failed: false,
      stepFailed: false,
    };
    this.config = Object.fromEntries(
      Object.entries(options.settings).map(([key, s]) => [key, s.secret ? makeSecret(s.text) : s.text]),
    );
    this.stackUrn = makeUrn(options.stack, options.project, "", STACK_TYPE, `${options.project}-${options.stack}`);
  }

  /** Lets what is running end, and begins nothing more. */
  cancel(): void {
    if (this.pass.pool.cancelled) return;
    this.exitCode = exitCodes.cancelled;
    fail(this.pass, new Error("the operation was cancelled"));
  }

  /** Runs the pass. Gives whether it went well; what went wrong has been told to the listener. */
  async run(): Promise<boolean> {
    const { options, pass } = this;
    for (const { resource, type } of pass.snapshot.interrupted) {
      pass.listener.diagnostic("warning", `the stack has an interrupted operation: ${type} ${resource.urn}`);
    }
    const program = options.command === "up" || options.runProgram;
    await this.runPhases(program);
    if (pass.stepFailed)
      pass.listener.diagnostic("error", `${options.preview ? "preview" : "update"} failed`, this.stackUrn);
    return !pass.failed;
  }

  /** Runs what the command consists of, each part with the host that has the right configuration. */
  private async runPhases(program: boolean): Promise<void> {
    const { options, pass } = this;
    const before = this.configInState();
    const withProgram = async (): Promise<void> => {
      if (!pass.failed && program) await this.runProgram();
      else if (!pass.failed && options.command === "destroy") await this.removeRest();
    };
    if (!options.refresh && !(options.command === "refresh" && !program)) {
      await this.withHost(program ? this.config : before, withProgram);
    } else if (equal(before, this.config) || !program) {
      await this.withHost(before, async () => {
        await this.refreshAll();
        await withProgram();
      });
    } else {
      await this.withHost(before, () => this.refreshAll());
      await this.withHost(this.config, withProgram);
    }
  }

  /** The configuration of the last update: without a program there is none of today. */
  private configInState(): Properties {
    return this.pass.snapshot.base.find((r) => r.type === NODE_PROVIDER)?.inputs ?? {};
  }

  private readonly onLine: OnLine = (line, isError) => {
    this.pass.listener.diagnostic(isError ? "info#err" : "info", line, this.stackUrn);
  };

  private async withHost(config: Properties, work: () => Promise<void>): Promise<void> {
    const host = new ProviderHost(this.project.programFolder, this.project.name, this.onLine);
    this.pass.provider = host.provider(config);
    try {
      await work();
    } finally {
      await host.stop();
    }
  }

  private async removeRest(generator?: Generator): Promise<void> {
    const { targets, excludes, targetDependents } = this.options;
    await removeRest(this.pass, targets, excludes, targetDependents, generator);
  }

  /** Reads all resources at once, in no order, and puts what was read in place of what was known. */
  private async refreshAll(handled?: Set<string>): Promise<void> {
    const { pass, options } = this;
    const { targets, excludes } = options;
    const wanted = pass.snapshot.base.filter(
      (r) => (targets.constrained ? targets.names(r.urn) : !excludes.names(r.urn)) && !handled?.has(r.urn),
    );
    const read = new Map<ResourceState, ResourceState | undefined>();
    for (const resource of shuffle(wanted)) {
      await pass.pool.begin(async () => {
        read.set(resource, (await refresh(pass, resource)).state);
      });
    }
    await pass.pool.idle();
    pass.snapshot.refreshed(read);
  }

  private async runProgram(): Promise<void> {
    const { pass, options, project } = this;
    const mode = options.command === "up" ? "update" : options.command;
    const generator = new Generator(pass, { ...options, mode, config: this.config });
    const unknownTargets = options.replaceTargets.missing(pass.snapshot.base.map((r) => r.urn));
    if (unknownTargets.length > 0)
      return fail(
        pass,
        new Error(
          `Target '${unknownTargets[0]}' could not be found in the stack. Did you forget to escape $ in your shell?`,
        ),
      );
    const stubs = await import("./stubs");
    let complete: () => void = () => undefined;
    const completed = new Promise<number>((resolve) => {
      complete = () => resolve(0);
    });
    const cancelled = new Promise<void>((resolve) => pass.pool.whenCancelled(resolve));
    const { monitor, engine } = services(stubs, {
      generator,
      complete: () => complete(),
      outputs: (urn, outputs) => this.takeOutputs(generator, urn, outputs),
      stackOutputs: (name) => options.stackOutputs(name),
      log: (severity, message, urn) => this.log(severity, message, urn),
      fail: (error) => fail(pass, error),
    });
    const server = await stubs.serve(monitor, engine);
    const child = new Child(
      this.programArguments(server.address),
      project.programFolder,
      this.programEnvironment(),
      this.onLine,
    );
    const exit = await Promise.race([completed, child.ended, cancelled.then(() => 0)]);
    if (exit !== 0)
      fail(
        pass,
        exit === 32
          ? new Reported()
          : new Error(`an unhandled error occurred: Program exited with non-zero exit code: ${exit}`),
        this.stackUrn,
      );
    await pass.pool.idle();
    if (!pass.pool.cancelled && !pass.failed) {
      const lacking = options.targets.missing([
        ...generator.olds.keys(),
        ...generator.news.keys(),
        ...generator.handled,
      ]);
      if (lacking.length > 0)
        fail(
          pass,
          new Error(
            `Target '${lacking[0]}' could not be found in the stack. Did you forget to escape $ in your shell?`,
          ),
        );
      else if (options.command === "refresh") await this.refreshAll(generator.handled);
      else await this.removeRest(generator);
    }
    this.finishStack(generator);
    // After a failure the program is interrupted; a moment before that, since what it logs comes over a connection of
    // its own.
    await Promise.race([child.ended, cancelled.then(() => new Promise((resolve) => setTimeout(resolve, 100)))]);
    await child.stop();
    server.stop();
  }

  private programArguments(address: string): string[] {
    const { options, project } = this;
    const values = {
      monitor: address,
      engine: address,
      organization: "organization",
      project: project.name,
      "root-directory": project.root,
      stack: options.stack,
      pwd: project.programFolder,
    };
    const named = Object.entries(values).flatMap(([name, value]) => [`--${name}`, value]);
    const dryRun = options.preview ? ["--dry-run"] : [];
    return [
      findPulumiCommand(project.programFolder, "run"),
      ...named,
      ...dryRun,
      "--parallel",
      String(options.parallel),
      project.entry,
    ];
  }

  private programEnvironment(): Record<string, string> {
    const entries = Object.entries(this.options.settings).map(
      ([key, setting]) => [key.replace(":", ":config:"), setting] as const,
    );
    return {
      PULUMI_CONFIG: JSON.stringify(Object.fromEntries(entries.map(([key, setting]) => [key, setting.text]))),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(entries.filter(([, setting]) => setting.secret).map(([key]) => key)),
      PULUMI_NODEJS_TYPESCRIPT: "true",
    };
  }

  private log(severity: Parameters<Listener["diagnostic"]>[0], message: string, urn: string): void {
    if (severity === "error") this.pass.failed = true;
    this.pass.listener.diagnostic(severity, message, urn || this.stackUrn);
  }

  private takeOutputs(generator: Generator, urn: string, outputs: Properties): void {
    if (urn === this.stackUrn) this.stackResult = outputs;
    else this.setOutputs(generator.news.get(urn), outputs);
  }

  private setOutputs(state: ResourceState | undefined, outputs: Properties): void {
    if (!state) return;
    const old = state.outputs ?? {};
    state.outputs = outputs;
    this.pass.snapshot.touch(state);
    if (!this.pass.preview && !equal(old, outputs)) this.pass.snapshot.save();
    this.pass.listener.outputs(state, old);
  }

  /** The stack's outputs come last: after a failure, those it had before stay as far as there are no new ones. */
  private finishStack(generator: Generator): void {
    const stack = generator.news.get(this.stackUrn);
    if (!stack || !this.stackResult || this.options.command === "destroy") return;
    this.setOutputs(stack, this.pass.failed ? { ...stack.outputs, ...this.stackResult } : this.stackResult);
  }
}
