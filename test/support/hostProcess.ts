import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type ProviderExport, providerText } from "../../sdk/apple/providerText";
import { type Listening, listen } from "../engine/listening";
import { connect } from "../engine/wire";
import { root } from "./paths";

export { InitError } from "../engine/errors";

/** What `diff` answers when something differs. */
const DIFF_SOME = 2;

/** The kinds of resources by their names in the program. */
export type Kind = "VppToken" | "VppApp" | "VppUserSet" | "VppAssignment";

/** Plain data, as a program would write it. */
export type Data = Readonly<Record<string, unknown>>;

/** What `check` answered. */
export interface Checked {
  readonly inputs: Record<string, unknown>;
  readonly failures: { readonly property: string; readonly reason: string }[];
}

/** What a resource of the state has. */
export interface Stored {
  readonly id: string;
  readonly outputs: Record<string, unknown>;
}

/** How to start a host. */
export interface HostOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** The stack's configuration, with whole keys such as `vpp:endpoint`. */
  readonly config?: Readonly<Record<string, string>>;
  /** Another provider text than ours, for all kinds. */
  readonly text?: string;
}

/** The provider of one operation, wherever it runs. */
export interface Host {
  /** Everything that it told the user so far, line by line. */
  readonly stderr: readonly string[];
  check(kind: Kind, olds: Data, news: Data): Promise<Checked>;
  diff(kind: Kind, stored: Stored, news: Data): Promise<{ changes: boolean; replaces: string[] }>;
  create(kind: Kind, inputs: Data): Promise<Stored>;
  update(kind: Kind, stored: Stored, news: Data): Promise<Stored>;
  /** Reads a resource; without an id in the answer it is gone. `inputs` are there only if the read gives new ones. */
  read(kind: Kind, stored: Stored): Promise<Partial<Stored> & { inputs?: Record<string, unknown> }>;
  delete(kind: Kind, stored: Stored): Promise<void>;
  stop(): Promise<void>;
}

/** A host is started hundreds of times: its compiled code is kept, and none is measured, since both at once can't be had. */
const keptCode = { NODE_COMPILE_CACHE: join(root, "node_modules/.cache/hosts"), NODE_V8_COVERAGE: "" };

/** Under which name the provider exports a kind. */
export const exportOf: Readonly<Record<Kind, ProviderExport>> = {
  VppToken: "vppToken",
  VppApp: "vppApp",
  VppUserSet: "vppUserSet",
  VppAssignment: "vppAssignment",
};

/**
 * The engine's own provider host, started by hand and driven over gRPC as the engine drives it: one process for one operation, in a folder
 * in which the package is installed. This helper is the one place of the tests that knows how.
 */
export class HostProcess implements Host {
  /** Everything that was printed on stderr so far, line by line. */
  readonly stderr: string[] = [];
  /** Everything printed on stdout after the port. */
  readonly stdout: string[] = [];

  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    private readonly client: ReturnType<typeof connect>,
    private readonly text: string | undefined,
    private readonly engine: Listening,
  ) {}

  /** Starts a host and hands the configuration over. */
  static async start({ env = {}, config = {}, text }: HostOptions = {}): Promise<HostProcess> {
    const folder = mkdtempSync(join(tmpdir(), "vpp-host-"));
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    const command = join(root, "node_modules/@pulumi/pulumi/cmd/dynamic-provider");
    const engine = await listen();
    const args = ["--require", join(__dirname, "hostExit.js"), command, engine.address];
    const names = {
      PULUMI_PROJECT: "trial",
      PULUMI_NODEJS_PROJECT: "trial",
      PULUMI_CONFIG: "{}",
      PULUMI_RUNTIME_TYPESCRIPT: "true",
    };
    const child = spawn(process.execPath, args, {
      cwd: folder,
      env: { ...hostEnvironment(), ...names, ...keptCode, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const lines = createInterface({ input: child.stdout });
    const port = await new Promise<string>((resolve, reject) => {
      lines.once("line", resolve);
      child.once("close", (code) => reject(new Error(`The host ended with ${code} before it could be used.`)));
    });
    const host = new HostProcess(child, folder, connect(`127.0.0.1:${port}`), text, engine);
    lines.on("line", (line) => host.stdout.push(line));
    createInterface({ input: child.stderr }).on("line", (line) => host.stderr.push(line));
    await host.call("configure", { args: config });
    return host;
  }

  /** Makes one call. What the host printed before its answer is in the pipe by then, and has been read when this resolves. */
  private async call(name: string, fields: Data): Promise<Data> {
    try {
      return await this.client.call(name, fields);
    } finally {
      for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async check(kind: Kind, olds: Data, news: Data): Promise<Checked> {
    const request = { olds: this.wire(kind, olds, true), news: this.wire(kind, news) };
    const { inputs, failuresList } = await this.call("check", request);
    return { inputs: plain(inputs), failures: failuresList as Checked["failures"] };
  }

  async diff(kind: Kind, { id, outputs }: Stored, news: Data): Promise<{ changes: boolean; replaces: string[] }> {
    const request = { id, olds: this.wire(kind, outputs), news: this.wire(kind, news) };
    const { changes, replacesList } = await this.call("diff", request);
    return { changes: changes === DIFF_SOME, replaces: replacesList as string[] };
  }

  async create(kind: Kind, inputs: Data): Promise<Stored> {
    const { id, properties } = await this.call("create", { properties: this.wire(kind, inputs) });
    return { id: id as string, outputs: plain(properties) };
  }

  async update(kind: Kind, { id, outputs }: Stored, news: Data): Promise<Stored> {
    const request = { id, olds: this.wire(kind, outputs), news: this.wire(kind, news) };
    const { properties } = await this.call("update", request);
    return { id, outputs: plain(properties) };
  }

  async read(kind: Kind, stored: Stored): Promise<Partial<Stored> & { inputs?: Record<string, unknown> }> {
    const request = { id: stored.id, properties: this.wire(kind, stored.outputs) };
    const { id, properties, inputs } = await this.call("read", request);
    if (id === "") return {};
    const read = { id: id as string, outputs: plain(properties) };
    return inputs ? { ...read, inputs: plain(inputs) } : read;
  }

  async delete(kind: Kind, { id, outputs }: Stored): Promise<void> {
    await this.call("delete", { id, properties: this.wire(kind, outputs) });
  }

  /** Tells it that the operation is cancelled, as the engine does on Ctrl-C. */
  async cancel(): Promise<void> {
    await this.call("cancel", {});
  }

  /** Ends the process, as the end of an operation does. */
  async stop(): Promise<void> {
    this.client.close();
    await this.endBy("SIGINT");
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Ends the process at once, in the middle of whatever it does. */
  async kill(): Promise<void> {
    await this.endBy("SIGKILL");
  }

  /** Lets the engine be gone, as after a kill of the CLI, while the process lives on: nobody listens to what it prints any more either. */
  loseEngine(): void {
    this.engine.close();
    this.child.stdout?.destroy();
    this.child.stderr?.destroy();
  }

  /** Resolves when the process has ended by itself. */
  async ended(): Promise<number | null> {
    if (this.child.exitCode !== null) return this.child.exitCode;
    return new Promise((resolve) => this.child.once("close", resolve));
  }

  private async endBy(signal: NodeJS.Signals): Promise<void> {
    this.engine.close();
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const closed = new Promise((resolve) => this.child.once("close", resolve));
    this.child.kill(signal);
    await closed;
  }

  private wire(kind: Kind, data: Data, mayBeEmpty = false): Data {
    if (mayBeEmpty && Object.keys(data).length === 0) return {};
    const known = Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
    return { ...known, __provider: this.text ?? providerText(exportOf[kind]) };
  }
}

/** What a host inherits: no credential of whoever runs the tests. */
export function hostEnvironment(): NodeJS.ProcessEnv {
  return omit(process.env, "VPP_CONTENT_TOKEN", "VPP_CONTENT_TOKEN_FILE", "VPP_ENDPOINT");
}

/** The properties of a resource, without the provider's text. */
export function plain(properties: unknown): Record<string, unknown> {
  return omit((properties ?? {}) as Record<string, unknown>, "__provider");
}

/** The same object without these keys. */
export function omit<T>(object: Readonly<Record<string, T>>, ...keys: string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}
