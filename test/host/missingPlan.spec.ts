import assert from "node:assert/strict";
import { rmSync, truncateSync } from "node:fs";
import { dirname } from "node:path";
import { assignmentLine, PlanFile, tokenLine, userSetLine } from "../support/hostPlan";
import type { Data, Kind } from "../support/hostProcess";
import { freshHost, type HostStack } from "../support/hostStack";
import { serials, type World } from "../support/world";

const keynote = { adamId: "361285480", pricingParam: "STDQ" };
const [first, second] = serials(2) as [string, string];
const fleet = (...serialNumbers: string[]): readonly [Kind, Data] => [
  "VppAssignment",
  { apps: [keynote], serialNumbers },
];
const people = (...ids: string[]): readonly [Kind, Data] => [
  "VppUserSet",
  { users: ids.map((clientUserId) => ({ clientUserId })) },
];
const refused =
  /what else this program declares can't be read \(.*\), so nothing is taken back, nobody is retired and no mark is changed \(VPP_CONFIG_PLAN_MISSING\)/;

describe("a plan that is named and can't be read", () => {
  let world: World;
  let stack: HostStack;
  let file: string;

  freshHost((...fresh) => {
    [world, stack] = fresh;
  });

  const registered = async (): Promise<string[]> =>
    (await world.truth()).users.filter(({ status }) => status !== "Retired").map(({ clientUserId }) => clientUserId);

  /** Begins the run after the next: what tells the checks of its plan's file names one that is gone. */
  async function beginWithout(resources: Readonly<Record<string, readonly [Kind, Data]>>): Promise<void> {
    stack.declare({ hq: ["VppToken", {}], it: fleet(first, second), people: people("ada", "bob") });
    await stack.up();
    stack.declare({ hq: ["VppToken", {}], ...resources });
    await stack.begin();
    ({ file } = JSON.parse(stack.planInput("hq")) as { file: string });
    rmSync(dirname(file), { recursive: true });
    await stack.check("hq");
    await world.forget();
  }
  const assertNothingLost = async (): Promise<void> => {
    assert.deepEqual(
      [await world.holders(keynote.adamId), await registered()],
      [
        [first, second],
        ["ada", "bob"],
      ],
    );
    assert.ok((await world.requests()).every(({ method }) => method === "GET"));
  };

  it("keeps everything that would be taken back or retired in that run, and says why, in check, update and delete", async () => {
    await beginWithout({ it: fleet(first), people: people("ada") });
    for (const name of ["it", "people"]) {
      const { failures } = await stack.check(name);
      assert.match(failures.map(({ reason }) => reason).join("\n"), refused, name);
      const { kind, inputs } = stack.kept(name);
      const less = name === "it" ? { serialNumbers: [first] } : { users: [{ clientUserId: "ada" }] };
      const update = stack.host.update(kind, stack.kept(name), { ...inputs, ...less });
      if (name === "it") await assert.rejects(update, refused);
      else await assert.rejects(update, /VPP_CONFIG_PLAN_MISSING/);
      await assert.rejects(stack.remove(name), refused, name);
    }
    await assertNothingLost();
  });

  it("keeps the mark of a VppToken that leaves the program, and gives no mark to a new one", async () => {
    await beginWithout({});
    stack.declare({ other: ["VppToken", {}] });
    const { failures } = await stack.check("other");
    assert.match(failures.map(({ reason }) => reason).join("\n"), refused);
    await stack.begin();
    const plan = JSON.stringify({ file, entry: "it", name: "it" });
    await stack.host.check("VppAssignment", stack.kept("it").inputs, { ...stack.kept("it").inputs, plan });
    await assert.rejects(stack.remove("hq"), refused);
    await assertNothingLost();
  });

  it("lets a run that takes nothing back go on", async () => {
    await beginWithout({ it: fleet(first, second, "F9FW000009"), people: people("ada", "bob") });
    assert.deepEqual([(await stack.apply("it")).op, (await stack.apply("people")).op], ["update", "same"]);
    assert.deepEqual(await world.holders(keynote.adamId), [first, second, "F9FW000009"]);
  });

  it("is as one that is empty or damaged, but not as none at all, as in a destroy", async () => {
    await beginWithout({ it: fleet(first) });
    for (const damage of [(plan: PlanFile) => truncateSync(plan.path), (plan: PlanFile) => plan.appendText("}{\n")]) {
      const plan = new PlanFile(tokenLine("hq"));
      damage(plan);
      await stack.begin();
      const token = { contentTokenKey: "default", plan: JSON.stringify({ file: plan.path, entry: "hq", name: "hq" }) };
      await stack.host.check("VppToken", stack.kept("hq").inputs, token);
      await assert.rejects(stack.remove("it"), refused);
      plan.dispose();
    }
    await stack.destroy();
    assert.deepEqual([await world.holders(keynote.adamId), await registered()], [[], []]);
  });

  it("is not one whose program has ended: what was written last is read before the first delete, though the file is gone", async () => {
    stack.declare({ hq: ["VppToken", {}], it: fleet(first, second), people: people("ada", "bob") });
    await stack.up();
    stack.declare({ hq: ["VppToken", {}] });
    const plan = new PlanFile(tokenLine("hq"));
    await stack.begin();
    const token = { contentTokenKey: "default", plan: JSON.stringify({ file: plan.path, entry: "hq", name: "hq" }) };
    await stack.host.check("VppToken", stack.kept("hq").inputs, token);
    plan.append(assignmentLine("late", { serialNumbers: [second] }), userSetLine("latePeople", ["bob"]));
    plan.dispose();
    await stack.remove("it");
    await stack.remove("people");
    assert.deepEqual([await world.holders(keynote.adamId), await registered()], [[second], ["bob"]]);
  });
});
