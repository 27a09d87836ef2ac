import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ACTIONS } from "../../../simulator/apple/control/actions";
import { REQUEST_SCHEMAS } from "../../../simulator/apple/control/request-schemas";
import { CONTROL_SCHEMAS } from "../../../simulator/apple/control/schemas";
import { RECEIVER_CA, Receiver, stopReceivers } from "./receiver";
import { type Client, fileOf, raw, smallLibrary, start, stopAll } from "./support";

type Call = readonly [method: string, name: string, body?: object | string];

const WORK = { assets: [{ adamId: "100" }, { adamId: "200" }], serialNumbers: ["SN1"] };

/** Calls that between them meet every action, in an order in which all succeed. */
const CALLS: readonly Call[] = [
  ["POST", "settings", { eventDelayMs: 0, limits: { maxAssets: 20, maxUsers: null }, readings: { "9709": "fill-up" } }],
  ["POST", "settings", { pageSize: 7, notifications: { retryMs: 1, duplicates: true } }],
  ["GET", "settings"],
  ["POST", "settings", { lagMs: { users: 1 }, enforcedLimits: { maxAssets: 9 } }],
  ["POST", "settings", { lagMs: { users: 0 }, enforcedLimits: { maxAssets: null } }],
  ["POST", "holder", { mdmInfo: { id: "a", name: "b" } }],
  ["POST", "holder", { library: "1001", mdmInfo: null }],
  ["POST", "assets", { action: "buy", adamId: "100", count: 2 }],
  ["POST", "assets", { action: "refund", adamId: "100" }],
  ["POST", "assets", { action: "transfer", adamId: "100", to: "1002" }],
  ["POST", "assets", { action: "add", adamId: "777", count: 2, productType: "Book" }],
  ["POST", "assets", { action: "remove", adamId: "777" }],
  ["POST", "users", { action: "create", users: [{ clientUserId: "dora", email: "d@x.example" }] }],
  ["POST", "users", { action: "update", users: [{ clientUserId: "dora", managedAppleId: "d@beispiel.example" }] }],
  ["POST", "users", { action: "retire", users: [{ clientUserId: "dora" }] }],
  ["POST", "accept", { clientUserId: "anna", account: "anna@icloud.example" }],
  ["POST", "assignments", { action: "assign", ...WORK, clientUserIds: ["anna"] }],
  ["POST", "assets", { action: "refund", adamId: "200", count: 2, held: true }],
  ["POST", "users", { action: "set-status", users: [{ clientUserId: "anna", status: "Suspended" }] }],
  ["POST", "users", { action: "set-status", users: [{ clientUserId: "anna", status: "Associated" }] }],
  ["POST", "assignments", { action: "unassign", ...WORK }],
  ["POST", "clock", { advanceSeconds: 10 }],
  ["POST", "clock", { now: "2031-01-01T00:00:00+0100" }],
  ["GET", "clock"],
  ["POST", "hooks", { on: "create", library: "1001", times: 2, do: [{ path: "clock", body: { advanceSeconds: 1 } }] }],
  ["POST", "hooks", { on: "request", match: { path: "users" }, do: [{ path: "settings" }] }],
  ["GET", "hooks"],
  ["POST", "faults", { action: { type: "event-pending" } }],
  ["POST", "faults", { match: { path: "assets", after: 1 }, times: "always", action: { type: "delay", ms: 1 } }],
  ["POST", "faults", { action: { type: "status", status: 503, retryAfter: 3, body: { a: [1] }, workDone: true } }],
  ["POST", "faults", { match: { query: { pageIndex: "1", adamId: null } }, action: { type: "list-moved" } }],
  ["POST", "faults", { action: { type: "list-drop", count: 2, size: "meant" } }],
  ["POST", "faults", { action: { type: "list-empty" } }],
  ["POST", "faults", { action: { type: "list-without", adamId: "1", pricingParam: "PLUS", clientUserId: "a" } }],
  ["POST", "faults", { action: { type: "list-repeat", index: "repeated" } }],
  ["POST", "faults", { action: { type: "event-status", status: "ARCHIVED" } }],
  ["GET", "faults"],
  ["GET", "notifications"],
  ["GET", "requests?bodies=1&since=0"],
  ["GET", "requests"],
  ["GET", "state?library=1001&omit=events,users"],
  ["GET", "state"],
  ["GET", "library?library=1001"],
  ["GET", "library"],
  ["GET", "schemas"],
  ["DELETE", "hooks"],
  ["DELETE", "faults"],
  ["DELETE", "notifications"],
  ["DELETE", "requests"],
  ["POST", "tokens", { action: "expire", name: "token-1", expiresAt: "2033-01-01T00:00:00Z" }],
  ["POST", "tokens", { action: "revoke" }],
  ["POST", "tokens", { action: "renew", file: "/dev/null" }],
];

async function refusalsOf(address: string, value: unknown): Promise<unknown> {
  const validate = await REQUEST_SCHEMAS.validator(address);
  return validate(value) === true ? [] : validate.errors;
}

/** Lets requests, events and notifications happen, so that the lists have something to tell. */
async function live(client: Client): Promise<void> {
  const receiver = await Receiver.start();
  await client.post("client/config", {
    mdmInfo: { id: "a", name: "b", metadata: "" },
    notificationUrl: receiver.url,
    notificationAuthToken: "a-secret-of-the-receiver",
    notificationTypes: ["ASSET_MANAGEMENT", "ASSET_COUNT"],
  });
  await client.event("assets/associate", { ...WORK, serialNumbers: ["A", "B", "C"], clientUserIds: ["beat"] });
  await client.event("users/create", { users: [{ clientUserId: "anna" }] });
  await client.get("assets?pageIndex=9");
  await client.get("users?clientUserId=anna");
}

describe("simulator: schemas of the control interface", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "simulator-"));
  });
  after(() => rm(folder, { recursive: true }));
  afterEach(async () => {
    await stopAll();
    await stopReceivers();
  });

  it("describe the request and the answer of every action, and nothing that does not exist", async () => {
    const described = Object.entries(CONTROL_SCHEMAS).flatMap(([name, { definitions }]) =>
      Object.keys(definitions)
        .filter((key) => /^[A-Z]+\./.test(key))
        .map((key) => `${name} ${key}`),
    );
    const expected = Object.entries(ACTIONS).flatMap(([name, methods]) =>
      Object.keys(methods).flatMap((method) => [
        `${name} ${method}.${method === "GET" ? "query" : "body"}`,
        `${name} ${method}.answer`,
      ]),
    );
    assert.deepEqual(described.sort(), expected.sort());
    for (const each of expected) {
      const [name, key] = each.split(" ");
      assert.equal(typeof (await REQUEST_SCHEMAS.validator(`${name}#/definitions/${key}`)), "function");
    }
  });

  it("hold for the real answers of every action", async () => {
    const client = await start({
      receiverCa: RECEIVER_CA,
      library: fileOf(smallLibrary(), smallLibrary({ libraryId: "1002" })),
    });
    await live(client);
    const issue: Call = ["POST", "tokens", { action: "issue", file: join(folder, "token") }];
    const met = new Set<string>();
    for (const [method, target, body] of [issue, ...CALLS]) {
      const answer = await raw(client, method, target, body === undefined ? undefined : JSON.stringify(body));
      const name = target.split("?")[0]!;
      assert.equal(answer.status, 200, `${method} ${target}: ${answer.body.error}`);
      assert.deepEqual(
        await refusalsOf(`${name}#/definitions/${method}.answer`, answer.body),
        [],
        `${method} ${target}`,
      );
      met.add(`${method} ${name}`);
      await client.simulator.settled();
    }
    const all = Object.entries(ACTIONS).flatMap(([name, methods]) =>
      Object.keys(methods).map((each) => `${each} ${name}`),
    );
    assert.deepEqual([...met].sort(), all.sort());
  });

  it("hold for what is refused, too", async () => {
    const client = await start();
    for (const [method, name] of [
      ["GET", "nothing"],
      ["POST", "state"],
      ["POST", "holder"],
    ] as const) {
      const { status, body } = await raw(client, method, name);
      assert.ok(status >= 400);
      assert.deepEqual(await refusalsOf("common#/definitions/error", body), []);
    }
  });

  it("would notice a field that is not described, and one that lacks", async () => {
    const client = await start();
    const { body } = await raw(client, "GET", "clock");
    const address = "clock#/definitions/GET.answer";
    assert.notDeepEqual(await refusalsOf(address, { ...body, more: 1 }), []);
    assert.notDeepEqual(await refusalsOf(address, { now: body.now }), []);
  });
});
