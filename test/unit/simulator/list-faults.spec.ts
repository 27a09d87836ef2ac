import assert from "node:assert/strict";
import type { Body } from "./bodies";
import { type Client, control, pairTexts, raw, start, stopAll } from "./support";

const TEN = { assets: [{ adamId: "100" }], serialNumbers: ["A", "B", "C", "D", "E"] };
const fault = (client: Client, action: object, match: object = {}, times: number | "always" = 1) =>
  control(client, "faults", { match, times, action });
const page = async (client: Client, index: number): Promise<Body> =>
  (await client.get(`assignments?pageIndex=${index}`)).body;
const told = (body: Body) => [
  pairTexts(body.assignments).join(", "),
  body.size,
  body.currentPageIndex,
  body.nextPageIndex,
];

async function fivePairs(): Promise<Client> {
  const client = await start({ pageSize: 2 });
  await client.event("assets/associate", TEN);
  return client;
}

describe("simulator: faults of lists", () => {
  afterEach(stopAll);

  it("list-drop: a page lacks its first records, under one versionId, and its size counts what comes", async () => {
    const client = await fivePairs();
    await fault(client, { type: "list-drop", count: 1 }, { path: "assignments", query: { pageIndex: "1" } });
    const pages = [await page(client, 0), await page(client, 1), await page(client, 2)];
    assert.deepEqual(pages.map(told), [
      ["100 A, 100 B", 2, 0, 1],
      ["100 D", 1, 1, 2],
      ["100 E", 1, 2, undefined],
    ]);
    assert.equal(new Set(pages.map(({ versionId }) => versionId)).size, 1);
    assert.deepEqual(told(await page(client, 1)), ["100 C, 100 D", 2, 1, 2]);
  });

  it("list-empty: a page in mid-list has no records, and its size counts those that should have come", async () => {
    const client = await fivePairs();
    await fault(client, { type: "list-empty", size: "meant" }, { query: { pageIndex: "1" } });
    assert.deepEqual(told(await page(client, 0)), ["100 A, 100 B", 2, 0, 1]);
    assert.deepEqual(told(await page(client, 1)), ["", 2, 1, 2]);
    await fault(client, { type: "list-empty" }, { query: { pageIndex: "1" } });
    assert.deepEqual(told(await page(client, 1)), ["", 0, 1, 2]);
  });

  it("list-repeat: a page bears the records of the page before, and says it is the one asked for or that one", async () => {
    const client = await fivePairs();
    await fault(client, { type: "list-repeat" }, { query: { pageIndex: "1" } });
    assert.deepEqual(told(await page(client, 1)), ["100 A, 100 B", 2, 1, 2]);
    await fault(client, { type: "list-repeat", index: "repeated" }, { query: { pageIndex: "1" } });
    assert.deepEqual(told(await page(client, 1)), ["100 A, 100 B", 2, 0, 1]);
    await fault(client, { type: "list-repeat" });
    assert.deepEqual(told(await page(client, 0)), ["100 A, 100 B", 2, 0, 1]);
  });

  it("list-without: the answer lacks an app, and the next one has it again", async () => {
    const client = await fivePairs();
    await fault(client, { type: "list-without", adamId: "200" }, { path: "assets" });
    await control(client, "settings", { pageSize: 100 });
    assert.equal((await page(client, 0)).size, 5);
    const without = (await client.get("assets")).body;
    const ids = (body: Body) => body.assets.map(({ adamId }) => adamId);
    assert.deepEqual([ids(without), without.size], [["100", "300", "400", "900"], 4]);
    const all = (await client.get("assets")).body;
    assert.deepEqual(ids(all), ["100", "200", "200", "300", "400", "900"]);
    assert.equal(all.versionId, without.versionId);
  });

  it("list-without: only records that bear all values are left out, of every list", async () => {
    const client = await start();
    await client.event("assets/associate", {
      assets: [{ adamId: "100" }, { adamId: "300" }],
      serialNumbers: ["A", "B"],
    });
    await fault(client, { type: "list-without", adamId: "100", serialNumber: "A" });
    assert.deepEqual(await client.pairs(), ["100 B", "300 A", "300 B"]);
    await fault(client, { type: "list-without", adamId: "200", pricingParam: "PLUS" });
    assert.equal((await client.get("assets?adamId=200")).body.assets.length, 1);
    await fault(client, { type: "list-without", clientUserId: "anna" });
    assert.equal((await client.get("users")).body.users[0]!.clientUserId, "beat");
    await fault(client, { type: "list-without", adamId: "300" });
    assert.deepEqual((await client.get("assets?unlimited=true")).body.unlimitedAssets, []);
  });

  it("list-moved: every page of a walk bears another versionId, from which nothing has changed", async () => {
    const client = await fivePairs();
    await fault(client, { type: "list-moved" }, { path: "assignments", query: { sinceVersionId: null } }, "always");
    const pages = [await page(client, 0), await page(client, 1), await page(client, 2)];
    assert.equal(new Set(pages.map(({ versionId }) => versionId)).size, 3);
    assert.equal(pages.flatMap(({ assignments }) => assignments).length, 5);
    const since = (await client.get(`assignments?sinceVersionId=${pages[0]!.versionId}`)).body;
    assert.deepEqual([since.size, since.versionId], [0, pages[2]!.versionId]);
  });

  it("a hook on requests truly changes a list between the pages of a walk", async () => {
    const client = await fivePairs();
    const taken = { action: "unassign", assets: [{ adamId: "100" }], serialNumbers: ["A"] };
    await control(client, "hooks", {
      on: "request",
      match: { path: "assignments", query: { pageIndex: "1" } },
      do: [{ path: "assignments", body: taken }],
    });
    const pages = [await page(client, 0), await page(client, 1)];
    assert.deepEqual(pages.map(told), [
      ["100 A, 100 B", 2, 0, 1],
      ["100 D, 100 E", 2, 1, undefined],
    ]);
    assert.notEqual(pages[0]!.versionId, pages[1]!.versionId);
  });

  it("only meet lists, and leave what is refused as it is", async () => {
    const client = await fivePairs();
    await fault(client, { type: "list-empty" });
    assert.equal((await client.get("client/config")).body.uId, "1001");
    await client.event("assets/associate", { ...TEN, serialNumbers: ["F"] });
    const refused = await client.get("assets?pageIndex=9");
    assert.deepEqual([refused.status, refused.body.errorNumber, refused.body.size], [400, 9650, undefined]);
    const [entry] = (await raw(client, "GET", "faults")).body.faults;
    assert.deepEqual([entry!.seen, entry!.ran], [1, 1]);
  });

  it("event-status: the status of an event is any text once it was processed, and its work is done", async () => {
    const client = await start({ eventDelayMs: 30 });
    await fault(client, { type: "event-status", status: "ARCHIVED" }, { event: "associate" });
    const { eventId } = (await client.post("assets/associate", TEN)).body;
    assert.equal((await client.get(`status?eventId=${eventId}`)).body.eventStatus, "PENDING");
    await client.simulator.settled();
    const status = (await client.get(`status?eventId=${eventId}`)).body;
    assert.deepEqual([status.eventStatus, status.numCompleted], ["ARCHIVED", 5]);
    assert.equal((await client.pairs()).length, 5);
    assert.equal((await client.event("assets/associate", TEN)).eventStatus, "COMPLETE");
  });
});
