import type { Dispatcher } from "undici";

/** One HTTP exchange to make. */
export interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What came back; the body is text because it may be anything but JSON. */
export interface HttpAnswer {
  readonly status: number;
  readonly retryAfter?: string;
  readonly text: string;
}

/** No answer came. `sent` is false if the request can't have reached the service. `fault` is a short word such as `ECONNRESET`. */
export class TransportFault extends Error {
  constructor(
    readonly sent: boolean,
    readonly fault: string,
  ) {
    super(fault);
  }
}

/** Makes one exchange; rejects with a {@link TransportFault} and nothing else. Redirects are handed back, not followed. */
export type Transport = (request: HttpRequest) => Promise<HttpAnswer>;

const neverSent = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

function faultOf(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown };
  return typeof code === "string" ? code : typeof name === "string" ? name : "unknown fault";
}

/**
 * A transport over undici with its own connections. `HTTPS_PROXY` and `NO_PROXY` are heeded for HTTPS. The library is loaded at the first
 * request, because a run that changes nothing makes none and should not pay for it.
 */
export function undiciTransport(options: { readonly endpoint: string; readonly timeoutMs: number }): Transport {
  let dispatcher: Dispatcher | undefined;
  return async ({ method, url, headers, body }) => {
    const undici = await import("undici");
    if (dispatcher === undefined) {
      const limits = {
        connect: { timeout: 10_000 },
        headersTimeout: options.timeoutMs,
        bodyTimeout: options.timeoutMs,
      };
      const proxied = options.endpoint.startsWith("https:") && (process.env.HTTPS_PROXY ?? process.env.https_proxy);
      dispatcher = proxied ? new undici.EnvHttpProxyAgent(limits) : new undici.Agent(limits);
    }
    try {
      const answer = await undici.request(url, { method, headers, body, dispatcher });
      const retryAfter = answer.headers["retry-after"];
      const text = await answer.body.text();
      return { status: answer.statusCode, text, retryAfter: Array.isArray(retryAfter) ? retryAfter[0] : retryAfter };
    } catch (error) {
      const fault = faultOf(error);
      throw new TransportFault(!neverSent.has(fault), fault);
    }
  };
}
