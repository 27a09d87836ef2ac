/**
 * The one place that touches the gRPC stubs of `@pulumi/pulumi`, which are no documented interface. Messages are plain
 * objects on this side, with the names of the stubs' `toObject`. Loading the stubs takes long, so import this late.
 */
import * as grpc from "@grpc/grpc-js";
import * as engineRpc from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as providerRpc from "@pulumi/pulumi/proto/provider_grpc_pb";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import * as monitorRpc from "@pulumi/pulumi/proto/resource_grpc_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { InitError } from "./errors";
import type { Properties } from "./values";

/** A message as a plain object. */
export type Fields = Record<string, unknown>;
/** The calls of a service by name; what is not here is answered as unimplemented. */
export type Handlers = Record<string, (request: never) => Promise<Fields>>;

interface Message {
  toObject(): Fields;
  [setter: `set${string}`]: (value: unknown) => void;
}
type Service = Record<
  string,
  grpc.MethodDefinition<Message, Message> & { requestType: MessageType; responseType: MessageType }
>;
type MessageType = new () => Message;

// The stubs look this function up when they turn a message into an object, and properties come out as they are meant.
Object.assign(Struct, { toObject: (_: boolean, struct: Struct) => struct.toJavaScript() });

function build(type: MessageType, fields: Fields): Message {
  const message = new type();
  for (const [name, value] of Object.entries(fields)) {
    const plain = typeof value === "object" && value !== null && !Array.isArray(value);
    if (value === undefined) continue;
    message[`set${name[0]!.toUpperCase()}${name.slice(1)}`]!(
      plain ? Struct.fromJavaScript(value as Properties) : value,
    );
  }
  return message;
}

const limits = { "grpc.max_receive_message_length": 2 ** 28, "grpc.max_send_message_length": 2 ** 28 };
const services = {
  provider: (providerRpc as unknown as { ResourceProviderService: Service }).ResourceProviderService,
  monitor: (monitorRpc as unknown as { ResourceMonitorService: Service }).ResourceMonitorService,
  engine: (engineRpc as unknown as { EngineService: Service }).EngineService,
};

/** Connects to a provider host. */
export function connect(address: string): { call(name: string, fields: Fields): Promise<Fields>; close(): void } {
  const client = new grpc.Client(address, grpc.credentials.createInsecure(), limits);
  const call = (name: string, fields: Fields): Promise<Fields> => {
    const { path, requestType, requestSerialize, responseDeserialize } = services.provider[name]!;
    return new Promise((resolve, reject) => {
      client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        build(requestType, fields),
        (error, answer) => (error ? reject(readError(error)) : resolve(answer!.toObject())),
      );
    });
  };
  return { call, close: () => client.close() };
}

function readError({ metadata, code, details }: grpc.ServiceError): Error {
  const [bytes] = metadata?.get("grpc-status-details-bin") ?? [];
  const parts = bytes instanceof Buffer ? Status.deserializeBinary(bytes).getDetailsList() : [];
  const failed = parts.find((part) => part.getTypeUrl().endsWith("pulumirpc.ErrorResourceInitFailed"));
  if (failed) {
    const {
      id,
      properties = {},
      reasonsList: reasons,
    } = ErrorResourceInitFailed.deserializeBinary(failed.getValue_asU8()).toObject();
    const lines = reasons.map((reason) => `\n\t* ${reason}`).join("");
    const message = `${reasons.length} error${reasons.length > 1 ? "s" : ""} occurred:${lines}\n\n`;
    return Object.assign(new InitError(message), { id, properties: properties, reasons });
  }
  const gone = code === grpc.status.UNAVAILABLE || code === grpc.status.CANCELLED;
  return new Error(gone ? "error reading from server: EOF" : details);
}

/** Serves the user's program: the resource monitor and the engine service, at one address. */
export async function serve(handlers: Handlers): Promise<{ address: string; stop(): void }> {
  const server = new grpc.Server(limits);
  for (const service of [services.monitor, services.engine]) {
    const implementation: grpc.UntypedServiceImplementation = {};
    for (const [name, { responseType }] of Object.entries(service)) {
      const handle: grpc.handleUnaryCall<Message, Message> = ({ request }, respond) => {
        const refusal = { code: grpc.status.UNIMPLEMENTED, details: `${name} is not supported by the local engine` };
        if (!handlers[name]) return respond(refusal);
        handlers[name](request.toObject() as never).then(
          (fields) => respond(null, build(responseType, fields)),
          ({ message }: Error) => respond({ code: grpc.status.UNKNOWN, details: message }),
        );
      };
      implementation[name] = handle as grpc.UntypedHandleCall;
    }
    server.addService(service, implementation);
  }
  const port = await new Promise<number>((resolve, reject) => {
    const credentials = grpc.ServerCredentials.createInsecure();
    server.bindAsync("127.0.0.1:0", credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  return { address: `127.0.0.1:${port}`, stop: () => server.forceShutdown() };
}
