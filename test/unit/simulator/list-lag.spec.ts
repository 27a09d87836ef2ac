import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, control, fileOf, smallLibrary, start, stateOf, stopAll } from "./support";

const LONG = 600_000;
const give = (...serialNumbers: string[]) => ({ assets: [{ adamId: "100" }], serialNumbers });
const held = async (client: Client, query = "") => [...(await client.pairs(query))];
const idsOf = async (client: Client, query = "") =>
  (await client.get(`users${query}`)).body.users.map(({ clientUserId, status }) => `${clientUserId} ${status}`);
const catchUp = (client: Client) => new Promise((resolve) => setTimeout(resolve, 260)).then(() => client);

describe("simulator: lists that lag", () => {
  afterEach(stopAll);

  it("show a write at once when they do not", async () => {
    const client = await start();
    assert.equal((await client.event("assets/associate", give("A"))).eventStatus, "COMPLETE");
    assert.deepEqual(await held(client), ["100 A"]);
    assert.equal((await client.asset("100")).assignedCount, 1);
  });

  it("show licences so many ms after the event is COMPLETE, while counts are true", async () => {
    const client = await start();
    await client.event("assets/associate", give("A", "B"));
    await control(client, "settings", { lagMs: { assignments: 250 } });
    assert.equal((await client.event("assets/associate", give("C"))).eventStatus, "COMPLETE");
    assert.equal((await client.event("assets/disassociate", give("A"))).eventStatus, "COMPLETE");
    assert.deepEqual(await held(client), ["100 A", "100 B"]);
    assert.equal((await client.asset("100")).assignedCount, 2);
    assert.deepEqual(
      (await stateOf(client)).assignments.map(({ serialNumber }) => serialNumber),
      ["B", "C"],
    );
    await catchUp(client);
    assert.deepEqual(await held(client), ["100 B", "100 C"]);
  });

  it("show counts so many ms after the event is COMPLETE, while licences are true", async () => {
    const client = await start({ lagMs: { assets: 250 } });
    const before = await client.asset("100");
    await client.event("assets/associate", give("A", "B"));
    await control(client, "assets", { action: "buy", adamId: "100", count: 5 });
    assert.deepEqual(await held(client), ["100 A", "100 B"]);
    assert.deepEqual(await client.asset("100"), before);
    assert.equal((await client.get("assets?adamId=100&minAssignedCount=1")).body.assets.length, 0);
    await catchUp(client);
    const { assignedCount, availableCount, totalCount } = await client.asset("100");
    assert.deepEqual([assignedCount, availableCount, totalCount], [2, 13, 15]);
  });

  it("show users as they were", async () => {
    const client = await start({ lagMs: { users: 250 } });
    const before = await idsOf(client);
    await client.event("users/create", { users: [{ clientUserId: "dora" }] });
    await client.event("users/retire", { users: [{ clientUserId: "anna" }] });
    assert.deepEqual(await idsOf(client), before);
    assert.deepEqual(await idsOf(client, "?clientUserId=anna"), ["anna Registered"]);
    assert.deepEqual(await idsOf(client, "?clientUserId=dora"), []);
    assert.deepEqual(await idsOf(client, "?activeOnly=true"), ["anna Registered", "beat Associated"]);
    await catchUp(client);
    assert.deepEqual(await idsOf(client), ["anna Retired", "beat Associated", "carl Retired", "dora Registered"]);
  });

  it("hold for every filter, in the usual order", async () => {
    const client = await start();
    const plus = { adamId: "200", pricingParam: "PLUS" };
    const assign = (action: string, ...serialNumbers: string[]) =>
      control(client, "assignments", { action, assets: [plus, { adamId: "200" }], serialNumbers });
    await assign("assign", "A", "B");
    const before = await held(client, "?adamId=200");
    assert.deepEqual(before, ["200 A", "200 B", "200/PLUS A", "200/PLUS B"]);
    await control(client, "settings", { lagMs: { assignments: LONG } });
    await assign("unassign", "A");
    await control(client, "assignments", { action: "assign", assets: [plus], serialNumbers: ["C"] });
    assert.deepEqual(await held(client, "?adamId=200"), before);
    assert.deepEqual(await held(client, "?pricingParam=PLUS"), ["200/PLUS A", "200/PLUS B"]);
    assert.deepEqual(await held(client, "?serialNumber=A"), ["200/PLUS A", "200 A"]);
    assert.deepEqual(await held(client, "?serialNumber=C"), []);
    assert.deepEqual(await held(client, "?excludeInactiveUsers=true&adamId=200"), before);
  });

  it("keep a licence that was given and taken back meanwhile out, and one that was taken and given in", async () => {
    const client = await start();
    await client.event("assets/associate", give("A", "B"));
    await control(client, "settings", { lagMs: { assignments: LONG } });
    await client.event("assets/associate", give("C"));
    await client.event("assets/disassociate", give("C"));
    await client.event("assets/disassociate", give("A"));
    await client.event("assets/associate", give("A"));
    assert.deepEqual(await held(client), ["100 A", "100 B"]);
  });

  it("bear the versionId of what they show, from which the changes can be read later", async () => {
    const client = await start();
    await client.event("assets/associate", give("A"));
    const { versionId } = (await client.get("assignments")).body;
    await control(client, "settings", { lagMs: { assignments: 250 } });
    await client.event("assets/associate", give("B", "C"));
    const lagging = (await client.get("assignments")).body;
    assert.deepEqual([lagging.versionId, lagging.size], [versionId, 1]);
    assert.deepEqual(await held(client, `?sinceVersionId=${versionId}`), []);
    await catchUp(client);
    const now = (await client.get(`assignments?sinceVersionId=${versionId}`)).body;
    assert.equal(now.size, 2);
    assert.notEqual(now.versionId, versionId);
  });

  it("give a versionId to what they show even when nobody read it before", async () => {
    const client = await start({ lagMs: { assignments: LONG } });
    await client.event("assets/associate", give("A"));
    const { versionId } = (await client.get("assignments")).body;
    await control(client, "settings", { lagMs: { assignments: 0 } });
    await client.event("assets/associate", give("B"));
    assert.equal((await client.get(`assignments?sinceVersionId=${versionId}`)).status, 200);
  });

  it("cut pages from what they show", async () => {
    const client = await start({ pageSize: 2 });
    await client.event("assets/associate", give("A", "B", "C"));
    await control(client, "settings", { lagMs: { assignments: LONG } });
    await client.event("assets/disassociate", give("A", "B", "C"));
    const pages = [await client.get("assignments?pageIndex=0"), await client.get("assignments?pageIndex=1")];
    assert.deepEqual(
      pages.map(({ body }) => [body.size, body.totalPages, body.nextPageIndex]),
      [
        [2, 2, 1],
        [1, 2, undefined],
      ],
    );
  });

  it("keep version ids valid in a data file", async () => {
    const folder = await mkdtemp(join(tmpdir(), "simulator-"));
    try {
      const data = join(folder, "data");
      const first = await start({ library: fileOf(smallLibrary()), data, lagMs: { assignments: LONG } });
      await first.event("assets/associate", give("A", "B"));
      const { versionId } = (await first.get("assignments")).body;
      await first.simulator.close();
      const second = await start({ data });
      assert.deepEqual(await held(second, `?sinceVersionId=${versionId}`), ["100 A", "100 B"]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
