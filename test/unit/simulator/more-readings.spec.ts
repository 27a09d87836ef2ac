import assert from "node:assert/strict";
import { Client, control, fileOf, send, smallLibrary, start, stopAll } from "./support";

const MARK = { id: "a", name: "b", metadata: "c" };
const TWO_TOKENS = fileOf(smallLibrary({ tokens: [{ name: "one" }, { name: "two" }] }));
const second = (client: Client) => new Client(client.simulator, client.simulator.token("1001", "two"));

describe("simulator: more open questions", () => {
  afterEach(stopAll);

  for (const [reading, seen] of [
    ["library", "a"],
    ["token", undefined],
  ] as const) {
    it(`keeps the mark per ${reading}`, async () => {
      const client = await start({ library: TWO_TOKENS, readings: { "mdm-info-scope": reading } });
      const { body } = await client.post("client/config", { mdmInfo: MARK });
      assert.deepEqual(body.mdmInfo, MARK);
      assert.deepEqual((await client.get("assets")).body.mdmInfo, MARK);
      assert.equal((await second(client).get("assets")).body.mdmInfo?.id, seen);
    });
  }

  it("can send a field that is not documented", async () => {
    const fields = async (client: Client) => Object.keys((await client.get("client/config")).body);
    const documented = await fields(await start());
    const more = await fields(await start({ readings: { "apn-token": "sent" } }));
    assert.deepEqual(
      more.filter((name) => !documented.includes(name)),
      ["apnToken"],
    );
  });

  for (const [reading, status] of [
    ["9602", 400],
    ["accepted", 200],
  ] as const) {
    it(`answers a write without a body with ${status} in the reading "${reading}"`, async () => {
      const client = await start({ readings: { "empty-body": reading } });
      assert.equal((await client.post("client/config", "")).status, status);
      assert.equal((await client.post("client/config", "{")).status, 400);
    });
  }

  for (const [reading, held, answer] of [
    ["kept", ["100 sn1", "100 SN1"], 200],
    ["capitals", ["100 SN1"], 400],
  ] as const) {
    it(`keeps serial numbers ${reading === "kept" ? "as they were given" : "in capital letters"}`, async () => {
      const client = await start({ readings: { "serial-case": reading } });
      const body = { assets: [{ adamId: "100" }], serialNumbers: ["sn1"] };
      await client.event("assets/associate", body);
      const pair = { action: "assign", ...body, serialNumbers: ["SN1"] };
      await control(client, "assignments", pair);
      assert.deepEqual(await client.pairs(), held);
      assert.deepEqual(await client.pairs("?serialNumber=sn1"), [held[0]]);
      const twice = await client.post("assets/disassociate", { ...body, serialNumbers: ["sn1", "SN1"] });
      assert.deepEqual([twice.status, twice.body.errorNumber], [answer, answer === 400 ? 9705 : undefined]);
    });
  }

  it("can let retired users fail later instead of refusing them", async () => {
    const client = await start({ readings: { "retired-user": "later", "9609": "sync" } });
    const body = { assets: [{ adamId: "100" }], clientUserIds: ["carl"] };
    const status = await client.event("assets/associate", body);
    assert.deepEqual([status.eventStatus, status.failures[0]!.errorNumber], ["FAILED", 9609]);
    assert.equal((await client.post("assets/associate", { ...body, clientUserIds: ["zoe"] })).body.errorNumber, 9609);
  });

  it("can let retired users retire again", async () => {
    const client = await start({ readings: { "retire-retired": "success", "9609": "mixed" } });
    const status = await client.event("users/retire", { users: [{ clientUserId: "carl" }] });
    assert.deepEqual([status.eventStatus, status.numCompleted], ["COMPLETE", 1]);
    assert.equal((await client.get("users?clientUserId=carl")).body.users.length, 1);
    assert.equal((await client.post("users/retire", { users: [{ clientUserId: "zoe" }] })).body.errorNumber, 9609);
  });

  it("can keep the revocable licences of users who retire", async () => {
    const client = await start({ readings: { "retire-licences": "kept" } });
    await client.event("assets/associate", { assets: [{ adamId: "100" }], clientUserIds: ["anna"] });
    await client.event("users/retire", { users: [{ clientUserId: "anna" }] });
    assert.deepEqual(await client.pairs(), ["100 anna"]);
    const { assignedCount, retiredCount, availableCount } = await client.asset("100");
    assert.deepEqual([assignedCount, retiredCount, availableCount], [0, 1, 9]);
  });

  it("can ignore filters of reads since a version", async () => {
    const client = await start({ readings: { "delta-filters": "ignored" } });
    const given = (await client.get("assignments")).body.versionId;
    const users = (await client.get("users")).body.versionId;
    await client.event("assets/associate", { assets: [{ adamId: "100" }], serialNumbers: ["SN1"] });
    await client.event("users/create", { users: [{ clientUserId: "dora" }] });
    assert.deepEqual(await client.pairs(`?sinceVersionId=${given}&serialNumber=SN2`), ["100 SN1"]);
    const { body } = await client.get(`users?sinceVersionId=${users}&retiredOnly=true`);
    assert.deepEqual(
      body.users.map((user) => user.clientUserId),
      ["dora"],
    );
  });

  for (const [reading, found] of [
    ["complement", ["400", "900"]],
    ["ignored", ["100", "200", "200", "300", "400", "900"]],
  ] as const) {
    it(`reads deviceAssignable=false as "${reading}" when told so`, async () => {
      const client = await start({ readings: { "false-filters": reading } });
      const { body } = await client.get("assets?deviceAssignable=false");
      assert.deepEqual(
        body.assets.map((asset) => asset.adamId),
        found,
      );
      assert.equal((await client.get("assets?deviceAssignable=true")).body.assets.length, 4);
      assert.equal((await client.get("assets?revocable=false")).body.assets.length, reading === "complement" ? 1 : 6);
    });
  }

  it("can honour includeRetired=0, also where unknown parameters are refused", async () => {
    const client = await start({ readings: { "include-retired": "honoured", "unknown-parameter": "9602" } });
    assert.equal((await client.get("users?includeRetired=0")).body.users.length, 2);
    assert.equal((await client.get("users?includeRetired=1")).body.users.length, 3);
    assert.equal((await client.get("assets?includeRetired=0")).body.errorNumber, 9602);
    assert.equal((await (await start()).get("users?includeRetired=0")).body.users.length, 3);
  });

  for (const [reading, errorNumber] of [
    ["library", undefined],
    ["token", 9708],
  ] as const) {
    it(`shows the status of an event to ${reading === "library" ? "all tokens of its" : "its own"} ${reading}`, async () => {
      const client = await start({ library: TWO_TOKENS, readings: { "event-scope": reading } });
      const { eventId } = await client
        .post("assets/associate", { assets: [{ adamId: "100" }], serialNumbers: ["SN1"] })
        .then((answer) => answer.body);
      assert.equal((await client.get(`status?eventId=${eventId}`)).status, 200);
      assert.equal((await second(client).get(`status?eventId=${eventId}`)).body.errorNumber, errorNumber);
    });
  }

  for (const [reading, status] of [
    ["library", 429],
    ["token", 200],
  ] as const) {
    it(`counts requests per ${reading}`, async () => {
      const limits = { maxRequestPerSecond: 1 };
      const client = await start({ library: TWO_TOKENS, limits, readings: { "rate-scope": reading } });
      assert.equal((await client.get("assets")).status, 200);
      assert.equal((await second(client).get("assets")).status, status);
      assert.equal((await client.get("assets")).status, 429);
    });
  }

  it("can count requests by the seconds of the clock", async () => {
    const client = await start({ limits: { maxRequestPerSecond: 2 }, readings: { "rate-window": "fixed" } });
    const untilNext = (before: number) => 1000 - (performance.now() % 1000) - before;
    await new Promise((resolve) => setTimeout(resolve, (untilNext(400) + 1000) % 1000));
    const statuses = [await client.get("assets"), await client.get("assets"), await client.get("assets")];
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, untilNext(-20))));
    statuses.push(await client.get("assets"), await client.get("assets"));
    assert.deepEqual(
      statuses.map((each) => each.status),
      [200, 200, 429, 200, 200],
    );
  });

  it("can answer the errors of clients with status 200, but not a request too many", async () => {
    const client = await start({ limits: { maxRequestPerSecond: 2 }, readings: { "error-status": "200" } });
    const page = await client.get("assets?pageIndex=9");
    assert.deepEqual([page.status, page.body.errorNumber], [200, 9650]);
    await client.get("assets");
    assert.equal((await client.get("assets")).status, 429);
    const { status } = await send(`${client.simulator.url}/mdm/v2/service/config`, { method: "POST" });
    assert.equal(status, 200);
  });
});
