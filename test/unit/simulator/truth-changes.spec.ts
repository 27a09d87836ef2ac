import assert from "node:assert/strict";
import type { LibraryFile } from "../../../simulator";
import { type Client, control, send, start, stateOf, stopAll } from "./support";

const LIMITED: readonly [limit: string, path: string, body: object, errorNumber: number][] = [
  ["maxAssets", "assets/associate", { assets: [{ adamId: "100" }, { adamId: "300" }], serialNumbers: ["A"] }, 9700],
  ["maxClientUserIds", "assets/associate", { assets: [{ adamId: "100" }], clientUserIds: ["anna", "beat"] }, 9701],
  ["maxSerialNumbers", "assets/disassociate", { assets: [{ adamId: "100" }], serialNumbers: ["A", "B"] }, 9702],
  ["maxRevokeClientUserIds", "assets/revoke", { clientUserIds: ["anna", "beat"] }, 9701],
  ["maxRevokeSerialNumbers", "assets/revoke", { serialNumbers: ["A", "B"] }, 9702],
  ["maxUsers", "users/create", { users: [{ clientUserId: "x" }, { clientUserId: "y" }] }, 9714],
];

const published = async (client: Client) => (await send(`${client.simulator.url}/mdm/v2/service/config`)).body.limits;

describe("simulator: limits that change in mid-run", () => {
  afterEach(stopAll);

  for (const [limit, path, body, errorNumber] of LIMITED) {
    it(`refuses ${path} over ${limit} with ${errorNumber}, whether service/config says so or not`, async () => {
      const client = await start();
      assert.equal((await client.post(path, body)).status, 200);
      const before = await published(client);
      await control(client, "settings", { enforcedLimits: { [limit]: 1 } });
      assert.deepEqual(await published(client), before);
      const silent = await client.post(path, body);
      assert.deepEqual([silent.status, silent.body.errorNumber], [400, errorNumber]);
      await control(client, "settings", { enforcedLimits: { [limit]: null }, limits: { [limit]: 1 } });
      assert.equal((await published(client))[limit], 1);
      assert.equal((await client.post(path, body)).body.errorNumber, errorNumber);
      await control(client, "settings", { limits: { [limit]: 2 } });
      assert.equal((await client.post(path, body)).status, 200);
    });
  }

  it("are changed by a hook just before a write, too", async () => {
    const client = await start();
    const smaller = { limits: { maxSerialNumbers: 1 } };
    const match = { path: "assets/associate" };
    await control(client, "hooks", { on: "request", match, do: [{ path: "settings", body: smaller }] });
    const write = { assets: [{ adamId: "100" }], serialNumbers: ["A", "B"] };
    assert.equal((await client.post("assets/associate", write)).body.errorNumber, 9702);
    assert.equal((await published(client)).maxSerialNumbers, 1);
  });
});

describe("simulator: licences refunded that somebody holds", () => {
  afterEach(stopAll);

  const five = { assets: [{ adamId: "100" }], serialNumbers: ["A", "B", "C", "D", "E"] };
  const over = async (client: Client) => {
    await client.event("assets/associate", five);
    return control(client, "assets", { action: "refund", adamId: "100", count: 8, held: true });
  };

  for (const [reading, shown] of [
    ["negative", -3],
    ["zero", 0],
  ] as const) {
    it(`leave an availableCount of ${shown} in the reading "${reading}"`, async () => {
      const client = await start({ readings: { "negative-available": reading } });
      await over(client);
      const { totalCount, assignedCount, availableCount } = await client.asset("100");
      assert.deepEqual([totalCount, assignedCount, availableCount], [2, 5, shown]);
      assert.equal((await stateOf(client)).assets[0]!.availableCount, -3);
      assert.equal(
        (await client.get("assets?maxAvailableCount=-1")).body.assets.length,
        reading === "negative" ? 1 : 0,
      );
    });
  }

  it("are only refunded when that is asked for", async () => {
    const client = await start();
    await client.event("assets/associate", five);
    const refund = control(client, "assets", { action: "refund", adamId: "100", count: 8 });
    await assert.rejects(refund, /only 5 licences are available, not 8/);
  });

  for (const reading of ["all-or-nothing", "fill-up"] as const) {
    it(`let nobody have one more in the reading "${reading}", and enough who give theirs back`, async () => {
      const client = await start({ readings: { "9709": reading } });
      await over(client);
      const more = { ...five, serialNumbers: ["A", "X"] };
      const failed = await client.event("assets/associate", more);
      assert.deepEqual([failed.numCompleted, failed.failures[0]!.errorNumber], [1, 9709]);
      await client.event("assets/disassociate", { ...five, serialNumbers: ["A", "B", "C", "D"] });
      assert.equal((await client.asset("100")).availableCount, 1);
      assert.equal((await client.event("assets/associate", { ...five, serialNumbers: ["X"] })).eventStatus, "COMPLETE");
    });
  }

  it("are in a library file, which leads to the same library again", async () => {
    const client = await start();
    const before = await over(client);
    const library = (await client.simulator.control("GET", "library")) as LibraryFile;
    assert.equal(library.libraries[0]!.assets![0]!.refundedCount, 3);
    const again = await start({ library });
    assert.deepEqual((await stateOf(again)).assets, (await stateOf(client)).assets);
    assert.equal(before.totalCount, 2);
  });
});

describe("simulator: users with a status that no page names", () => {
  afterEach(stopAll);

  const suspend = (client: Client, status = "Suspended") =>
    control(client, "users", { action: "set-status", users: [{ clientUserId: "anna", status }] });

  it("are listed with it, are not active, and keep what they hold", async () => {
    const client = await start();
    const body = { assets: [{ adamId: "100" }], clientUserIds: ["anna"] };
    await client.event("assets/associate", body);
    const { users } = await suspend(client);
    assert.equal(users[0]!.status, "Suspended");
    assert.equal((await client.get("users?clientUserId=anna")).body.users[0]!.status, "Suspended");
    for (const query of ["activeOnly=true", "retiredOnly=true"]) {
      const found = (await client.get(`users?${query}`)).body.users.map(({ clientUserId }) => clientUserId);
      assert.equal(found.includes("anna"), false, query);
    }
    const [pair] = (await client.get("assignments?includeUserState=true")).body.assignments;
    assert.deepEqual([pair!.clientUserId, pair!.userStatus], ["anna", "Suspended"]);
    assert.equal((await client.asset("100")).assignedCount, 1);
    assert.equal((await client.event("assets/associate", body)).failures[0]!.errorNumber, 9609);
  });

  it("can be made what they were", async () => {
    const client = await start();
    await suspend(client);
    await suspend(client, "Registered");
    const status = await client.event("assets/associate", { assets: [{ adamId: "100" }], clientUserIds: ["anna"] });
    assert.equal(status.eventStatus, "COMPLETE");
  });

  it("are in a library file, which leads to the same library again", async () => {
    const client = await start();
    await client.event("assets/associate", { assets: [{ adamId: "100" }], clientUserIds: ["anna"] });
    await suspend(client);
    const library = (await client.simulator.control("GET", "library")) as LibraryFile;
    assert.deepEqual(
      library.libraries[0]!.users!.map(({ status, otherStatus }) => status ?? `other ${otherStatus}`),
      ["other Suspended", "Associated", "Retired"],
    );
    const [one, other] = [await stateOf(client), await stateOf(await start({ library }))];
    assert.deepEqual([other.users, other.assignments, other.assets], [one.users, one.assignments, one.assets]);
  });
});
