import { createHash } from "node:crypto";
import { Libraries, type Surroundings } from "../apple/library/libraries";
import { Run } from "../apple/library/run";
import type { RunFiles } from "../apple/library/runs/runFiles";
import type { Verb } from "../apple/library/runs/runLines";
import { noteRival } from "../apple/resources/rivalNote";
import { nameInId, type TokenRef } from "../apple/resources/tokenRef";
import type { PlanInput, PlanReference } from "../plan/planLines";
import { Cancellation } from "./cancellation";
import { Notes } from "./diagnostics";
import { EngineWatch } from "./engineWatch";
import { type CheckContext, type Context, defined, type ResourceKind } from "./kind";
import { expected, reasonsOf, withWayOut } from "./operationErrors";
import { Settings } from "./settings";
import { nameIn, nameKey, withName, withNameOf } from "./stateName";

type Properties = Record<string, unknown>;

/** The part of the engine's dynamic provider interface that we serve, in the host's own words. */
export interface DynamicProvider {
  configure(request: { config: { get(key: string): string | undefined } }): Promise<void>;
  check(
    olds: Properties,
    news: Properties,
  ): Promise<{ inputs: Properties; failures: { property: string; reason: string }[] }>;
  diff(id: string, olds: Properties, news: Properties): Promise<{ changes: boolean; replaces: string[] }>;
  create(inputs: Properties): Promise<{ id: string; outs: Properties }>;
  update(id: string, olds: Properties, news: Properties): Promise<{ outs: Properties }>;
  read(id: string, props: Properties): Promise<{ id?: string; props?: Properties; inputs?: Properties }>;
  delete(id: string, props: Properties): Promise<void>;
}

interface Identity {
  readonly entry: string;
  readonly name: string;
}

/** What a host process is made of, and what tests put in its place. */
export interface HostOptions {
  readonly notes?: Notes;
  readonly env?: NodeJS.ProcessEnv;
  readonly surroundings?: Surroundings;
  /** Whether the engine is still there; without one it is taken to be. */
  readonly watch?: EngineWatch;
  /** Whether the user has cancelled the run; without, nobody has. */
  readonly cancellation?: Cancellation;
  /** What cut-off runs of this machine have left behind; without, nothing is looked for and nothing left. */
  readonly files?: RunFiles;
}

const cancelled = "you have cancelled this run: nothing more is sent, and what Apple has accepted is waited for.";

const notWatched = new EngineWatch(undefined);

/** What all four kinds share within one host process, which is one operation of the engine. */
export class HostProcess {
  readonly notes: Notes;
  readonly settings: Settings;
  readonly run: Run;
  readonly libraries: Libraries;
  /** Only `check` is told which resource it is about; `create` gets the same inputs and finds its name by them. */
  private readonly identities = new Map<string, Identity>();
  private readonly notDigested: { readonly kind: string; readonly inputs: object; readonly identity: Identity }[] = [];

  constructor({
    notes = new Notes(),
    env = process.env,
    surroundings = {},
    watch = notWatched,
    cancellation = new Cancellation(),
    files,
  }: HostOptions = {}) {
    this.notes = notes;
    this.settings = new Settings(notes, env);
    this.run = new Run(this.settings, files);
    watch.start(() => {
      // What the engine has recorded by now need not be doubted by the next run.
      this.run.noteRecorded();
      process.exit(1);
    });
    this.libraries = new Libraries(this.settings, {
      onReading: () => notes.progressOf("pulumi-vpp"),
      beforeWrite: async () => {
        await watch.refuseIfGone();
        cancellation.refuse(() => notes.say("pulumi-vpp", "cancelled", cancelled));
      },
      whenCancelled: cancellation.whenCancelled,
      nameInState: (libraryId, adamId) => this.run.nameInState(libraryId, adamId),
      stackOf: (ref) => this.run.stackOf(ref),
      ...(files && { files }),
      ...surroundings,
    });
  }

  remember(kind: string, inputs: object, identity: Identity): void {
    this.notDigested.push({ kind, inputs, identity });
  }

  identityOf(kind: string, inputs: object): Identity | undefined {
    // Nobody asks in a run in which nothing changes.
    for (const checked of this.notDigested.splice(0))
      this.identities.set(digest(checked.kind, checked.inputs), checked.identity);
    return this.identities.get(digest(kind, inputs));
  }

  /** The engine ends this process, after all that it has asked for: nothing that was done in order is left open. */
  close(): void {
    this.run.close();
  }

  context(kind: string, name: string, entry: string | undefined, verb?: Verb, inputs: object = {}): Context {
    const subject = `${kind} ${name}`;
    const keeps = (inputs as { readonly reclaim?: boolean }).reclaim === false;
    return {
      subject,
      name,
      ...(entry !== undefined && { entry }),
      ...(verb && {
        operation: this.run.files.operation(defined({ kind, verb, name, entry, keeps: keeps || undefined })),
      }),
      libraries: this.libraries,
      run: this.run,
      note: (reason, text) => this.notes.say(subject, reason, text),
      progress: this.notes.progressOf(subject),
    };
  }
}

/** Serves one kind of resource to the engine's host. */
export function toDynamicProvider<I extends object, S extends I>(
  resource: ResourceKind<I, S>,
  host: HostProcess,
): DynamicProvider {
  const { kind } = resource;
  const named = (inputs: object, id?: string, verb?: Verb, state: Properties = {}): Context => {
    const identity = host.identityOf(kind, inputs);
    const known = identity?.name ?? nameIn(state);
    const name = known ?? (id === undefined ? digest(kind, inputs).slice(0, 8) : nameInId(id));
    return host.context(kind, name, identity?.entry, verb, inputs);
  };
  return {
    async configure({ config }) {
      host.settings.configure((key) => config.get(key));
    },

    async check(olds, news) {
      const { given, plan: planInput } = withoutPlan(strip(news));
      const { file, entry, name = "" } = referenceIn(planInput);
      const found = file === undefined ? undefined : host.run.readPlan(file);
      const plan = found?.missing === undefined ? found : undefined;
      const context: CheckContext = { ...host.context(kind, name, entry), entry: entry ?? "", ...(plan && { plan }) };
      try {
        const inputs = await resource.check(context, strip(olds) as Partial<I>, given as I);
        host.remember(kind, inputs, { entry: entry ?? "", name });
        return { inputs: { ...inputs } as Properties, failures: [] };
      } catch (error) {
        host.run.hasFailed = true;
        const failures = reasonsOf(error).map((reason) => ({ property: "", reason }));
        return { inputs: given, failures };
      }
    },

    async diff(id, olds, news) {
      const context = lazily(host, () => named(strip(news), id, undefined, olds));
      const { changes, replaces } = await expected(context, "not compared", async () =>
        resource.diff(context, strip(olds) as S, strip(news) as I),
      );
      return { changes, replaces: replaces ?? [] };
    },

    async create(inputs) {
      const context = named(strip(inputs), undefined, "create");
      const { id, state } = await expected(
        context,
        "not created",
        () => tellingOfRivals(context, inputs, () => resource.create(context, strip(inputs) as I)),
        inputs,
      );
      return { id, outs: withName(state, context.name) };
    },

    async update(id, olds, news) {
      const context = named(strip(news), id, "update");
      const operation = (): Promise<S> => resource.update(context, id, strip(olds) as S, strip(news) as I);
      const told = (): Promise<S> => tellingOfRivals(context, news, operation);
      const state = await expected(context, "not updated", told, news);
      return { outs: withName(state, context.name) };
    },

    async read(id, props) {
      const context = host.context(kind, nameIn(props) ?? nameInId(id), undefined);
      const result = await expected(context, "not read", () => resource.read(context, id, strip(props) as S));
      return {
        ...(result.id !== undefined && { id: result.id }),
        ...(result.state !== undefined && { props: withNameOf(props, result.state) }),
        ...(result.inputs !== undefined && { inputs: result.inputs as Properties }),
      };
    },

    async delete(id, props) {
      const context = host.context(kind, nameInId(id), undefined, "delete");
      await expected(context, "not deleted", () =>
        resource.remove(context, id, strip(props) as S).catch((error: unknown) => {
          throw withWayOut(error, resource.leftBehind);
        }),
      );
      host.run.files.noteDeleted(context.operation!);
    },
  };
}

/** Runs a write. What was done in full says nothing of another service that came meanwhile, and what failed because of it says it already. */
async function tellingOfRivals<T>(context: Context, { token }: Properties, write: () => Promise<T>): Promise<T> {
  const done = await write();
  noteRival(context, token as TokenRef | undefined);
  return done;
}

/** A context that is made when more of it is asked for than the run: most comparisons find nothing to say. */
function lazily({ run, libraries }: HostProcess, make: () => Context): Context {
  let made: Context | undefined;
  const context = (): Context => {
    made ??= make();
    return made;
  };
  return {
    run,
    libraries,
    get subject() {
      return context().subject;
    },
    get name() {
      return context().name;
    },
    note: (reason, text) => context().note(reason, text),
    progress: (text) => context().progress(text),
  };
}

/** The plan comes as an input of its own, or inside the token where the program has a VppToken. */
function withoutPlan({ plan, ...given }: Properties): { readonly given: Properties; readonly plan: unknown } {
  const { token } = given;
  if (plan !== undefined || typeof token !== "object" || token === null || !("plan" in token)) return { given, plan };
  const { plan: inside, ...reference } = token;
  return { given: { ...given, token: reference }, plan: inside };
}

/** A program that registers the resource without our SDK gives none, or anything. */
function referenceIn(input: unknown): Partial<PlanReference> {
  if (typeof input !== "string") return {};
  try {
    return (JSON.parse(input satisfies PlanInput) ?? {}) as Partial<PlanReference>;
  } catch {
    return {};
  }
}

function strip({ __provider: _, [nameKey]: __, ...properties }: Properties): Properties {
  return properties;
}

function digest(kind: string, inputs: object): string {
  return createHash("sha256").update(kind).update(canonical(inputs)).digest("hex");
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(",")}}`;
}
