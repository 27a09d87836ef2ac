import assert from "node:assert/strict";
import { TestStack } from "../support/stack";
import { describeTrials, js } from "../support/trial";
import { serials } from "../support/world";

const keynote = "361285480";

describeTrials("two stacks on one library", (trial) => {
  let second: TestStack;

  /** Another stack, with a backend and a machine of its own. */
  const open = async (project: string): Promise<void> => {
    second = await TestStack.create(trial.engine, trial.world.env, project);
  };
  afterEach(() => second.dispose());

  const program = (devices: readonly string[], token: object = {}): string =>
    `const token = new vpp.VppToken("hq", ${js(token)});
     new vpp.VppAssignment("kiosk", { token, apps: ["${keynote}"], serialNumbers: ${js(devices)} });`;

  it("are kept apart until the second is told how, and each then gives and takes back its own alone", async () => {
    await open("other");
    trial.stack.program(program(serials(3)));
    await trial.stack.up();
    const { bindingId } = trial.stack.outputs("hq");
    second.program(program(serials(2, 100)));
    const { text } = await second.failingPreview();
    assert.match(text, /held by another stack of pulumi-vpp, “organization\/trial\/dev”/);
    assert.match(text, new RegExp(`takeOverFrom: "${String(bindingId)}"`));
    assert.doesNotMatch(text, /managedBy/);
    second.program(program(serials(2, 100), { managedBy: bindingId }));
    await second.up();
    assert.deepEqual(await trial.world.holders(keynote), [...serials(3), ...serials(2, 100)]);
    await second.destroy();
    assert.deepEqual(await trial.world.holders(keynote), serials(3));
    await trial.stack.refresh("--expect-no-changes");
  });

  it("of one name are kept apart by the preview, also when one has been renamed since, and the other's destroy takes nothing", async () => {
    await open("trial");
    trial.stack.program(program(serials(3)));
    await trial.stack.up();
    const { bindingId } = trial.stack.outputs("hq");
    second.program(program(serials(3)));
    const assertRefused = async (by: RegExp): Promise<void> => {
      for (const { text } of [await second.failingPreview(), await second.failingUp("--skip-preview")]) {
        assert.match(text, by);
        assert.match(text, new RegExp(`manage the library from there.*set takeOverFrom: "${String(bindingId)}"`));
      }
      await second.destroy();
    };
    const before = await trial.world.truth();
    await assertRefused(/bound already by a stack that has or had this name, “pulumi-vpp organization\/trial\/dev”/);
    assert.deepEqual(await trial.world.truth(), before);
    await trial.stack.rename("prod");
    trial.stack.program(program(serials(4)));
    await trial.stack.up();
    await assertRefused(/bound already by a stack that has or had this name, “pulumi-vpp organization\/trial\/prod”/);
    assert.deepEqual(await trial.world.holders(keynote), serials(4));
    assert.equal((await trial.world.truth()).mdmInfo?.id, bindingId);
    await trial.stack.refresh("--expect-no-changes");
  });
});
