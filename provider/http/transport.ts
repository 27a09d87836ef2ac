import type * as Undici from "undici";

/** One HTTP exchange to make. */
export interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What came back; the body is text because it may be anything but JSON, and absent if it is longer than {@link longestAnswer}. */
export interface HttpAnswer {
  readonly status: number;
  readonly retryAfter?: string;
  readonly text: string | undefined;
}

/** Bytes of an answer that are read; the service's largest pages are far below it. What is longer is cut off and told as such. */
export const longestAnswer = 32 * 2 ** 20;

/**
 * No answer came. `sent` is false if the request can't have reached the service. `fault` is a short word such as `ECONNRESET`. `lasting`
 * is true if another try can't help, because something has to be set up differently.
 */
export class TransportFault extends Error {
  constructor(
    readonly sent: boolean,
    readonly fault: string,
    readonly lasting = false,
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
]);
/** Node's words for a certificate that can't be trusted, or for no TLS at all; both show before anything is sent. */
const noTrust =
  /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|ERR_TLS_CERT_|UND_ERR_PRX_TLS|ERR_SSL_(WRONG_VERSION|PACKET_LENGTH))/;
const connectMs = 10_000;

/** How an exchange is made. */
export interface TransportOptions {
  /** Milliseconds for one exchange from its beginning to the last byte of its answer, however steadily that comes. */
  readonly timeoutMs: number;
  /** The proxy for HTTPS addresses, and the hosts that are reached without it, as `NO_PROXY` writes them. */
  readonly proxy?: { readonly url: string; readonly except?: string };
}

/**
 * A transport over undici with its own connections. Certificates are checked whatever NODE_TLS_REJECT_UNAUTHORIZED says. The library is
 * loaded at the first request, because a run that changes nothing makes none and should not pay for it.
 */
export function undiciTransport({ timeoutMs, proxy }: TransportOptions): Transport {
  // Kept, because importing again makes a new copy of the library's namespace each time.
  let loading: Promise<typeof Undici> | undefined;
  let dispatcher: Undici.Dispatcher | undefined;
  return async ({ method, url, headers, body }) => {
    loading ??= import("undici");
    const undici = await loading;
    dispatcher ??= dispatcherOf(undici, timeoutMs, proxy);
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const answer = await undici.request(url, { method, headers, body, dispatcher, signal });
      const retryAfter = answer.headers["retry-after"];
      const text = await readText(answer.body);
      return { status: answer.statusCode, text, retryAfter: Array.isArray(retryAfter) ? retryAfter[0] : retryAfter };
    } catch (error) {
      throw signal.aborted ? new TransportFault(true, `no whole answer in ${timeoutMs / 1000} s`) : faultOf(error);
    }
  };
}

function dispatcherOf(undici: typeof Undici, timeoutMs: number, proxy: TransportOptions["proxy"]): Undici.Dispatcher {
  const tls = { timeout: connectMs, rejectUnauthorized: true };
  const limits = { connect: tls, headersTimeout: timeoutMs, bodyTimeout: timeoutMs };
  if (proxy === undefined) return new undici.Agent(limits);
  const { url, except = "" } = proxy;
  return new undici.EnvHttpProxyAgent({
    ...limits,
    requestTls: tls,
    proxyTls: tls,
    httpsProxy: url,
    httpProxy: "",
    noProxy: except,
  });
}

/** The body as text, unless it is too long; then the connection is given up, for there may be no end to it. */
async function readText(body: AsyncIterable<Uint8Array>): Promise<string | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > longestAnswer) return undefined;
    parts.push(part);
  }
  return new TextDecoder().decode(Buffer.concat(parts));
}

function faultOf(error: unknown): TransportFault {
  const { code, name, message } = error as { code?: unknown; name?: unknown; message?: unknown };
  const refused = /^Proxy response \((\d{3})\)/.exec(String(message));
  if (refused) return new TransportFault(false, `the proxy answered with HTTP ${refused[1]}`, true);
  const fault = typeof code === "string" ? code : typeof name === "string" ? name : "unknown fault";
  const isUntrusted = noTrust.test(fault);
  return new TransportFault(!isUntrusted && !neverSent.has(fault), fault, isUntrusted);
}
