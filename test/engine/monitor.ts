import { unsupported } from "./errors";
import type { Severity } from "./events";
import type { Generator, Registered } from "./generator";
import type { Alias, Goal } from "./goal";
import { DYNAMIC_TYPE, type ResourceState } from "./resource";
import type * as stubsModule from "./stubs";
import { containsSecret, type Properties } from "./values";

type Stubs = typeof stubsModule;
type RegisterRequest = InstanceType<Stubs["monitorProto"]["RegisterResourceRequest"]>;
type OutputsRequest = InstanceType<Stubs["monitorProto"]["RegisterResourceOutputsRequest"]>;
type ReadRequest = InstanceType<Stubs["monitorProto"]["ReadResourceRequest"]>;
type InvokeRequest = InstanceType<Stubs["monitorProto"]["ResourceInvokeRequest"]>;
type LogRequest = InstanceType<Stubs["engineProto"]["LogRequest"]>;
type RootRequest = InstanceType<Stubs["engineProto"]["SetRootResourceRequest"]>;

/** What the services need from the pass that runs the program. */
export interface Program {
  generator: Generator;
  /** Takes the outputs that a component, or the stack, has at its end. */
  outputs(urn: string, outputs: Properties): void;
  /** Gives the outputs of another stack, for a StackReference. */
  stackOutputs(name: string): Promise<Properties>;
  /** Says that the program has registered everything. */
  complete(): void;
  log(severity: Severity, message: string, urn: string): void;
  /** Fails the pass. */
  fail(error: Error): void;
}

/** The answers to a user's program: the resource monitor and the engine service. */
export function services(
  stubs: Stubs,
  program: Program,
): {
  monitor: Record<string, (request: never) => Promise<unknown>>;
  engine: Record<string, (request: never) => Promise<unknown>>;
} {
  const { monitorProto, engineProto, fromStruct, toStruct, nothing } = stubs;
  const { ResourceMonitorFeature: feature } = monitorProto;
  // What fails the pass is never answered: the program is interrupted instead, and need not make sense of it.
  const refuse = (what: string): Promise<never> => {
    program.fail(unsupported(what));
    return new Promise<never>(() => undefined);
  };
  let root = "";

  const monitor = {
    async getDeploymentInfo() {
      return new monitorProto.DeploymentInfo().setSupportedfeaturesList([
        feature.RESOURCE_MONITOR_FEATURE_SECRETS,
        feature.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
      ]);
    },
    async supportsFeature(request: { getId(): string }) {
      return new monitorProto.SupportsFeatureResponse().setHassupport(
        ["secrets", "aliasSpecs"].includes(request.getId()),
      );
    },
    async registerResource(request: RegisterRequest) {
      const option = refusedOption(request);
      if (option) return refuse(`the resource option "${option}" (of "${request.getName()}")`);
      if (request.getCustom() && !request.getType().startsWith(DYNAMIC_TYPE))
        return refuse(`a resource of type "${request.getType()}" (only dynamic ones are)`);
      const registered: Registered = await program.generator.register(readGoal(request, fromStruct));
      const { state, unknown } = registered;
      const answer = new monitorProto.RegisterResourceResponse()
        .setUrn(state.urn)
        .setId(known(state.id))
        .setUnknown(unknown ?? false);
      return answer.setObject(toStruct(outputsOf(state)));
    },
    async registerResourceOutputs(request: OutputsRequest) {
      program.outputs(request.getUrn(), fromStruct(request.getOutputs()));
      return nothing();
    },
    async readResource(request: ReadRequest) {
      if (request.getType() !== "pulumi:pulumi:StackReference")
        return refuse(`reading a resource of type "${request.getType()}"`);
      const outputs = await program.stackOutputs(request.getId());
      const secretOutputNames = Object.keys(outputs).filter((key) => containsSecret(outputs[key]));
      const properties = { name: request.getId(), outputs, secretOutputNames };
      const urn = program.generator.noteRead(
        request.getType(),
        request.getName(),
        request.getId(),
        request.getParent(),
        properties,
      );
      return new monitorProto.ReadResourceResponse().setUrn(urn).setProperties(toStruct(properties));
    },
    async invoke(request: InvokeRequest) {
      return refuse(`the function "${request.getTok()}"`);
    },
    async signalAndWaitForShutdown() {
      program.complete();
      return nothing();
    },
  };

  const severities: Severity[] = ["debug", "info", "warning", "error"];
  const engine = {
    async log(request: LogRequest) {
      program.log(severities[request.getSeverity()] ?? "info", request.getMessage(), request.getUrn());
      return nothing();
    },
    async setRootResource(request: RootRequest) {
      root = request.getUrn();
      return new engineProto.SetRootResourceResponse();
    },
    async getRootResource() {
      return new engineProto.GetRootResourceResponse().setUrn(root);
    },
    async requirePulumiVersion() {
      return new engineProto.RequirePulumiVersionResponse();
    },
  };
  return { monitor, engine };
}

const known = (id: string | undefined): string => id ?? "";

/** Components tell their outputs themselves later, so their inputs are all there is to answer. */
const outputsOf = (state: ResourceState): Properties => (state.custom ? state.outputs : state.inputs) ?? {};

/** The name of an option which the engine does not have. */
function refusedOption(request: RegisterRequest): string | undefined {
  const timeouts = request.getCustomtimeouts();
  const refused: Record<string, boolean> = {
    provider: request.getProvider() !== "" || request.getProvidersMap().getLength() > 0,
    import: request.getImportid() !== "",
    version: request.getVersion() !== "",
    pluginDownloadURL: request.getPlugindownloadurl() !== "",
    customTimeouts: Boolean(
      timeouts && (timeouts.getCreate() || timeouts.getUpdate() || timeouts.getDelete() || timeouts.getRead()),
    ),
    replaceOnChanges: request.getReplaceonchangesList().length > 0,
    retainOnDelete: request.getRetainondelete() === true,
    deletedWith: request.getDeletedwith() !== "",
    replaceWith: request.getReplaceWithList().length > 0,
    replacementTrigger: request.hasReplacementTrigger(),
    hideDiffs: request.getHidediffsList().length > 0,
    envVarMappings: request.getEnvvarmappingsMap().getLength() > 0,
    transforms: request.getTransformsList().length > 0,
    hooks: request.hasHooks(),
    remote: request.getRemote(),
  };
  return Object.keys(refused).find((name) => refused[name]);
}

function readGoal(request: RegisterRequest, fromStruct: Stubs["fromStruct"]): Goal {
  const propertyDependencies: Record<string, string[]> = {};
  for (const [key, urns] of request.getPropertydependenciesMap().getEntryList() as [string, unknown][]) {
    propertyDependencies[key] = request.getPropertydependenciesMap().get(key)?.getUrnsList() ?? [];
    void urns;
  }
  return {
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    parent: request.getParent(),
    inputs: fromStruct(request.getObject()),
    protect: request.getProtect() ?? false,
    dependencies: request.getDependenciesList(),
    propertyDependencies,
    aliases: [...request.getAliasurnsList().map((urn): Alias => ({ urn })), ...request.getAliasesList().map(readAlias)],
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    deleteBeforeReplace: request.getDeletebeforereplacedefined() ? request.getDeletebeforereplace() : undefined,
    ignoreChanges: request.getIgnorechangesList(),
  };
}

function readAlias(alias: ReturnType<RegisterRequest["getAliasesList"]>[number]): Alias {
  const spec = alias.getSpec();
  if (!spec) return { urn: alias.getUrn() };
  return {
    name: spec.getName(),
    type: spec.getType(),
    stack: spec.getStack(),
    project: spec.getProject(),
    parent: spec.getParenturn(),
    noParent: spec.getNoparent(),
  };
}
