import assert from "node:assert/strict";
import { describeInside } from "../../support/insideStack";
import { bindHq } from "../../support/trial";

const keynote = "361285480";

for (const reading of ["sync", "async", "mixed"] as const) {
  describeInside(
    `a licence for somebody whom the service does not know, where it answers ${reading}`,
    (trial) => {
      it("is the one that fails: the others get theirs, and its id is printed", async () => {
        await trial.world.act("users", { action: "create", users: [{ clientUserId: "ada" }, { clientUserId: "bob" }] });
        const ids = '["ada", "nobody-at-all", "bob"]';
        trial.stack.program(
          `${bindHq} new vpp.VppAssignment("apps", { token, apps: ["${keynote}"], clientUserIds: ${ids} });`,
        );
        const failed = await trial.stack.failingUp();
        assert.match(
          failed.text,
          /1 user of 3 got no licence: the service has no active record of them \(nobody-at-all\)/,
        );
        assert.deepEqual(await trial.world.holders(keynote), ["ada", "bob"]);
        assert.equal(trial.stack.outputs("apps").missingCount, 1);
        await trial.world.act("users", { action: "create", users: [{ clientUserId: "nobody-at-all" }] });
        await trial.stack.up();
        assert.deepEqual(await trial.world.holders(keynote), ["ada", "bob", "nobody-at-all"]);
      });

      it("fails as such when all of a request are unknown", async () => {
        const ids = '["nobody-at-all", "nobody-else"]';
        trial.stack.program(
          `${bindHq} new vpp.VppAssignment("apps", { token, apps: ["${keynote}"], clientUserIds: ${ids} });`,
        );
        const failed = await trial.stack.failingUp("--skip-preview");
        assert.match(failed.text, /2 users of 2 got no licence: the service has no active record of them/);
        assert.deepEqual(await trial.world.holders(keynote), []);
        assert.equal(trial.stack.outputs("apps").missingCount, 2);
      });
    },
    { readings: { "9609": reading } },
  );
}
