import assert from "node:assert/strict";
import { Client, control, fileOf, send, smallLibrary, start, stopAll } from "./support";

describe("simulator: tokens and the order of checks", () => {
  afterEach(stopAll);

  it("gives out tokens in Apple's format: one Base64 text of JSON with token, expDate and orgName", async () => {
    const { simulator } = await start();
    const content = JSON.parse(Buffer.from(simulator.token(), "base64").toString("utf8")) as Record<string, string>;
    assert.deepEqual(Object.keys(content), ["token", "expDate", "orgName"]);
    assert.match(content.expDate!, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000$/);
    assert.equal(content.orgName, "Beispiel AG");
  });

  const json = { "content-type": "application/json" };
  const refusals: { what: string; init: RequestInit; path?: string; status: number; errorNumber: number }[] = [
    { what: "a wrong method", init: { method: "PUT", headers: json }, status: 405, errorNumber: 9726 },
    {
      what: "a wrong method before a wrong content type",
      init: { method: "POST", body: "x" },
      path: "assets",
      status: 405,
      errorNumber: 9726,
    },
    {
      what: "a wrong content type before a missing header",
      init: { method: "POST", headers: { "content-type": "text/plain" }, body: "{}" },
      status: 415,
      errorNumber: 9727,
    },
    { what: "a missing header", init: {}, status: 401, errorNumber: 9722 },
    { what: "a malformed header", init: { headers: { authorization: "Basic abc" } }, status: 401, errorNumber: 9722 },
    {
      what: "a header of two words",
      init: { headers: { authorization: "Bearer a b" } },
      status: 401,
      errorNumber: 9722,
    },
    {
      what: "an unknown token, with status 200",
      init: { headers: { authorization: "Bearer abc" } },
      status: 200,
      errorNumber: 9622,
    },
    { what: "an unknown path", init: {}, path: "nothing", status: 404, errorNumber: 9602 },
  ];
  for (const { what, init, path = "client/config", status, errorNumber } of refusals) {
    it(`refuses ${what} with ${errorNumber}`, async () => {
      const { simulator } = await start();
      const answer = await send(`${simulator.url}/mdm/v2/${path}`, init);
      assert.equal(answer.status, status);
      assert.equal(answer.body.errorNumber, errorNumber);
      assert.equal(typeof answer.body.errorMessage, "string");
    });
  }

  it("refuses an unknown token with status 401 in the other reading", async () => {
    const { simulator } = await start({ readings: { "9622-status": "401" } });
    const answer = await send(`${simulator.url}/mdm/v2/assets`, { headers: { authorization: "Bearer abc" } });
    assert.deepEqual([answer.status, answer.body.errorNumber], [401, 9622]);
  });

  it("refuses the decoded token: the credential is the whole Base64 text", async () => {
    const { simulator } = await start();
    const content = JSON.parse(Buffer.from(simulator.token(), "base64").toString("utf8")) as { token: string };
    const answer = await new Client(simulator, content.token).get("assets");
    assert.equal(answer.body.errorNumber, 9622);
  });

  it("checks the token before the body", async () => {
    const { simulator } = await start();
    const answer = await new Client(simulator, "abc").post("assets/associate", "{");
    assert.equal(answer.body.errorNumber, 9622);
  });

  it("tells a revoked token from an expired one, revoked first", async () => {
    const client = await start();
    await control(client, "tokens", { action: "expire" });
    const expired = await client.get("assets");
    assert.deepEqual([expired.status, expired.body.errorNumber], [401, 9621]);
    await control(client, "tokens", { action: "revoke" });
    const revoked = await client.get("assets");
    assert.deepEqual([revoked.status, revoked.body.errorNumber], [401, 9625]);
  });

  it("lets tokens expire when the simulator's time passes their expiry", async () => {
    const client = await start();
    await control(client, "clock", { advanceSeconds: 364 * 86_400 });
    assert.equal((await client.get("assets")).status, 200);
    await control(client, "clock", { advanceSeconds: 2 * 86_400 });
    assert.equal((await client.get("assets")).body.errorNumber, 9621);
  });

  it("opens with each token its own library, and several tokens may open one", async () => {
    const { simulator } = await start({
      library: fileOf(
        smallLibrary({ tokens: [{ name: "one" }, { name: "two" }] }),
        smallLibrary({ libraryId: "1002", locationName: "Bern" }),
      ),
    });
    const names = await Promise.all(
      [simulator.token("1001", "one"), simulator.token("1001", "two"), simulator.token("1002")].map(async (token) => {
        const { body } = await new Client(simulator, token).get("client/config");
        return `${body.uId} ${body.locationName}`;
      }),
    );
    assert.deepEqual(names, ["1001 Zürich", "1001 Zürich", "1002 Bern"]);
  });

  it("lets a read-only token read but not manage", async () => {
    const client = await start({
      library: fileOf(smallLibrary({ tokens: [{ name: "reader", access: "read-only" }] })),
    });
    assert.equal((await client.get("assets")).status, 200);
    const refused = await client.post("assets/associate", { assets: [{ adamId: "100" }], serialNumbers: ["SN1"] });
    assert.deepEqual([refused.status, refused.body.errorNumber], [403, 9637]);
  });

  it("answers too many requests within a second with 9646, per library", async () => {
    const client = await start({
      library: fileOf(smallLibrary(), smallLibrary({ libraryId: "1002" })),
      limits: { maxRequestPerSecond: 3 },
    });
    const statuses: number[] = [];
    for (let index = 0; index < 4; index += 1) {
      statuses.push((await client.get("client/config")).status);
    }
    assert.deepEqual(statuses, [200, 200, 200, 429]);
    const refused = await client.get("client/config");
    assert.equal(refused.body.errorNumber, 9646);
    assert.equal(refused.headers.get("retry-after"), "1");
    const other = new Client(client.simulator, client.simulator.token("1002"));
    assert.equal((await other.get("client/config")).status, 200);
  });

  it("can leave Retry-After out", async () => {
    const client = await start({ limits: { maxRequestPerSecond: 1 }, readings: { "retry-after": "omitted" } });
    await client.get("client/config");
    const refused = await client.get("client/config");
    assert.deepEqual([refused.status, refused.headers.get("retry-after")], [429, null]);
  });
});
