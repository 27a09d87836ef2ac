import { Agent as HttpAgent, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { createSecureContext, getCACertificates } from "node:tls";
import type { Receiver } from "./types";

/** How one try to deliver ended: the HTTP status of the answer, or what kept it from coming. */
export type TryResult = { readonly status: number } | { readonly error: string };

/** Sends notifications to receivers: one POST a time, without following redirects. */
export class Poster {
  // A kept connection could be closed by the receiver just as it is used again, which would cost a try.
  readonly #http = new HttpAgent({ keepAlive: false });
  readonly #https: HttpsAgent;
  readonly #stopped = new AbortController();

  /** @param authority certificates (PEM) that are trusted for receivers beside those the machine trusts. */
  constructor(authority?: string) {
    // One context for all connections: reading some hundred certificates for each would take longer than all the rest.
    const secureContext =
      authority === undefined ? undefined : createSecureContext({ ca: [...getCACertificates("default"), authority] });
    this.#https = new HttpsAgent({ keepAlive: false, ...(secureContext !== undefined && { secureContext }) });
  }

  /** Sends one body once. Never throws; the receiver's answer is read and dropped. */
  post(receiver: Receiver, body: string, timeoutMs: number): Promise<TryResult> {
    return new Promise((resolve) => {
      const fails = (error: NodeJS.ErrnoException) =>
        resolve({ error: error.name === "TimeoutError" ? "TIMEOUT" : (error.code ?? "FAILED") });
      const url = new URL(receiver.url);
      const secure = url.protocol === "https:";
      const signal = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(timeoutMs)]);
      try {
        const request = (secure ? httpsRequest : httpRequest)(url, {
          method: "POST",
          agent: secure ? this.#https : this.#http,
          signal,
          headers: {
            Authorization: `Bearer ${receiver.authToken}`,
            "Content-Type": "application/json",
            "Content-Length": Buffer.byteLength(body),
          },
        });
        request.on("response", (response) => {
          response.resume();
          response.on("end", () => resolve({ status: response.statusCode ?? 0 }));
          response.on("error", fails);
        });
        request.on("error", (error) => fails(signal.aborted ? (signal.reason as Error) : error));
        request.end(body);
      } catch (error) {
        fails(error as NodeJS.ErrnoException);
      }
    });
  }

  /** Breaks off what is being sent; nothing can be sent any more. */
  stop(): void {
    this.#stopped.abort();
    this.#http.destroy();
    this.#https.destroy();
  }
}

/** Whether a try succeeded: Apple documents any 2xx. */
export function succeeded(result: TryResult): boolean {
  return "status" in result && result.status >= 200 && result.status < 300;
}
