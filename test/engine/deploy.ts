import { availableParallelism } from "node:os";
import type { CommandLine } from "./arguments";
import { TextDisplay } from "./display";
import { exitCodes, UserError } from "./errors";
import { Counter, type Listener } from "./events";
import { EventJson, PreviewJson } from "./json";
import { Operation, type PassOptions } from "./operation";
import type { Setting } from "./project";
import type { Session } from "./session";
import { Snapshot } from "./snapshot";
import { stackOutputs } from "./stack";
import { Targets } from "./targets";

/** The commands that look at resources, or change them. */
export type DeployCommand = "preview" | "up" | "refresh" | "destroy";

const titles: Record<Exclude<DeployCommand, "preview">, [preview: string, real: string]> = {
  up: ["Previewing update", "Updating"],
  refresh: ["Previewing refresh", "Refreshing"],
  destroy: ["Previewing destroy", "Destroying"],
};

const write = (text: string): void => {
  process.stdout.write(text);
};

/** Runs one of the commands: a preview first, unless it is not wanted, and then the real thing. Gives the exit code. */
export async function deploy(name: DeployCommand, line: CommandLine, session: Session): Promise<number> {
  const command = name === "preview" ? "up" : name;
  const previewOnly = name === "preview" || line.has("preview-only");
  if (line.has("yes") && previewOnly && name !== "preview")
    throw new UserError("--yes and --preview-only cannot be used together", exitCodes.error);
  const goOn = line.has("yes") || line.has("skip-preview") || process.env.PULUMI_SKIP_CONFIRMATIONS === "true";
  const interactive = process.stdin.isTTY && process.stdout.isTTY && !line.has("non-interactive");
  if (!previewOnly && !goOn && !interactive) {
    throw new UserError(
      "--yes or --skip-preview or --preview-only must be passed in to proceed when running in non-interactive mode",
      exitCodes.unsupported,
    );
  }
  const resources = session.read()?.resources ?? [];
  const crypter = session.crypter();
  const settings = await session.config.read(() => crypter);
  const options = passOptions(command, line, session, settings);
  const [lacking] = options.targets.missing(resources.map((resource) => resource.urn));
  if (lacking !== undefined && command !== "up") throw new UserError(`no resource named '${lacking}' found`);
  const run = new Run(session, line, settings, options);
  if (previewOnly || !line.has("skip-preview")) {
    const code = await run.pass(true);
    if (code !== 0 || previewOnly) return code;
    if (!goOn && !(await confirm(command))) return exitCodes.cancelled;
  }
  const unlock = session.backend.lock(session.project.name, session.stack);
  try {
    const code = await run.pass(false);
    if (code === 0 && command === "destroy" && !line.has("json") && options.targets.given.length === 0) {
      write(
        "The resources in the stack have been deleted, but the history and configuration associated with the stack are still maintained.\n",
      );
      write(`If you want to remove the stack completely, run \`pulumi stack rm ${session.stack}\`.\n`);
    }
    return code;
  } finally {
    unlock();
  }
}

function passOptions(
  command: PassOptions["command"],
  line: CommandLine,
  session: Session,
  settings: Record<string, Setting>,
): PassOptions {
  const replaced = line.values("target-replace");
  const parallel = Number(line.value("parallel") ?? process.env.PULUMI_PARALLEL ?? 4 * availableParallelism());
  if (!Number.isInteger(parallel))
    throw new UserError(`--parallel must be a whole number, not "${line.value("parallel")}"`);
  return {
    command,
    mode: command === "up" ? "update" : command,
    stack: session.stack,
    project: session.project.name,
    preview: true,
    refresh: command !== "refresh" && line.has("refresh"),
    runProgram: line.has("run-program"),
    targets: new Targets([...line.values("target"), ...replaced]),
    excludes: new Targets(line.values("exclude")),
    replaceTargets: new Targets(replaced),
    targetDependents: line.has("target-dependents"),
    parallel: parallel > 0 ? parallel : Number.POSITIVE_INFINITY,
    settings,
    stackOutputs: (name) => stackOutputs(session, name),
  };
}

/** The passes of one command. */
class Run {
  constructor(
    private readonly session: Session,
    private readonly line: CommandLine,
    private readonly settings: Record<string, Setting>,
    private readonly options: PassOptions,
  ) {}

  /** Runs one pass. Gives the exit code. */
  async pass(preview: boolean): Promise<number> {
    const { session, options } = this;
    const { project, stack } = session;
    const store = preview ? undefined : (latest: string) => session.backend.write(project.name, stack, latest);
    const counter = new Counter();
    const listener = counting(this.display(preview), counter);
    const snapshot = new Snapshot(session.read(), await session.crypter(), store);
    const operation = new Operation(project, { ...options, preview }, snapshot, listener);
    const interrupt = (): void => {
      process.stderr.write("^C received; what is running is waited for. To end at once, kill this process.\n");
      operation.cancel();
    };
    process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
    try {
      const ok = await operation.run();
      listener.finish(ok, counter.changes);
      if (!ok) return operation.exitCode;
      if (!this.line.has("expect-no-changes") || counter.changed === 0) return 0;
      process.stderr.write(
        `error: no changes were expected for ${this.options.command === "up" ? "update" : this.options.command} but changes were proposed\n`,
      );
      return exitCodes.noChanges;
    } finally {
      process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
    }
  }

  private display(preview: boolean): Listener {
    if (this.line.has("json"))
      return preview ? new PreviewJson(this.settings, write) : new EventJson(this.settings, write);
    const title = titles[this.options.command][preview ? 0 : 1];
    return new TextDisplay(title, this.session.stack, preview, this.line.has("diff"), write);
  }
}

/** Counts the steps on their way to the display. */
function counting(listener: Listener, counter: Counter): Listener {
  const end = listener.end.bind(listener);
  listener.end = (step) => {
    counter.add(step);
    end(step);
  };
  return listener;
}

async function confirm(command: string): Promise<boolean> {
  const { createInterface } = await import("node:readline/promises");
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`Do you want to perform this ${command}? Only "yes" will be taken as such: `);
  terminal.close();
  return answer.trim() === "yes";
}
