import assert from "node:assert/strict";
import type { Data } from "../support/hostProcess";
import { type Applied, HostStack } from "../support/hostStack";
import { serials, World } from "../support/world";

const keynote = { adamId: "361285480", pricingParam: "STDQ" };

describe("two of us on one library", () => {
  let world: World;
  let stacks: HostStack[];

  beforeEach(async () => {
    world = await World.start(undefined, { eventDelayMs: 30 });
    stacks = [];
  });

  afterEach(async () => {
    for (const stack of stacks) await stack.end();
    await world.close();
  });

  const open = (name: string, from?: HostStack): HostStack => {
    const stack = new HostStack({ env: world.env }, name);
    if (from) stack.restore(from.saved);
    stacks.push(stack);
    return stack;
  };
  const declare = (stack: HostStack, devices: readonly string[], token: Data = {}): void =>
    stack.declare({
      hq: ["VppToken", token],
      it: ["VppAssignment", { apps: [keynote], serialNumbers: devices, maxRevocations: 40 }],
    });
  const faultsOf = (applied: Record<string, Applied>): string[] =>
    Object.values(applied).flatMap(({ failures, initErrors = [] }) => [
      ...failures.map(({ reason }) => reason),
      ...initErrors,
    ]);
  const up = async (stack: HostStack, devices: readonly string[], token: Data = {}): Promise<string[]> => {
    declare(stack, devices, token);
    return faultsOf(await stack.up());
  };
  const bindingOf = (stack: HostStack): string => stack.outputs("hq").bindingId as string;
  const claimed = (stack: HostStack): unknown[] =>
    ["assignedCount", "missingCount"].map((key) => stack.outputs("it")[key]);

  /** Who holds the app; every licence once, and counted once. */
  async function holders(): Promise<string[]> {
    const held = await world.holders(keynote.adamId);
    const { assignedCount, availableCount } = await world.asset(keynote.adamId);
    assert.deepEqual([assignedCount, availableCount], [held.length, 40 - held.length]);
    assert.equal(new Set(held).size, held.length);
    return held;
  }

  describe("as two stacks", () => {
    let first: HostStack;
    let second: HostStack;

    beforeEach(async () => {
      [first, second] = [open("dev"), open("prod")];
      assert.deepEqual(await up(first, serials(5)), []);
    });

    it("refuses the second before it touches anything, and names the first and the ways out, of which managedBy is none", async () => {
      const before = await world.truth();
      const [fault = ""] = await up(second, serials(5, 100));
      assert.match(fault, /held by another stack of pulumi-vpp, “organization\/trial\/dev” \(id [0-9a-f-]{36}\)/);
      assert.match(fault, new RegExp(`StackReference.*takeOverFrom: "${bindingOf(first)}"`));
      assert.doesNotMatch(fault, /managedBy/);
      assert.deepEqual(await world.truth(), before);
    });

    it("lets the second work beside the first under managedBy, and a licence that both declare is there once", async () => {
      const beside = { managedBy: bindingOf(first) };
      assert.deepEqual(await up(second, [...serials(2, 3), ...serials(3, 100)], beside), []);
      assert.match(second.notes.join("\n"), /3 licences to assign, 2 already assigned and now managed here/);
      assert.deepEqual(await holders(), [...serials(5), ...serials(3, 100)]);
      assert.deepEqual(
        [claimed(first), claimed(second)],
        [
          [5, 0],
          [5, 0],
        ],
      );
      await second.destroy();
      assert.deepEqual(await holders(), serials(3));
      assert.equal((await world.truth()).mdmInfo?.id, bindingOf(first));
      await first.begin();
      assert.equal(await first.refresh("it"), true);
      assert.deepEqual(claimed(first), [3, 2]);
      assert.deepEqual(await up(first, serials(5)), []);
      assert.deepEqual(await holders(), serials(5));
    });

    it("lets the second take over by name, and from then on the first writes nothing and says who has it", async () => {
      assert.deepEqual(await up(second, serials(3, 100), { takeOverFrom: bindingOf(first) }), []);
      declare(first, serials(8));
      const gone = /held by another stack of pulumi-vpp, “organization\/trial\/prod”/;
      await assert.rejects(first.up(), gone);
      await first.begin();
      assert.deepEqual([await first.refresh("hq"), await first.refresh("it")], [true, false]);
      assert.equal(first.outputs("hq").status, "heldByAnother");
      await assert.rejects(first.remove("it"), gone);
      assert.deepEqual(await holders(), [...serials(5), ...serials(3, 100)]);
    });
  });

  describe("as one stack under a new name", () => {
    it("gives the mark the new name at the next write, and asks for nothing while nothing changes", async () => {
      const dev = open("dev");
      await up(dev, serials(10));
      const prod = open("prod", dev);
      await world.forget();
      await up(prod, serials(10));
      assert.deepEqual(await world.requests(), []);
      await up(prod, serials(11));
      const { mdmInfo } = await world.truth();
      assert.deepEqual([mdmInfo?.id, mdmInfo?.name], [bindingOf(dev), "pulumi-vpp organization/trial/prod"]);
      await world.forget();
      await up(prod, serials(12));
      assert.equal((await world.requests("/client/config")).filter(({ method }) => method === "POST").length, 0);
    });
  });

  describe("as a copy of one stack's state", () => {
    it("shows what the copy did as drift, and loses nothing that either declares", async () => {
      const stack = open("dev");
      await up(stack, serials(10));
      const copy = open("dev", stack);
      assert.deepEqual(await up(copy, [...serials(8), ...serials(3, 100)]), []);
      await stack.begin();
      assert.equal(await stack.refresh("it"), true);
      assert.deepEqual(claimed(stack), [8, 2]);
      assert.deepEqual(await up(stack, serials(10)), []);
      assert.deepEqual(await holders(), [...serials(10), ...serials(3, 100)]);
    });

    it("stops the one when the other was destroyed, until a refresh has shown it, and then gives everything again", async () => {
      const stack = open("dev");
      await up(stack, serials(10));
      await open("dev", stack).destroy();
      assert.deepEqual(await holders(), []);
      declare(stack, serials(12));
      await assert.rejects(stack.up(), /no longer bears this stack's mark.*Run `pulumi refresh`/s);
      assert.deepEqual(await holders(), []);
      await stack.begin();
      assert.deepEqual([await stack.refresh("hq"), await stack.refresh("it")], [true, true]);
      assert.deepEqual(await up(stack, serials(12)), []);
      assert.deepEqual(await holders(), serials(12));
    });

    it("refuses a second one of the same name without a state, and gives no licence twice when that takes it over", async () => {
      const first = open("dev");
      await up(first, serials(40));
      const copy = open("dev");
      const [refusal] = await up(copy, serials(40));
      assert.match(refusal ?? "", /bound already by a stack that has or had this name/);
      assert.deepEqual(await up(copy, serials(40), { takeOverFrom: bindingOf(first) }), []);
      assert.match(copy.notes.join("\n"), /if a second copy of this stack's state is in use, stop here/);
      assert.match(copy.notes.join("\n"), /0 licences to assign, 40 already assigned/);
      assert.deepEqual(await holders(), serials(40));
    });
  });

  describe("as two runs of one stack at once", () => {
    it("ends with every licence given once, when both make everything and there is just enough, unless one sees the other's mark", async () => {
      const runs = [open("dev"), open("dev")];
      const faults = await Promise.all(runs.map((run) => up(run, serials(40))));
      assert.deepEqual(await holders(), serials(40));
      const isDone = faults.map((each) => each.length === 0);
      assert.ok(isDone.includes(true), faults.join("\n"));
      for (const [at, run] of runs.entries()) {
        if (isDone[at]) assert.deepEqual(claimed(run), [40, 0]);
        else
          assert.match(faults[at]!.join("\n"), /^the library is bound already by a stack that has or had this name.*$/);
      }
    });

    it("is made right by one refresh and one up, when one run shrinks while the other grows", async () => {
      const grown = open("dev");
      await up(grown, serials(30));
      const shrunk = open("dev", grown);
      const faults = await Promise.all([up(grown, serials(40)), up(shrunk, serials(10))]);
      assert.deepEqual(faults, [[], []]);
      await holders();
      await grown.begin();
      await grown.refresh("it");
      assert.deepEqual(await up(grown, serials(40)), []);
      assert.deepEqual(await holders(), serials(40));
    });

    it("says so or finishes, and is made right by one refresh and one up, when one run destroys while the other grows", async () => {
      const grown = open("dev");
      await up(grown, serials(30));
      const destroyed = open("dev", grown);
      const [said] = await Promise.all([
        up(grown, serials(40)).then((faults) => faults.join("\n"), String),
        destroyed.destroy(),
      ]);
      if (said !== "") assert.match(said, /no longer bears this stack's mark/);
      await grown.begin();
      for (const name of ["hq", "it"]) await grown.refresh(name);
      assert.deepEqual(await up(grown, serials(40)), []);
      assert.deepEqual(await holders(), serials(40));
      assert.doesNotMatch((await world.truth()).mdmInfo?.metadata ?? "", /^released/);
    });
  });
});
