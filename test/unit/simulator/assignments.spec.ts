import assert from "node:assert/strict";
import { control, fileOf, pairTexts, smallLibrary, start, stopAll } from "./support";

const GIVEN = fileOf(
  smallLibrary({
    assignments: [
      { adamId: "100", serialNumbers: ["SN1", "SN2"], clientUserIds: ["anna"] },
      { adamId: "200", pricingParam: "PLUS", serialNumbers: ["SN1"] },
      { adamId: "200", serialNumbers: ["SN2"] },
      { adamId: "900", clientUserIds: ["beat", "carl"] },
    ],
  }),
);

describe("simulator: assignments", () => {
  afterEach(stopAll);

  const filters: [string, string[]][] = [
    ["", ["100 anna", "100 SN1", "100 SN2", "200/PLUS SN1", "200 SN2", "900 beat", "900 carl"]],
    ["?adamId=100", ["100 anna", "100 SN1", "100 SN2"]],
    ["?adamId=200", ["200 SN2", "200/PLUS SN1"]],
    ["?adamId=200&pricingParam=PLUS", ["200/PLUS SN1"]],
    ["?pricingParam=PLUS", ["200/PLUS SN1"]],
    ["?serialNumber=SN1", ["100 SN1", "200/PLUS SN1"]],
    ["?serialNumber=sn1", []],
    ["?serialNumber=SN1&adamId=100", ["100 SN1"]],
    ["?clientUserId=anna", ["100 anna"]],
    ["?clientUserId=anna&serialNumber=SN1", []],
    ["?clientUserId=carl", ["900 carl"]],
    ["?clientUserId=carl&excludeInactiveUsers=true", []],
    ["?excludeInactiveUsers=true&adamId=900", ["900 beat"]],
    ["?excludeInactiveUsers=false&adamId=900", ["900 beat", "900 carl"]],
    ["?adamId=555", []],
  ];
  for (const [query, expected] of filters) {
    it(`lists ${query === "" ? "everything without a filter" : `what ${query} asks for`}`, async () => {
      const client = await start({ library: GIVEN });
      assert.deepEqual(await client.pairs(query), expected);
    });
  }

  it("names either a device or a user, and the user's state only when asked", async () => {
    const client = await start({ library: GIVEN });
    const plain = (await client.get("assignments?adamId=900")).body.assignments;
    assert.deepEqual(plain[0], { adamId: "900", pricingParam: "STDQ", clientUserId: "beat" });
    const { body } = await client.get("assignments?includeUserState=true");
    const rows = body.assignments;
    const beat = rows.find((row) => row.clientUserId === "beat");
    assert.equal(beat?.userStatus, "Associated");
    assert.match(beat?.idHash ?? "", /^[A-Za-z0-9+/]{27}=$/);
    assert.equal(rows.find((row) => row.clientUserId === "carl")?.userStatus, "Retired");
    assert.deepEqual(Object.keys(rows.find((row) => row.serialNumber === "SN1")!).sort(), [
      "adamId",
      "pricingParam",
      "serialNumber",
    ]);
  });

  it("gives an empty list for a user nobody ever had, or 9609 in the other reading", async () => {
    const client = await start({ library: GIVEN });
    assert.deepEqual((await client.get("assignments?clientUserId=zoe")).body.assignments, []);
    await control(client, "settings", { readings: { "unknown-user-filter": "9609" } });
    const refused = await client.get("assignments?clientUserId=zoe");
    assert.deepEqual([refused.status, refused.body.errorNumber], [400, 9609]);
    assert.equal((await client.get("users?clientUserId=zoe")).body.errorNumber, 9609);
    assert.equal((await client.get("assignments?clientUserId=carl")).status, 200);
  });

  it("cuts pages that together hold everything once, in a stable order", async () => {
    const client = await start({ library: GIVEN, pageSize: 3 });
    const pages = await Promise.all(
      [0, 1, 2].map(async (index) => (await client.get(`assignments?pageIndex=${index}`)).body),
    );
    assert.deepEqual(
      pages.map((page) => [page.currentPageIndex, page.nextPageIndex, page.size, page.totalPages]),
      [
        [0, 1, 3, 3],
        [1, 2, 3, 3],
        [2, undefined, 1, 3],
      ],
    );
    assert.equal(new Set(pages.map((page) => page.versionId)).size, 1);
    const all = pages.flatMap((page) => pairTexts(page.assignments));
    await control(client, "settings", { pageSize: 1000 });
    assert.deepEqual(all, await client.pairs());
  });

  it("pages a filtered read too, across assets", async () => {
    const client = await start({ library: GIVEN, pageSize: 1 });
    const first = (await client.get("assignments?adamId=200")).body;
    const second = (await client.get("assignments?adamId=200&pageIndex=1")).body;
    assert.deepEqual([first.totalPages, first.nextPageIndex, second.nextPageIndex], [2, 1, undefined]);
    assert.deepEqual(pairTexts([...first.assignments, ...second.assignments]), ["200 SN2", "200/PLUS SN1"]);
  });

  for (const index of [3, -1, 1000000]) {
    it(`refuses page ${index} of three with 9650`, async () => {
      const client = await start({ library: GIVEN, pageSize: 3 });
      const { status, body } = await client.get(`assignments?pageIndex=${index}`);
      assert.deepEqual([status, body.errorNumber], [400, 9650]);
    });
  }

  it("gives a new version in the middle of a read when data changes, and reading on works", async () => {
    const client = await start({ library: GIVEN, pageSize: 3 });
    const first = (await client.get("assignments")).body;
    await control(client, "assignments", { action: "assign", assets: [{ adamId: "300" }], serialNumbers: ["SN9"] });
    const second = (await client.get("assignments?pageIndex=1")).body;
    assert.notEqual(second.versionId, first.versionId);
    assert.equal(second.totalPages, 3);
    const last = (await client.get("assignments?pageIndex=2")).body;
    assert.deepEqual(pairTexts(last.assignments as []), ["900 carl", "300 SN9"]);
  });

  it("lists since a version what was given since, each pair once, and nothing when nothing was", async () => {
    const client = await start({ library: GIVEN });
    const since = (await client.get("assignments")).body.versionId;
    const unchanged = (await client.get(`assignments?sinceVersionId=${since}`)).body;
    assert.deepEqual([unchanged.assignments, unchanged.versionId], [[], since]);
    await client.event("assets/associate", { assets: [{ adamId: "300" }], serialNumbers: ["SN1", "SN2"] });
    await client.event("assets/disassociate", { assets: [{ adamId: "300" }], serialNumbers: ["SN1"] });
    await client.event("assets/disassociate", { assets: [{ adamId: "100" }], serialNumbers: ["SN1"] });
    await client.event("assets/associate", { assets: [{ adamId: "300" }], serialNumbers: ["SN1"] });
    const { body } = await client.get(`assignments?sinceVersionId=${since}`);
    assert.deepEqual(pairTexts(body.assignments), ["300 SN2", "300 SN1"]);
    assert.notEqual(body.versionId, since);
    assert.deepEqual(await client.pairs(`?sinceVersionId=${since}&serialNumber=SN1`), ["300 SN1"]);
    await control(client, "settings", { readings: { "delta-removals": "listed" } });
    assert.deepEqual(await client.pairs(`?sinceVersionId=${since}`), ["300 SN2", "100 SN1", "300 SN1"]);
  });

  it("pages a delta", async () => {
    const client = await start({ pageSize: 2 });
    const since = (await client.get("assignments")).body.versionId;
    await client.event("assets/associate", { assets: [{ adamId: "300" }], serialNumbers: ["A", "B", "C"] });
    const first = (await client.get(`assignments?sinceVersionId=${since}`)).body;
    const second = (await client.get(`assignments?sinceVersionId=${since}&pageIndex=${first.nextPageIndex}`)).body;
    assert.deepEqual(pairTexts([...first.assignments, ...second.assignments]), ["300 A", "300 B", "300 C"]);
  });

  it("refuses a version it never gave out, or gave out for another endpoint, with 9721", async () => {
    const client = await start({ library: GIVEN });
    const users = (await client.get("users")).body.versionId;
    for (const since of ["abc", users]) {
      const { status, body } = await client.get(`assignments?sinceVersionId=${since}`);
      assert.deepEqual([status, body.errorNumber], [400, 9721]);
    }
  });
});
