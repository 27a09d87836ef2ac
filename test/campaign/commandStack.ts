import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ResourceState } from "../engine/resource";
import type { Engine } from "../support/engines";
import { TestStack } from "../support/stack";
import type { Cut } from "./history";
import type { Program } from "./programs";
import { longestOrphanMs } from "./providerProcess";
import type { Service } from "./service";
import type { Command, LivingStack, Outcome } from "./stack";
import { timeScale } from "./timeScale";

/** Builds whatever program lies beside it as data, with the real SDK. */
const programText = `
const { tokens, apps, sets, assignments } = require("./program.json");
const made = {};
const aliasesOf = (name) => (name === undefined ? [] : [{ name }]);
for (const { name, library, key, formerly, ...rest } of tokens)
  made[name] = new vpp.VppToken(name, { contentTokenKey: key, ...rest }, { aliases: aliasesOf(formerly) });
for (const { name, token, adamId } of apps) made[name] = new vpp.VppApp(name, { token: made[token], adamId });
for (const { name, token, ignores, ...rest } of sets) made[name] = new vpp.VppUserSet(name, { token: made[token], ...rest }, { ignoreChanges: ignores });
for (const { name, token, formerly, after, ignores, engine, devices, people, ...rest } of assignments) {
  const ids = [...(people ?? []), ...(engine?.people ?? [])];
  const isOpen = (ignores ?? []).includes("clientUserIds");
  const behind = sets.filter((set) => set.token === token && (set.ignores || isOpen || set.users.some((user) => ids.includes(user.clientUserId))));
  const args = { token: made[token], ...rest, serialNumbers: devices, clientUserIds: people };
  const dependsOn = [...behind.map((set) => made[set.name]), ...(made[after] ? [made[after]] : [])];
  const { apps, devices: serialNumbers, people: clientUserIds, exclusive } = engine ?? {};
  const changed = Object.fromEntries(Object.entries({
    apps: apps?.map((adamId) => ({ adamId, pricingParam: "STDQ" })), serialNumbers, clientUserIds, exclusive,
  }).filter(([, value]) => value !== undefined));
  const transformations = engine ? [({ props, opts }) => ({ props: { ...props, ...changed }, opts })] : undefined;
  const aliases = aliasesOf(formerly);
  made[name] = new vpp.VppAssignment(name, args, { dependsOn, aliases, ignoreChanges: ignores, transformations });
}`;

/** A stack whose every command is a process, on the local engine or on the CLI. */
export class CommandStack implements LivingStack {
  private running?: ChildProcess;
  private wasKilled = false;
  private copy?: string;
  /** The state to which a run that loses it goes back. */
  private kept?: string;

  private constructor(
    private readonly stack: TestStack,
    private readonly service: Service,
  ) {}

  static async create(engine: Engine, service: Service): Promise<CommandStack> {
    const stack = await TestStack.create(engine, {
      ...service.env,
      NODE_OPTIONS: `--require ${join(__dirname, "virtualTime.js")}`,
      CAMPAIGN_TIME_SCALE: String(timeScale),
    });
    stack.program(programText);
    await stack.expect(0, "config", "set", "vpp:eventTimeoutSeconds", "180");
    return new CommandStack(stack, service);
  }

  resources(): ResourceState[] {
    const all = this.stack.resources() as unknown as ResourceState[];
    return all.filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/vpp:"));
  }

  get clearText(): string {
    return `${this.stack.stateText()}${JSON.stringify(this.stack.resources())}`;
  }

  keepCopy(): void {
    this.copy = this.keep("backend-copy");
  }

  useCopy(): boolean {
    if (this.copy === undefined) return false;
    this.restore(this.copy);
    return true;
  }

  async taint(urn: string): Promise<void> {
    await this.stack.run("state", "taint", urn, "--yes");
  }

  cut({ kind }: Cut): void {
    if (kind === "ctrlC") {
      this.running?.kill("SIGINT");
      return;
    }
    if (kind === "loseState") {
      try {
        this.kept ??= this.keep("backend-before");
      } catch {
        // The command was just writing a file of it: nothing gets lost then.
      }
      return;
    }
    this.wasKilled = true;
    this.running?.kill(kind === "hangUp" ? "SIGHUP" : "SIGKILL");
  }

  /** Those of other operations than the one that was cut off do not live as long either. */
  async orphansEnded(): Promise<string[]> {
    if (!this.wasKilled) return [];
    const until = Date.now() + longestOrphanMs;
    while (this.hosts().length > 0 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 50));
    const isLate = this.hosts().length > 0;
    this.killProvider();
    return isLate ? ["a host went on for more than five seconds after its engine had gone"] : [];
  }

  /** The host is a child's child, found by the folder in which it runs. */
  killProvider(): void {
    for (const pid of this.hosts()) process.kill(pid, "SIGKILL");
  }

  jumpClock(): void {
    for (const pid of this.hosts()) process.kill(pid, "SIGUSR2");
  }

  async runBeside(): Promise<undefined> {
    return undefined;
  }

  async run(
    { command, preview, reads, targets = [], replaceTargets = [] }: Command,
    program: Program,
  ): Promise<Outcome> {
    writeFileSync(join(this.stack.folder, "program.json"), JSON.stringify(program));
    const words = preview === true ? ["preview", "--expect-no-changes"] : [command, "--yes", "--skip-preview"];
    if (reads && command === "up") words.push("--refresh");
    words.push(
      ...targets.flatMap((urn) => ["--target", urn]),
      ...replaceTargets.flatMap((urn) => ["--target-replace", urn]),
    );
    this.wasKilled = false;
    this.kept = undefined;
    const { code, text } = await this.start(words);
    if (this.wasKilled) await this.stack.run("cancel", "--yes");
    const isLost = this.kept !== undefined;
    if (this.kept !== undefined) this.restore(this.kept);
    return { ok: code === 0 && !this.wasKilled && !isLost, messages: text.split("\n"), changes: {} };
  }

  dispose(): void {
    this.killProvider();
    this.stack.dispose();
  }

  private get backend(): string {
    return join(this.stack.folder, "backend");
  }

  private keep(name: string): string {
    const folder = join(this.service.folder, name);
    rmSync(folder, { recursive: true, force: true });
    cpSync(this.backend, folder, { recursive: true });
    return folder;
  }

  /** Puts a copy of the state in place, without the lock of whoever ran when it was made. */
  private restore(folder: string): void {
    rmSync(this.backend, { recursive: true, force: true });
    cpSync(folder, this.backend, { recursive: true });
    rmSync(join(this.backend, ".pulumi/locks"), { recursive: true, force: true });
  }

  private start(words: readonly string[]): Promise<{ code: number; text: string }> {
    return new Promise((resolve, reject) => {
      const { folder, env } = this.stack;
      const child = spawn("pulumi", words, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
      this.running = child;
      let text = "";
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding("utf8").on("data", (part: string) => {
          text += part;
        });
      child.once("error", reject);
      // Whoever was killed leaves children that hold its outputs open, so the end of those is not waited for.
      child.once("exit", (code) => setTimeout(() => resolve({ code: code ?? -1, text }), this.wasKilled ? 0 : 50));
    });
  }

  private hosts(): number[] {
    if (!existsSync("/proc/self")) return [];
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .filter((pid) => {
        try {
          const isHost = readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("dynamic-provider");
          return isHost && readlinkSync(`/proc/${pid}/cwd`).startsWith(this.stack.folder);
        } catch {
          return false;
        }
      })
      .map(Number);
  }
}
