import type * as Undici from "undici";
import { VppError } from "../errors";
import { goesThroughProxy, shownProxy } from "./proxyAddress";

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
  /** Where a redirect leads. */
  readonly location?: string;
  readonly text: string | undefined;
}

/** Bytes of an answer that are read; the service's largest pages are far below it. What is longer is cut off and told as such. */
export const longestAnswer = 32 * 2 ** 20;

/**
 * No answer came. `sent` is false if the request can't have reached the service. `fault` is a short word such as `ECONNRESET`. `lasting`
 * is true if another try can't help, because something has to be set up differently. `proxy` is the host and port of the proxy that the
 * request was to go through.
 */
export class TransportFault extends Error {
  constructor(
    readonly sent: boolean,
    readonly fault: string,
    readonly lasting = false,
    readonly proxy?: string,
  ) {
    super(fault);
  }
}

/**
 * Makes one exchange; rejects with a {@link TransportFault} if the network is to blame. Whatever else it rejects with is a fault of the program.
 * Redirects are handed back, not followed.
 */
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
/** Further words of the network; those of the system begin with E, and Node's own, which begin with ERR_, blame the program. */
const networkFault =
  /^(E(?!RR_)[A-Z0-9_]+|HPE_\w+|ERR_(SSL|TLS)_\w+|ERR_STREAM_PREMATURE_CLOSE|UND_ERR_((CONNECT|HEADERS|BODY)_TIMEOUT|SOCKET|HEADERS_OVERFLOW|RESPONSE|RES_\w+|PRX_TLS))$/;
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
  let direct: Undici.Dispatcher | undefined;
  let proxied: Undici.Dispatcher | undefined;
  return async ({ method, url, headers, body }) => {
    loading ??= import("undici");
    const undici = await loading;
    const through = proxy !== undefined && goesThroughProxy(new URL(url), proxy.except ?? "") ? proxy.url : undefined;
    if (through === undefined) direct ??= new undici.Agent(limitsOf(timeoutMs));
    else proxied ??= proxyAgent(undici, timeoutMs, through);
    const dispatcher = through === undefined ? direct : proxied;
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const answer = await undici.request(url, { method, headers, body, dispatcher, signal });
      const { "retry-after": retryAfter, location } = answer.headers;
      const text = await readText(answer.body);
      return { status: answer.statusCode, text, retryAfter: first(retryAfter), location: first(location) };
    } catch (error) {
      const via = through && shownProxy(through);
      if (signal.aborted) throw new TransportFault(true, `no whole answer in ${timeoutMs / 1000} s`, false, via);
      throw faultOf(error, via);
    }
  };
}

function limitsOf(timeoutMs: number) {
  const connect = { timeout: connectMs, rejectUnauthorized: true };
  return { connect, headersTimeout: timeoutMs, bodyTimeout: timeoutMs };
}

function proxyAgent(undici: typeof Undici, timeoutMs: number, uri: string): Undici.Dispatcher {
  const limits = limitsOf(timeoutMs);
  try {
    return new undici.ProxyAgent({ ...limits, requestTls: limits.connect, proxyTls: limits.connect, uri });
  } catch {
    // Its words could hold the address, and that a password.
    throw new VppError("VPP_CONFIG_PROXY", "what HTTPS_PROXY names can't be used as a proxy", {
      remedy: "Set it to an address such as http://proxy.example:3128, or to nothing.",
    });
  }
}

function first(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
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

/** What to throw for what was thrown: an error of the program's own stays as it is. */
function faultOf(error: unknown, via: string | undefined): unknown {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  const refused = /^Proxy response \((\d{3})\)/.exec(String(message));
  if (refused) {
    // A proxy that can't reach the service itself says so with 502 to 504; that can pass.
    const isLasting = Number(refused[1]) < 500;
    return new TransportFault(false, `the proxy answered with HTTP ${refused[1]}`, isLasting, via);
  }
  if (typeof code !== "string") return error;
  if (noTrust.test(code)) return new TransportFault(false, code, true, via);
  return networkFault.test(code) ? new TransportFault(!neverSent.has(code), code, false, via) : error;
}
