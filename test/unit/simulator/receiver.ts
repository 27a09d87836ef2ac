import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { selfSigned } from "../../support/certificate";

const OWN = selfSigned();

/** A certificate (PEM) that makes the receivers' own one trusted. */
export const RECEIVER_CA = OWN.cert;

/** One notification as it came. */
export interface Received {
  readonly path: string;
  readonly method: string;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
  readonly notificationId: string;
  readonly notificationType: string;
  readonly uId: string;
  readonly notification: {
    readonly eventId?: string;
    readonly type?: string;
    readonly result?: string;
    readonly adamId?: string;
    readonly countDelta?: number;
    readonly assignments?: readonly {
      adamId: string;
      pricingParam: string;
      serialNumber?: string;
      clientUserId?: string;
    }[];
    readonly users?: readonly Readonly<Record<string, string>>[];
    readonly associatedUsers?: readonly Readonly<Record<string, string>>[];
    readonly error?: { errorNumber: number; errorMessage: string };
  };
}

/** A server that takes notifications, over TLS with a certificate of its own unless told otherwise. */
export class Receiver {
  readonly received: Received[] = [];
  readonly url: string;
  /** What it answers: a status, or a status with a place to go to; by default 204. */
  answer: (received: Received) => number | { status: number; location: string } | "never" = () => 204;
  readonly #server: Server;

  private constructor(server: Server, scheme: string) {
    this.#server = server;
    this.url = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  }

  static async start(scheme: "https" | "http" = "https"): Promise<Receiver> {
    const box: { receiver?: Receiver } = {};
    const handle = (request: IncomingMessage, response: ServerResponse) => void box.receiver?.handle(request, response);
    const server: Server =
      scheme === "https" ? createHttpsServer({ key: OWN.key, cert: OWN.cert }, handle) : createHttpServer(handle);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    box.receiver = new Receiver(server, scheme);
    running.push(box.receiver);
    return box.receiver;
  }

  /** What was received of one type, in the order in which it came. */
  of(type: string): Received[] {
    return this.received.filter((each) => each.notificationType === type);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request as AsyncIterable<Buffer>) {
      parts.push(part);
    }
    const { authorization, "content-type": contentType } = request.headers;
    const received = {
      path: request.url ?? "",
      method: request.method ?? "",
      authorization,
      contentType,
      ...(JSON.parse(Buffer.concat(parts).toString()) as object),
    } as Received;
    this.received.push(received);
    const answer = this.answer(received);
    if (typeof answer === "number") {
      response.writeHead(answer).end();
    } else if (answer !== "never") {
      response.writeHead(answer.status, { location: answer.location }).end();
    }
  }
}

const running: Receiver[] = [];

/** Ends all receivers that were started; meant for `afterEach`. */
export async function stopReceivers(): Promise<void> {
  await Promise.all(running.splice(0).map((receiver) => receiver.stop()));
}
