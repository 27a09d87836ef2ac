import assert from "node:assert/strict";
import type { CommandResult } from "../support/stack";
import { bindHq, describeTrials, js } from "../support/trial";
import { serials, type World } from "../support/world";

const keynote = "361285480";

/** A refusal is for people: no stack trace, no list, and nothing was sent that changes anything. */
async function assertRefused({ text }: CommandResult, world: World, ...expected: RegExp[]): Promise<void> {
  for (const pattern of expected) assert.match(text, pattern);
  assert.doesNotMatch(text, /^\s+at .*\.[jt]s:\d+/m);
  assert.doesNotMatch(text, /@contoso\.example/);
  const token = world.simulator.token();
  assert.ok(!text.includes(token) && !text.includes(token.slice(0, 40)));
  assert.deepEqual(
    (await world.requests()).filter(({ method }) => method === "POST"),
    [],
  );
}

describeTrials(
  "preview before the first up",
  (trial) => {
    it("refuses a library that another service holds, and names the ways out", async () => {
      await trial.world.seize();
      trial.stack.program(bindHq);
      const result = await trial.stack.failingPreview();
      await assertRefused(
        result,
        trial.world,
        /Rival Device Management/,
        /takeOverFrom: "rival-mdm-1"/,
        /managedBy: "rival-mdm-1"/,
      );
    });

    it("refuses a pair that is declared twice, and names both resources", async () => {
      trial.stack.program(`${bindHq}
      new vpp.VppAssignment("first", { token, apps: ["${keynote}"], serialNumbers: ${js(serials(300))} });
      new vpp.VppAssignment("second", { token, apps: ["${keynote}"], serialNumbers: ${js(serials(300, 299))} });
    `);
      const result = await trial.stack.failingPreview();
      await assertRefused(
        result,
        trial.world,
        /declared twice: here and in VppAssignment (first|second)/,
        /F9FW000299/,
      );
      assert.ok(result.text.length < 5000);
    });

    it("refuses bad input with every fault at once, by its place", async () => {
      trial.stack.program(`${bindHq}
      new vpp.VppAssignment("bad", { token, apps: ["${keynote}", "x"], serialNumbers: ["C0", "F9FW000001", " f9fw000001"], maxRevocations: -1 });
    `);
      await assertRefused(
        await trial.stack.failingPreview(),
        trial.world,
        /serialNumbers\[0\] must be 8 to 14 letters or digits, got "C0"/,
        /serialNumbers\[2\] repeats serialNumbers\[1\]/,
        /apps\[1\]\.adamId must be/,
        /maxRevocations must be a whole number, 0 or more, got -1/,
      );
    });
  },
  { contract: "notes and refusals" },
);
