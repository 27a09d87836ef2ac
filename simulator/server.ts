import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { libraryOfBearer } from "./apple/authenticate";
import type { PageTrouble } from "./apple/call";
import { Query } from "./apple/query";
import { serve } from "./apple/service";
import type { Control } from "./control/control";
import type { Hooks } from "./control/hooks";
import type { RequestLog } from "./control/request-log";
import { jsonPieces } from "./control/rows";
import type { World } from "./core/world";
import type { Faults } from "./faults/faults";
import { faultyReply, type Reply, replyWith } from "./faults/reply";

const LARGEST_BODY = 64 * 1024 * 1024;

/** What the HTTP server serves. */
export interface Served {
  readonly world: World;
  readonly log: RequestLog;
  readonly hooks: Hooks;
  readonly faults: Faults;
  /** The control interface, or nothing when it is switched off. */
  readonly control: Control | undefined;
  /** What the paths of requests may begin with, such as `/apple`; empty for nothing. */
  readonly basePath: string;
}

/** What a server needs to speak TLS, as PEM. */
export interface TlsFiles {
  /** The certificate, followed by those that it depends on. */
  readonly cert: string;
  readonly key: string;
}

/**
 * Makes the HTTP server: the control interface under `/_control/`, everything else is the service.
 *
 * @param tls makes it an HTTPS server.
 * @throws RangeError when certificate and key cannot be used.
 */
export function makeServer(served: Served, tls?: TlsFiles): Server {
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    answer(served, request, response).catch(() => response.destroy());
  };
  if (tls === undefined) {
    return createServer(listener);
  }
  try {
    return createTlsServer({ cert: tls.cert, key: tls.key }, listener);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "unknown reason";
    throw new RangeError(`the TLS certificate and its key cannot be used together (${reason})`);
  }
}

async function answer(served: Served, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const started = performance.now();
  const at = served.world.clock.now();
  const body = await readBody(request);
  const method = request.method ?? "GET";
  const { path, parameters } = parseTarget(request.url ?? "/", served.basePath);
  if (path === "/_control" || path.startsWith("/_control/")) {
    const { status, pieces } = await answerControl(served, { method, path, parameters, body });
    send(response, { status, pieces });
    return;
  }
  const { world, hooks, faults } = served;
  const serviceRequest = { method, path, query: new Query(parameters), headers: request.headers, body };
  const query = serviceRequest.query.all();
  const seen = { method, path, query, library: libraryOfBearer(world, request.headers.authorization) };
  await hooks.runBefore(seen);
  const work = (trouble?: PageTrouble) => serve(world, { ...serviceRequest, ...(trouble && { trouble }) });
  const fault = faults.forRequest(seen);
  const reply = fault === undefined ? replyWith(await work()) : await faultyReply(fault.action, work);
  world.commit();
  const durationMs = performance.now() - started;
  served.log.add(serviceRequest, reply.answer, { at, durationMs, ...(fault !== undefined && { fault: fault.id }) });
  sendReply(response, reply);
}

async function answerControl(
  { control, world }: Served,
  request: { method: string; path: string; parameters: URLSearchParams; body: Buffer | undefined },
): Promise<{ status: number; pieces: Buffer[] }> {
  if (control === undefined) {
    return { status: 404, pieces: jsonPieces({ error: "the control interface is switched off" }, (text) => text) };
  }
  const { status, body } = await control.handle({
    method: request.method,
    name: request.path.slice("/_control/".length),
    query: new Query(request.parameters).all(),
    text: request.body?.toString("utf8") ?? "",
  });
  world.commit();
  // A client may have put its credential into a place it does not belong, such as an id.
  return { status, pieces: jsonPieces(body, (text) => world.redact(text)) };
}

function sendReply(response: ServerResponse, { answer, text, contentType, sent }: Reply): void {
  const { status, headers } = answer;
  const bytes = Buffer.from(text, "utf8");
  if (sent === "whole") {
    send(response, { status, pieces: [bytes], contentType, headers });
  } else if (sent === "half") {
    response.writeHead(status, { "Content-Type": contentType, "Content-Length": bytes.length, ...headers });
    response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy());
  } else if (sent === "break") {
    response.socket?.resetAndDestroy();
  }
}

interface Sent {
  readonly status: number;
  readonly pieces: readonly Buffer[];
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function send(response: ServerResponse, { status, pieces, contentType = "application/json", headers }: Sent): void {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  response.writeHead(status, { "Content-Type": contentType, "Content-Length": length, ...headers });
  for (const piece of pieces) {
    response.write(piece);
  }
  response.end();
}

/** Path and parameters of a request. A base path that a proxy left in place is taken off. */
function parseTarget(whole: string, basePath: string): { path: string; parameters: URLSearchParams } {
  const target = basePath !== "" && whole.startsWith(`${basePath}/`) ? whole.slice(basePath.length) : whole;
  const mark = target.indexOf("?");
  return mark === -1
    ? { path: target, parameters: new URLSearchParams() }
    : { path: target.slice(0, mark), parameters: new URLSearchParams(target.slice(mark + 1)) };
}

/** Reads a whole body; one that is too large is read to its end, so that it can be answered, but not kept. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size <= LARGEST_BODY) {
      parts.push(part);
    }
  }
  return size <= LARGEST_BODY ? Buffer.concat(parts) : undefined;
}
