import { type ChildProcess, type ChildProcessByStdio, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { providerText } from "../../sdk/apple/providerText";
import { InitError } from "../engine/errors";
import { type Connection, type Host, hostOver } from "../engine/host";
import { type Listening, listen } from "../engine/listening";
import { type Properties, unwrap } from "../engine/values";
import { connect, type Fields } from "../engine/wire";
import { root } from "../support/paths";
import { timeScale } from "./timeScale";

/** The engine's host keeps what it loaded for every operation, so a process is given up after so many. */
const operationsPerProcess = 400;

const kinds = ["vppToken", "vppApp", "vppUserSet", "vppAssignment"] as const;
const kindOfText = new Map(kinds.map((kind) => [providerText(kind), kind]));

/** The longest that a host may go on without its engine, in milliseconds, on a machine that is busy with others besides. */
export const longestOrphanMs = Math.max(5000, 30_000 / timeScale);

/** What an operation has of its own. */
export interface OperationHome {
  /** Pulumi's home on the machine of the history. */
  readonly home: string;
  /** Whether the operation has the process to itself, as in the real engine: then it may be cut off, and the process ends with it. */
  readonly isAlone: boolean;
  /** What the provider tells the user. */
  readonly onLine: (line: string) => void;
}

interface Running {
  readonly engine: Promise<Listening>;
  readonly child: Promise<ChildProcessByStdio<null, Readable, Readable>>;
  readonly connection: Promise<Connection>;
  operations: number;
}

/** A host that was left behind by an engine that is gone. */
export interface Orphan {
  /** Resolves once it has ended; false if it had to be killed since it did not go by itself. */
  readonly ended: Promise<boolean>;
}

/**
 * The engine's own provider host, driven over gRPC, for one operation after another. Each operation gets a provider that knows nothing of
 * the one before; a process is started anew after it was killed, or has lost its engine.
 */
export class ProviderProcess {
  private running?: Running;
  /** The last process that was told to end; what it leaves behind is there once it has. */
  private ending?: Promise<void>;
  private count = 0;
  private onLine: (line: string) => void = () => undefined;
  private isMute = false;
  private readonly folder = mkdtempSync(join(tmpdir(), "vpp-campaign-host-"));

  /** The host for the next operation, which has this configuration. */
  begin(config: Properties, { home, isAlone, onLine }: OperationHome): Host {
    this.onLine = onLine;
    this.isMute = false;
    const operation = `${++this.count}${isAlone ? " alone" : ""} ${home}`;
    if (this.running && (isAlone || this.running.operations >= operationsPerProcess)) this.kill("SIGINT");
    this.running ??= this.start();
    const { running } = this;
    running.operations++;
    const connecting = Promise.all([running.connection, this.ending]).then(
      async ([connection]): Promise<Connection> => {
        await connection.call("configure", { args: unwrap(config), acceptsecrets: true, acceptresources: true });
        const call = async (name: string, fields: Fields): Promise<Fields> => {
          // Whoever is killed tells nobody, though the parts of the engine in this process would.
          if (name === "cancel" && this.isMute) return {};
          if (name === "cancel") running.operations = operationsPerProcess;
          try {
            return withTexts(
              await connection.call(
                name,
                withTexts(fields, (text) => ownText(text, operation)),
              ),
              theirText,
            );
          } catch (error) {
            if (error instanceof InitError)
              error.properties = withTexts({ error: error.properties }, theirText).error as Properties;
            throw error;
          }
        };
        return { call, close: () => undefined };
      },
    );
    return hostOver(connecting, async () => {
      if (isAlone && this.running === running) this.kill("SIGINT");
      await this.ending;
    });
  }

  /** Ends the process, with SIGKILL in whatever it is doing. */
  kill(signal: NodeJS.Signals = "SIGKILL"): void {
    const { running } = this;
    this.running = undefined;
    if (running !== undefined) this.ending = end(running, signal);
  }

  /** The engine is gone, and the process goes on without it for as long as it likes. */
  orphan(): Orphan {
    const { running } = this;
    this.running = undefined;
    this.isMute = true;
    if (running === undefined) return { ended: Promise.resolve(true) };
    const ending = Promise.all([running.child, running.engine]).then(async ([child, engine]) => {
      engine.close();
      const gone = child.exitCode !== null ? true : await endsWithin(child, longestOrphanMs);
      await end(running, "SIGKILL");
      return gone;
    });
    return { ended: ending };
  }

  /** From now on the running operation tells the provider nothing of being cancelled. */
  muteCancel(): void {
    this.isMute = true;
  }

  /** Lets the process's clock jump by an hour, there or back. */
  jumpClock(): void {
    void this.running?.child.then((child) => child.kill("SIGUSR2"));
  }

  /** Does something while the process stands still. */
  async paused<T>(work: () => Promise<T>): Promise<T> {
    const child = await this.running?.child;
    child?.kill("SIGSTOP");
    return work().finally(() => child?.kill("SIGCONT"));
  }

  dispose(): void {
    this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private start(): Running {
    const command = join(root, "node_modules/@pulumi/pulumi/cmd/dynamic-provider");
    const names = { PULUMI_PROJECT: "trial", PULUMI_NODEJS_PROJECT: "trial", PULUMI_CONFIG: "{}" };
    const env = { ...process.env, ...names, CAMPAIGN_TIME_SCALE: String(timeScale) };
    for (const name of Object.keys(env)) if (name.startsWith("VPP_")) delete env[name as keyof typeof env];
    const engine = listen();
    const child = engine.then(({ address }) =>
      spawn(process.execPath, ["--require", join(__dirname, "virtualTime.js"), command, address], {
        cwd: this.folder,
        env,
        stdio: ["ignore", "pipe", "pipe"],
      }),
    );
    const connection = child.then(async (host) => {
      createInterface({ input: host.stderr }).on("line", (line) => this.onLine(line));
      const lines = createInterface({ input: host.stdout });
      const port = await new Promise<string>((resolve, reject) => {
        lines.once("line", resolve);
        lines.once("close", () => reject(new Error(`the provider host ended with ${host.exitCode}`)));
      });
      return connect(`127.0.0.1:${port}`);
    });
    connection.catch(() => undefined);
    const running = { engine, child, connection, operations: 0 };
    void child.then((host) =>
      host.once("exit", () => {
        if (this.running === running) this.running = undefined;
      }),
    );
    return running;
  }
}

async function end({ child, engine, connection }: Running, signal: NodeJS.Signals): Promise<void> {
  const process = await child;
  process.kill(signal);
  if (signal !== "SIGKILL" && !(await endsWithin(process, 1000))) process.kill("SIGKILL");
  (await engine).close();
  await connection.then((open) => open.close()).catch(() => undefined);
}

function endsWithin(child: ChildProcess, ms: number): Promise<boolean> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(true);
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    child.once("exit", () => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}

/** Resources bear the product's own text; the process is told which operation's provider is meant. */
function ownText(text: string, operation: string): string {
  const kind = kindOfText.get(text);
  if (kind === undefined) throw new Error(`this is not a text of the provider: ${text}`);
  const module = JSON.stringify(join(__dirname, "freshProvider.js"));
  return `exports.handler = () => require(${module}).providersOf(${JSON.stringify(operation)}).${kind};`;
}

function theirText(text: string): string {
  const kind = kinds.find((each) => text.endsWith(`.${each};`));
  return kind === undefined ? text : providerText(kind);
}

function withTexts(fields: Fields, change: (text: string) => string): Fields {
  const entries = Object.entries(fields).map(([name, value]) => {
    const properties = value as Properties | undefined;
    if (typeof properties?.__provider !== "string") return [name, value];
    return [name, { ...properties, __provider: change(properties.__provider) }];
  });
  return Object.fromEntries(entries) as Fields;
}
