import { setTimeout as delay } from "node:timers/promises";
import { isVppError } from "../../errors";
import { monotonicNow } from "../../http/monotonicNow";
import { RateLimiter } from "../../http/rateLimiter";
import { Semaphore } from "../../http/semaphore";
import {
  assetOf,
  assignmentOf,
  clientConfigOf,
  commonOf,
  eventOf,
  type Json,
  Misshapen,
  pageOf,
  recordsOf,
  serviceConfigOf,
  statusOf,
  userOf,
} from "./decode";
import { outcomeUnknown, unreadable } from "./noAnswer";
import { type Begun, beginPages, type Pages, pagesAtOnce, readAllPages, type Walked } from "./pages";
import { type ClientOptions, type Permission, type Query, type RequestOptions, RequestSender } from "./requestSender";
import { SerialSpellings } from "./serialSpellings";
import { type ServiceConfig, ServiceConfigs } from "./serviceConfigs";
import type {
  ClientConfigAnswer,
  CommonAnswer,
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

export type { ClientOptions, Permission, RequestOptions } from "./requestSender";
export type { Limits, ServiceConfig } from "./serviceConfigs";

const inWords = { assets: "apps", assignments: "licences", users: "people" } as const;

type Write =
  | "assets/associate"
  | "assets/disassociate"
  | "users/create"
  | "users/update"
  | "users/retire"
  | "client/config";

/** One content token's view of the service: one method for each endpoint, with retries, limits and the request rate kept. */
export class Client {
  private readonly pageGate = new Semaphore(pagesAtOnce);
  private readonly texts = new Map<string, string>();
  private readonly serials = new SerialSpellings();
  private readonly serviceConfigs: ServiceConfigs;
  private readonly exchange: RequestSender;
  private readonly now: () => number;

  constructor(private readonly options: ClientOptions) {
    this.now = options.now ?? monotonicNow;
    this.serviceConfigs = options.serviceConfigs ?? new ServiceConfigs();
    const sleep = options.sleep ?? ((ms: number) => delay(ms));
    const perSecond = (): number | undefined =>
      this.serviceConfigs.lastOf(options.endpoint)?.limits.maxRequestPerSecond;
    this.exchange = new RequestSender(options, new RateLimiter(perSecond, sleep, this.now, options.sharedSchedule));
  }

  /** The service's base address. */
  get endpoint(): string {
    return this.options.endpoint;
  }

  /** Limits and addresses, kept for five minutes as the service asks. */
  serviceConfig(): Promise<ServiceConfig> {
    return this.serviceConfigs.get(this.endpoint, this.now(), () => this.readServiceConfig());
  }

  /** Limits and addresses read anew, as when the service says that one is exceeded. */
  serviceConfigNow(): Promise<ServiceConfig> {
    return this.serviceConfigs.readNow(this.endpoint, this.now(), () => this.readServiceConfig());
  }

  /** Who the library belongs to and which mark it bears. */
  clientConfig(): Promise<ClientConfigAnswer> {
    return this.read("client/config", {}, clientConfigOf);
  }

  /** Writes the mark. Notification settings are not touched. */
  setMark(mdmInfo: MdmInfo, options?: Permission | RequestOptions): Promise<ClientConfigAnswer> {
    return this.write("client/config", { mdmInfo }, clientConfigOf, options);
  }

  /** All assets of the library with their counts, or those of one product. */
  async assets(filter: { adamId?: string } = {}): Promise<Walked<WireAsset>> {
    return this.list("assets", filter, assetOf, false);
  }

  /** All licences, or those of one app, one device or one user; those of retired users are left out. */
  async assignments(filter: {
    adamId?: string;
    serialNumber?: string;
    clientUserId?: string;
  }): Promise<Walked<WireAssignment>> {
    const { serialNumber, ...others } = filter;
    const target =
      serialNumber === undefined ? others : { ...others, serialNumber: this.serials.written(serialNumber) };
    return this.list("assignments", { excludeInactiveUsers: true, ...target }, this.licenceOf, true);
  }

  /** The first page of all licences, and the way to the others. */
  beginAssignments(): Promise<Begun<WireAssignment>> {
    return beginPages(this.pages("assignments", { excludeInactiveUsers: true }, this.licenceOf, true));
  }

  /** All users whom the service takes for active; or all records of one, retired ones included. */
  async users({ clientUserId }: { clientUserId?: string } = {}): Promise<Walked<WireUser>> {
    return this.list("users", clientUserId === undefined ? { activeOnly: true } : { clientUserId }, userOf, true);
  }

  /** All records, whatever their status: retired ones repeat. */
  async userRecords(): Promise<Walked<WireUser>> {
    return this.list("users", {}, userOf, true);
  }

  /** Asks for licences to be given; the answer's event tells how it goes. */
  associate(request: ManageAssetsRequest, options?: Permission | RequestOptions): Promise<string> {
    return this.startEvent("assets/associate", this.spelled(request), options);
  }

  /** Asks for licences to be taken back. Fails whole (9706) if one of the assets is irrevocable. */
  disassociate(request: ManageAssetsRequest, options?: Permission | RequestOptions): Promise<string> {
    return this.startEvent("assets/disassociate", this.spelled(request), options);
  }

  /** Asks for users to be created, updated or retired. */
  manageUsers(
    action: "create" | "update" | "retire",
    users: readonly WireUserRequest[],
    options?: Permission | RequestOptions,
  ): Promise<string> {
    return this.startEvent(`users/${action}`, { users }, options);
  }

  /** A licence, whose texts are one in memory with those of all others: a million licences have a few thousand apps and devices between them. */
  private readonly licenceOf = (item: Json): WireAssignment => {
    const licence = assignmentOf(item);
    const adamId = this.once(licence.adamId);
    const pricingParam = this.once(licence.pricingParam);
    // Written out, since an object made from another takes twice the memory.
    if (licence.serialNumber !== undefined)
      return { adamId, pricingParam, serialNumber: this.once(this.serials.read(licence.serialNumber)) };
    if (licence.clientUserId === undefined) return { adamId, pricingParam };
    return { adamId, pricingParam, clientUserId: this.once(licence.clientUserId) };
  };

  private spelled(request: ManageAssetsRequest): ManageAssetsRequest {
    const { serialNumbers } = request;
    if (serialNumbers === undefined) return request;
    return { ...request, serialNumbers: serialNumbers.map((serial) => this.serials.written(serial)) };
  }

  private once(text: string): string {
    const known = this.texts.get(text);
    if (known !== undefined) return known;
    this.texts.set(text, text);
    return text;
  }

  /** How far an accepted write is. */
  status(eventId: string, options: RequestOptions = {}): Promise<StatusAnswer> {
    return this.read("status", { eventId }, statusOf, options);
  }

  /** Reads public product names; without the credential, and only where the service itself or its maker's store answers. */
  async lookUpMetadata(url: string): Promise<unknown> {
    const text = await this.exchange.lookUp(url);
    return text ? (JSON.parse(text) as unknown) : undefined;
  }

  private async readServiceConfig(): Promise<ServiceConfigAnswer> {
    const path = "service/config";
    const answer = await this.exchange.request("GET", path, undefined, {});
    return shaped(path, () => serviceConfigOf(answer));
  }

  private pages<T>(
    path: "assets" | "assignments" | "users",
    filter: Query,
    recordOf: (item: Json) => T,
    hasDelta: boolean,
  ): Pages<Page<T>, T> {
    const read = (body: Json): Page<T> => ({ ...pageOf(body), items: recordsOf(body, path, recordOf) });
    const tell = this.options.onReading?.();
    let done = 0;
    const page =
      (query: Query) =>
      (pageIndex: number): Promise<Page<T>> =>
        this.pageGate.run(async () => {
          const whole = { ...filter, ...query, ...(pageIndex > 0 && { pageIndex }) };
          const { items, ...answer } = await this.read(path, whole, read);
          if (items === undefined && answer.size)
            throw unreadable(`a page of ${path} says it holds ${answer.size} records but has none`);
          done = pageIndex === 0 ? 1 : done + 1;
          tell?.(`${done} of ${Math.max(done, answer.totalPages ?? 1)} pages of ${inWords[path]} read.`);
          return { ...answer, items };
        });
    const itemsOf = ({ items }: Page<T>): readonly T[] | undefined => items;
    const delta = (sinceVersionId: string) => readAllPages({ getPage: page({ sinceVersionId }), itemsOf });
    return { getPage: page({}), itemsOf, ...(hasDelta && { delta }) };
  }

  private async list<T>(
    path: "assets" | "assignments" | "users",
    filter: Query,
    recordOf: (item: Json) => T,
    hasDelta: boolean,
  ): Promise<Walked<T>> {
    try {
      return await readAllPages(this.pages(path, filter, recordOf, hasDelta));
    } catch (error) {
      // Whether a filter for a user whom nobody knows gives an empty list or this error is not documented; it means the same.
      const isUnknownUser =
        isVppError(error) && error.details.serviceCode === 9609 && filter.clientUserId !== undefined;
      if (isUnknownUser) return { items: [], requests: 1, isWhole: true };
      throw error;
    }
  }

  private async startEvent(path: Write, body: object, options?: Permission | RequestOptions): Promise<string> {
    const { eventId } = await this.write(path, body, eventOf, options);
    if (eventId === undefined) throw outcomeUnknown("the service took the request but named no event");
    return eventId;
  }

  private async read<A extends CommonAnswer>(
    path: string,
    query: Query,
    shape: (body: Json) => A,
    options: RequestOptions = {},
  ): Promise<A> {
    await this.serviceConfig();
    const answer = await this.exchange.request("GET", path, undefined, query, options);
    return this.checked(answer, path, shape);
  }

  private async write<A extends CommonAnswer>(
    path: Write,
    body: object,
    shape: (body: Json) => A,
    options: Permission | RequestOptions = {},
  ): Promise<A> {
    await this.serviceConfig();
    const whole = typeof options === "function" ? { permission: options } : options;
    const answer = await this.exchange.request("POST", path, body, {}, whole);
    try {
      return this.checked(answer, path, shape);
    } catch (error) {
      if (isVppError(error) && error.code === "VPP_SERVICE_ANSWER") throw outcomeUnknown(error.reason);
      throw error;
    }
  }

  /** An answer without a library id is not this service's: an empty object must never be read as an empty library. */
  private checked<A extends CommonAnswer>(answer: Json, path: string, shape: (body: Json) => A): A {
    const common = shaped(path, () => commonOf(answer));
    if (common.uId === undefined) throw unreadable(`the answer of ${path} names no library`);
    this.options.onAnswer?.(common);
    return shaped(path, () => shape(answer));
  }
}

interface Page<T> extends PageAnswer {
  readonly items?: readonly T[];
}

function shaped<A>(path: string, read: () => A): A {
  try {
    return read();
  } catch (error) {
    if (error instanceof Misshapen) throw unreadable(`the answer of ${path} is not as it should be: ${error.message}`);
    throw error;
  }
}
