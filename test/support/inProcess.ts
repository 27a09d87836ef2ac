import { setTimeout as delay } from "node:timers/promises";
import { type DynamicProvider, HostProcess } from "../../provider/engine/adapter";
import { Notes } from "../../provider/engine/diagnostics";
import { InitFailedError } from "../../provider/errors";
import type { Transport } from "../../provider/http/transport";
import type { PlanLine } from "../../provider/plan/planLines";
import { type Providers, providersOver } from "../../provider/providers";
import { PlanFile } from "./hostPlan";
import { type Data, exportOf, type Kind, type Stored } from "./hostProcess";

/** Time that passes as fast as the work allows: to wait takes a millisecond, and the clock says that it took as long as was asked. */
export function quickClock(): { sleep: (ms: number) => Promise<void>; now: () => number } {
  let skipped = 0;
  return {
    now: () => Date.now() + skipped,
    sleep: async (ms) => {
      skipped += ms;
      await delay(1);
    },
  };
}

/** One resource of a program: its kind, and what the program says of it. */
export type Declared = readonly [Kind, Data];

/** What came of one call: the texts that the user would see, and whether it went well. */
export interface Done {
  readonly ok: boolean;
  readonly texts: readonly string[];
}

/** What an in-process stack is made of. */
export interface InProcessOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly transport: Transport;
}

/**
 * The provider's four kinds and their state in this very process, over a transport of the test's own and a clock that does not wait: for
 * tests that make thousands of calls. Each operation has a provider of its own, as each has a process under the engine.
 */
export class InProcessStack {
  readonly state = new Map<string, Stored & { readonly kind: Kind; readonly inputs: Data }>();
  /** Notes of the operation that is going on. */
  notes: string[] = [];
  private providers!: Providers;
  private plan?: PlanFile;
  private host?: HostProcess;

  constructor(private readonly options: InProcessOptions) {}

  /** Ends the operation that is going on and begins another; a refresh or a destroy has no plan. */
  begin(...plan: PlanLine[]): void {
    this.end();
    if (plan.length > 0) this.plan = new PlanFile(...plan);
    const notes: string[] = [];
    this.notes = notes;
    const { env, transport } = this.options;
    const clock = quickClock();
    this.host = new HostProcess({
      notes: new Notes((line) => notes.push(line), clock.now),
      env,
      surroundings: { transport, clock },
    });
    this.providers = providersOver(this.host);
  }

  end(): void {
    this.host?.run.close();
    this.plan?.dispose();
    this.plan = undefined;
  }

  /** Checks inputs as they are, with the resource's old ones. */
  check(name: string, kind: Kind, inputs: Data): ReturnType<DynamicProvider["check"]> {
    const plan = this.plan && { plan: JSON.stringify({ file: this.plan.path, entry: name, name }) };
    return this.of(kind).check({ ...this.state.get(name)?.inputs }, { ...inputs, ...plan });
  }

  /** Checks a resource, then creates it, or updates it if need be. */
  apply(name: string, [kind, given]: Declared): Promise<Done> {
    return this.told(async () => {
      const { inputs, failures } = await this.check(name, kind, given);
      if (failures.length > 0) return { ok: false, texts: failures.map(({ reason }) => reason) };
      const kept = this.state.get(name);
      const keep = (id: string, outputs: Record<string, unknown>): void =>
        void this.state.set(name, { id, outputs, kind, inputs });
      try {
        if (kept === undefined) {
          const { id, outs } = await this.of(kind).create(inputs);
          keep(id, outs);
        } else if ((await this.of(kind).diff(kept.id, kept.outputs, inputs)).changes) {
          keep(kept.id, (await this.of(kind).update(kept.id, kept.outputs, inputs)).outs);
        }
        return { ok: true, texts: [] };
      } catch (error) {
        if (!(error instanceof InitFailedError)) throw error;
        const outputs = error.properties as Record<string, unknown>;
        // The engine keeps the old inputs after an update that failed, and the new outputs.
        this.state.set(name, { id: error.id, outputs, kind, inputs: kept?.inputs ?? inputs });
        return { ok: false, texts: [error.message, ...error.reasons] };
      }
    });
  }

  /** Reads a resource into the state; one that is gone leaves it. */
  refresh(name: string): Promise<Done> {
    return this.told(async () => {
      const kept = this.state.get(name);
      if (kept === undefined) return { ok: true, texts: [] };
      const { id, props, inputs = kept.inputs } = await this.of(kept.kind).read(kept.id, kept.outputs);
      if (id === undefined || props === undefined) this.state.delete(name);
      else {
        this.state.set(name, { ...kept, outputs: props, inputs });
        await this.of(kept.kind).diff(id, props, { ...inputs });
      }
      return { ok: true, texts: [] };
    });
  }

  /** Deletes a resource. */
  remove(name: string): Promise<Done> {
    return this.told(async () => {
      const kept = this.state.get(name);
      if (kept !== undefined) await this.of(kept.kind).delete(kept.id, kept.outputs);
      this.state.delete(name);
      return { ok: true, texts: [] };
    });
  }

  /** How other resources name the token's library. */
  ref(token: string): Data | undefined {
    const { libraryId, bindingId, contentTokenKey } = this.state.get(token)?.inputs ?? {};
    return libraryId === undefined ? undefined : { libraryId, bindingId, contentTokenKey };
  }

  private of(kind: Kind): DynamicProvider {
    return this.providers[exportOf[kind]];
  }

  private async told(work: () => Promise<Done>): Promise<Done> {
    const before = this.notes.length;
    const { ok, texts } = await work().catch((error: unknown) => ({
      ok: false,
      texts: [String((error as Error).message), String((error as Error).stack)],
    }));
    return { ok, texts: [...texts, ...this.notes.slice(before)] };
  }
}
