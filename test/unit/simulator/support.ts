import assert from "node:assert/strict";
import {
  type LibraryEntry,
  type LibraryFile,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from "../../../simulator";
import type { AssetRow, Body, ControlBody, LibraryState, PairRow } from "./bodies";

/** The answer to one raw HTTP request. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** A raw client of one simulator with one content token. */
export class Client {
  readonly simulator: Simulator;
  readonly #token: string;

  constructor(simulator: Simulator, token = simulator.token()) {
    this.simulator = simulator;
    this.#token = token;
  }

  /** Reads a path below `/mdm/v2`. */
  get(path: string): Promise<Answer> {
    return send(`${this.simulator.url}/mdm/v2/${path}`, { headers: { authorization: `Bearer ${this.#token}` } });
  }

  /** Writes JSON to a path below `/mdm/v2`. */
  post(path: string, body: unknown): Promise<Answer> {
    return send(`${this.simulator.url}/mdm/v2/${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${this.#token}`, "content-type": "application/json" },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  }

  /** Writes and waits until the event is processed; gives the answer to GET status. */
  async event(path: string, body: unknown): Promise<Body> {
    const accepted = await this.post(path, body);
    assert.equal(accepted.status, 200, JSON.stringify(accepted.body));
    await this.simulator.settled();
    return (await this.get(`status?eventId=${accepted.body.eventId}`)).body;
  }

  /** The row of one asset. */
  async asset(adamId: string, pricingParam = "STDQ"): Promise<AssetRow> {
    const { body } = await this.get(`assets?adamId=${adamId}&pricingParam=${pricingParam}`);
    return body.assets[0]!;
  }

  /** All pairs of the library as short texts, such as `100 SN1`. */
  async pairs(query = ""): Promise<string[]> {
    const { body } = await this.get(`assignments${query}`);
    return pairTexts(body.assignments);
  }
}

/** Sends one request and reads the JSON answer. */
export async function send(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, init);
  return { status: response.status, headers: response.headers, body: (await response.json()) as Body };
}

/** Pairs as short texts, such as `100 SN1`; the pricing is named when it is not the standard one. */
export function pairTexts(rows: readonly PairRow[]): string[] {
  return rows.map((row) => {
    const pricing = row.pricingParam === "STDQ" ? "" : `/${row.pricingParam}`;
    return `${row.adamId}${pricing} ${row.serialNumber ?? row.clientUserId ?? "?"}`;
  });
}

/** A small library: two apps with few licences, an unlimited one, one for users only, one in PLUS too, and a book. */
export function smallLibrary(changes: Partial<LibraryEntry> = {}): LibraryEntry {
  return {
    libraryId: "1001",
    organizationName: "Beispiel AG",
    locationName: "Zürich",
    countryCode: "CH",
    domains: ["beispiel.example"],
    assets: [
      { adamId: "100", name: "Ten", totalCount: 10, bundleId: "example.ten" },
      { adamId: "200", name: "Two", totalCount: 2 },
      { adamId: "200", pricingParam: "PLUS", name: "Two", totalCount: 3 },
      { adamId: "300", name: "Free", unlimited: true },
      { adamId: "400", name: "Users only", totalCount: 5, deviceAssignable: false },
      { adamId: "900", name: "Book", productType: "Book", totalCount: 4 },
    ],
    users: [
      { clientUserId: "anna", email: "anna@beispiel.example" },
      { clientUserId: "beat", status: "Associated" },
      { clientUserId: "carl", status: "Retired" },
    ],
    ...changes,
  };
}

/** A library file with the given libraries, or one small one. */
export function fileOf(...libraries: LibraryEntry[]): LibraryFile {
  return { libraries: libraries.length > 0 ? libraries : [smallLibrary()] };
}

const running: Simulator[] = [];

/** Starts a simulator of one small library with quick events and no request rate; it ends with the test. */
export async function start(options: SimulatorOptions = {}): Promise<Client> {
  const simulator = await startSimulator({
    library: fileOf(),
    eventDelayMs: 0,
    ...options,
    limits: { maxRequestPerSecond: null, ...options.limits },
  });
  running.push(simulator);
  return new Client(simulator);
}

/** Ends all simulators that were started; meant for `afterEach`. */
export async function stopAll(): Promise<void> {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()));
}

/** Does what a request to the control interface does, and gives the answer. */
export async function control(client: Client, name: string, input: object): Promise<ControlBody> {
  return (await client.simulator.control("POST", name, input)) as ControlBody;
}

/** The state of one library, the first when none is named. */
export async function stateOf(client: Client, library?: string): Promise<LibraryState> {
  const input = library === undefined ? {} : { library };
  return ((await client.simulator.control("GET", "state", input)) as ControlBody).libraries[0]!;
}

/** Speaks to the control interface over HTTP. */
export async function raw(client: Client, method: string, name: string, body?: string) {
  const { status, body: answer } = await send(`${client.simulator.url}/_control/${name}`, {
    method,
    ...(body !== undefined && { body }),
  });
  return { status, body: answer as unknown as ControlBody };
}
