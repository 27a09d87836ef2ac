import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { IncomingMessage, Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LibraryEntry, type Simulator, startSimulator } from "../../simulator";
import type { TrueLibrary } from "../support/world";
import type { Setting } from "./history";
import { book, pairOf, peopleApp, revocableApps } from "./programs";
import { timeScale } from "./timeScale";

/** A request to the service, with what its body listed. */
export interface ServedRequest {
  readonly seq: number;
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly errorNumber?: number;
  readonly durationMs: number;
  readonly library?: string;
  readonly body?: { readonly mdmInfo?: { readonly id: string; readonly metadata: string }; readonly eventId?: string };
  readonly assets?: readonly { readonly adamId: string }[];
  readonly serialNumbers?: readonly string[];
  readonly clientUserIds?: readonly string[];
  readonly users?: readonly { readonly clientUserId: string }[];
}

const libraryIds = ["2049025000431439", "2049025000431440"] as const;
const names = ["Keynote", "Dockscan", "Pages"];

/** The service of one history: a simulator in this process, its truth, and the moments at which requests reach it. */
export class Service {
  /** Called at every request, before it is looked at (`answered` is false) and after its answer; counted since the last reset. */
  onRequest: (count: number, answered: boolean) => void = () => undefined;
  /** Requests so far that were to change something, whatever came of them. */
  writes = 0;
  /** Those of them that are about licences or people. */
  licenceWrites = 0;
  private readonly writesOf = new Map<string, ServedRequest>();
  private started = 0;
  private finished = 0;
  private seen = 0;
  private readonly onStart = (message: unknown): void => {
    if (!this.isOurs(message)) return;
    const { method, url } = (message as { request: IncomingMessage }).request;
    if (method === "POST") this.writes++;
    if (method === "POST" && !url?.endsWith("/client/config")) this.licenceWrites++;
    this.onRequest(++this.started, false);
  };
  private readonly onFinish = (message: unknown): void => {
    if (this.isOurs(message)) this.onRequest(++this.finished, true);
  };

  private constructor(
    private readonly simulator: Simulator,
    readonly folder: string,
    readonly libraries: number,
    private readonly isStrict: boolean,
  ) {
    subscribe("http.server.request.start", this.onStart);
    subscribe("http.server.response.finish", this.onFinish);
  }

  static async start(setting: Setting): Promise<Service> {
    const folder = mkdtempSync(join(tmpdir(), "vpp-campaign-"));
    const libraries = libraryIds.slice(0, setting.libraries).map((id, index) => libraryEntry(id, index, setting));
    const simulator = await startSimulator({
      library: { libraries },
      pageSize: setting.pageSize,
      eventDelayMs: Math.round(setting.eventDelayMs / timeScale),
      limits: { maxRequestPerSecond: 100_000 },
      strict: setting.strict,
      writeToken: join(folder, "0.vpptoken"),
    });
    const service = new Service(simulator, folder, setting.libraries, setting.strict);
    for (let library = 1; library < setting.libraries; library++) await service.issueToken(library);
    return service;
  }

  /** The stack's configuration with which the provider reaches this service. */
  get config(): Record<string, string> {
    return {
      "vpp:endpoint": this.simulator.url,
      "vpp:contentTokenFile": this.tokenFile(0),
      ...(this.libraries > 1 && { "vpp:contentTokenFiles": JSON.stringify({ school: this.tokenFile(1) }) }),
      "vpp:eventTimeoutSeconds": "180",
    };
  }

  /** The environment with which the provider reaches this service. */
  get env(): NodeJS.ProcessEnv {
    return {
      VPP_ENDPOINT: this.simulator.url,
      VPP_CONTENT_TOKEN_FILE: this.tokenFile(0),
      ...(this.libraries > 1 && { VPP_CONTENT_TOKEN_SCHOOL_FILE: this.tokenFile(1) }),
    };
  }

  /** Whether the answer to a request bears the library's mark: lists and status do so in one reading of the documentation only. */
  showsMark({ path, method }: ServedRequest): boolean {
    if (path.endsWith("/service/config")) return false;
    return !this.isStrict || method === "POST" || path.endsWith("/client/config");
  }

  libraryId(library: number): string {
    return libraryIds[library % this.libraries]!;
  }

  libraryNumber(id: string | undefined): number {
    return libraryIds.indexOf(id as (typeof libraryIds)[number]);
  }

  /** All texts of tokens that are or were in place, and what is inside them. */
  secrets(): string[] {
    const texts = Array.from({ length: this.libraries }, (_, index) =>
      readFileSync(this.tokenFile(index), "utf8").trim(),
    );
    return texts.flatMap((text) => [
      text,
      (JSON.parse(Buffer.from(text, "base64").toString()) as { token: string }).token,
    ]);
  }

  async issueToken(library: number): Promise<void> {
    await this.act("tokens", { library: this.libraryId(library), action: "issue", file: this.tokenFile(library) });
  }

  /** Does something behind everybody's back. Gives false when the service finds it impossible. */
  async act(name: string, input: object): Promise<boolean> {
    try {
      await this.simulator.control("POST", name, input);
      return true;
    } catch {
      return false;
    }
  }

  async addFault(fault: object): Promise<void> {
    await this.simulator.control("POST", "faults", fault);
  }

  async clearFaults(): Promise<void> {
    await this.simulator.control("DELETE", "faults");
  }

  async truth(): Promise<TrueLibrary[]> {
    const { libraries } = (await this.simulator.control("GET", "state", { omit: "events" })) as {
      libraries: TrueLibrary[];
    };
    return structuredClone(libraries);
  }

  /** The requests since the last call, oldest first. */
  async newRequests(): Promise<ServedRequest[]> {
    const query = { since: String(this.seen), bodies: "1" };
    const { requests } = (await this.simulator.control("GET", "requests", query)) as { requests: ServedRequest[] };
    this.seen = requests.at(-1)?.seq ?? this.seen;
    for (const request of requests) if (request.body?.eventId) this.writesOf.set(request.body.eventId, request);
    return requests;
  }

  /** The writes that were accepted and are not done yet, of those that `newRequests` has told. */
  async pendingWrites(): Promise<ServedRequest[]> {
    if (this.writesOf.size === 0) return [];
    const { libraries } = (await this.simulator.control("GET", "state", { omit: "assignments,users" })) as {
      libraries: { events: { eventId: string; eventStatus: string }[] }[];
    };
    const pending = new Set<string>();
    for (const { events } of libraries)
      for (const { eventId, eventStatus } of events) if (eventStatus === "PENDING") pending.add(eventId);
    for (const eventId of this.writesOf.keys()) if (!pending.has(eventId)) this.writesOf.delete(eventId);
    return [...this.writesOf.values()];
  }

  /** The number of the last request that was answered. */
  async lastSeq(): Promise<number> {
    const { requests } = (await this.simulator.control("GET", "requests", { since: String(this.seen) })) as {
      requests: ServedRequest[];
    };
    return requests.at(-1)?.seq ?? this.seen;
  }

  /** Counts requests anew. */
  resetCount(): void {
    this.started = this.finished = 0;
  }

  /** Waits for what the service has accepted, but not for what it has forgotten to do. */
  async settled(): Promise<void> {
    await Promise.race([this.simulator.settled(), new Promise((resolve) => setTimeout(resolve, 1500).unref())]);
  }

  async close(): Promise<void> {
    unsubscribe("http.server.request.start", this.onStart);
    unsubscribe("http.server.response.finish", this.onFinish);
    await this.simulator.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private tokenFile(library: number): string {
    return join(this.folder, `${library % this.libraries}.vpptoken`);
  }

  private isOurs(message: unknown): boolean {
    const { server, request } = message as { server: Server; request: IncomingMessage };
    const address = server.address();
    return (
      typeof address === "object" && address?.port === this.simulator.port && request.url?.startsWith("/mdm/") === true
    );
  }
}

function libraryEntry(libraryId: string, index: number, { totals }: Setting): LibraryEntry {
  const total = (at: number): number => totals[(at + index) % totals.length]!;
  return {
    libraryId,
    organizationName: "Contoso",
    locationName: `Contoso ${index}`,
    countryCode: "DE",
    platform: "enterprisestore",
    domains: ["contoso.example"],
    assets: [
      ...revocableApps.map((adamId, at) => ({ adamId, name: names[at]!, totalCount: total(at) })),
      { adamId: book, name: "Field Handbook", productType: "Book" as const, totalCount: total(3) },
      { adamId: peopleApp, name: "Payroll for People", totalCount: total(4), deviceAssignable: false },
    ],
    users: [{ clientUserId: "person-9", email: "person-9@contoso.example" }],
  };
}

/** The licences of a library as texts, without those that stay with people who are retired. */
export function pairsIn(library: TrueLibrary): Set<string> {
  const active = activeIn(library);
  return new Set(
    library.assignments
      .filter(({ clientUserId }) => clientUserId === undefined || active.has(clientUserId))
      .map(({ adamId, serialNumber, clientUserId }) =>
        serialNumber !== undefined ? pairOf(adamId, "device", serialNumber) : pairOf(adamId, "user", clientUserId!),
      ),
  );
}

/** The people of a library who can hold licences. */
export function activeIn({ users }: TrueLibrary): Set<string> {
  return new Set(
    users
      .filter(({ status }) => status === "Registered" || status === "Associated")
      .map(({ clientUserId }) => clientUserId),
  );
}
