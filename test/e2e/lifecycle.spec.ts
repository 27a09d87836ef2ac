import assert from "node:assert/strict";
import { describeTrials, js } from "../support/trial";
import { serials } from "../support/world";

describeTrials(
  "the first program",
  (trial) => {
    it("goes up, stays unchanged without a request, changes, and comes down again", async () => {
      const { world, stack } = trial;
      const program = (devices: readonly string[], people: readonly string[]) => `
        const token = new vpp.VppToken("hq", { displayName: "Head office" });
        const keynote = new vpp.VppApp("keynote", { token, adamId: "361285480", minimumAvailable: 5 });
        const people = new vpp.VppUserSet("people", { token, users: ${js(people.map((id) => ({ clientUserId: id, email: `${id}@contoso.example` })))} });
        new vpp.VppAssignment("devices", { token, apps: [keynote, "409183694"], serialNumbers: ${js(devices)} });
        new vpp.VppAssignment("people-apps", { token, apps: [keynote, "1000000001"], clientUserIds: people.clientUserIds });
      `;
      stack.program(program(serials(3), ["ada"]));
      const preview = await stack.preview();
      assert.match(preview.text, /VppAssignment devices: 3 devices added. 6 licences to assign/);
      const up = await stack.up();
      assert.match(up.text, /a book stays with its reader/);
      const truth = await world.truth();
      assert.deepEqual(await world.holders("361285480"), [...serials(3), "ada"].sort());
      assert.deepEqual(await world.holders("1000000001"), ["ada"]);
      assert.equal(truth.mdmInfo?.name, "pulumi-vpp organization/trial/dev");

      await world.forget();
      await stack.preview("--expect-no-changes");
      await stack.up();
      assert.deepEqual(await world.requests(), []);

      await stack.expect(0, "refresh", "--preview-only", "--expect-no-changes");
      await stack.refresh();
      const keynote = stack.outputs("keynote");
      const asset = await world.asset("361285480");
      assert.deepEqual([keynote.assignedCount, keynote.availableCount], [asset.assignedCount, asset.availableCount]);
      assert.deepEqual([keynote.displayName, keynote.bundleId], ["Keynote", "com.apple.Keynote"]);

      stack.program(program(serials(3, 1), ["ada", "bob"]));
      await stack.up();
      assert.deepEqual(await world.holders("361285480"), [...serials(3, 1), "ada", "bob"].sort());
      await stack.preview("--expect-no-changes");

      const down = await stack.destroy();
      const after = await world.truth();
      assert.deepEqual(new Set(after.assignments.map(({ adamId }) => adamId)), new Set(["1000000001"]));
      assert.match(after.mdmInfo?.metadata ?? "", /^released /);
      assert.ok(after.users.every(({ status }) => status === "Retired"));
      assert.match(down.text, /Field Handbook \(1000000001\) can't be revoked/);

      await stack.up("--skip-preview");
      assert.deepEqual(await world.holders("361285480"), [...serials(3, 1), "ada", "bob"].sort());
    });
  },
  { contract: "life of a stack" },
);
