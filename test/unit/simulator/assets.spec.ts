import assert from "node:assert/strict";
import type { AssetRow } from "./bodies";
import { control, fileOf, smallLibrary, start, stopAll } from "./support";

const keys = (rows: readonly AssetRow[]) => rows.map((row) => `${row.adamId}/${row.pricingParam}`);

describe("simulator: assets", () => {
  afterEach(stopAll);

  it("lists every asset with its counts", async () => {
    const client = await start();
    await client.event("assets/associate", { assets: [{ adamId: "100" }], serialNumbers: ["SN1", "SN2"] });
    assert.deepEqual(await client.asset("100"), {
      adamId: "100",
      assignedCount: 2,
      availableCount: 8,
      deviceAssignable: true,
      pricingParam: "STDQ",
      productType: "App",
      retiredCount: 0,
      revocable: true,
      supportedPlatforms: ["iOS"],
      totalCount: 10,
    });
  });

  it("marks an unlimited asset with the largest total, and counts what is given", async () => {
    const client = await start();
    await client.event("assets/associate", { assets: [{ adamId: "300" }], serialNumbers: ["SN1"] });
    const { totalCount, availableCount, assignedCount } = await client.asset("300");
    assert.deepEqual([totalCount, availableCount, assignedCount], [2147483647, 2147483646, 1]);
  });

  const filters: [string, string[]][] = [
    ["adamId=200", ["200/STDQ", "200/PLUS"]],
    ["adamId=200&pricingParam=PLUS", ["200/PLUS"]],
    ["adamId=555", []],
    ["productType=Book", ["900/STDQ"]],
    ["productType=App&revocable=true&deviceAssignable=false", ["400/STDQ"]],
    ["deviceAssignable=false", ["400/STDQ", "900/STDQ"]],
    ["revocable=false", ["900/STDQ"]],
    ["minAssignedCount=1", ["100/STDQ"]],
    ["minAssignedCount=3", []],
    ["maxAssignedCount=0&maxAvailableCount=3", ["200/STDQ", "200/PLUS"]],
    ["minAvailableCount=4&maxAvailableCount=5", ["400/STDQ", "900/STDQ"]],
    ["unlimited=false&deviceAssignable=true", ["100/STDQ", "200/STDQ", "200/PLUS"]],
    ["sinceVersionId=abc&adamId=100", ["100/STDQ"]],
  ];
  for (const [query, expected] of filters) {
    it(`filters by ${query}`, async () => {
      const client = await start();
      await client.event("assets/associate", { assets: [{ adamId: "100" }], serialNumbers: ["SN1", "SN2"] });
      const { body } = await client.get(`assets?${query}`);
      assert.deepEqual(keys(body.assets), expected);
      assert.equal(body.size, expected.length);
      assert.equal("unlimitedAssets" in body, false);
    });
  }

  it("lists unlimited assets apart, without totals, when asked to", async () => {
    const client = await start();
    const { body } = await client.get("assets?unlimited=true");
    assert.deepEqual(keys(body.assets), ["100/STDQ", "200/STDQ", "200/PLUS", "400/STDQ", "900/STDQ"]);
    assert.deepEqual(body.unlimitedAssets, [
      {
        adamId: "300",
        assignedCount: 0,
        deviceAssignable: true,
        pricingParam: "STDQ",
        productType: "App",
        revocable: true,
        supportedPlatforms: ["iOS"],
      },
    ]);
  });

  for (const query of [
    "productType=Song",
    "pricingParam=stdq",
    "deviceAssignable=1",
    "unlimited=yes",
    "minAssignedCount=few",
    "pageIndex=x",
  ]) {
    it(`refuses ${query} with 9602`, async () => {
      const client = await start();
      const { status, body } = await client.get(`assets?${query}`);
      assert.deepEqual([status, body.errorNumber], [400, 9602]);
    });
  }

  it("refuses undocumented parameters in the other reading, sinceVersionId among them", async () => {
    const client = await start({ readings: { "unknown-parameter": "9602" } });
    assert.equal((await client.get("assets?sinceVersionId=abc")).body.errorNumber, 9602);
    assert.equal((await client.get("users?managedAppleId=a")).body.errorNumber, 9602);
    assert.equal((await client.get("assets?adamId=100&unlimited=true")).status, 200);
  });

  it("keeps the version while nothing changes, and renews it with every change of a count", async () => {
    const client = await start();
    const version = async () => (await client.get("assets")).body.versionId;
    const first = await version();
    assert.match(first, /^[0-9a-f]{8}-[0-9a-f]{4}-1[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(await version(), first);
    await client.event("assets/associate", { assets: [{ adamId: "100" }], serialNumbers: ["SN1"] });
    const second = await version();
    assert.notEqual(second, first);
    await control(client, "assets", { action: "buy", adamId: "100", count: 5 });
    assert.notEqual(await version(), second);
  });

  it("leaves the versions of other endpoints alone", async () => {
    const client = await start();
    const versions = async () =>
      Promise.all(["assets", "assignments", "users"].map(async (path) => (await client.get(path)).body.versionId));
    const before = await versions();
    await client.event("users/create", { users: [{ clientUserId: "dora" }] });
    const after = await versions();
    assert.deepEqual(
      after.map((version, index) => version === before[index]),
      [true, true, false],
    );
  });

  it("pages an empty library as one page without records", async () => {
    const client = await start({ library: fileOf(smallLibrary({ assets: [], users: [] })) });
    const { body } = await client.get("assets");
    assert.deepEqual([body.assets, body.size, body.currentPageIndex, body.totalPages], [[], 0, 0, 1]);
    assert.equal("nextPageIndex" in body, false);
  });

  it("can leave empty lists out and count no pages", async () => {
    const client = await start({ readings: { "empty-arrays": "omitted", "empty-total-pages": "0" } });
    const { body } = await client.get("assignments");
    assert.deepEqual([body.assignments, body.totalPages, body.size], [undefined, 0, 0]);
  });
});
