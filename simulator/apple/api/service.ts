import type { IncomingHttpHeaders } from "node:http";
import { forwardedOrigin } from "../../kit/forwarded-origin";
import { Refusal } from "../core/errors";
import type { Library } from "../core/library";
import type { World } from "../core/world";
import { authenticate } from "./authenticate";
import type { PageTrouble } from "./call";
import { ENDPOINTS, type Endpoint } from "./endpoints";
import { lookUp } from "./look-up";
import type { Query } from "./query";
import { refuseTooFrequent } from "./rate";
import { serviceConfig } from "./service-config";

/** One HTTP request to one of the service's paths. */
export interface ServiceRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Query;
  readonly headers: IncomingHttpHeaders;
  /** The body as it came, or nothing when it was too large to be read. */
  readonly body: Buffer | undefined;
  /** What is to go wrong if it reads a list; nothing when left out. */
  readonly trouble?: PageTrouble;
}

/** The answer to it, with what the list of requests tells about it. */
export interface ServiceAnswer {
  readonly status: number;
  readonly body: object;
  readonly headers: Readonly<Record<string, string>>;
  readonly errorNumber?: number;
  readonly library?: Library;
  /** The parsed body of a write that got that far. */
  readonly written?: Readonly<Record<string, unknown>>;
}

type Context = { library?: Library; written?: Readonly<Record<string, unknown>> };

/** Answers a request as the service would. Nothing a request holds can make this fail. */
export async function serve(world: World, request: ServiceRequest): Promise<ServiceAnswer> {
  const context: Context = {};
  try {
    return { status: 200, body: await route(world, request, context), headers: {}, ...context };
  } catch (error) {
    const refusal = error instanceof Refusal ? error : new Refusal(9603);
    if (refusal !== error) {
      process.stderr.write(`simulator: ${error instanceof Error ? (error.stack ?? error.message) : "failed"}\n`);
    }
    const { headers, errorNumber } = refusal;
    return { status: statusOf(world, refusal), body: refusal.body(), headers, errorNumber, ...context };
  }
}

function statusOf(world: World, { status, errorNumber }: Refusal): number {
  const concerned = status < 500 && status !== 429 && errorNumber !== 9622;
  return concerned && world.settings.readings["error-status"] === "200" ? 200 : status;
}

async function route(world: World, request: ServiceRequest, context: Context): Promise<object> {
  const { method, path, query, headers } = request;
  const origin = world.trustsForwarded ? forwardedOrigin(headers, world.origin) : world.origin;
  if (path === "/lookup") {
    refuseOtherThanGet(method);
    return lookUp({ world, query, origin, cookie: headers.cookie ?? "" });
  }
  if (path === "/mdm/v2/service/config") {
    refuseOtherThanGet(method);
    return serviceConfig(world, origin);
  }
  const methods = Object.hasOwn(ENDPOINTS, path) ? ENDPOINTS[path] : undefined;
  if (methods === undefined) {
    throw new Refusal(9602, { status: 404 });
  }
  const endpoint = methods[method];
  if (endpoint === undefined) {
    throw new Refusal(9726, { headers: { Allow: Object.keys(methods).join(", ") } });
  }
  return callEndpoint(world, request, endpoint, context);
}

/** Runs the checks that concern every endpoint in the order the service is taken to run them, then the endpoint. */
async function callEndpoint(
  world: World,
  request: ServiceRequest,
  endpoint: Endpoint,
  context: Context,
): Promise<object> {
  const writes = request.method === "POST";
  if (writes && !/^application\/json\s*(;|$)/i.test(request.headers["content-type"] ?? "")) {
    throw new Refusal(9727);
  }
  const token = authenticate(world, request.headers.authorization);
  context.library = token.library;
  refuseTooFrequent(world, token);
  if (endpoint.manages && token.readOnly) {
    throw new Refusal(9637);
  }
  refuseUnknownParameters(world, request.query, endpoint);
  const body = writes ? parseBody(world, request.body) : {};
  if (writes) {
    context.written = body;
  }
  const { query, trouble = {} } = request;
  return endpoint.handle({ world, library: token.library, token, query, body, trouble });
}

function refuseOtherThanGet(method: string): void {
  if (method !== "GET") {
    throw new Refusal(9726, { headers: { Allow: "GET" } });
  }
}

function refuseUnknownParameters(world: World, query: Query, endpoint: Endpoint): void {
  if (world.settings.readings["unknown-parameter"] === "9602") {
    for (const name of Object.keys(query.all())) {
      if (!endpoint.parameters.includes(name) && !isHonouredParameter(world, endpoint, name)) {
        throw new Refusal(9602);
      }
    }
  }
}

/** Whether a parameter is one of lists of users that their page does not list, in the reading that knows it. */
function isHonouredParameter(world: World, endpoint: Endpoint, name: string): boolean {
  const { readings } = world.settings;
  return (
    endpoint.parameters.includes("retiredOnly") &&
    ((name === "includeRetired" && readings["include-retired"] === "honoured") ||
      (name === "managedAppleId" && readings["managed-apple-id-filter"] === "honoured"))
  );
}

function parseBody(world: World, body: Buffer | undefined): Readonly<Record<string, unknown>> {
  if (body?.length === 0 && world.settings.readings["empty-body"] === "accepted") {
    return {};
  }
  let value: unknown;
  try {
    value = JSON.parse(body?.toString("utf8") ?? "");
  } catch {
    throw new Refusal(9602);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Refusal(9602);
  }
  return value as Record<string, unknown>;
}
