import type { Surroundings } from "../../provider/apple/library/libraries";
import type { RunFiles } from "../../provider/apple/library/runs/runFiles";
import { type DynamicProvider, HostProcess as Shared } from "../../provider/engine/adapter";
import { Notes } from "../../provider/engine/diagnostics";
import { InitFailedError } from "../../provider/errors";
import { type Providers, providersOver } from "../../provider/providers";
import { providerText } from "../../sdk/apple/providerText";
import { InitError } from "../engine/errors";
import {
  type Checked,
  type Data,
  exportOf,
  type Host,
  type HostOptions,
  hostEnvironment,
  type Kind,
  plain,
  type Stored,
} from "./hostProcess";

/**
 * The provider of one operation in the test's own process, called as a host calls it: what goes in and comes out is as plain as what goes over
 * the wire. It answers what a `HostProcess` answers, for a twentieth of the time, and its coverage is measured.
 */
export class InsideHost implements Host {
  readonly stderr: string[] = [];
  private readonly shared: Shared;
  private readonly providers: Providers;

  /** Leaves run files if it is given some. */
  constructor({ env = {}, config = {} }: HostOptions = {}, surroundings: Surroundings = {}, files?: RunFiles) {
    const notes = new Notes((line) => this.stderr.push(line));
    const all = { ...hostEnvironment(), ...env };
    this.shared = new Shared({ notes, env: all, surroundings, ...(files && { files }) });
    this.providers = providersOver(this.shared);
    const get = (key: string): string | undefined => config[key];
    for (const name of Object.values(exportOf)) void this.providers[name].configure({ config: { get } });
  }

  async check(kind: Kind, olds: Data, news: Data): Promise<Checked> {
    const { inputs, failures } = await this.call(kind, (provider) =>
      provider.check(sent(kind, olds), sent(kind, news)),
    );
    return { inputs: plain(inputs), failures };
  }

  diff(kind: Kind, { id, outputs }: Stored, news: Data): Promise<{ changes: boolean; replaces: string[] }> {
    return this.call(kind, (provider) => provider.diff(id, sent(kind, outputs), sent(kind, news)));
  }

  async create(kind: Kind, inputs: Data): Promise<Stored> {
    const { id, outs } = await this.call(kind, (provider) => provider.create(sent(kind, inputs)));
    return { id, outputs: plain(outs) };
  }

  async update(kind: Kind, { id, outputs }: Stored, news: Data): Promise<Stored> {
    const { outs } = await this.call(kind, (provider) => provider.update(id, sent(kind, outputs), sent(kind, news)));
    return { id, outputs: plain(outs) };
  }

  async read(kind: Kind, stored: Stored): Promise<Partial<Stored> & { inputs?: Record<string, unknown> }> {
    const { id, props, inputs } = await this.call(kind, (provider) =>
      provider.read(stored.id, sent(kind, stored.outputs)),
    );
    if (!id) return {};
    return { id, outputs: plain(props), ...(inputs && { inputs: plain(inputs) }) };
  }

  async delete(kind: Kind, { id, outputs }: Stored): Promise<void> {
    await this.call(kind, async (provider) => {
      await provider.delete(id, sent(kind, outputs));
      return {};
    });
  }

  /** Ends in order, as the end of an operation does. */
  stop(): Promise<void> {
    this.shared.close();
    return Promise.resolve();
  }

  /** Ends as a process that is killed: without a word. */
  kill(): Promise<void> {
    return Promise.resolve();
  }

  private async call<T>(kind: Kind, work: (provider: DynamicProvider) => Promise<T>): Promise<T> {
    try {
      return copied(await work(this.providers[exportOf[kind]]));
    } catch (error) {
      if (!(error instanceof InitFailedError)) throw new Error((error as Error).message);
      const { id, properties, reasons, message } = error;
      throw Object.assign(new InitError(message), { id, properties: copied(properties), reasons });
    }
  }
}

/** What an empty object of old inputs is to the engine: there is no resource yet. */
function sent(kind: Kind, data: Data): Record<string, unknown> {
  return Object.keys(data).length === 0 ? {} : { ...copied(data), __provider: providerText(exportOf[kind]) };
}

/** As it is on the other side of the wire. */
function copied<T>(data: T): T {
  return JSON.parse(JSON.stringify(data)) as T;
}
