import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RECEIVER_CA, Receiver, stopReceivers } from "./receiver";
import { Client, control, fileOf, raw, smallLibrary, start, stateOf, stopAll } from "./support";

const TWO_LIBRARIES = fileOf(smallLibrary(), smallLibrary({ libraryId: "1002", locationName: "Bern" }));
const MARK = { id: "m-1", name: "Rival", metadata: "took over" };

describe("simulator: control interface", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "simulator-"));
  });
  after(() => rm(folder, { recursive: true }));
  afterEach(async () => {
    await stopAll();
    await stopReceivers();
  });

  it("shows the whole truth about every library", async () => {
    const client = await start({ library: TWO_LIBRARIES });
    await client.event("assets/associate", {
      assets: [{ adamId: "100" }],
      clientUserIds: ["anna"],
      serialNumbers: ["SN1"],
    });
    const { body } = await raw(client, "GET", "state");
    assert.deepEqual(
      body.libraries.map((library) => library.libraryId),
      ["1001", "1002"],
    );
    const [library] = body.libraries;
    assert.equal(library!.mdmInfo, null);
    assert.deepEqual(library!.assets[0], {
      adamId: "100",
      pricingParam: "STDQ",
      name: "Ten",
      productType: "App",
      deviceAssignable: true,
      revocable: true,
      totalCount: 10,
      assignedCount: 2,
      availableCount: 8,
      retiredCount: 0,
    });
    assert.deepEqual(library!.assignments, [
      { adamId: "100", pricingParam: "STDQ", clientUserId: "anna" },
      { adamId: "100", pricingParam: "STDQ", serialNumber: "SN1" },
    ]);
    assert.equal(library!.events[0]?.eventStatus, "COMPLETE");
    assert.equal((await raw(client, "GET", "state?library=1002&omit=users,events")).body.libraries.length, 1);
  });

  it("describes tokens and never shows their text", async () => {
    const client = await start();
    const text = client.simulator.token();
    await client.get(`assets?adamId=${encodeURIComponent(text)}`);
    await client.post("client/config", { mdmInfo: { ...MARK, name: "x" }, notificationTypes: [] });
    await client.event("users/create", { users: [{ clientUserId: text }] });
    const state = JSON.stringify((await raw(client, "GET", "state")).body);
    const requests = JSON.stringify((await raw(client, "GET", "requests?bodies=1")).body);
    const secret = (JSON.parse(Buffer.from(text, "base64").toString()) as { token: string }).token;
    for (const shown of [state, requests]) {
      assert.equal(shown.includes(text), false);
      assert.equal(shown.includes(secret), false);
    }
    const [token] = (await stateOf(client)).tokens;
    assert.equal(token!.fingerprint, createHash("sha256").update(text).digest("hex").slice(0, 12));
    assert.deepEqual([token!.name, token!.status], ["token-1", "active"]);
  });

  it("lists requests to the service with what they were about, and never a header", async () => {
    const client = await start({ receiverCa: RECEIVER_CA });
    const notificationUrl = (await Receiver.start()).url;
    await client.post("client/config", {
      mdmInfo: MARK,
      notificationUrl,
      notificationAuthToken: "s3cret",
    });
    const body = { assets: [{ adamId: "100" }], serialNumbers: ["SN1", "SN2"], clientUserIds: ["anna"] };
    const { eventId } = (await client.post("assets/associate", body)).body;
    await client.post("users/create", { users: [{ clientUserId: "dora", email: "dora@secret.example" }] });
    await client.get("assignments?pageIndex=7");
    await raw(client, "GET", "state");
    const { body: listed } = await raw(client, "GET", "requests");
    assert.deepEqual(
      listed.requests.map((each) => [each.seq, each.method, each.path.replace("/mdm/v2/", ""), each.status]),
      [
        [1, "POST", "client/config", 200],
        [2, "POST", "assets/associate", 200],
        [3, "POST", "users/create", 200],
        [4, "GET", "assignments", 400],
      ],
    );
    assert.deepEqual(listed.requests[0]!.body, { mdmInfo: MARK, notificationUrl });
    assert.deepEqual(listed.requests[1]!.body, { assets: 1, serialNumbers: 2, clientUserIds: 1, eventId });
    assert.equal(listed.requests[2]!.body?.users, 1);
    assert.deepEqual([listed.requests[3]!.errorNumber, listed.requests[3]!.query], [9650, { pageIndex: "7" }]);
    assert.equal(listed.requests[3]!.library, "1001");
    assert.equal(typeof listed.requests[3]!.durationMs, "number");
    const full = await raw(client, "GET", "requests?bodies=1&since=1");
    assert.deepEqual(full.body.requests[0]!.serialNumbers, ["SN1", "SN2"]);
    const text = JSON.stringify(full.body);
    assert.ok(text.includes("dora") && !text.includes("secret.example") && !text.includes("s3cret"));
    assert.ok(!/authorization|bearer/i.test(text));
    assert.equal((await raw(client, "DELETE", "requests")).body.deleted, 4);
    assert.deepEqual((await raw(client, "GET", "requests")).body.requests, []);
  });

  it("issues a token into a file only its owner can read, and revokes and expires tokens", async () => {
    const client = await start();
    const file = join(folder, "issued.vpptoken");
    const issued = await control(client, "tokens", { action: "issue", name: "spare", file });
    assert.equal(issued.file, file);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    const text = await readFile(file, "utf8");
    assert.equal(issued.fingerprint, createHash("sha256").update(text).digest("hex").slice(0, 12));
    const spare = new Client(client.simulator, text);
    assert.equal((await spare.get("client/config")).body.uId, "1001");
    await control(client, "tokens", { action: "expire", name: "token-1" });
    assert.equal((await client.get("assets")).body.errorNumber, 9621);
    assert.equal((await spare.get("assets")).status, 200);
    const { tokens } = await control(client, "tokens", { action: "revoke", fingerprint: issued.fingerprint });
    assert.deepEqual(
      tokens.map((token) => [token.name, token.status]),
      [["spare", "revoked"]],
    );
    assert.equal((await spare.get("assets")).body.errorNumber, 9625);
    await assert.rejects(control(client, "tokens", { action: "issue", name: "spare", file }), /already has a token/);
    await assert.rejects(
      control(client, "tokens", { action: "issue", file: join(folder, "no", "where") }),
      /could not be written .*ENOENT/,
    );
  });

  it("issues a token that expires when it is told to", async () => {
    const client = await start();
    const file = join(folder, "short.vpptoken");
    await control(client, "tokens", { action: "issue", file, expiresAt: "2001-01-01T00:00:00Z" });
    const old = new Client(client.simulator, await readFile(file, "utf8"));
    assert.equal((await old.get("assets")).body.errorNumber, 9621);
  });

  it("lets another service write its mark, and clears it", async () => {
    const client = await start({ library: TWO_LIBRARIES });
    await control(client, "holder", { mdmInfo: MARK });
    assert.deepEqual((await client.get("assets")).body.mdmInfo, MARK);
    assert.equal((await stateOf(client, "1002")).mdmInfo, null);
    await control(client, "holder", { mdmInfo: null });
    assert.equal((await client.get("assets")).body.mdmInfo, undefined);
  });

  it("buys, refunds and transfers licences", async () => {
    const client = await start({ library: TWO_LIBRARIES });
    const totals = async (library: string) =>
      (await stateOf(client, library)).assets
        .filter((asset) => asset.adamId === "100")
        .map((asset) => asset.totalCount);
    assert.equal((await control(client, "assets", { action: "buy", adamId: "100", count: 5 })).totalCount, 15);
    assert.equal((await control(client, "assets", { action: "refund", adamId: "100", count: 3 })).totalCount, 12);
    await control(client, "assets", { action: "transfer", adamId: "100", count: 2, to: "1002" });
    assert.deepEqual([await totals("1001"), await totals("1002")], [[10], [12]]);
    await control(client, "assignments", { action: "assign", assets: [{ adamId: "100" }], serialNumbers: ["SN1"] });
    await assert.rejects(control(client, "assets", { action: "refund", adamId: "100", count: 10 }), /only 9 licences/);
    await assert.rejects(control(client, "assets", { action: "refund", adamId: "300" }), /unlimited/);
    await assert.rejects(
      control(client, "assets", { action: "transfer", adamId: "100", to: "1001" }),
      /another library/,
    );
  });

  it("adds an asset and takes one away with its licences", async () => {
    const client = await start();
    await control(client, "assets", { action: "add", adamId: "777", count: 3, name: "Seven", deviceAssignable: false });
    const { assets } = (await client.get("assets?adamId=777")).body;
    assert.deepEqual([assets.length, assets[0]!.totalCount], [1, 3]);
    await assert.rejects(control(client, "assets", { action: "add", adamId: "777" }), /already owns 777/);
    await assert.rejects(control(client, "assets", { action: "add", adamId: "x" }), /adamId must consist of digits/);
    await assert.rejects(control(client, "assets", { action: "buy", adamId: "778" }), /does not own 778/);
    await control(client, "assignments", { action: "assign", assets: [{ adamId: "100" }], serialNumbers: ["SN1"] });
    await control(client, "assets", { action: "remove", adamId: "100" });
    assert.deepEqual(await client.pairs(), []);
    assert.deepEqual((await client.get("assets?adamId=100")).body.assets, []);
  });

  it("changes licences at once, all of what is asked for or nothing", async () => {
    const client = await start();
    const two = {
      assets: [{ adamId: "200" }, { adamId: "100" }],
      serialNumbers: ["SN1", "SN2"],
      clientUserIds: ["anna"],
    };
    await assert.rejects(
      control(client, "assignments", { action: "assign", ...two }),
      /has 2 licences available, not 3/,
    );
    assert.deepEqual(await client.pairs(), []);
    const given = await control(client, "assignments", { action: "assign", ...two, clientUserIds: [] });
    assert.deepEqual([given.changed, given.unchanged], [4, 0]);
    const back = await control(client, "assignments", { action: "unassign", ...two });
    assert.deepEqual([back.changed, back.unchanged], [4, 2]);
    const book = { assets: [{ adamId: "900" }], serialNumbers: ["SN1"] };
    await assert.rejects(
      control(client, "assignments", { action: "assign", ...book }),
      /cannot be assigned to devices/,
    );
    await assert.rejects(
      control(client, "assignments", { action: "assign", assets: [{ adamId: "100" }], clientUserIds: ["carl"] }),
      /no active user "carl"/,
    );
  });

  it("creates, updates and retires users at once", async () => {
    const client = await start();
    const { users } = await control(client, "users", { action: "create", users: [{ clientUserId: "dora" }] });
    assert.equal(users[0]!.status, "Registered");
    await control(client, "users", { action: "update", users: [{ clientUserId: "dora", email: "d@x.example" }] });
    const retired = await control(client, "users", { action: "retire", users: [{ clientUserId: "dora" }] });
    assert.deepEqual([retired.users[0]!.status, retired.users[0]!.email], ["Retired", "d@x.example"]);
    await assert.rejects(
      control(client, "users", { action: "create", users: [{ clientUserId: "anna" }] }),
      /already an active user .*anna/,
    );
  });

  it("moves the time", async () => {
    const client = await start();
    assert.equal((await control(client, "clock", { advanceSeconds: 3600 })).offsetSeconds, 3600);
    const set = await control(client, "clock", { now: "2031-01-01T00:00:00Z" });
    assert.match(set.now, /^2031-01-01T00:00:0/);
    assert.match((await raw(client, "GET", "clock")).body.now, /^2031-01-01T00:00:0/);
    await assert.rejects(control(client, "clock", {}), /an object with either advanceSeconds or now/);
  });

  it("changes settings while it runs", async () => {
    const client = await start();
    const changed = await control(client, "settings", { eventDelayMs: 70, readings: { "9709": "fill-up" } });
    assert.deepEqual([changed.eventDelayMs, changed.readings["9709"]], [70, "fill-up"]);
    const begun = performance.now();
    await client.event("assets/associate", { assets: [{ adamId: "100" }], serialNumbers: ["SN1"] });
    assert.ok(performance.now() - begun >= 65);
    await assert.rejects(control(client, "settings", { readings: { "9709": "maybe" } }), /all-or-nothing or fill-up/);
    await assert.rejects(control(client, "settings", { limits: { maxCats: 1 } }), /no limit named "maxCats"/);
  });

  it("can be switched off, and can still be used in the process", async () => {
    const client = await start({ control: false });
    assert.equal((await raw(client, "GET", "state")).status, 404);
    assert.equal((await stateOf(client)).libraryId, "1001");
  });
});
