import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, control, raw, send, smallLibrary, start, stateOf, stopAll } from "./support";

/** The same content as other JSON and other Base64: another order, other white space, other escapes. */
function encodedAnew(token: string): string[] {
  const content = JSON.parse(Buffer.from(token, "base64").toString("utf8")) as Record<string, string>;
  const escaped = JSON.stringify(content).replaceAll("/", "\\/").replaceAll("ü", "\\u00fc");
  const turned = JSON.stringify(Object.fromEntries(Object.entries(content).reverse()), undefined, 2);
  return [
    Buffer.from(escaped).toString("base64"),
    Buffer.from(turned).toString("base64"),
    Buffer.from(JSON.stringify(content)).toString("base64url"),
    Buffer.from(`${JSON.stringify(content)}\n`).toString("base64"),
  ];
}

describe("simulator: what clients of other makers need", () => {
  afterEach(stopAll);

  const library = { libraries: [smallLibrary({ organizationName: "Büro/Haus" })] };
  for (const [reading, errorNumber] of [
    ["text", 9622],
    ["content", undefined],
  ] as const) {
    it(`compares tokens by their ${reading}`, async () => {
      const client = await start({ library, readings: { "token-comparison": reading } });
      const anew = encodedAnew(client.simulator.token()).filter((text) => text !== client.simulator.token());
      assert.ok(anew.length >= 3);
      for (const text of anew) {
        assert.equal((await new Client(client.simulator, text).get("assets")).body.errorNumber, errorNumber);
      }
      assert.equal((await client.get("assets")).status, 200);
    });
  }

  it("takes no token of another content, however tokens are compared", async () => {
    const client = await start({ library, readings: { "token-comparison": "content" } });
    const content = JSON.parse(Buffer.from(client.simulator.token(), "base64").toString("utf8")) as object;
    for (const other of [{ ...content, orgName: "Other" }, { ...content, more: 1 }, { token: "x" }, [], null, 5]) {
      const text = Buffer.from(JSON.stringify(other)).toString("base64");
      assert.equal((await new Client(client.simulator, text).get("assets")).body.errorNumber, 9622);
    }
  });

  it("shows a token that was encoded anew as little as the token itself, and still tells when it is revoked", async () => {
    const client = await start({ library, readings: { "token-comparison": "content" } });
    const [anew] = encodedAnew(client.simulator.token());
    await client.event("users/create", { users: [{ clientUserId: `id ${anew}` }] });
    const { body } = await raw(client, "GET", "state");
    assert.equal(body.libraries[0]!.users.at(-1)!.clientUserId, "id [token]");
    await control(client, "tokens", { action: "revoke" });
    assert.equal((await new Client(client.simulator, anew).get("assets")).body.errorNumber, 9625);
  });

  const managed = { clientUserId: "dora", status: "Associated", managedAppleId: "Dora@beispiel.example" } as const;
  const people = { libraries: [smallLibrary({ users: [{ clientUserId: "anna" }, managed] })] };
  for (const [reading, found] of [
    ["ignored", ["anna", "dora"]],
    ["honoured", ["dora"]],
  ] as const) {
    it(`has users?managedAppleId= ${reading}`, async () => {
      const client = await start({ library: people, readings: { "managed-apple-id-filter": reading } });
      const ids = async (query: string) =>
        (await client.get(`users?${query}`)).body.users.map(({ clientUserId }) => clientUserId);
      assert.deepEqual(await ids("managedAppleId=dora%40beispiel.example"), found);
      assert.deepEqual(await ids("managedAppleId=nobody%40beispiel.example"), reading === "ignored" ? found : []);
      assert.deepEqual(await ids("managedAppleId="), ["anna", "dora"]);
      await control(client, "settings", { readings: { "unknown-parameter": "9602" } });
      const { body } = await client.get("users?managedAppleId=dora%40beispiel.example");
      assert.equal(body.errorNumber, reading === "ignored" ? 9602 : undefined);
      assert.equal((await client.get("assets?managedAppleId=a")).body.errorNumber, 9602);
    });
  }

  for (const [reading, last] of [
    ["uncounted", 200],
    ["counted", 429],
  ] as const) {
    it(`lets refused requests be ${reading} for the rate`, async () => {
      const client = await start({ limits: { maxRequestPerSecond: 1 }, readings: { "rate-refused": reading } });
      const begun = performance.now();
      assert.equal((await client.get("assets")).status, 200);
      await new Promise((resolve) => setTimeout(resolve, 700));
      assert.equal((await client.get("assets")).status, 429);
      await new Promise((resolve) => setTimeout(resolve, 1100 - (performance.now() - begun)));
      assert.equal((await client.get("assets")).status, last);
    });
  }

  for (const status of ["401", "200"] as const) {
    it(`answers a malformed header with ${status}, and a missing one too`, async () => {
      const { simulator } = await start({ readings: { "9722-status": status } });
      for (const init of [
        {},
        { headers: { authorization: "Basic abc" } },
        { headers: { authorization: "Bearer a b" } },
      ]) {
        const answer = await send(`${simulator.url}/mdm/v2/assets`, init);
        assert.deepEqual([answer.status, answer.body.errorNumber], [Number(status), 9722]);
      }
    });
  }

  it("issues a token and ends the older ones in one step, unless the token cannot be written", async () => {
    const folder = await mkdtemp(join(tmpdir(), "simulator-"));
    try {
      const client = await start();
      const failed = await raw(
        client,
        "POST",
        "tokens",
        JSON.stringify({ action: "renew", file: join(folder, "no", "t") }),
      );
      assert.equal(failed.status, 400);
      assert.equal((await client.get("assets")).status, 200);
      await control(client, "tokens", { action: "issue", name: "beside", file: join(folder, "beside") });
      const file = join(folder, "renewed");
      const renewed = await control(client, "tokens", { action: "renew", name: "renewed", file });
      assert.equal(renewed.file, file);
      assert.deepEqual(
        (await stateOf(client)).tokens.map(({ name, status }) => [name, status]),
        [
          ["token-1", "revoked"],
          ["token-2", "revoked"],
          ["beside", "revoked"],
          ["renewed", "active"],
        ],
      );
      assert.equal((await client.get("assets")).body.errorNumber, 9625);
      const beside = new Client(client.simulator, await readFile(join(folder, "beside"), "utf8"));
      assert.equal((await beside.get("assets")).body.errorNumber, 9625);
      assert.equal((await new Client(client.simulator, await readFile(file, "utf8")).get("assets")).status, 200);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
