import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { providerText } from "../../sdk/apple/providerText";
import { InitError } from "../engine/errors";
import { type Connection, type Host, hostOver } from "../engine/host";
import { type Properties, unwrap } from "../engine/values";
import { connect, type Fields } from "../engine/wire";
import { root } from "../support/paths";
import { timeScale } from "./timeScale";

/** The engine's host keeps what it loaded for every operation, so a process is given up after so many. */
const operationsPerProcess = 400;

const kinds = ["vppToken", "vppApp", "vppUserSet", "vppAssignment"] as const;
const kindOfText = new Map(kinds.map((kind) => [providerText(kind), kind]));

/**
 * The engine's own provider host, driven over gRPC, for one operation after another. Each operation gets a provider that knows nothing of
 * the one before; a process is started anew after it was killed.
 */
export class ProviderProcess {
  private running?: { readonly child: ChildProcess; readonly connection: Promise<Connection>; operations: number };
  private count = 0;
  private onLine: (line: string) => void = () => undefined;
  private readonly folder = mkdtempSync(join(tmpdir(), "vpp-campaign-host-"));

  /** The host for the next operation, which has this configuration. What the provider tells the user goes to `onLine`. */
  begin(config: Properties, onLine: (line: string) => void): Host {
    this.onLine = onLine;
    const operation = String(++this.count);
    if (this.running && this.running.operations >= operationsPerProcess) this.kill();
    this.running ??= this.start();
    this.running.operations++;
    const connecting = this.running.connection.then(async (connection): Promise<Connection> => {
      await connection.call("configure", { args: unwrap(config), acceptsecrets: true, acceptresources: true });
      const call = async (name: string, fields: Fields): Promise<Fields> => {
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
    });
    return hostOver(connecting, async () => undefined);
  }

  /** Ends the process with SIGKILL, in whatever it is doing. */
  kill(): void {
    const { running } = this;
    this.running = undefined;
    running?.child.kill("SIGKILL");
    running?.connection.then((connection) => connection.close()).catch(() => undefined);
  }

  /** Lets the process's clock jump by an hour, there or back. */
  jumpClock(): void {
    this.running?.child.kill("SIGUSR2");
  }

  dispose(): void {
    this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private start(): NonNullable<ProviderProcess["running"]> {
    const command = join(root, "node_modules/@pulumi/pulumi/cmd/dynamic-provider");
    const names = { PULUMI_PROJECT: "trial", PULUMI_NODEJS_PROJECT: "trial", PULUMI_CONFIG: "{}" };
    const env = { ...process.env, ...names, CAMPAIGN_TIME_SCALE: String(timeScale) };
    for (const name of Object.keys(env)) if (name.startsWith("VPP_")) delete env[name as keyof typeof env];
    const child = spawn(process.execPath, ["--require", join(__dirname, "virtualTime.js"), command, "engine"], {
      cwd: this.folder,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const lines = createInterface({ input: child.stdout });
    const port = new Promise<string>((resolve, reject) => {
      lines.once("line", resolve);
      child.once("close", (code) => reject(new Error(`the provider host ended with ${code}`)));
    });
    createInterface({ input: child.stderr }).on("line", (line) => this.onLine(line));
    const connection = port.then((found) => connect(`127.0.0.1:${found}`));
    connection.catch(() => undefined);
    return { child, connection, operations: 0 };
  }
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
