import { type OnLine, startChild } from "./child";
import { listen } from "./listening";
import type { ResourceState } from "./resource";
import { annotateSecrets, type Properties, unwrap } from "./values";
import type { Fields } from "./wire";

/** What a provider host can be called for. Secrets go out in clear, and come back marked by the names of properties. */
export type Host = ReturnType<typeof hostOver>;
/** What `diff` answers. `changes` is undefined when the provider leaves it to the engine to compare. */
export type Difference = Awaited<ReturnType<Host["diff"]>>;

const changesOf = [undefined, false, true];

/** Starts the process in which the code of every dynamic resource of one operation runs, with one configuration. */
export function startHost(folder: string, project: string, config: Properties, onLine: OnLine): Host {
  let found: ((port: string) => void) | undefined;
  const names = { PULUMI_PROJECT: project, PULUMI_NODEJS_PROJECT: project };
  const env = { ...names, PULUMI_CONFIG: "{}", PULUMI_RUNTIME_TYPESCRIPT: "true" };
  // The argument is the engine's address, where a provider can see whether the engine is still there. The host prints its port first.
  const starting = listen().then(({ address, close }) => {
    const child = startChild("dynamic-provider", [address], folder, env, (line, isError) => {
      if (isError || !found) return onLine(line, isError);
      found(line);
      found = undefined;
    });
    return { child, close };
  });
  const port = new Promise<string>((resolve, reject) => {
    found = resolve;
    starting
      .then(({ child }) => child.ended)
      .then((code) => reject(new Error(`the provider host ended at once (exit code ${code})`)), reject);
  });
  const connecting = (async () => {
    const { connect } = await import("./wire");
    const connection = connect(`127.0.0.1:${await port}`);
    await connection.call("configure", { args: unwrap(config), acceptsecrets: true, acceptresources: true });
    return connection;
  })();
  return hostOver(connecting, async () => {
    const { child, close } = await starting;
    await child.stop();
    close();
  });
}

/** A connection to a host that has its configuration. */
export interface Connection {
  call(name: string, fields: Fields): Promise<Fields>;
  close(): void;
}

/** The calls of a host as the engine makes them, over a connection that may still be coming up. */
export function hostOver(connecting: Promise<Connection>, stop: () => Promise<void>) {
  connecting.catch(() => undefined);
  type Answer = { id: string; inputs?: Properties; properties?: Properties; changes: number } & Record<string, unknown>;
  const call = async (name: string, fields: Fields): Promise<Answer> =>
    (await (await connecting).call(name, fields)) as Answer;
  const known = ({ urn, id, outputs }: ResourceState) => ({ urn, id, properties: unwrap(outputs) });
  const change = ({ urn, id, inputs, outputs }: ResourceState, news: Properties): Fields => {
    return { urn, id, oldInputs: unwrap(inputs), olds: unwrap(outputs), news: unwrap(news) };
  };

  return {
    /** Tells the provider that the operation is cancelled, as the CLI does on Ctrl-C, and never for a step or a program that failed. */
    cancel(): void {
      call("cancel", {}).catch(() => undefined);
    },
    async stop(): Promise<void> {
      connecting.then((connection) => connection.close()).catch(() => undefined);
      await stop();
    },
    async check(urn: string, olds: Properties, news: Properties) {
      const { inputs, failuresList } = await call("check", { urn, olds: unwrap(olds), news: unwrap(news) });
      return {
        inputs: annotateSecrets(inputs, news),
        failures: failuresList as { property: string; reason: string }[],
      };
    },
    async diff(old: ResourceState, news: Properties) {
      const { changes, replacesList, deletebeforereplace: deleteBeforeReplace } = await call("diff", change(old, news));
      return { changes: changesOf[changes], replaces: replacesList as string[], deleteBeforeReplace };
    },
    async create({ urn, inputs }: ResourceState): Promise<Partial<ResourceState>> {
      const { id, properties } = await call("create", { urn, properties: unwrap(inputs) });
      if (!id) throw new Error(`plugin returned empty resource.ID from create '${urn}'`);
      return { id, outputs: annotateSecrets(properties, inputs) };
    },
    async update(old: ResourceState, news: Properties): Promise<Partial<ResourceState>> {
      return { outputs: annotateSecrets((await call("update", change(old, news))).properties, news) };
    },
    /** Without an id in the answer the resource has gone. */
    async read(old: ResourceState) {
      const { id, properties, inputs } = await call("read", { ...known(old), inputs: unwrap(old.inputs) });
      const outputs = annotateSecrets(properties, old.outputs);
      return { id, outputs, inputs: inputs ? annotateSecrets(inputs, old.inputs) : old.inputs };
    },
    async delete(old: ResourceState): Promise<void> {
      await call("delete", { ...known(old), oldInputs: unwrap(old.inputs) });
    },
  };
}
