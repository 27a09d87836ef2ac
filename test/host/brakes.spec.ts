import assert from "node:assert/strict";
import type { Data } from "../support/hostProcess";
import { freshHost, type HostStack } from "../support/hostStack";
import { serials, type World } from "../support/world";

const keynote = { adamId: "361285480", pricingParam: "STDQ" };
const dockscan = { adamId: "409183694", pricingParam: "STDQ" };

describe("brakes", () => {
  let world: World;
  let stack: HostStack;

  freshHost((...fresh) => {
    [world, stack] = fresh;
  });

  const declare = (it: Data): void => stack.declare({ hq: ["VppToken", {}], it: ["VppAssignment", it] });
  const fleet = (count: number, more: Data = {}): Data => ({ apps: [keynote], serialNumbers: serials(count), ...more });
  const give = (...serialNumbers: string[]): Promise<void> =>
    world.act("assignments", { action: "assign", assets: [keynote], serialNumbers });

  /** The refusal that a preview shows: check and diff, and nothing after them. Not one write goes out. */
  async function refusal(it: Data): Promise<string> {
    declare(it);
    await stack.begin();
    await world.forget();
    await stack.check("hq");
    const { inputs, failures } = await stack.check("it");
    let text = failures.map(({ reason }) => reason).join("\n");
    if (text === "" && stack.has("it")) {
      text = await stack.host.diff("VppAssignment", stack.kept("it"), inputs).then(() => "", String);
    }
    assert.ok((await world.requests()).every(({ method }) => method === "GET"));
    return text;
  }

  const refused = (count: number, of: number, limit: number): RegExp =>
    new RegExp(
      `would take licences from ${count} targets${count > of ? "" : ` of ${of}`}, more than maxRevocations allows \\(${limit}\\); nothing was changed.*set maxRevocations: ${count}`,
      "s",
    );

  it("refuse in preview an uninstall from too many, and a change of required into uninstall", async () => {
    await give(...serials(30));
    stack.declare({ hq: ["VppToken", {}] });
    await stack.up();
    assert.match(await refusal(fleet(30, { intent: "uninstall" })), refused(30, 30, 25));
    declare(fleet(30));
    await stack.up();
    assert.match(await refusal(fleet(30, { intent: "uninstall" })), refused(30, 30, 25));
    assert.equal((await world.holders(keynote.adamId)).length, 30);
  });

  it("refuse in preview an app taken from too many, and a fleet that is cut to half by a short list", async () => {
    declare({ ...fleet(40), apps: [keynote, dockscan] });
    await stack.up();
    assert.match(await refusal({ ...fleet(40), apps: [dockscan] }), refused(40, 40, 25));
    assert.match(await refusal({ ...fleet(10), apps: [keynote, dockscan] }), refused(30, 40, 25));
    assert.match(await refusal({ ...fleet(40), apps: [dockscan], maxRevocations: 39 }), refused(40, 40, 39));
    assert.equal(await refusal({ ...fleet(40), apps: [dockscan], maxRevocations: 40 }), "");
  });

  it("refuse in preview what a refresh found again under uninstall, in so far as it is too many", async () => {
    const off = fleet(40, { intent: "uninstall" });
    declare(off);
    await stack.up();
    await give(...serials(26));
    await stack.begin();
    assert.equal(await stack.refresh("it"), true);
    assert.equal(stack.outputs("it").surplusTargetCount, 26);
    assert.match(await refusal(off), refused(26, 40, 25));
    assert.equal(await refusal({ ...off, maxRevocations: 26 }), "");
  });

  it("count in preview nothing that only moves to another resource, also when a refresh has found surplus", async () => {
    declare(fleet(3, { exclusive: true, maxRevocations: 1 }));
    await stack.up();
    await give("STRANGER1");
    await stack.begin();
    await stack.refresh("it");
    assert.equal(stack.outputs("it").surplusTargetCount, 1);
    const [first, ...others] = serials(3);
    stack.declare({
      hq: ["VppToken", {}],
      it: ["VppAssignment", { ...fleet(3), serialNumbers: [first], maxRevocations: 1 }],
      other: ["VppAssignment", { ...fleet(3), serialNumbers: others }],
    });
    const applied = await stack.up();
    assert.deepEqual(
      Object.values(applied).flatMap(({ failures }) => failures),
      [],
    );
    assert.deepEqual(await world.holders(keynote.adamId), [...serials(3), "STRANGER1"].sort());
  });

  it("count in preview an edit and the surplus of a refresh together, each target once", async () => {
    const off = (count: number): Data => fleet(count, { intent: "uninstall", apps: [keynote] });
    declare(off(20));
    await stack.up();
    await give(...serials(40));
    await stack.begin();
    await stack.refresh("it");
    assert.equal(stack.outputs("it").surplusTargetCount, 20);
    assert.match(await refusal(off(40)), refused(40, 20, 25));
    assert.equal(await refusal(off(25)), "");
  });

  it("hold at the update itself too, before its first write, when strangers come after the preview", async () => {
    const exclusive = fleet(3, { exclusive: true });
    declare(exclusive);
    await stack.up();
    await world.act("assignments", { action: "unassign", assets: [keynote], serialNumbers: serials(1) });
    await stack.begin();
    await stack.refresh("it");
    await give(...serials(30, 100));
    declare(exclusive);
    await world.forget();
    await assert.rejects(stack.up(), refused(30, 3, 25));
    assert.ok((await world.requests()).every(({ method }) => method === "GET"));
    assert.equal((await world.holders(keynote.adamId)).length, 32);
  });

  it("refuse in preview to retire too many, with the numbers, and retire nobody", async () => {
    const people = (count: number, more: Data = {}): void =>
      stack.declare({
        hq: ["VppToken", {}],
        it: [
          "VppUserSet",
          { users: Array.from({ length: count }, (_, index) => ({ clientUserId: `user-${index}` })), ...more },
        ],
      });
    people(12);
    await stack.up();
    people(1);
    await stack.begin();
    const { failures } = await stack.check("it");
    assert.match(
      failures[0]?.reason ?? "",
      /would retire 11 users of 12, more than maxRetirements allows \(10\); nothing was changed.*set maxRetirements: 11/,
    );
    assert.ok((await world.truth()).users.every(({ status }) => status === "Registered"));
  });

  it("hold for users at the update itself, when its check was of another program", async () => {
    const users = Array.from({ length: 12 }, (_, index) => ({ clientUserId: `user-${index}` }));
    stack.declare({ hq: ["VppToken", {}], it: ["VppUserSet", { users }] });
    await stack.up();
    stack.declare({ hq: ["VppToken", {}] });
    await stack.begin();
    const { inputs } = stack.kept("it");
    const fewer = { ...inputs, users: users.slice(0, 1) };
    await assert.rejects(stack.host.update("VppUserSet", stack.kept("it"), fewer), /would retire 11 users of 12/);
    assert.ok((await world.truth()).users.every(({ status }) => status === "Registered"));
  });
});
