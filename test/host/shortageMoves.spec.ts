import assert from "node:assert/strict";
import type { Data, Kind } from "../support/hostProcess";
import { HostStack } from "../support/hostStack";
import { serials, World } from "../support/world";

const keynote = { adamId: "361285480", pricingParam: "STDQ" };
const people = Array.from({ length: 40 }, (_, index) => `user${index}`);
const twoWays =
  "Do it in two runs: first `pulumi up` without the licences to be gained, then with them. " +
  "Or in one: let one resource give up and gain, in place of two.";

describe("licences that move between resources when all are in use", () => {
  let world: World;
  let stack: HostStack;

  beforeEach(async () => {
    world = await World.start();
    await world.act("users", { action: "create", users: people.map((clientUserId) => ({ clientUserId })) });
    stack = new HostStack({ env: world.env });
    declare({ staff: { clientUserIds: people, maxRevocations: 100 } });
    await stack.up();
    assert.equal((await world.asset(keynote.adamId)).availableCount, 0);
  });

  afterEach(async () => {
    await stack.end();
    await world.close();
  });

  const declare = (resources: Record<string, Data>, token: Data = { maxRevocations: 100 }): void =>
    stack.declare({
      hq: ["VppToken", token],
      ...Object.fromEntries(
        Object.entries(resources).map(([name, props]): [string, [Kind, Data]] => [
          name,
          ["VppAssignment", { apps: [keynote], ...props }],
        ]),
      ),
    });
  /** The refusal of a preview. */
  const refusal = async (name: string): Promise<string> => {
    const applied = await stack.up();
    return (applied[name]?.failures ?? []).map(({ reason }) => reason).join("\n");
  };

  it("are not to be bought: the preview names the resource that leaves, and the two ways", async () => {
    declare({ ipads: { serialNumbers: serials(30) } });
    assert.equal(
      await refusal("ipads"),
      "Keynote: 30 licences needed, 0 free; asked for by ipads (30) (VPP_LIMIT_NO_LICENSES). " +
        `VppAssignment staff leaves the program and gives back 40, but only at the end of the run. ${twoWays}`,
    );
    // The first of the two runs, and the second.
    declare({});
    await stack.up();
    await stack.remove("staff");
    declare({ ipads: { serialNumbers: serials(30) } });
    assert.equal(await refusal("ipads"), "");
    assert.equal((await world.holders(keynote.adamId)).length, 30);
  });

  it("are to be bought as far as what leaves is not enough", async () => {
    declare({ ipads: { serialNumbers: serials(45) } });
    assert.match(
      await refusal("ipads"),
      /staff leaves the program and gives back 40, .* in place of two\. Then 5 are lacking still: buy as many\.$/,
    );
  });

  it("are told of with an if, where nobody knows what leaves", async () => {
    stack.isSeenToEnd = false;
    declare({ ipads: { serialNumbers: serials(30) } });
    assert.match(
      await refusal("ipads"),
      /Buy 30 more, or take the app from 30 other targets first\. If a resource that leaves the program holds them: do it in two runs: /,
    );
  });

  it("are to be bought where nothing leaves", async () => {
    declare({ staff: { clientUserIds: people, maxRevocations: 100 }, ipads: { serialNumbers: serials(30) } });
    assert.match(await refusal("ipads"), /Buy 30 more, or take the app from 30 other targets first\.$/);
  });

  it("move in one run where one resource gives up and gains", async () => {
    declare({ staff: { clientUserIds: [], serialNumbers: serials(30), maxRevocations: 100 } });
    assert.equal(await refusal("staff"), "");
    assert.equal((await world.holders(keynote.adamId)).length, 30);
  });

  it("take a second run, as the failure of the first says, where the resource that gains is written first", async () => {
    const moved = {
      ipads: { serialNumbers: serials(30) },
      staff: { clientUserIds: people.slice(0, 10), maxRevocations: 100 },
    };
    declare(moved);
    await stack.begin();
    await stack.apply("hq");
    await stack.check("staff");
    const { initErrors = [] } = await stack.apply("ipads");
    assert.match(
      initErrors.join("\n"),
      /none left \(VPP_LIMIT_NO_LICENSES, service error 9709 “[^”]+”\).* VppAssignment staff gives back 30 in this run: run `pulumi up` again\. Let one resource give up and gain, in place of two, and one run is enough\./,
    );
    await stack.apply("staff");
    const applied = await stack.up();
    assert.deepEqual(applied.ipads, { op: "update", failures: [] });
  });

  it("say that another run alone does not help, where what gives up leaves the program and the check was passed by", async () => {
    declare({ ipads: { serialNumbers: serials(30) } });
    await stack.begin();
    await stack.apply("hq");
    await world.act("assets", { action: "buy", ...keynote, count: 30 });
    const { inputs } = await stack.check("ipads");
    await world.act("assets", { action: "refund", ...keynote, count: 30 });
    await assert.rejects(stack.host.create("VppAssignment", inputs), (error: { reasons?: string[] }) => {
      assert.match(
        (error.reasons ?? []).join("\n"),
        /VppAssignment staff leaves the program and gives back 40, but only at the end of a run in which nothing fails\. Do it in two runs: /,
      );
      return true;
    });
  });
});
