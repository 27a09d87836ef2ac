import { setTimeout as delay } from "node:timers/promises";
import { VppError } from "../../errors";
import { monotonicNow } from "../../http/monotonicNow";
import type { RateLimiter } from "../../http/rateLimiter";
import { type HttpAnswer, type HttpRequest, longestAnswer, type Transport, TransportFault } from "../../http/transport";
import { deadTokenStatus, errorForNumber, errorForStatus, parseBody } from "./apiErrors";
import type { Json } from "./decode";
import { decide, isThrottled, type Outcome } from "./retry";
import type { CommonAnswer } from "./wire";

/** How a {@link Client} reaches the service, and what tests replace. */
export interface ClientOptions {
  /** Base address, without a slash at its end, such as `https://vpp.itunes.apple.com/mdm/v2`. */
  readonly endpoint: string;
  /** The whole Base64 text of the content token, sent as the credential. */
  readonly token: string;
  readonly transport: Transport;
  /** Called with every answer that is not an error, before the caller sees it; may throw to stop everything. */
  readonly onAnswer?: (answer: CommonAnswer) => void;
  /** What to tell beside the usual when the service calls the content token dead. */
  readonly deadTokenHint?: string;
  /** Called when the reading of a list begins; what it gives is told how far that is, with every page. */
  readonly onReading?: () => (progress: string) => void;
  /** Milliseconds that one request may take with all its tries. */
  readonly budgetMs?: number;
  /** First wait between tries, in milliseconds. */
  readonly retryBaseMs?: number;
  readonly sleep?: (ms: number) => Promise<void>;
  readonly now?: () => number;
}

/** Parameters of a request; those that are undefined are left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** Called before every try of a write; throws if the write must not go out any more. */
export type Permission = () => Promise<void>;

/** Makes one request with as many tries as help, at the pace that the service allows, and turns every failure into a VppError. */
export class RequestSender {
  private readonly sleep: (ms: number) => Promise<void>;
  private readonly now: () => number;

  constructor(
    private readonly options: ClientOptions,
    private readonly pace: RateLimiter,
  ) {
    this.sleep = options.sleep ?? ((ms) => delay(ms));
    this.now = options.now ?? monotonicNow;
  }

  /** The body of the service's answer; `service/config` alone is asked for without the credential. */
  async request(
    method: "GET" | "POST",
    path: string,
    body: object | undefined,
    query: Query,
    permission?: Permission,
  ): Promise<Json> {
    const url = new URL(`${this.options.endpoint}/${path}`);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value));
    const headers: Record<string, string> = { accept: "application/json" };
    if (path !== "service/config") headers.authorization = `Bearer ${this.options.token}`;
    if (body) headers["content-type"] = "application/json";
    const request: HttpRequest = { method, url: url.href, headers, body: body && JSON.stringify(body) };
    await this.pace.turn();
    // What others of this run have to do first is not this request's time.
    const deadline = this.now() + (this.options.budgetMs ?? 180_000);
    for (let tries = 1; ; tries++) {
      if (tries > 1) await this.pace.turn();
      await permission?.();
      const { outcome, result } = await this.tryOnce(request, tries);
      if (!(result instanceof VppError)) return result;
      const now = this.now();
      const decision = decide(outcome, {
        isRead: method === "GET",
        tries,
        remainingMs: deadline - now,
        baseMs: this.options.retryBaseMs ?? 500,
        jitter: Math.random(),
        now,
      });
      if (isThrottled(outcome)) this.pace.slowDown(decision.retry ? decision.waitMs : 0);
      if (decision.retry) await this.sleep(decision.waitMs);
      else throw decision.retryAt === undefined ? this.hinted(result) : throttledUntil(decision.retryAt, result);
    }
  }

  private hinted(error: VppError): VppError {
    const { deadTokenHint } = this.options;
    if (deadTokenHint === undefined || deadTokenStatus(error) === undefined) return error;
    const remedy = `${error.details.remedy ?? ""} ${deadTokenHint}`.trim();
    return new VppError(error.code, error.reason, { ...error.details, remedy });
  }

  private async tryOnce(request: HttpRequest, tries: number): Promise<{ outcome: Outcome; result: Json | VppError }> {
    let answer: HttpAnswer;
    try {
      answer = await this.options.transport(request);
    } catch (error) {
      if (!(error instanceof TransportFault)) throw error;
      if (error.sent && request.method === "POST") {
        return { outcome: { kind: "unknown" }, result: outcomeUnknown(`no answer came (${error.fault})`, tries) };
      }
      const why = `the service can't be reached (${error.fault})`;
      const remedy = "Check the network, proxy and certificates of this machine, then run the same command again.";
      const result = new VppError("VPP_NETWORK_UNREACHABLE", why, { remedy, tries });
      return { outcome: { kind: error.lasting ? "barred" : error.sent ? "unknown" : "notSent" }, result };
    }
    const { status, retryAfter, text } = answer;
    if (text === undefined) {
      const why = `the answer is longer than ${longestAnswer / 2 ** 20} MB`;
      const result = request.method === "POST" ? outcomeUnknown(why, tries) : unreadable(why, tries);
      return { outcome: { kind: "answered", status: 200 }, result };
    }
    const parsed = parseBody(text);
    if (parsed.kind === "error") {
      const { errorNumber, errorMessage } = parsed;
      const result = errorForNumber(errorNumber, errorMessage, status, tries);
      return { outcome: { kind: "answered", status, errorNumber, retryAfter }, result };
    }
    if (status >= 200 && status < 300) {
      if (parsed.kind === "answer") return { outcome: { kind: "answered", status }, result: parsed.body };
      const why = "the answer is not what this service sends (is there a proxy or a login page between?)";
      const result = request.method === "POST" ? outcomeUnknown(why, tries) : unreadable(why, tries);
      return { outcome: { kind: "unknown", status, retryAfter }, result };
    }
    if (status >= 500 && request.method === "POST") {
      return { outcome: { kind: "unknown", status, retryAfter }, result: outcomeUnknown(`HTTP ${status}`, tries) };
    }
    return { outcome: { kind: "answered", status, retryAfter }, result: errorForStatus(status, tries) };
  }
}

/** The error for an answer that is not what this service sends. */
export function unreadable(why: string, tries?: number): VppError {
  const remedy = "Check the endpoint and any proxy, then run the same command again.";
  return new VppError("VPP_SERVICE_ANSWER", why, { tries, remedy });
}

/** The error for a write of which nobody knows whether it was done. */
export function outcomeUnknown(why: string, tries?: number): VppError {
  return new VppError("VPP_NETWORK_OUTCOME_UNKNOWN", `it is not known whether the service did it: ${why}`, {
    tries,
    remedy: "Run `pulumi up` again: it looks first at what is there.",
  });
}

function throttledUntil(retryAt: number, cause: VppError): VppError {
  const when = new Date(retryAt).toISOString();
  return new VppError("VPP_SERVICE_THROTTLED", `${cause.reason}; the service wants to be asked again at ${when}`, {
    ...cause.details,
    remedy: `Run the same command again after ${when}.`,
  });
}
