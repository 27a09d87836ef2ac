import assert from "node:assert/strict";
import { describeInside } from "../../support/insideStack";
import { bindHq, js } from "../../support/trial";
import { serials } from "../../support/world";

const keynote = "361285480";

for (const reading of ["all-or-nothing", "fill-up"] as const) {
  describeInside(
    `a rival who takes licences in mid-run, where the service answers ${reading}`,
    (trial) => {
      it("leaves the resource with what it got, names the rest, and the next up finishes", async () => {
        const rivals = ["F9FWRIVAL001", "F9FWRIVAL002"];
        trial.stack.program(
          `${bindHq} new vpp.VppAssignment("kiosk", { token, apps: ["${keynote}"], serialNumbers: ${js(serials(40))} });`,
        );
        await trial.world.act("hooks", {
          on: "associate",
          times: 1,
          do: [
            { path: "assignments", body: { action: "assign", assets: [{ adamId: keynote }], serialNumbers: rivals } },
          ],
        });
        const failed = await trial.stack.failingUp();
        assert.match(
          failed.text,
          /Keynote: 2 of 40 devices got no licence: none left \(VPP_LIMIT_NO_LICENSES, service error 9709 “[^”]+”\): F9FW000038, F9FW000039\. 38 got one\./,
        );
        assert.deepEqual(await trial.world.holders(keynote), [...serials(38), ...rivals].sort());
        const kept = trial.stack.resource("kiosk");
        assert.equal(kept.outputs?.assignedCount, 38);
        assert.equal(kept.outputs?.missingCount, 2);
        assert.equal(kept.initErrors?.length, 1);

        const again = await trial.stack.failingUp();
        assert.match(again.text, /2 of 2 devices got no licence/);
        await trial.world.act("assignments", {
          action: "unassign",
          assets: [{ adamId: keynote }],
          serialNumbers: rivals,
        });
        await trial.stack.up();
        assert.deepEqual(await trial.world.holders(keynote), serials(40));
        await trial.stack.preview("--expect-no-changes");
      });
    },
    { readings: { "9709": reading } },
  );
}

describeInside(
  "a take-back that is cut short",
  (trial) => {
    const program = (list: readonly string[]) =>
      `${bindHq} new vpp.VppAssignment("kiosk", { token, apps: ["${keynote}"], serialNumbers: ${js(list)}, maxRevocations: 40 });`;

    /** Seizes the library in mid-run, so that no further request goes out. */
    async function cutShort(): Promise<void> {
      await trial.world.act("hooks", {
        on: "disassociate",
        times: 1,
        do: [{ path: "holder", body: { mdmInfo: { id: "rival-mdm-1", name: "Rival", metadata: "rival.example" } } }],
      });
      await trial.stack.failingUp();
      const left = await trial.world.holders(keynote);
      assert.ok(left.length > 10 && left.length < 40, `${left.length} left`);
      assert.ok((trial.stack.outputs("kiosk").releasing as unknown[]).length > 0);
      const { bindingId } = trial.stack.outputs("hq");
      await trial.world.act("holder", {
        mdmInfo: { id: bindingId, name: "pulumi-vpp organization/trial/dev", metadata: "ours again" },
      });
    }

    beforeEach(async () => {
      trial.stack.program(program(serials(40)));
      await trial.stack.up();
      trial.stack.program(program(serials(10)));
    });

    it("is finished by the next up", async () => {
      await cutShort();
      await trial.stack.up();
      assert.deepEqual(await trial.world.holders(keynote), serials(10));
      await trial.stack.preview("--expect-no-changes");
    });

    it("is finished when a refresh lies between", async () => {
      await cutShort();
      await trial.stack.refresh();
      await trial.stack.up();
      assert.deepEqual(await trial.world.holders(keynote), serials(10));
      await trial.stack.preview("--expect-no-changes");
    });

    it("is finished when the program has changed again, and what is wanted back stays", async () => {
      await cutShort();
      const now = [...serials(8), ...serials(5, 35)];
      trial.stack.program(program(now));
      await trial.stack.up();
      assert.deepEqual(await trial.world.holders(keynote), now.sort());
      await trial.stack.preview("--expect-no-changes");
    });

    it("is finished by a destroy", async () => {
      await cutShort();
      await trial.stack.destroy();
      assert.deepEqual(await trial.world.holders(keynote), []);
    });
  },
  { limits: { maxSerialNumbers: 5, maxRequestPerSecond: 100_000 }, eventDelayMs: 30 },
);
