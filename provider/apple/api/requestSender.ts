import { setTimeout as delay } from "node:timers/promises";
import { isVppError, VppError } from "../../errors";
import { monotonicNow } from "../../http/monotonicNow";
import { BeyondPatience, type RateLimiter } from "../../http/rateLimiter";
import type { SharedSchedule } from "../../http/sharedSchedule";
import { type HttpAnswer, type HttpRequest, longestAnswer, type Transport, TransportFault } from "../../http/transport";
import { deadTokenStatus, errorForNumber, errorForStatus, notTheService, parseBody } from "./apiErrors";
import type { Json } from "./decode";
import { libraryFault, outcomeUnknown, throttledUntil, timeIsOver, unreachable, unreadable } from "./noAnswer";
import { decide, isThrottled, type Outcome } from "./retry";
import type { ServiceConfigs } from "./serviceConfigs";
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
  /** Resolves when writes begin to be refused: then none of them waits any longer for its next try. */
  readonly whenCancelled?: Promise<void>;
  /** Milliseconds from the first try of a reading to its last. */
  readonly budgetMs?: number;
  /** The same for a write, and for asking how far it is. */
  readonly writeBudgetMs?: number;
  /** First wait between tries, in milliseconds. */
  readonly retryBaseMs?: number;
  /** The rate that all processes of this machine keep together; without it, this client keeps it alone. */
  readonly sharedSchedule?: SharedSchedule;
  /** What `service/config` has said, for all clients that share it. */
  readonly serviceConfigs?: ServiceConfigs;
  readonly sleep?: (ms: number) => Promise<void>;
  readonly now?: () => number;
}

/** Parameters of a request; those that are undefined are left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** Called before every try of a write; throws if the write must not go out any more. */
export type Permission = () => Promise<void>;

/** What one request may do. */
export interface RequestOptions {
  readonly permission?: Permission;
  /** When the last try must have begun, on the client's clock ({@link monotonicNow}); else the budget of its kind, from its first try on. */
  readonly deadline?: number;
}

const readBudgetMs = 5 * 60_000;
const writeBudgetMs = 30 * 60_000;

/** One request as the service sees it, and how long it is worth trying. */
interface Job {
  readonly request: HttpRequest;
  readonly host: string;
  readonly options: RequestOptions;
  readonly budgetMs: number;
}

/** Makes one request with as many tries as help, at the rate that the service allows, and turns every failure into a VppError. */
export class RequestSender {
  private readonly sleep: (ms: number) => Promise<void>;
  private readonly now: () => number;

  constructor(
    private readonly options: ClientOptions,
    private readonly limiter: RateLimiter,
  ) {
    this.sleep = options.sleep ?? ((ms) => delay(ms));
    this.now = options.now ?? monotonicNow;
  }

  /** The body of the service's answer; `service/config` alone is asked for without the credential. */
  request(
    method: "GET" | "POST",
    path: string,
    body: object | undefined,
    query: Query,
    options: RequestOptions = {},
  ): Promise<Json> {
    const url = new URL(`${this.options.endpoint}/${path}`);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value));
    const headers: Record<string, string> = { accept: "application/json" };
    if (path !== "service/config") headers.authorization = `Bearer ${this.options.token}`;
    if (body) headers["content-type"] = "application/json";
    const request: HttpRequest = { method, url: url.href, headers, body: body && JSON.stringify(body) };
    // An accepted write is asked about for as long as it may take.
    const isReading = method === "GET" && path !== "status";
    const { budgetMs: reading = readBudgetMs, writeBudgetMs: writing = writeBudgetMs } = this.options;
    return this.send({ request, host: url.host, options, budgetMs: isReading ? reading : writing });
  }

  /** Public data that the service itself serves, asked for without the credential and once; undefined unless it is there. */
  async lookUp(url: string): Promise<string | undefined> {
    if (new URL(url).origin === new URL(this.options.endpoint).origin) await this.limiter.turn();
    const answer = await this.options.transport({ method: "GET", url, headers: { accept: "application/json" } });
    return answer.status === 200 ? answer.text : undefined;
  }

  private async send(job: Job): Promise<Json> {
    const { request, options, budgetMs } = job;
    const tell = this.options.onReading?.();
    const patience = (): number => (options.deadline === undefined ? budgetMs : options.deadline - this.now());
    await this.untilRefused(options, this.turn(patience));
    // What others of this run have to do first is not this request's time.
    const deadline = options.deadline ?? this.now() + budgetMs;
    for (let tries = 1; ; tries++) {
      await options.permission?.();
      const { outcome, result } = await this.tryOnce(job, tries);
      if (!(result instanceof VppError)) return result;
      const now = this.now();
      const decision = decide(outcome, {
        isRead: request.method === "GET",
        tries,
        remainingMs: deadline - now,
        baseMs: this.options.retryBaseMs ?? 500,
        jitter: Math.random(),
        now,
      });
      if (isThrottled(outcome)) this.limiter.slowDown(heldMs(decision, now));
      if (!decision.retry)
        throw decision.retryAt === undefined ? this.hinted(result) : throttledUntil(decision.retryAt, result);
      tell?.(`${result.reason}; trying again for up to ${minutes(deadline - now)}.`);
      const next = this.sleep(decision.waitMs).then(() => this.turn(() => deadline - this.now(), result));
      await this.untilRefused(options, next);
    }
  }

  /** Waits for something before a write; when it is refused meanwhile, that is told at once. */
  private async untilRefused({ permission }: RequestOptions, wait: Promise<void>): Promise<void> {
    const { whenCancelled } = this.options;
    if (permission === undefined || whenCancelled === undefined) return wait;
    let isOver = false;
    const refusal = whenCancelled.then(() => (isOver ? undefined : permission())).then(() => wait);
    await Promise.race([wait, refusal]).finally(() => {
      isOver = true;
    });
  }

  /** Waits for the rate. A wait beyond the request's time fails at once, with what the last try came to if there was one. */
  private async turn(patienceMs: () => number, lastResult?: VppError): Promise<void> {
    try {
      await this.limiter.turn(patienceMs);
    } catch (error) {
      if (!(error instanceof BeyondPatience)) throw error;
      if (lastResult !== undefined && lastResult.code !== "VPP_SERVICE_THROTTLED") throw lastResult;
      throw error.waitMs > 0
        ? throttledUntil(this.now() + error.waitMs, lastResult ?? errorForNumber(9646, undefined))
        : timeIsOver();
    }
  }

  private hinted(error: VppError): VppError {
    const { deadTokenHint } = this.options;
    if (deadTokenHint === undefined || deadTokenStatus(error) === undefined) return error;
    const remedy = `${error.details.remedy ?? ""} ${deadTokenHint}`.trim();
    return new VppError(error.code, error.reason, { ...error.details, remedy });
  }

  private async tryOnce(job: Job, tries: number): Promise<{ outcome: Outcome; result: Json | VppError }> {
    const { request, host } = job;
    const isWrite = request.method === "POST";
    let answer: HttpAnswer;
    try {
      answer = await this.options.transport(request);
    } catch (error) {
      if (isVppError(error)) throw error;
      if (!(error instanceof TransportFault)) throw libraryFault(error, isWrite, this.options.token);
      const outcome: Outcome = { kind: error.lasting ? "barred" : error.sent ? "unknown" : "notSent" };
      return { outcome, result: unreachable(error, host, isWrite, tries) };
    }
    const { status, retryAfter, location, text } = answer;
    if (text === undefined) {
      const why = `the answer is longer than ${longestAnswer / 2 ** 20} MB`;
      const result = isWrite ? outcomeUnknown(why, tries) : unreadable(why, tries);
      return { outcome: { kind: "answered", status: 200 }, result };
    }
    const parsed = parseBody(text);
    if (parsed.kind === "error") {
      const { errorNumber, errorMessage } = parsed;
      const result = errorForNumber(errorNumber, errorMessage, status, tries);
      return { outcome: { kind: "answered", status, errorNumber, retryAfter }, result };
    }
    const isForeign = parsed.kind === "unreadable" && parsed.isForeign;
    if (status >= 200 && status < 300) {
      if (parsed.kind === "answer") return { outcome: { kind: "answered", status }, result: parsed.body };
      const why = "the answer is not what this service sends (is there a proxy or a login page between?)";
      const result = isForeign ? notTheService({ host, tries }, "it sends a page and no data") : unreadable(why, tries);
      return { outcome: { kind: "unreadable", retryAfter }, result: isWrite ? outcomeUnknown(why, tries) : result };
    }
    if (status >= 500 && isWrite) {
      return { outcome: { kind: "unknown", status, retryAfter }, result: outcomeUnknown(`HTTP ${status}`, tries) };
    }
    const facts = { host, tries, isForeign, ...(location !== undefined && { location }) };
    return { outcome: { kind: "answered", status, retryAfter }, result: errorForStatus(status, facts) };
  }
}

/** How long the service wants to be left alone, whether or not this request waits for it. */
function heldMs(decision: ReturnType<typeof decide>, now: number): number {
  return decision.retry ? decision.waitMs : decision.retryAt === undefined ? 0 : decision.retryAt - now;
}

function minutes(ms: number): string {
  const count = Math.ceil(ms / 60_000);
  return `${count} more ${count === 1 ? "minute" : "minutes"}`;
}
