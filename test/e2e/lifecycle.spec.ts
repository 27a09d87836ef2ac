import assert from "node:assert/strict";
import { engines } from "../support/engines";
import { TestStack } from "../support/stack";
import { serials, World } from "../support/world";

for (const engine of engines()) {
  describe(`lifecycle on the ${engine.name}`, () => {
    let world: World;
    let stack: TestStack;

    beforeEach(async () => {
      world = await World.start();
      stack = await TestStack.create(engine, world.env);
    });

    afterEach(async () => {
      stack.dispose();
      await world.close();
    });

    it("goes up, stays unchanged without a request, and comes down again", async () => {
      stack.program(`
        const token = new vpp.VppToken("hq", { displayName: "Head office" });
        const keynote = new vpp.VppApp("keynote", { token, adamId: "361285480", minimumAvailable: 5 });
        const people = new vpp.VppUserSet("people", { token, users: [{ clientUserId: "ada", email: "ada@contoso.example" }] });
        new vpp.VppAssignment("devices", { token, apps: [keynote, "409183694"], serialNumbers: ${JSON.stringify(serials(3))} });
        new vpp.VppAssignment("people-apps", { token, apps: [keynote, "1000000001"], clientUserIds: people.clientUserIds });
      `);
      const first = await stack.preview();
      if (process.env.SHOW) console.log(first.text);
      const up = await stack.up();
      if (process.env.SHOW) console.log(up.text);
      const truth = await world.truth();
      assert.deepEqual(await world.holders("361285480"), [...serials(3), "ada"].sort());
      assert.deepEqual(await world.holders("1000000001"), ["ada"]);
      assert.equal(truth.mdmInfo?.name, "pulumi-vpp organization/trial/dev");

      await world.forget();
      await stack.preview("--expect-no-changes");
      const again = await stack.up();
      if (process.env.SHOW) console.log(again.text);
      assert.deepEqual(await world.requests(), []);

      const ref = await stack.refresh();
      if (process.env.SHOW) console.log(ref.text, (await world.requests()).map((r) => `${r.method} ${r.path} ${JSON.stringify(r.query)}`));
      const keynote = await stack.outputs("keynote");
      const asset = await world.asset("361285480");
      assert.deepEqual([keynote.assignedCount, keynote.availableCount], [asset.assignedCount, asset.availableCount]);

      const down = await stack.destroy();
      if (process.env.SHOW) console.log(down.text);
      const after = await world.truth();
      assert.deepEqual(
        after.assignments.map(({ adamId }) => adamId),
        ["1000000001"],
      );
      assert.match(after.mdmInfo?.metadata ?? "", /^released /);
      assert.deepEqual(
        after.users.map(({ status }) => status),
        ["Retired"],
      );
      assert.match(down.text, /1000000001 can't be taken back/);
    });
  });
}
