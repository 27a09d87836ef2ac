import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** One request that passed, and its answer. Both numbers count from 1, in the order of coming and of being answered. */
export interface Passed {
  readonly number: number;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly answer: { readonly eventId?: string; readonly mdmInfo?: { readonly id: string } };
}

/** Where in a request's life something happens: before the service sees it, when its work is done and its answer held back, or after the answer. */
export type Moment = "before" | "answered" | "after";

/** All moments, in order. */
export const moments: readonly Moment[] = ["before", "answered", "after"];

/**
 * Stands between the provider and the service, so that a test can act at an exact moment of an exact request. Answers take `latencyMs` to
 * come back, as over a real network: the service has long gone on when its answer arrives.
 */
export class Gateway {
  /** Every request in the order in which the service answered it. */
  readonly passed: Passed[] = [];
  /** Runs at every moment of every request; "drop" breaks the connection off there. */
  at: (moment: Moment, number: number, path: string) => Promise<"drop" | undefined> = async () => undefined;
  private count = 0;
  private server?: Server;

  private constructor(
    private readonly latencyMs: number,
    private readonly port: number,
    /** The service's own address, such as `http://127.0.0.1:4100`; may be another after it was started anew. */
    public target: string,
  ) {}

  static async start(target: string, latencyMs = 0): Promise<Gateway> {
    const probe = createServer();
    const port = await listen(probe, 0);
    await new Promise((resolve) => probe.close(resolve));
    const gateway = new Gateway(latencyMs, port, target);
    await gateway.open();
    return gateway;
  }

  /** Where the provider finds it. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Begins to count anew, and forgets what has passed. */
  forget(): void {
    this.count = 0;
    this.passed.length = 0;
  }

  /** Takes connections; after {@link close}, on the same port again. */
  async open(): Promise<void> {
    const server = createServer((incoming, response) => {
      this.pass(incoming, response).catch(() => response.destroy());
    });
    await listen(server, this.port);
    this.server = server;
  }

  /** Breaks all connections off and refuses new ones. */
  async close(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (server === undefined) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  private async pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const number = ++this.count;
    const { method = "GET", url = "/", headers } = incoming;
    const path = url.split("?")[0]!;
    const body = await read(incoming);
    if ((await this.at("before", number, path)) === "drop") return void response.destroy();
    const { host: _, connection: __, ...rest } = headers;
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      request(`${this.target}${url}`, { method, headers: rest, agent: false }, resolve).on("error", reject).end(body);
    });
    const status = answer.statusCode ?? 0;
    const text = (await read(answer)).toString("utf8").replaceAll(this.target, this.url);
    this.passed.push({ number, method, path, status, answer: parsed(text) });
    if ((await this.at("answered", number, path)) === "drop") return void response.destroy();
    if (this.latencyMs > 0) await delay(this.latencyMs);
    await new Promise<void>((resolve) => {
      response.on("close", resolve);
      response.writeHead(status, { "content-type": answer.headers["content-type"] ?? "application/json" }).end(text);
    });
    await this.at("after", number, path);
  }
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

async function read(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}

function parsed(text: string): Passed["answer"] {
  try {
    return JSON.parse(text) as Passed["answer"];
  } catch {
    return {};
  }
}
