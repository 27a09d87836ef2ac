import assert from "node:assert/strict";
import { bindHq, describeTrials, js } from "../support/trial";
import { serials } from "../support/world";

const keynote = "361285480";
const kiosk = (list: readonly string[], rest = "") =>
  `${bindHq} new vpp.VppApp("keynote", { token, adamId: "${keynote}" });
   new vpp.VppAssignment("kiosk", { token, apps: ["${keynote}"], serialNumbers: ${js(list)}, ${rest} });`;
const behind = (action: "assign" | "unassign", list: readonly string[]) => ({
  action,
  assets: [{ adamId: keynote }],
  serialNumbers: list,
});

describeTrials(
  "drift",
  (trial) => {
    it("shows a licence taken away, in refresh and then in preview, and up repairs it", async () => {
      trial.stack.program(kiosk(serials(4)));
      await trial.stack.up("--skip-preview");
      await trial.world.act("assignments", behind("unassign", serials(1)));
      const drift = await trial.stack.run("refresh", "--preview-only", "--expect-no-changes");
      assert.notEqual(drift.code, 0);
      await trial.stack.refresh();
      const seen = trial.stack.outputs("kiosk");
      assert.deepEqual(seen.missing, [{ adamId: keynote, pricingParam: "STDQ", serialNumber: serials(1)[0] }]);
      assert.notEqual((await trial.stack.run("preview", "--expect-no-changes")).code, 0);
      await trial.stack.up();
      assert.deepEqual(await trial.world.holders(keynote), serials(4));
      await trial.stack.preview("--expect-no-changes");
    });

    it("is not shown for counts and dates that move by themselves", async () => {
      trial.stack.program(kiosk(serials(4)));
      await trial.stack.up("--skip-preview");
      await trial.world.act("assets", { action: "buy", adamId: keynote, count: 100 });
      await trial.world.act("assignments", { ...behind("assign", serials(3, 70)) });
      await trial.stack.expect(0, "refresh", "--preview-only", "--expect-no-changes");
      await trial.stack.refresh();
      const [seen, truth] = [trial.stack.outputs("keynote"), await trial.world.asset(keynote)];
      assert.deepEqual([seen.totalCount, seen.assignedCount, seen.availableCount], [140, 7, 133]);
      assert.deepEqual([truth.totalCount, truth.assignedCount, truth.availableCount], [140, 7, 133]);
      await trial.stack.preview("--expect-no-changes");
    });

    it("drops an app from the state that the library no longer owns", async () => {
      trial.stack.program(`${bindHq} new vpp.VppApp("scan", { token, adamId: "409183694" });`);
      await trial.stack.up("--skip-preview");
      await trial.world.act("assets", { action: "remove", adamId: "409183694" });
      await trial.stack.refresh();
      assert.throws(() => trial.stack.resource("scan"), /no resource scan/);
      assert.match((await trial.stack.failingPreview()).text, /app 409183694 \(STDQ\) is not in the library/);
    });

    it("warns, from known counts, when fewer licences are free than wanted", async () => {
      trial.stack.program(
        `${bindHq} new vpp.VppApp("keynote", { token, adamId: "${keynote}", minimumAvailable: 41 });`,
      );
      assert.match(
        (await trial.stack.up("--skip-preview")).text,
        /VppApp keynote: 40 licences are free, fewer than minimumAvailable 41/,
      );
      await trial.world.forget();
      assert.match((await trial.stack.preview("--expect-no-changes")).text, /fewer than minimumAvailable 41/);
      assert.deepEqual(await trial.world.requests(), []);
    });
  },
  { contract: "refresh" },
);
