import assert from "node:assert/strict";
import { RECEIVER_CA, Receiver, stopReceivers } from "./receiver";
import { Client, control, fileOf, smallLibrary, start, stopAll } from "./support";

const MARK = { id: "m-1", name: "Managed", metadata: "by test" };
const RECEIVER = { notificationUrl: "https://mdm.example/hook", notificationAuthToken: "s3cret" };

describe("simulator: client/config", () => {
  afterEach(async () => {
    await stopAll();
    await stopReceivers();
  });

  it("shows the library, and the mark only once it is set", async () => {
    const client = await start();
    const before = (await client.get("client/config")).body;
    assert.deepEqual(before, {
      countryISO2ACode: "CH",
      defaultPlatform: "enterprisestore",
      locationName: "Zürich",
      websiteURL: "https://business.apple.com",
      uId: "1001",
      tokenExpirationDate: before.tokenExpirationDate,
    });
    assert.match(before.tokenExpirationDate, /\+0000$/);
    assert.deepEqual((await client.post("client/config", { mdmInfo: MARK })).body, { ...before, mdmInfo: MARK });
  });

  it("bears the mark on all authenticated success answers, and not on errors", async () => {
    const client = await start();
    await client.post("client/config", { mdmInfo: MARK });
    const accepted = (await client.post("assets/associate", { assets: [{ adamId: "100" }], serialNumbers: ["SN1"] }))
      .body;
    assert.deepEqual(accepted.mdmInfo, MARK);
    for (const path of ["assets", "assignments", "users", "client/config", `status?eventId=${accepted.eventId}`]) {
      assert.deepEqual((await client.get(path)).body.mdmInfo, MARK, path);
    }
    assert.equal("mdmInfo" in (await client.get("assets?pageIndex=9")).body, false);
  });

  it("keeps one mark per library, and the last writer wins without an error", async () => {
    const client = await start({ library: fileOf(smallLibrary({ tokens: [{ name: "one" }, { name: "two" }] })) });
    const rival = new Client(client.simulator, client.simulator.token("1001", "two"));
    await client.post("client/config", { mdmInfo: MARK });
    const { status } = await rival.post("client/config", { mdmInfo: { ...MARK, id: "other" } });
    assert.equal(status, 200);
    assert.equal((await client.get("users")).body.mdmInfo.id, "other");
  });

  it("can leave the mark out of lists", async () => {
    const client = await start({ readings: { "mdm-info-in-lists": "omitted" } });
    await client.post("client/config", { mdmInfo: MARK });
    assert.equal("mdmInfo" in (await client.get("assets")).body, false);
    assert.deepEqual((await client.get("client/config")).body.mdmInfo, MARK);
  });

  it("can write an unset mark as null", async () => {
    const client = await start({ readings: { "mdm-info-unset": "null" } });
    assert.equal((await client.get("assets")).body.mdmInfo, null);
  });

  it("keeps what a request does not speak of", async () => {
    const client = await start({ receiverCa: RECEIVER_CA });
    const receiver = { ...RECEIVER, notificationUrl: (await Receiver.start()).url };
    await client.post("client/config", { mdmInfo: MARK });
    await client.post("client/config", { ...receiver, notificationTypes: ["ASSET_COUNT", "ASSET_COUNT"] });
    const { body } = await client.post("client/config", {});
    assert.deepEqual(body.mdmInfo, MARK);
    assert.equal(body.notificationUrl, receiver.notificationUrl);
    assert.equal(body.notificationAuthToken, RECEIVER.notificationAuthToken);
    assert.deepEqual(body.subscribedNotificationTypes, ["ASSET_COUNT"]);
  });

  it("clears what a request does not speak of in the other reading", async () => {
    const client = await start({ receiverCa: RECEIVER_CA, readings: { "client-config-omitted": "cleared" } });
    const notificationUrl = (await Receiver.start()).url;
    await client.post("client/config", { mdmInfo: MARK });
    const { body } = await client.post("client/config", { ...RECEIVER, notificationUrl });
    assert.equal(body.notificationUrl, notificationUrl);
    assert.equal(body.mdmInfo, undefined);
    assert.equal((await client.post("client/config", { mdmInfo: MARK })).body.notificationUrl, undefined);
  });

  it("can answer a write without location and notification token", async () => {
    const client = await start({ receiverCa: RECEIVER_CA, readings: { "client-config-answer": "reduced" } });
    const notificationUrl = (await Receiver.start()).url;
    const { body } = await client.post("client/config", { ...RECEIVER, notificationUrl, mdmInfo: MARK });
    assert.deepEqual(Object.keys(body).sort(), ["mdmInfo", "notificationUrl", "tokenExpirationDate", "uId"]);
  });

  const long = (length: number) => "x".repeat(length);
  const refusals: { what: string; body: unknown; errorNumber: number }[] = [
    { what: "a body that is not JSON", body: "{", errorNumber: 9602 },
    { what: "an empty body", body: "", errorNumber: 9602 },
    { what: "a list as body", body: [], errorNumber: 9602 },
    { what: "a mark that is a text", body: { mdmInfo: "me" }, errorNumber: 9602 },
    { what: "a mark without metadata", body: { mdmInfo: { id: "a", name: "b" } }, errorNumber: 9723 },
    { what: "a mark with a number", body: { mdmInfo: { ...MARK, id: 1 } }, errorNumber: 9602 },
    { what: "a mark with a long id", body: { mdmInfo: { ...MARK, id: long(101) } }, errorNumber: 9724 },
    { what: "a mark with a long name", body: { mdmInfo: { ...MARK, name: long(101) } }, errorNumber: 9725 },
    { what: "a mark with long metadata", body: { mdmInfo: { ...MARK, metadata: long(256) } }, errorNumber: 9713 },
    { what: "a notification URL alone", body: { notificationUrl: "https://a.example" }, errorNumber: 9710 },
    { what: "a notification token alone", body: { notificationAuthToken: "t" }, errorNumber: 9710 },
    { what: "a long URL", body: { ...RECEIVER, notificationUrl: `https://a.example/${long(500)}` }, errorNumber: 9711 },
    { what: "a long token", body: { ...RECEIVER, notificationAuthToken: long(513) }, errorNumber: 9711 },
    { what: "a URL without TLS", body: { ...RECEIVER, notificationUrl: "http://a.example" }, errorNumber: 9712 },
    { what: "a URL with a query", body: { ...RECEIVER, notificationUrl: "https://a.example/?a=1" }, errorNumber: 9712 },
    { what: "no URL at all", body: { ...RECEIVER, notificationUrl: "somewhere" }, errorNumber: 9712 },
    { what: "an unknown type", body: { notificationTypes: ["NEWS"] }, errorNumber: 9602 },
  ];
  for (const { what, body, errorNumber } of refusals) {
    it(`refuses ${what} with ${errorNumber} and changes nothing`, async () => {
      const client = await start();
      const before = (await client.get("client/config")).body;
      const answer = await client.post("client/config", body);
      assert.deepEqual([answer.status, answer.body.errorNumber], [400, errorNumber]);
      assert.deepEqual((await client.get("client/config")).body, before);
    });
  }

  it("counts characters, or bytes in the other reading", async () => {
    const mdmInfo = { ...MARK, name: "ü".repeat(100) };
    assert.equal((await (await start()).post("client/config", { mdmInfo })).status, 200);
    const strict = await start({ readings: { "length-unit": "bytes" } });
    assert.equal((await strict.post("client/config", { mdmInfo })).body.errorNumber, 9725);
  });

  for (const [reading, errorNumber, left] of [
    ["ignored", undefined, MARK],
    ["clears", undefined, undefined],
    ["9723", 9723, MARK],
  ] as const) {
    it(`reads a mark of null as "${reading}" when told so`, async () => {
      const client = await start({ readings: { "mdm-info-null": reading } });
      await client.post("client/config", { mdmInfo: MARK });
      assert.equal((await client.post("client/config", { mdmInfo: null })).body.errorNumber, errorNumber);
      assert.deepEqual((await client.get("client/config")).body.mdmInfo, left);
    });
  }

  it("can refuse empty fields of a mark", async () => {
    const mdmInfo = { ...MARK, metadata: "" };
    assert.equal((await (await start()).post("client/config", { mdmInfo })).status, 200);
    const strict = await start({ readings: { "mdm-info-empty": "9723" } });
    assert.equal((await strict.post("client/config", { mdmInfo })).body.errorNumber, 9723);
  });

  it("can show the token's expiry in its last 15 days only", async () => {
    const client = await start({ readings: { "token-expiration": "last-15-days" } });
    assert.equal((await client.get("client/config")).body.tokenExpirationDate, undefined);
    await control(client, "clock", { advanceSeconds: 351 * 86_400 });
    assert.match((await client.get("client/config")).body.tokenExpirationDate, /^\d{4}-/);
  });
});
