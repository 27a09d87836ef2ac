import assert from "node:assert/strict";
import { TestStack } from "../support/stack";
import { describeTrials, js } from "../support/trial";
import { serials } from "../support/world";

const keynote = "361285480";

describeTrials("two stacks on one library", (trial) => {
  let second: TestStack;

  beforeEach(async () => {
    second = await TestStack.create(trial.engine, trial.world.env, "other");
  });
  afterEach(() => second.dispose());

  const program = (devices: readonly string[], token: object = {}): string =>
    `const token = new vpp.VppToken("hq", ${js(token)});
     new vpp.VppAssignment("kiosk", { token, apps: ["${keynote}"], serialNumbers: ${js(devices)} });`;

  it("are kept apart until the second is told how, and each then gives and takes back its own alone", async () => {
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
});
