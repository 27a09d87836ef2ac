import assert from "node:assert/strict";
import { freshHost, type HostStack } from "../support/hostStack";
import { serials, type World } from "../support/world";

const keynote = { adamId: "361285480", pricingParam: "STDQ" };
const [first, second] = serials(2) as [string, string];

describe("numbers and ids with blanks", () => {
  let world: World;
  let stack: HostStack;
  freshHost((...made) => {
    [world, stack] = made;
  });

  const fleet = (apps: readonly object[], serialNumbers: readonly string[]): void =>
    stack.declare({ hq: ["VppToken", {}], fleet: ["VppAssignment", { apps, serialNumbers }] });

  it("are trimmed, and make no difference to a state that has them trimmed", async () => {
    fleet([keynote], [first, second]);
    await stack.up();
    fleet([{ ...keynote, adamId: "\ufeff361285480\u00a0" }], [`${first}\u200b`, ` ${second.toLowerCase()}\r`]);
    await world.forget();
    const { fleet: applied } = await stack.up();
    assert.equal(applied?.op, "same");
    assert.deepEqual(stack.kept("fleet").inputs.apps, [keynote]);
    assert.deepEqual(await world.requests(), []);
  });

  it("of apps may stand alone, as a transform writes them, and make no difference either", async () => {
    fleet([keynote], [first]);
    await stack.up();
    fleet(["361285480" as unknown as object], [first]);
    assert.equal((await stack.up()).fleet?.op, "same");
    fleet([{ adamId: "361285480" }], [first]);
    assert.equal((await stack.up()).fleet?.op, "same");
    assert.deepEqual(stack.kept("fleet").inputs.apps, [keynote]);
  });

  it("are trimmed in the plan, too: what another resource declares so is not taken back", async () => {
    fleet([keynote], [first, second]);
    await stack.up();
    stack.declare({
      hq: ["VppToken", {}],
      renamed: [
        "VppAssignment",
        { apps: [{ ...keynote, adamId: "361285480\u200b" }], serialNumbers: [`\ufeff${first}`, second] },
      ],
    });
    await stack.up();
    await stack.remove("fleet");
    assert.deepEqual(await world.holders("361285480"), [first, second]);
  });

  it("are trimmed before two of them are compared", async () => {
    fleet([keynote], [first, `${first}\ufeff`]);
    assert.match((await stack.up()).fleet?.failures[0]?.reason ?? "", /serialNumbers\[1\] repeats serialNumbers\[0\]/);
  });

  it("are trimmed in a VppApp, whose echo is what others get", async () => {
    stack.declare({ hq: ["VppToken", {}], app: ["VppApp", { adamId: "\u00a0361285480 " }] });
    await stack.up();
    assert.deepEqual([stack.kept("app").inputs.adamId, stack.outputs("app").adamId], ["361285480", "361285480"]);
  });

  it("of people are refused by place and character, unless the state has them so", async () => {
    const people = (...ids: string[]): void =>
      stack.declare({
        hq: ["VppToken", {}],
        people: ["VppUserSet", { users: ids.map((clientUserId) => ({ clientUserId })) }],
      });
    people("ada", "grace\u00a0");
    const { people: refused } = await stack.up();
    assert.equal(
      refused?.failures[0]?.reason,
      "users[1].clientUserId must have no blank at its ends and no invisible character; it holds \\u00a0 (VPP_INPUT_INVALID)",
    );
    people("ada");
    await stack.up();
    const kept = stack.kept("people");
    const users = [{ clientUserId: "ada" }, { clientUserId: "grace " }];
    kept.inputs = { ...kept.inputs, users };
    people("ada", "grace ", "linus");
    assert.deepEqual((await stack.up()).people?.failures, []);
  });
});
