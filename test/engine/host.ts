import { Child, findPulumiCommand, type OnLine } from "./child";
import type { ResourceState } from "./resource";
import type * as stubsModule from "./stubs";
import { annotateSecrets, type Properties, unwrap } from "./values";

type Stubs = typeof stubsModule;
type Client = InstanceType<Stubs["providerRpc"]["ResourceProviderClient"]>;

/** A problem that `check` found. */
export interface Failure {
  property: string;
  reason: string;
}

/** What `diff` answers. `changes` is undefined when the provider leaves it to the engine to compare. */
export interface Difference {
  changes: boolean | undefined;
  replaces: string[];
  deleteBeforeReplace: boolean;
}

/** A provider host: the process in which the code of every dynamic resource of one operation runs. */
export class ProviderHost {
  private readonly child: Child;
  private readonly address: Promise<string>;
  private client: Promise<Client> | undefined;
  private configured = false;

  constructor(folder: string, project: string, onLine: OnLine) {
    let found: (port: string) => void = () => undefined;
    let portLine = true;
    const environment = {
      PULUMI_PROJECT: project,
      PULUMI_NODEJS_PROJECT: project,
      PULUMI_CONFIG: "{}",
      PULUMI_RUNTIME_TYPESCRIPT: "true",
    };
    // The argument is the engine's address, which the host asks for and does not use.
    this.child = new Child(
      [findPulumiCommand(folder, "dynamic-provider"), "127.0.0.1:1"],
      folder,
      environment,
      (line, isError) => {
        if (isError || !portLine) return onLine(line, isError);
        portLine = false;
        found(line);
      },
    );
    this.address = new Promise((resolve, reject) => {
      found = (port) => resolve(`127.0.0.1:${port}`);
      void this.child.ended.then((code) =>
        reject(new Error(`the provider host ended before it could be used (exit code ${code})`)),
      );
    });
    this.address.catch(() => undefined);
  }

  /** Connects, once, and hands over the configuration; it is that of the first call which counts. */
  private connect(config: Properties): Promise<Client> {
    this.client ??= (async () => {
      const stubs = await import("./stubs");
      const client = stubs.connectProvider(await this.address);
      const request = new stubs.providerProto.ConfigureRequest();
      request.setArgs(stubs.toStruct(unwrap(config)));
      request.setAcceptsecrets(true);
      request.setAcceptresources(true);
      await stubs.call(client.configure.bind(client), request);
      this.configured = true;
      return client;
    })();
    return this.client;
  }

  /** Binds the host to a configuration: that of today, or the one in the state. */
  provider(config: Properties): Provider {
    return new Provider(() => this.connect(config));
  }

  /** Ends the process. */
  async stop(): Promise<void> {
    if (this.configured) (await this.client)?.close();
    await this.child.stop();
  }
}

/** The calls to a provider. Secrets go out in clear, and come back marked by the names of the properties. */
export class Provider {
  constructor(private readonly client: () => Promise<Client>) {}

  private async use<T>(work: (stubs: Stubs, client: Client) => Promise<T>): Promise<T> {
    return work(await import("./stubs"), await this.client());
  }

  /** Asks whether inputs are good, and for their final form. */
  check(urn: string, olds: Properties, news: Properties): Promise<{ inputs: Properties; failures: Failure[] }> {
    return this.use(async (stubs, client) => {
      const request = new stubs.providerProto.CheckRequest().setUrn(urn);
      request.setOlds(stubs.toStruct(unwrap(olds))).setNews(stubs.toStruct(unwrap(news)));
      const answer = await stubs.call(client.check.bind(client), request);
      const failures = answer.getFailuresList().map((f) => ({ property: f.getProperty(), reason: f.getReason() }));
      return { inputs: annotateSecrets(stubs.fromStruct(answer.getInputs()), news), failures };
    });
  }

  /** Asks what would change. */
  diff(old: ResourceState, inputs: Properties): Promise<Difference> {
    return this.use(async (stubs, client) => {
      const { DiffRequest, DiffResponse } = stubs.providerProto;
      const request = new DiffRequest().setUrn(old.urn).setId(old.id ?? "");
      request.setOlds(stubs.toStruct(unwrap(old.outputs ?? {}))).setNews(stubs.toStruct(unwrap(inputs)));
      request.setOldInputs(stubs.toStruct(unwrap(old.inputs ?? {})));
      const answer = await stubs.call(client.diff.bind(client), request);
      const changes = answer.getChanges();
      return {
        changes:
          changes === DiffResponse.DiffChanges.DIFF_UNKNOWN
            ? undefined
            : changes === DiffResponse.DiffChanges.DIFF_SOME,
        replaces: answer.getReplacesList(),
        deleteBeforeReplace: answer.getDeletebeforereplace(),
      };
    });
  }

  /** Creates the resource. */
  create(urn: string, inputs: Properties): Promise<{ id: string; outputs: Properties }> {
    return this.use(async (stubs, client) => {
      const request = new stubs.providerProto.CreateRequest().setUrn(urn).setProperties(stubs.toStruct(unwrap(inputs)));
      const answer = await stubs.call(client.create.bind(client), request);
      if (!answer.getId()) throw new Error(`plugin returned empty resource.ID from create '${urn}'`);
      return { id: answer.getId(), outputs: annotateSecrets(stubs.fromStruct(answer.getProperties()), inputs) };
    });
  }

  /** Updates the resource, and gives its outputs. */
  update(old: ResourceState, inputs: Properties): Promise<Properties> {
    return this.use(async (stubs, client) => {
      const request = new stubs.providerProto.UpdateRequest().setUrn(old.urn).setId(old.id ?? "");
      request.setOlds(stubs.toStruct(unwrap(old.outputs ?? {}))).setNews(stubs.toStruct(unwrap(inputs)));
      request.setOldInputs(stubs.toStruct(unwrap(old.inputs ?? {})));
      const answer = await stubs.call(client.update.bind(client), request);
      return annotateSecrets(stubs.fromStruct(answer.getProperties()), inputs);
    });
  }

  /** Reads the resource; without an id in the answer it has gone. */
  read(old: ResourceState): Promise<{ id: string; outputs: Properties; inputs: Properties | undefined }> {
    return this.use(async (stubs, client) => {
      const request = new stubs.providerProto.ReadRequest().setUrn(old.urn).setId(old.id ?? "");
      request
        .setProperties(stubs.toStruct(unwrap(old.outputs ?? {})))
        .setInputs(stubs.toStruct(unwrap(old.inputs ?? {})));
      const answer = await stubs.call(client.read.bind(client), request);
      const inputs = answer.getInputs();
      return {
        id: answer.getId(),
        outputs: annotateSecrets(stubs.fromStruct(answer.getProperties()), old.outputs ?? {}),
        inputs: inputs && annotateSecrets(stubs.fromStruct(inputs), old.inputs ?? {}),
      };
    });
  }

  /** Deletes the resource. */
  delete(old: ResourceState): Promise<void> {
    return this.use(async (stubs, client) => {
      const request = new stubs.providerProto.DeleteRequest().setUrn(old.urn).setId(old.id ?? "");
      request
        .setProperties(stubs.toStruct(unwrap(old.outputs ?? {})))
        .setOldInputs(stubs.toStruct(unwrap(old.inputs ?? {})));
      await stubs.call(client.delete.bind(client), request);
    });
  }
}
