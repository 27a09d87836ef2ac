import assert from "node:assert/strict";
import { bindHq, describeTrials, js, type Trial } from "../support/trial";
import { serials } from "../support/world";

const keynote = "361285480";

/** No write that takes anything away may have gone out, and no mark may have been written as released. */
async function assertNothingTaken({ world }: Trial): Promise<void> {
  const writes = (await world.requests()).filter(({ method }) => method === "POST");
  for (const { path, body } of writes) {
    assert.doesNotMatch(path, /disassociate|revoke|retire/);
    assert.doesNotMatch(body?.mdmInfo?.metadata ?? "", /^released/);
  }
}

describeTrials("a forced replacement", (trial) => {
  const urn = (name: string): string => trial.stack.resource(name).urn;

  beforeEach(async () => {
    trial.stack.program(`${bindHq}
      const people = new vpp.VppUserSet("people", { token, users: [{ clientUserId: "ada" }, { clientUserId: "bob" }] });
      new vpp.VppAssignment("kiosk", { token, apps: ["${keynote}"], serialNumbers: ${js(serials(3))}, clientUserIds: people.clientUserIds });`);
    await trial.stack.up("--skip-preview");
    await trial.world.forget();
  });

  for (const name of ["hq", "kiosk", "people"]) {
    it(`of ${name} through --target-replace changes nothing at the service at any moment`, async () => {
      const before = await trial.world.truth();
      const { text } = await trial.stack.up("--skip-preview", "--target-replace", urn(name));
      assert.match(text, /replaced/);
      await assertNothingTaken(trial);
      const after = await trial.world.truth();
      assert.deepEqual(
        [after.mdmInfo, after.assignments, after.users],
        [before.mdmInfo, before.assignments, before.users],
      );
      await trial.stack.preview("--expect-no-changes");
    });

    it(`of ${name} through taint changes nothing at the service at any moment`, async () => {
      const before = await trial.world.truth();
      await trial.stack.expect(0, "state", "taint", urn(name), "--yes");
      await trial.stack.up("--skip-preview");
      await assertNothingTaken(trial);
      const after = await trial.world.truth();
      assert.deepEqual(
        [after.mdmInfo, after.assignments, after.users],
        [before.mdmInfo, before.assignments, before.users],
      );
      await trial.stack.preview("--expect-no-changes");
    });
  }

  it("says that our own mark was there already, as a second copy of the state would find it", async () => {
    const { text } = await trial.stack.up("--skip-preview", "--target-replace", urn("hq"));
    assert.match(text, /VppToken hq: the library already bears this stack's own mark/);
  });
});
