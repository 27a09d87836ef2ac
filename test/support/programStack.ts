import { createRequire } from "node:module";
import { join } from "node:path";
import { compileFunction } from "node:vm";
import * as pulumi from "@pulumi/pulumi";
import { type DynamicProvider, HostProcess } from "../../provider/engine/adapter";
import { Notes } from "../../provider/engine/diagnostics";
import { type Providers, providersOver } from "../../provider/providers";
import { unwrap } from "../engine/values";
import { exportOf, type Kind } from "./hostProcess";
import { root } from "./paths";

type Data = Record<string, unknown>;

interface Kept {
  readonly kind: Kind;
  readonly id: string;
  readonly inputs: Data;
  readonly outputs: Data;
}

/** What a run of a program did. */
export interface Ran {
  /** What the check refused, and what failed, as users see it. */
  readonly failures: readonly string[];
  /** Notes to the user. */
  readonly notes: readonly string[];
  /** Names of resources that were created or updated. */
  readonly written: readonly string[];
  /** What the program exports. */
  readonly exports: Data;
}

/** What surrounds a program. */
export interface Surroundings {
  /** Settings of the provider and of look-ups. */
  readonly env: NodeJS.ProcessEnv;
  /** What every other stack that the program refers to exports. */
  readonly otherStacks?: Data;
}

const kinds = /^pulumi-nodejs:dynamic\/vpp:(\w+)$/;

/**
 * A program and its state, run in this very process: the SDK registers its resources with Pulumi's mocks, behind which the provider itself
 * works on a service. It costs a hundredth of an engine, and proves that the provider takes what the program says; for what engines do
 * besides there are stacks on engines.
 */
export class ProgramStack {
  private readonly state = new Map<string, Kept>();

  constructor(private readonly surroundings: Surroundings) {}

  /** The outputs of a resource. */
  outputs(name: string): Data | undefined {
    return this.state.get(name)?.outputs;
  }

  /** The outputs of all resources of a kind. */
  all(kind: Kind): Data[] {
    return [...this.state.values()].filter((kept) => kept.kind === kind).map(({ outputs }) => outputs);
  }

  /** Runs a program (CommonJS) as `up` would. */
  async up(script: string): Promise<Ran> {
    const { env, otherStacks = {} } = this.surroundings;
    const notes: string[] = [];
    const failures: string[] = [];
    const written: string[] = [];
    const providers = providersOver(new HostProcess({ notes: new Notes((line) => notes.push(line)), env }));
    const register = async ({
      type,
      name,
      inputs,
      id,
    }: pulumi.runtime.MockResourceArgs): Promise<{ id: string; state: Data }> => {
      if (type === "pulumi:pulumi:StackReference")
        return { id: id ?? name, state: { ...(inputs as Data), outputs: otherStacks, secretOutputNames: [] } };
      const kind = kindOf(type);
      if (kind === undefined) return { id: `${name}-id`, state: inputs as Data };
      try {
        const kept = await this.apply(providers, kind, name, unwrap(inputs) as Data, (what) => written.push(what));
        return { id: kept.id, state: kept.outputs };
      } catch (error) {
        failures.push(`${kind} ${name}: ${(error as Error).message}`);
        return { id: "", state: inputs as Data };
      }
    };
    await pulumi.runtime.setMocks({ newResource: register, call: () => ({}) }, "docs", "dev", false, "contoso");
    const exports = await withEnvironment(env, () => evaluate(script));
    return { failures, notes, written, exports };
  }

  private async apply(
    providers: Providers,
    kind: Kind,
    name: string,
    given: Data,
    wrote: (name: string) => void,
  ): Promise<Kept> {
    const provider: DynamicProvider = providers[exportOf[kind]];
    const old = this.state.get(name);
    const { inputs, failures } = await provider.check({ ...old?.inputs }, given);
    if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join(" "));
    const keep = (id: string, outputs: Data): Kept => {
      const kept = { kind, id, inputs, outputs };
      this.state.set(name, kept);
      return kept;
    };
    if (old === undefined) {
      wrote(name);
      const { id, outs } = await provider.create(inputs);
      return keep(id, outs);
    }
    const { changes, replaces } = await provider.diff(old.id, old.outputs, inputs);
    if (replaces.length > 0) throw new Error(`${replaces.join(", ")} would replace it`);
    if (!changes) return keep(old.id, old.outputs);
    wrote(name);
    return keep(old.id, (await provider.update(old.id, old.outputs, inputs)).outs);
  }
}

/** The kind of a resource of ours by the engine's type; undefined for all others. */
export function kindOf(type: string): Kind | undefined {
  return kinds.exec(type)?.[1] as Kind | undefined;
}

/** Runs a module to its end, with all that it registers, and gives what it exports. */
export async function evaluate(script: string): Promise<Data> {
  const exports: Data = {};
  const require = createRequire(join(root, "package.json"));
  const run = compileFunction(script, ["exports", "require"], { filename: join(root, "program.js") }) as (
    exports: Data,
    require: NodeJS.Require,
  ) => void;
  run(exports, require);
  const settled: Data = {};
  for (const [name, value] of Object.entries(exports)) {
    if (name === "__esModule") continue;
    settled[name] = await promised(pulumi.output(value));
  }
  await pulumi.runtime.disconnect();
  return settled;
}

/** The value of an output, or what it failed with; the SDK keeps this for its own use, and `apply` would wait for ever. */
function promised<T>(output: pulumi.Output<T>): Promise<T> {
  return (output as unknown as { promise(): Promise<T> }).promise();
}

/** Does some work with these variables in the environment, and puts it back. */
export async function withEnvironment<T>(env: NodeJS.ProcessEnv, work: () => Promise<T>): Promise<T> {
  const before = new Map(Object.keys(env).map((name) => [name, process.env[name]]));
  Object.assign(process.env, env);
  try {
    return await work();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}
