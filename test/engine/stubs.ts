/**
 * The one place that touches the gRPC stubs of `@pulumi/pulumi`, which are no documented interface. Loading them takes
 * long, so this file is imported late, when the processes that need no address are already starting.
 */
import * as grpc from "@grpc/grpc-js";
import * as engineRpc from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as engineProto from "@pulumi/pulumi/proto/engine_pb";
import * as providerRpc from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as providerProto from "@pulumi/pulumi/proto/provider_pb";
import * as monitorRpc from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as monitorProto from "@pulumi/pulumi/proto/resource_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import * as empty from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Properties } from "./values";

export { engineProto, grpc, monitorProto, providerProto, providerRpc };

const channelOptions = {
  "grpc.max_receive_message_length": 1024 * 1024 * 400,
  "grpc.max_send_message_length": 1024 * 1024 * 400,
};

/** An error that says how a call is to fail at the other side. */
export class CallError extends Error {
  constructor(
    message: string,
    readonly code: grpc.status = grpc.status.UNKNOWN,
  ) {
    super(message);
  }
}

/** What a provider's failed call carries when the resource is there nevertheless. */
export class InitError extends Error {
  constructor(
    readonly id: string,
    readonly properties: Properties,
    readonly reasons: string[],
  ) {
    const lines = reasons.map((reason) => `\n\t* ${reason}`).join("");
    super(
      reasons.length === 0
        ? "resource init failed"
        : `${reasons.length} error${reasons.length > 1 ? "s" : ""} occurred:${lines}\n\n`,
    );
  }
}

/** Properties as a message. */
export const toStruct = (properties: Properties): Struct => Struct.fromJavaScript(properties);

/** Properties out of a message. */
export const fromStruct = (struct: Struct | undefined): Properties => struct?.toJavaScript() ?? {};

type Method<Request, Answer> = (
  request: Request,
  metadata: grpc.Metadata,
  options: Partial<grpc.CallOptions>,
  callback: (error: grpc.ServiceError | null, answer: Answer) => void,
) => unknown;

/** Makes one call and waits for its answer. */
export function call<Request, Answer>(method: Method<Request, Answer>, request: Request): Promise<Answer> {
  return new Promise((resolve, reject) => {
    method(request, new grpc.Metadata(), {}, (error, answer) => (error ? reject(readError(error)) : resolve(answer)));
  });
}

function readError(error: grpc.ServiceError): Error {
  const [details] = error.metadata?.get("grpc-status-details-bin") ?? [];
  if (details instanceof Buffer) {
    for (const any of Status.deserializeBinary(details).getDetailsList()) {
      if (!any.getTypeUrl().endsWith("pulumirpc.ErrorResourceInitFailed")) continue;
      const failed = providerProto.ErrorResourceInitFailed.deserializeBinary(any.getValue_asU8());
      return new InitError(failed.getId(), fromStruct(failed.getProperties()), failed.getReasonsList());
    }
  }
  if (error.code === grpc.status.UNAVAILABLE || error.code === grpc.status.CANCELLED)
    return new CallError("error reading from server: EOF");
  return new CallError(error.details, error.code);
}

/** Connects to a provider host. */
export function connectProvider(address: string): providerRpc.ResourceProviderClient {
  return new providerRpc.ResourceProviderClient(address, grpc.credentials.createInsecure(), channelOptions);
}

type Handler = (request: never) => Promise<unknown>;
/** The calls of a service by name; what is not here is answered as unimplemented. */
export type Handlers = Record<string, Handler>;

function implement(definition: grpc.ServiceDefinition, handlers: Handlers): grpc.UntypedServiceImplementation {
  const implementation: grpc.UntypedServiceImplementation = {};
  for (const name of Object.keys(definition)) {
    const handle: grpc.handleUnaryCall<never, unknown> = (request, respond) => {
      const handler = handlers[name];
      if (!handler)
        return respond({ code: grpc.status.UNIMPLEMENTED, details: `${name} is not supported by the local engine` });
      handler(request.request).then(
        (answer) => respond(null, answer),
        (error: Error) =>
          respond({ code: error instanceof CallError ? error.code : grpc.status.UNKNOWN, details: error.message }),
      );
    };
    implementation[name] = handle as unknown as grpc.UntypedHandleCall;
  }
  return implementation;
}

/** A server for the user's program, on a port of its own. */
export interface Served {
  address: string;
  stop(): void;
}

/** Serves the resource monitor and the engine service; both may live at one address. */
export async function serve(monitor: Handlers, engine: Handlers): Promise<Served> {
  const server = new grpc.Server(channelOptions);
  const monitorService = (monitorRpc as unknown as { ResourceMonitorService: grpc.ServiceDefinition })
    .ResourceMonitorService;
  const engineService = (engineRpc as unknown as { EngineService: grpc.ServiceDefinition }).EngineService;
  server.addService(monitorService, implement(monitorService, monitor));
  server.addService(engineService, implement(engineService, engine));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { address: `127.0.0.1:${port}`, stop: () => server.forceShutdown() };
}

/** An answer without content. */
export const nothing = (): empty.Empty => new empty.Empty();
