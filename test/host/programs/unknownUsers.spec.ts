import assert from "node:assert/strict";
import { describeInside } from "../../support/insideStack";
import { bindHq, js } from "../../support/trial";

const keynote = "361285480";
const asset = { adamId: keynote, pricingParam: "STDQ" };

for (const reading of ["sync", "async", "mixed"] as const) {
  describeInside(
    `a licence for somebody whom the service does not know, where it answers ${reading}`,
    (trial) => {
      const licensed = (ids: readonly string[]): string =>
        `${bindHq} new vpp.VppAssignment("apps", { token, apps: ["${keynote}"], clientUserIds: ${js(ids)} });`;

      it("is refused before anything is assigned, by id", async () => {
        await trial.world.act("users", { action: "create", users: [{ clientUserId: "ada" }] });
        trial.stack.program(licensed(["ada", "nobody-at-all"]));
        for (const { text } of [await trial.stack.failingPreview(), await trial.stack.failingUp()])
          assert.match(text, /no active record of 1 user of 2 .*\(nobody-at-all\).*VPP_INPUT_UNKNOWN_USER/);
        assert.deepEqual(await trial.world.holders(keynote), []);
      });

      it("is the one that fails, when he goes later: the others get theirs, and he is named with the same code", async () => {
        const users = ["ada", "bob", "eve"].map((clientUserId) => ({ clientUserId }));
        await trial.world.act("users", { action: "create", users });
        trial.stack.program(licensed(["ada", "bob", "eve"]));
        await trial.stack.up();
        await trial.world.act("assignments", { action: "unassign", assets: [asset], clientUserIds: ["bob", "eve"] });
        await trial.world.act("users", { action: "retire", users: [{ clientUserId: "eve" }] });
        await trial.stack.refresh();
        const failed = await trial.stack.failingUp();
        assert.match(
          failed.text,
          /1 user of 2 got no licence: the service has no active record of them \(VPP_INPUT_UNKNOWN_USER\): eve/,
        );
        assert.deepEqual(await trial.world.holders(keynote), ["ada", "bob"]);
        assert.equal(trial.stack.outputs("apps").missingCount, 1);
        await trial.world.act("users", { action: "create", users: [{ clientUserId: "eve" }] });
        await trial.stack.up();
        assert.deepEqual(await trial.world.holders(keynote), ["ada", "bob", "eve"]);
      });
    },
    { readings: { "9609": reading } },
  );
}
