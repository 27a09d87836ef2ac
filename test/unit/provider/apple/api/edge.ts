import nock from "nock";
import { Client, type ClientOptions } from "../../../../../provider/apple/api/client";
import type { CommonAnswer } from "../../../../../provider/apple/api/wire";
import { undiciTransport } from "../../../../../provider/http/transport";
import { FakeClock } from "../../support/fakeClock";

/** Where the tests' service is; nothing is ever sent there, since the network is shut off. */
export const host = "https://vpp.example";
/** A made-up credential, long enough to look like a real one. */
export const token = Buffer.from(
  JSON.stringify({ token: "made-up-".repeat(12), expDate: "2030-01-01T00:00:00+0000" }),
).toString("base64");
export const library = "2049025000431439";

/** What every answer about a library bears. */
export function answer(changes: object = {}): Record<string, unknown> {
  return { uId: library, tokenExpirationDate: "2030-01-01T00:00:00+0000", ...changes };
}

/** One client over the real transport, whose time is fake. */
export class Edge {
  readonly clock = new FakeClock();
  readonly answers: CommonAnswer[] = [];
  readonly client: Client;

  constructor(options: Partial<ClientOptions> = {}) {
    this.client = new Client({
      endpoint: `${host}/mdm/v2`,
      token,
      transport: undiciTransport({ timeoutMs: 1000 }),
      onAnswer: (given) => this.answers.push(given),
      sleep: this.clock.sleep,
      now: this.clock.now,
      ...options,
    });
  }
}

/** The service, as far as a test lets it answer. */
export function service(): nock.Scope {
  return nock(`${host}/mdm/v2`);
}

/** Lets the service tell its limits and addresses, once. */
export function serviceConfig(limits: object | undefined = {}, urls: object = {}): nock.Scope {
  return service()
    .get("/service/config")
    .reply(200, { ...(limits && { limits }), urls });
}

// From its import on, nock stands between this process and the network; other tests of the same process talk to real servers.
nock.restore();

/** Shuts the network off before each test, and sees after it that every expected request came. */
export function onlyNock(): void {
  before(() => nock.activate());
  after(() => nock.restore());
  beforeEach(() => nock.disableNetConnect());
  afterEach(() => {
    const missing = nock.pendingMocks();
    nock.cleanAll();
    nock.enableNetConnect();
    if (missing.length > 0) throw new Error(`These requests never came: ${missing.join(", ")}`);
  });
}
