import { join } from "node:path";
import type { Deployment } from "../engine/backend";
import { Operation } from "../engine/operation";
import { Reporter, type Severity } from "../engine/report";
import type { ResourceState } from "../engine/resource";
import type { Crypter } from "../engine/secrets";
import { Snapshot } from "../engine/snapshot";
import type { Properties } from "../engine/values";
import type { Cut } from "./history";
import { ProgramProcess } from "./programProcess";
import type { Program } from "./programs";
import { type Orphan, ProviderProcess } from "./providerProcess";
import { registerProgram } from "./register";

/** How a command is to be run. */
export interface Command {
  readonly command: "up" | "refresh" | "destroy";
  readonly preview?: boolean;
  readonly reads?: boolean;
  readonly targets?: readonly string[];
  readonly replaceTargets?: readonly string[];
  /** Whether its host is to be a process of its own, since another run is to begin while it lives. */
  readonly isAlone?: boolean;
}

/** How a command ended. */
export interface Outcome {
  readonly ok: boolean;
  /** Everything that a person would have read. */
  readonly messages: readonly string[];
  /** How many resources were created, updated and so on. */
  readonly changes: Readonly<Record<string, number>>;
}

/** A stack that histories are lived with, and what can be done to it while a command runs. */
export interface LivingStack {
  /** The resources of the state, without providers and the stack itself. */
  resources(): ResourceState[];
  /** The state as it lies on the disk, with secrets in clear. */
  readonly clearText: string;
  keepCopy(): void;
  /** Goes on from the copy that was kept; says whether there is one. */
  useCopy(): boolean;
  /** Marks a resource as one that the next update replaces. */
  taint(urn: string): Promise<void>;
  /** Cuts the running command off; resolves once the engine is gone, if it is to go. */
  cut(how: Cut): Promise<void>;
  /** Waits until no host goes on that was left behind; gives what was wrong with them, in words. */
  orphansEnded(): Promise<string[]>;
  killProvider(): void;
  jumpClock(): void;
  /** Runs a command beside the one that is going on, whose host stands still meanwhile. Undefined where that can't be done. */
  runBeside(command: Command, program: Program): Promise<Outcome | undefined>;
  run(command: Command, program: Program): Promise<Outcome>;
  dispose(): void;
}

/** A command that is going on. */
interface CurrentRun {
  readonly cancel: () => void;
  readonly program: ProgramProcess;
  isLost: boolean;
  hasFailed: boolean;
}

/** Hides nothing, since a campaign's secrets are made up, and is quick. */
const crypter: Crypter = {
  salt: "v1:campaign",
  encrypt: (text) => Buffer.from(text, "utf8").toString("base64"),
  decrypt: (text) => Buffer.from(text, "base64").toString("utf8"),
};

class Listener extends Reporter {
  readonly messages: string[] = [];

  protected override print(): void {}

  override diagnostic(_severity: Severity, message: string, urn?: string): void {
    this.messages.push(urn === undefined ? message : `${urn.split("::").pop()}: ${message}`);
  }
}

/** A stack whose program is data and whose engine runs in this process: the local engine's own parts, but for its commands. */
export class CampaignStack implements LivingStack {
  private readonly home: string;
  private text = "{}";
  private copy?: string;
  /** What is going on, so that it can be cut off. */
  private current?: CurrentRun;
  private readonly orphans: Orphan[] = [];

  constructor(
    private readonly provider: ProviderProcess,
    private readonly folder: string,
    private readonly config: Readonly<Record<string, string>>,
  ) {
    this.home = join(folder, "pulumi-home");
  }

  resources(): ResourceState[] {
    const { resources = [] } = JSON.parse(this.text) as Deployment;
    return resources.filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/vpp:"));
  }

  get clearText(): string {
    return this.text.replaceAll(/"ciphertext":"([^"]*)"/g, (_, sealed: string) => crypter.decrypt(sealed));
  }

  keepCopy(): void {
    this.copy = this.text;
  }

  useCopy(): boolean {
    if (this.copy === undefined) return false;
    this.text = this.copy;
    return true;
  }

  async taint(urn: string): Promise<void> {
    const state = JSON.parse(this.text) as Deployment;
    for (const resource of state.resources ?? []) if (resource.urn === urn) resource.taint = true;
    this.text = JSON.stringify(state);
  }

  async cut({ kind }: Cut): Promise<void> {
    if (this.current === undefined) return;
    const { current } = this;
    if (kind === "ctrlC") {
      current.cancel();
      return;
    }
    // Nothing that the running command still does reaches the state.
    current.isLost = true;
    current.program.hearNothing();
    if (kind === "loseState") return;
    if (kind === "hangUp") current.program.end();
    const orphan = this.provider.orphan();
    this.orphans.push(orphan);
    current.cancel();
    current.program.end();
    await orphan.engineGone;
  }

  async orphansEnded(): Promise<string[]> {
    const ends = await Promise.all(this.orphans.splice(0).map(({ ended }) => ended));
    return ends.flatMap((ended) =>
      ended ? [] : ["a host went on for more than five seconds after its engine had gone"],
    );
  }

  killProvider(): void {
    this.provider.kill();
  }

  jumpClock(): void {
    this.provider.jumpClock();
  }

  async runBeside(command: Command, program: Program): Promise<Outcome> {
    const host = new ProviderProcess();
    const beside = new CampaignStack(host, this.folder, this.config);
    beside.text = this.text;
    try {
      return await this.provider.paused(() => beside.run({ ...command, isAlone: true }, program));
    } finally {
      host.dispose();
    }
  }

  /** The process stays for the next history. */
  dispose(): void {}

  async run(
    { command, preview = false, reads = command === "refresh", isAlone = false, ...more }: Command,
    program: Program,
  ): Promise<Outcome> {
    const settings = Object.fromEntries(
      Object.entries(this.config).map(([key, text]) => [key, { text, secret: false }]),
    );
    const reporter = new Listener({ title: command, preview, diff: false, settings });
    const running = new ProgramProcess(program);
    const store = (latest: string): void => {
      if (!current.isLost) this.text = latest;
      else if (!current.hasFailed) {
        // An engine that can't write the state begins nothing more, and tells its providers nothing of that.
        current.hasFailed = true;
        this.provider.muteCancel();
        current.cancel();
      }
    };
    const snapshot = new Snapshot(JSON.parse(this.text) as Deployment, crypter, preview ? undefined : store);
    const place = { root: this.folder, programFolder: this.folder, entry: ".", typescript: false };
    const options = {
      command,
      stack: "dev",
      project: { name: "trial", ...place },
      targets: new Set([...(more.targets ?? []), ...(more.replaceTargets ?? [])]),
      excludes: new Set<string>(),
      replaceTargets: new Set(more.replaceTargets),
      program: command === "up",
      settings,
      reads,
      preview,
      parallel: 8,
    };
    const startHost = (_: string, __: string, config: Properties) =>
      this.provider.begin(config, { home: this.home, isAlone, onLine: (line) => reporter.messages.push(line) });
    const operation = new Operation(options, snapshot, reporter, {
      startHost,
      runProgram: (pass, passOptions, generator) => registerProgram(pass, passOptions, generator, running),
    });
    const current: CurrentRun = { cancel: () => operation.cancel(), program: running, isLost: false, hasFailed: false };
    this.current = current;
    const code = await operation.run().finally(() => running.end());
    this.current = undefined;
    return { ok: code === 0 && !current.isLost, messages: reporter.messages, changes: reporter.changes };
  }
}
