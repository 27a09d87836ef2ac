import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Clock } from "./clock";
import type { Reply } from "./faults/reply";

const LARGEST_BODY = 64 * 1024 * 1024;

/** One request as it came. */
export interface HttpRequest {
  readonly method: string;
  /** The path without what the address of the simulator begins with. */
  readonly path: string;
  readonly parameters: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The body as it came, or nothing when it was too large to be read. */
  readonly body: Buffer | undefined;
  /** When it came: in the simulator's time, and by `performance.now()`. */
  readonly came: { readonly at: number; readonly tick: number };
}

/** What the HTTP server serves. */
export interface Served {
  readonly clock: Clock;
  /** What the paths of requests may begin with, such as `/behind/a/proxy`; empty for nothing. */
  readonly basePath: string;
  /** Answers a request to the control interface, whose path follows `/_control/`. */
  control(request: HttpRequest): Promise<{ readonly status: number; readonly pieces: readonly Buffer[] }>;
  /** Answers any other request. */
  service(request: HttpRequest): Promise<Reply>;
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
  const came = { tick: performance.now(), at: served.clock.now() };
  const body = await readBody(request);
  const { path, parameters } = parseTarget(request.url ?? "/", served.basePath);
  const { method = "GET", headers } = request;
  const asked = { method, path, parameters, headers, body, came };
  if (path === "/_control" || path.startsWith("/_control/")) {
    send(response, await served.control(asked));
  } else {
    sendReply(response, await served.service(asked));
  }
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
