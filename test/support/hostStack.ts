import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PlanLine } from "../../provider/plan/planLines";
import { endLine, PlanFile, runLine } from "./hostPlan";
import {
  type Checked,
  type Data,
  type Host,
  type HostOptions,
  HostProcess,
  InitError,
  type Kind,
  omit,
  type Stored,
} from "./hostProcess";
import { InsideHost } from "./insideHost";
import { World } from "./world";

interface Declared {
  readonly kind: Kind;
  readonly props: Data;
}

/** A resource as the state holds it. */
export interface Kept extends Stored {
  readonly kind: Kind;
  inputs: Record<string, unknown>;
}

/** How an `apply` went: `failures` of the check, or an error whose outputs are kept all the same. */
export interface Applied {
  readonly op: "create" | "update" | "same" | "refused";
  readonly failures: Checked["failures"];
  readonly initErrors?: string[];
}

const tokenDefaults = { contentTokenKey: "default" };
const appDefaults = { pricingParam: "STDQ" };
const assignmentDefaults = { intent: "required", exclusive: false, reclaim: true };

/** Where the provider of an operation runs. */
type Hosts<H extends Host> = (options: HostOptions) => H | Promise<H>;

/**
 * A program and its state, just enough of an engine for tests of the provider alone: resources are checked and applied one by one, and each
 * new operation takes a new host, as the engine does. {@link ProcessStack} has the engine's real ones.
 */
export class HostStack<H extends Host = Host> {
  private readonly state = new Map<string, Kept>();
  private program = new Map<string, Declared>();
  /** Whether it can be known when the program is over, as in ordinary ones; false for async ones, ES modules and inline programs. */
  isSeenToEnd = true;
  /** Whether what is applied is not written to the state, as far as the program is told. */
  isStateLost = false;
  private operation?: { readonly host: H; readonly plan: PlanFile };

  /** `stackName` is what the mark on the library tells apart; two stacks of the same name are one stack with two copies of its state. */
  constructor(
    private readonly options: HostOptions,
    private readonly stackName = "dev",
    private readonly startHost: Hosts<H> = (each) => new InsideHost(each) as Host as H,
  ) {}

  /** Declares what the program holds; the next operation sees it. `sets` names the user sets that an assignment's ids come from. */
  declare(resources: Readonly<Record<string, readonly [Kind, Data]>>): void {
    this.program = new Map(Object.entries(resources).map(([name, [kind, props]]) => [name, { kind, props }]));
  }

  /** The names of what is declared, in their order. */
  get declaredNames(): string[] {
    return [...this.program.keys()];
  }

  /** The names of what is in the state and not declared, what was made last first: a run deletes them at its end. */
  get leftNames(): string[] {
    return [...this.state.keys()].filter((name) => !this.program.has(name)).reverse();
  }

  /** The host of the operation that is going on. */
  get host(): H {
    if (this.operation === undefined) throw new Error("Begin an operation first.");
    return this.operation.host;
  }

  /** Ends the operation that is going on and begins another, with a plan of what is declared unless it is a refresh or a destroy. */
  async begin(changes: HostOptions = {}): Promise<H> {
    await this.end();
    const run = { ...runLine, stack: this.stackName };
    const lines = [...this.program].flatMap(([name, declared]) => lineOf(name, declared) ?? []);
    const plan = new PlanFile(run, ...lines, ...(this.isSeenToEnd ? [endLine()] : []));
    const env = { ...this.options.env, ...changes.env };
    this.operation = { host: await this.startHost({ ...this.options, ...changes, env }), plan };
    return this.host;
  }

  /** Ends the operation that is going on. */
  async end(): Promise<void> {
    await this.operation?.host.stop();
    this.operation?.plan.dispose();
    this.operation = undefined;
  }

  /** Ends the operation as a kill of the host does. */
  async kill(): Promise<void> {
    await (this.host as unknown as { kill(): Promise<void> }).kill();
    this.operation?.plan.dispose();
    this.operation = undefined;
  }

  /** The whole state, to begin from again or to take elsewhere. */
  get saved(): ReadonlyMap<string, Kept> {
    return structuredClone(this.state);
  }

  /** Goes back to a state that was saved, by this stack or by another copy of it. */
  restore(saved: ReadonlyMap<string, Kept>): void {
    this.state.clear();
    for (const [name, kept] of structuredClone(saved)) this.state.set(name, kept);
  }

  /** Deletes everything that is in the state, what was made last first, as a destroy does. */
  async destroy(changes: HostOptions = {}): Promise<void> {
    this.declare({});
    await this.begin(changes);
    for (const name of [...this.state.keys()].reverse()) await this.remove(name);
  }

  /** What the state holds of a resource. */
  kept(name: string): Kept {
    const kept = this.state.get(name);
    if (kept === undefined) throw new Error(`${name} is not in the state.`);
    return kept;
  }

  /** What the host has told the user so far, without the line that says that this is not Apple's own service. */
  get notes(): string[] {
    return this.host.stderr.filter((line) => !line.startsWith("pulumi-vpp: talking to "));
  }

  /** Whether the state holds a resource. */
  has(name: string): boolean {
    return this.state.has(name);
  }

  outputs(name: string): Record<string, unknown> {
    return this.kept(name).outputs;
  }

  /** How other resources name a token's library. */
  ref(token = "hq"): Data {
    const { libraryId, bindingId, contentTokenKey, managedBy } = this.kept(token).inputs;
    return { libraryId, bindingId, contentTokenKey, ...(managedBy !== undefined && { managedBy }) };
  }

  /** The transient input that tells a check where the plan is. */
  planInput(name: string): string {
    return JSON.stringify({ file: this.operation!.plan.path, entry: name, name });
  }

  check(name: string): Promise<Checked> {
    const { kind, props } = this.declared(name);
    const plan = this.planInput(name);
    const token = kind !== "VppToken" && props.token === undefined ? { token: this.ref() } : {};
    return this.host.check(kind, this.state.get(name)?.inputs ?? {}, {
      ...defaultsOf(kind),
      ...omit(props, "sets", "retained"),
      ...token,
      plan,
    });
  }

  /** Checks a resource and creates or updates it if need be; `always` updates even if nothing changes, as after a failed update. */
  async apply(name: string, always = false): Promise<Applied> {
    const { kind } = this.declared(name);
    const { inputs, failures } = await this.check(name);
    if (failures.length > 0) return { op: "refused", failures };
    const kept = this.state.get(name);
    if (kept === undefined) return this.keep(name, kind, inputs, "create", this.host.create(kind, inputs));
    const { changes } = await this.host.diff(kind, kept, inputs);
    if (changes || always) return this.keep(name, kind, inputs, "update", this.host.update(kind, kept, inputs));
    kept.inputs = inputs;
    return { op: "same", failures };
  }

  /** Begins an operation and applies everything that is declared, in order. The first refusal ends it. */
  async up(changes: HostOptions = {}): Promise<Record<string, Applied>> {
    await this.begin(changes);
    const applied: Record<string, Applied> = {};
    for (const name of this.program.keys()) {
      applied[name] = await this.apply(name);
      if (applied[name].op === "refused") break;
    }
    return applied;
  }

  /** Reads a resource into the state; gives whether it differs from the inputs, or "gone". */
  async refresh(name: string): Promise<boolean | "gone"> {
    const kept = this.kept(name);
    const { id, outputs, inputs } = await this.host.read(kept.kind, kept);
    if (id === undefined || outputs === undefined) {
      this.state.delete(name);
      return "gone";
    }
    this.state.set(name, { ...kept, outputs, inputs: inputs ?? kept.inputs });
    return (await this.host.diff(kept.kind, { id, outputs }, inputs ?? kept.inputs)).changes;
  }

  /** Deletes a resource. */
  async remove(name: string): Promise<void> {
    const kept = this.kept(name);
    await this.host.delete(kept.kind, kept);
    this.state.delete(name);
  }

  private declared(name: string): Declared {
    const declared = this.program.get(name);
    if (declared === undefined) throw new Error(`${name} is not declared.`);
    return declared;
  }

  private async keep(
    name: string,
    kind: Kind,
    inputs: Data,
    op: "create" | "update",
    work: Promise<Stored>,
  ): Promise<Applied> {
    try {
      this.state.set(name, { ...(await work), kind, inputs: { ...inputs } });
      if (!this.isStateLost) this.operation?.plan.appendIfThere({ t: "recorded", of: name });
      return { op, failures: [] };
    } catch (error) {
      if (!(error instanceof InitError)) throw error;
      const outputs = omit(error.properties, "__provider");
      this.state.set(name, {
        id: error.id,
        outputs,
        kind,
        inputs: op === "update" ? this.kept(name).inputs : { ...inputs },
      });
      return { op, failures: [], initErrors: error.reasons };
    }
  }
}

function defaultsOf(kind: Kind): Data {
  if (kind === "VppToken") return tokenDefaults;
  if (kind === "VppApp") return appDefaults;
  return kind === "VppAssignment" ? assignmentDefaults : {};
}

const homes: string[] = [];

/** One listener for all stacks: Node warns of more than ten. */
function removeAtExit(home: string): void {
  if (homes.push(home) > 1) return;
  process.once("exit", () => {
    for (const each of homes) rmSync(each, { recursive: true, force: true });
  });
}

/** A stack each of whose operations starts the host process that the engine would start: for what a process or the wire have a part in. */
export class ProcessStack extends HostStack<HostProcess> {
  readonly home: string;

  /** Each stack has a Pulumi home of its own, which outlives its hosts. */
  constructor(options: HostOptions, stackName?: string) {
    const home = mkdtempSync(join(tmpdir(), "vpp-home-"));
    removeAtExit(home);
    super({ ...options, env: { PULUMI_HOME: home, ...options.env } }, stackName, (each) => HostProcess.start(each));
    this.home = home;
  }
}

interface Listed {
  readonly contentTokenKey?: string;
  readonly token?: { readonly contentTokenKey: string };
  readonly users?: readonly { readonly clientUserId: string }[];
  readonly apps?: readonly { readonly adamId: string; readonly pricingParam?: string }[];
  readonly serialNumbers?: readonly string[];
  readonly clientUserIds?: readonly string[];
  readonly intent?: "required" | "uninstall";
  readonly exclusive?: boolean;
  readonly sets?: readonly string[];
  readonly reclaim?: boolean;
  /** The option `retainOnDelete`, which no input has. */
  readonly retained?: boolean;
  readonly maxRevocations?: number;
  readonly maxRetirements?: number;
}

/** A resource's line in the ledger, as the SDK would write it; a VppApp has none. */
function lineOf(entry: string, { kind, props }: Declared): PlanLine | undefined {
  if (kind === "VppApp") return undefined;
  const listed = props as Listed;
  const { reclaim, maxRevocations, maxRetirements, retained } = listed;
  const limits = {
    ...(reclaim === false && { reclaim }),
    ...(retained === true && { retained }),
    ...(maxRevocations !== undefined && { maxRevocations }),
    ...(maxRetirements !== undefined && { maxRetirements }),
  };
  const head = { entry, name: entry, key: listed.token?.contentTokenKey ?? listed.contentTokenKey ?? "default" };
  if (kind === "VppUserSet")
    return { t: "userSet", ...head, users: (listed.users ?? []).map(({ clientUserId }) => clientUserId), ...limits };
  if (kind === "VppToken") return { t: "token", ...head, ...limits };
  return {
    t: "assignment",
    ...head,
    apps: (listed.apps ?? []).map(({ adamId, pricingParam }) => [adamId, pricingParam ?? "STDQ"]),
    ...(listed.serialNumbers && { serialNumbers: listed.serialNumbers }),
    ...(listed.clientUserIds && { clientUserIds: listed.clientUserIds }),
    intent: listed.intent ?? "required",
    exclusive: listed.exclusive ?? false,
    sets: listed.sets ?? [],
    ...limits,
  };
}

/** Gives every test of a suite a service and a stack of its own, and ends them after it. */
export function freshHost(
  take: (world: World, stack: HostStack) => void,
  libraries?: Parameters<typeof World.start>[0],
): void {
  fresh((options) => new HostStack(options), take, libraries);
}

/** The same with the host process that the engine would start. */
export function freshProcess(take: (world: World, stack: ProcessStack) => void): void {
  fresh((options) => new ProcessStack(options), take);
}

function fresh<S extends HostStack<Host>>(
  make: (options: HostOptions) => S,
  take: (world: World, stack: S) => void,
  libraries?: Parameters<typeof World.start>[0],
): void {
  let world: World;
  let stack: S;
  beforeEach(async () => {
    world = await World.start(libraries);
    stack = make({ env: world.env });
    take(world, stack);
  });
  afterEach(async () => {
    await stack.end();
    await world.close();
  });
}
