import { setTimeout as delay } from "node:timers/promises";
import { isVppError, VppError } from "../errors";
import { deadTokenStatus, errorForNumber, errorForStatus, parseBody } from "./answers";
import { Gate, Pace } from "./pace";
import { pagesAtOnce, readAllPages, type Walked } from "./pages";
import { decide, type Outcome } from "./retry";
import { type HttpAnswer, type HttpRequest, type Transport, TransportFault } from "./transport";
import type {
  ClientConfigAnswer,
  CommonAnswer,
  EventAnswer,
  ManageAssetsRequest,
  MdmInfo,
  PageAnswer,
  ServiceConfigAnswer,
  StatusAnswer,
  WireAsset,
  WireAssignment,
  WireUser,
  WireUserRequest,
} from "./wire";

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
  /** Milliseconds that one request may take with all its tries. */
  readonly budgetMs?: number;
  /** First wait between tries, in milliseconds. */
  readonly retryBaseMs?: number;
  readonly sleep?: (ms: number) => Promise<void>;
  readonly now?: () => number;
}

/** The service's limits under its own names; absent ones fall back to what its documentation showed last. */
export interface Limits {
  readonly maxAssets: number;
  readonly maxClientUserIds: number;
  readonly maxSerialNumbers: number;
  readonly maxUsers: number;
  readonly maxMdmIdLength: number;
  readonly maxMdmNameLength: number;
  readonly maxMdmMetadataLength: number;
  readonly maxRequestPerSecond?: number;
}

/** What `service/config` tells: limits, and the addresses of helpers such as the invitation page. */
export interface ServiceConfig {
  readonly limits: Limits;
  readonly urls: Readonly<Record<string, string>>;
}

const fallbackLimits: Limits = {
  maxAssets: 25,
  maxClientUserIds: 1000,
  maxSerialNumbers: 1000,
  maxUsers: 100,
  maxMdmIdLength: 100,
  maxMdmNameLength: 100,
  maxMdmMetadataLength: 255,
};

const serviceConfigLifeMs = 5 * 60_000;

type Query = Readonly<Record<string, string | number | boolean | undefined>>;
type Write = "assets/associate" | "assets/disassociate" | "users/create" | "users/update" | "users/retire" | "client/config";

/** One content token's view of the service: one method for each endpoint, with retries, limits and the request rate kept. */
export class Client {
  private serviceConfigRead?: { readonly at: number; readonly config: Promise<ServiceConfig> };
  private limits: Partial<Limits> = {};
  private readonly pace: Pace;
  private readonly pageGate = new Gate(pagesAtOnce);
  private readonly sleep: (ms: number) => Promise<void>;
  private readonly now: () => number;

  constructor(private readonly options: ClientOptions) {
    this.sleep = options.sleep ?? ((ms) => delay(ms));
    this.now = options.now ?? Date.now;
    this.pace = new Pace(() => this.limits.maxRequestPerSecond, this.sleep, this.now);
  }

  /** The service's base address. */
  get endpoint(): string {
    return this.options.endpoint;
  }

  /** Limits and addresses, kept for five minutes as the service asks. */
  serviceConfig(): Promise<ServiceConfig> {
    const kept = this.serviceConfigRead;
    if (kept && this.now() - kept.at < serviceConfigLifeMs) return kept.config;
    const config = this.readServiceConfig();
    this.serviceConfigRead = { at: this.now(), config };
    config.catch(() => {
      this.serviceConfigRead = undefined;
    });
    return config;
  }

  /** Who the library belongs to and which mark it bears. */
  clientConfig(): Promise<ClientConfigAnswer> {
    return this.read<ClientConfigAnswer>("client/config", {});
  }

  /** Writes the mark. Notification settings are not touched. */
  setMark(mdmInfo: MdmInfo): Promise<ClientConfigAnswer> {
    return this.write<ClientConfigAnswer>("client/config", { mdmInfo });
  }

  /** All assets of the library with their counts. */
  async assets(): Promise<Walked<WireAsset>> {
    return this.list<WireAsset>("assets", {}, "assets", false);
  }

  /** All licences, or those of one app, one device or one user; those of retired users are left out. */
  async assignments(filter: { adamId?: string; serialNumber?: string; clientUserId?: string }): Promise<Walked<WireAssignment>> {
    return this.list<WireAssignment>("assignments", { excludeInactiveUsers: true, ...filter }, "assignments", true);
  }

  /** All active users, or the records of one. */
  async users(filter: { clientUserId?: string }): Promise<Walked<WireUser>> {
    return this.list<WireUser>("users", { activeOnly: true, ...filter }, "users", true);
  }

  /** Asks for licences to be given; the answer's event tells how it goes. */
  associate(request: ManageAssetsRequest): Promise<string> {
    return this.startEvent("assets/associate", request);
  }

  /** Asks for licences to be taken back. Fails whole (9706) if one of the assets is irrevocable. */
  disassociate(request: ManageAssetsRequest): Promise<string> {
    return this.startEvent("assets/disassociate", request);
  }

  /** Asks for users to be created, updated or retired. */
  manageUsers(action: "create" | "update" | "retire", users: readonly WireUserRequest[]): Promise<string> {
    return this.startEvent(`users/${action}`, { users });
  }

  /** How far an accepted write is. */
  status(eventId: string): Promise<StatusAnswer> {
    return this.read<StatusAnswer>("status", { eventId });
  }

  /** Reads public product names; without the credential, and only where the service itself or its maker's store answers. */
  async lookUpMetadata(url: string): Promise<unknown> {
    const answer = await this.options.transport({ method: "GET", url, headers: { accept: "application/json" } });
    return answer.status === 200 ? (JSON.parse(answer.text) as unknown) : undefined;
  }

  private async readServiceConfig(): Promise<ServiceConfig> {
    const answer = (await this.exchange("GET", "service/config", undefined, {})) as ServiceConfigAnswer;
    const told = Object.entries(answer.limits ?? {}).filter(([, value]) => Number.isInteger(value) && value > 0);
    const limits = { ...fallbackLimits, ...Object.fromEntries(told) };
    this.limits = limits;
    return { limits, urls: answer.urls ?? {} };
  }

  private async list<T>(path: string, filter: Query, field: string, hasDelta: boolean): Promise<Walked<T>> {
    const itemsOf = (page: PageAnswer): readonly T[] | undefined => {
      const items = (page as unknown as Record<string, unknown>)[field];
      if (items === undefined || items === null) {
        if (page.size) throw unreadable(`a page of ${path} says it holds ${page.size} records but has none`);
        return undefined;
      }
      if (!Array.isArray(items)) throw unreadable(`${field} is not a list`);
      return items as T[];
    };
    const page =
      (query: Query) =>
      (pageIndex: number): Promise<PageAnswer> =>
        this.pageGate.run(() => this.read<PageAnswer>(path, { ...filter, ...query, ...(pageIndex > 0 && { pageIndex }) }));
    const delta = (sinceVersionId: string) => readAllPages(page({ sinceVersionId }), itemsOf);
    try {
      return await readAllPages(page({}), itemsOf, hasDelta ? delta : undefined);
    } catch (error) {
      // Whether a filter for a user whom nobody knows gives an empty list or this error is not documented; it means the same.
      const isUnknownUser = isVppError(error) && error.details.serviceCode === 9609 && filter.clientUserId !== undefined;
      if (isUnknownUser) return { items: [], requests: 1 };
      throw error;
    }
  }

  private async startEvent(path: Write, body: object): Promise<string> {
    const answer = await this.write<EventAnswer>(path, body);
    if (typeof answer.eventId !== "string" || answer.eventId === "") {
      throw outcomeUnknown("the service took the request but named no event");
    }
    return answer.eventId;
  }

  private async read<A extends CommonAnswer>(path: string, query: Query): Promise<A> {
    await this.serviceConfig();
    return this.checked<A>(await this.exchange("GET", path, undefined, query), path);
  }

  private async write<A extends CommonAnswer>(path: Write, body: object): Promise<A> {
    await this.serviceConfig();
    const answer = await this.exchange("POST", path, body, {});
    if (!namesLibrary(answer)) throw outcomeUnknown("the answer names no library");
    return this.checked<A>(answer, path);
  }

  /** An answer without a library id is not this service's: an empty object must never be read as an empty library. */
  private checked<A extends CommonAnswer>(answer: CommonAnswer, path: string): A {
    if (!namesLibrary(answer)) throw unreadable(`the answer of ${path} names no library`);
    this.options.onAnswer?.(answer);
    return answer as A;
  }

  private async exchange(method: "GET" | "POST", path: string, body: object | undefined, query: Query): Promise<CommonAnswer> {
    const url = new URL(`${this.options.endpoint}/${path}`);
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value));
    const headers: Record<string, string> = { accept: "application/json" };
    if (path !== "service/config") headers.authorization = `Bearer ${this.options.token}`;
    if (body) headers["content-type"] = "application/json";
    const request: HttpRequest = { method, url: url.href, headers, body: body && JSON.stringify(body) };
    const deadline = this.now() + (this.options.budgetMs ?? 180_000);
    for (let tries = 1; ; tries++) {
      await this.pace.turn();
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

  private async tryOnce(request: HttpRequest, tries: number): Promise<{ outcome: Outcome; result: CommonAnswer | VppError }> {
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
      return { outcome: { kind: error.sent ? "unknown" : "notSent" }, result };
    }
    const { status, retryAfter, text } = answer;
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

function namesLibrary({ uId }: CommonAnswer): boolean {
  return typeof uId === "string" && uId !== "";
}

function unreadable(why: string, tries?: number): VppError {
  const remedy = "Check the endpoint and any proxy, then run the same command again.";
  return new VppError("VPP_SERVICE_ANSWER", why, { tries, remedy });
}

function outcomeUnknown(why: string, tries?: number): VppError {
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
