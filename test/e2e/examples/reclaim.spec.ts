import assert from "node:assert/strict";
import { describeExample } from "../../support/example";

const sitemap = "1517702468";
const expenses = "1290337145";

describeExample("reclaim", (example, isLast) => {
  if (isLast)
    it("is refused by the brake with the numbers and the way, and changes nothing", async () => {
      const { world } = example();
      const before = await world.truth();
      const { text } = await example().stack.failingPreview();
      assert.match(text, /take licences from 30 targets, more than maxRevocations allows \(10\); nothing was changed/);
      assert.match(text, /If it is meant, set maxRevocations: 30 for this run\./);
      assert.deepEqual(await world.truth(), before);
      assert.ok(example().read("README.md").includes("take licences from 30 targets"));
    });

  it("takes back what the list does not name and what is to be uninstalled, once that is said to be meant", async () => {
    const { world, stack } = example();
    await example().type("pulumi config set maxRevocations 30");
    await example().type("pulumi up");
    assert.deepEqual(await world.holders(sitemap), example().column("surveyors.csv").sort());
    const shared = new Set(example().column("shared-phones.csv"));
    const holders = await world.holders(expenses);
    assert.deepEqual([holders.length, holders.filter((serial) => shared.has(serial))], [398 - 12, []]);
    assert.deepEqual(
      [(await world.asset(sitemap)).availableCount, stack.outputs("vpp-reclaim-dev").surveyorsLicensed],
      [30, 20],
    );
  });
});
