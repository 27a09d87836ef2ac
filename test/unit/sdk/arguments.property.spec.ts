import assert from "node:assert/strict";
import fc from "fast-check";
import type { PlanLine } from "../../../provider/plan/planLines";
import * as vpp from "../../../sdk";
import { runs } from "../../support/runs";
import { readLedger, run } from "./run";

const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    true,
    0,
    1.5,
    "",
    "ada",
    "F9FW000001",
    "uninstall",
    [],
    {},
    [null],
    [[]],
    [{}],
    ["F9FW000001", 7],
  ),
  fc.constantFrom<unknown>([{ clientUserId: "ada" }, null], [{ clientUserId: 7 }], [{ adamId: 361285480 }], {
    libraryId: 1,
    contentTokenKey: {},
    bindingId: [],
  }),
  fc.jsonValue({ maxDepth: 2 }),
);
const names =
  "token adamId pricingParam minimumAvailable users reclaim apps serialNumbers clientUserIds intent exclusive contentTokenKey managedBy appleAccount".split(
    " ",
  );
const args = fc.record(Object.fromEntries(names.map((name) => [name, odd])), { requiredKeys: [] });

const isText = (value: unknown): boolean => typeof value === "string";
const isTexts = (value: unknown): boolean => value === undefined || (Array.isArray(value) && value.every(isText));

/** What the provider's side relies on. */
function assertLine(line: PlanLine): void {
  if (line.t === "run" || line.t === "end" || line.t === "recorded") return;
  assert.ok(isText(line.key) && isText(line.entry) && isText(line.name), JSON.stringify(line));
  if (line.t === "userSet") assert.ok(isTexts(line.users), JSON.stringify(line));
  if (line.t !== "assignment") return;
  assert.ok(
    isTexts(line.serialNumbers) && isTexts(line.clientUserIds) && line.apps.every(isTexts),
    JSON.stringify(line),
  );
  assert.ok(
    ["required", "uninstall"].includes(line.intent) && typeof line.exclusive === "boolean",
    JSON.stringify(line),
  );
}

describe("sdk", () => {
  describe("given anything at all by a program in plain JavaScript", () => {
    it("registers it all the same, for the provider to say what is wrong, and plans only what is sound", async () => {
      const property = fc.asyncProperty(args, async (given) => {
        const ran = await run(() => [
          new vpp.VppToken("token", given),
          new vpp.VppApp("app", given as unknown as vpp.VppAppArgs),
          new vpp.VppUserSet("users", given as unknown as vpp.VppUserSetArgs),
          new vpp.VppAssignment("assignment", given as unknown as vpp.VppAssignmentArgs),
        ]);
        assert.deepEqual([...ran.registered.keys()].sort(), ["app", "assignment", "token", "users"]);
        for (const line of readLedger(ran.file)) assertLine(line);
      });
      await fc.assert(property, runs(60));
    }).timeout(0);
  });
});
