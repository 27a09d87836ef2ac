import assert from "node:assert/strict";
import type { Data, Kind } from "../support/hostProcess";
import type { HostStack } from "../support/hostStack";
import { hastyStack } from "../support/scaledClock";
import { serials, smallLibrary, World } from "../support/world";

const keynote = { adamId: "361285480", pricingParam: "STDQ" as const };
const dockscan = { adamId: "409183694", pricingParam: "STDQ" as const };
const pages = { adamId: "409201541", pricingParam: "STDQ" as const };
const everyApp = [keynote, dockscan, pages];
const scale = 50;

/** What can be wrong with a list. */
const walks = {
  "moves on every page": {
    match: { path: "assignments", query: { sinceVersionId: null } },
    action: { type: "list-moved" },
  },
  "has an empty page in its middle": {
    match: { path: "assignments", query: { pageIndex: "1" } },
    action: { type: "list-empty", size: "meant" },
  },
  "has an empty page in its middle that says so": {
    match: { path: "assignments", query: { pageIndex: "1" } },
    action: { type: "list-empty" },
  },
  "repeats a page": { match: { path: "assignments", query: { pageIndex: "1" } }, action: { type: "list-repeat" } },
  "repeats a page and says so": {
    match: { path: "assignments", query: { pageIndex: "1" } },
    action: { type: "list-repeat", index: "repeated" },
  },
  "lacks rows in its middle": {
    match: { path: "assignments", query: { pageIndex: "1" } },
    action: { type: "list-drop", count: 5, size: "meant" },
  },
  "lacks rows in its middle and counts those that are there": {
    match: { path: "assignments", query: { pageIndex: "1" } },
    action: { type: "list-drop", count: 5 },
  },
  "lacks rows at its beginning": {
    match: { path: "assignments", query: { pageIndex: null } },
    action: { type: "list-drop", count: 5 },
  },
  "lacks all rows": { match: { path: "assignments" }, action: { type: "list-empty" } },
};

describe("lists that can't be relied on", () => {
  let world: World;
  let stack: HostStack;

  const declare = (resources: Record<string, Data>): void =>
    stack.declare({
      hq: ["VppToken", {}],
      ...Object.fromEntries(
        Object.entries(resources).map(([name, props]) => [name, ["VppAssignment", props]] as [string, [Kind, Data]]),
      ),
    });

  beforeEach(async () => {
    world = await World.start([smallLibrary()], { pageSize: 25 });
    stack = hastyStack(world, scale);
  });

  afterEach(async () => {
    await stack.end();
    await world.close();
  });

  const deploy = async (props: Data): Promise<void> => {
    declare({ it: props });
    await stack.up();
    assert.equal(stack.outputs("it").missingCount, 0);
  };
  const twenty: Data = { apps: everyApp, serialNumbers: serials(20), maxRevocations: 100 };
  const left = async (): Promise<number> => (await world.truth()).assignments.length;

  for (const [what, { match, action }] of Object.entries(walks)) {
    for (const times of [1, 2, "always"] as const) {
      it(`let a destroy of 60 licences leave none, when one ${what} (${times})`, async () => {
        await deploy(twenty);
        await world.act("faults", { match: { method: "GET", ...match }, times, action });
        await stack.destroy().catch((error: Error) => assert.match(error.message, /contradicts itself/));
        if (stack.has("it")) await world.simulator.control("DELETE", "faults");
        if (stack.has("it")) await stack.destroy();
        assert.equal(await left(), 0);
      });

      it(`let a refresh of 60 licences invent nothing missing, when one ${what} (${times})`, async () => {
        await deploy(twenty);
        await world.act("faults", { match: { method: "GET", ...match }, times, action });
        await stack.begin();
        const changed = await stack.refresh("it").catch((error: Error) => {
          assert.match(error.message, /contradicts itself/);
          return false;
        });
        assert.deepEqual(
          [changed, stack.outputs("it").missingCount, stack.outputs("it").assignedCount],
          [false, 0, 60],
        );
      });

      it(`let an update that drops 5 of 20 devices leave none with them, when one ${what} (${times})`, async () => {
        await deploy(twenty);
        declare({ it: { ...twenty, serialNumbers: serials(15) } });
        await world.act("faults", { match: { method: "GET", ...match }, times, action });
        const done = await stack.up().catch((error: Error) => {
          assert.match(error.message, /contradicts itself/);
        });
        if (done?.it?.op !== "update") return;
        const releasing =
          (stack.outputs("it").releasing as { apps: string[]; serialNumbers: string[] }[] | undefined) ?? [];
        const open = releasing.reduce((sum, { apps, serialNumbers }) => sum + apps.length * serialNumbers.length, 0);
        assert.equal((await left()) - open, 45);
      });
    }
  }

  describe("counts", () => {
    const twelve: Data = { apps: [keynote], serialNumbers: serials(12) };
    const lack = (times: number | "always"): Promise<void> =>
      world.act("faults", {
        match: { method: "GET", path: "assets" },
        times,
        action: { type: "list-without", ...keynote },
      });
    const shown = { ...keynote, productType: "App", deviceAssignable: true, revocable: true, totalCount: 40 };
    const countNone = (times: number | "always"): Promise<void> => {
      const assets = [{ ...shown, assignedCount: 0, availableCount: 40 }];
      const body = { uId: smallLibrary().libraryId, size: 1, totalPages: 1, assets };
      return world.act("faults", {
        match: { method: "GET", path: "assets" },
        times,
        action: { type: "status", status: 200, body },
      });
    };

    for (const [what, spoil] of Object.entries({ "lack the app": lack, "say that nobody holds it": countNone })) {
      for (const times of [1, 2, "always"] as const) {
        it(`let a destroy of 12 leave none, when they ${what} (${times})`, async () => {
          await deploy(twelve);
          await spoil(times);
          await stack.destroy();
          assert.equal(await left(), 0);
        });

        it(`let a refresh of 12 invent nothing missing, when they ${what} (${times})`, async () => {
          await deploy(twelve);
          await spoil(times);
          await stack.begin();
          assert.equal(await stack.refresh("it"), false);
          assert.equal(stack.outputs("it").missingCount, 0);
        });

        it(`let 6 of 12 that are dropped be taken back, when they ${what} (${times})`, async () => {
          await deploy(twelve);
          await spoil(times);
          declare({ it: { ...twelve, serialNumbers: serials(6) } });
          const { it: done } = await stack.up();
          assert.ok(done?.op === "update" ? (await left()) === 6 : (await left()) === 12, JSON.stringify(done));
        });
      }
    }
  });

  for (const [name, lagMs] of Object.entries({
    "the list of licences": { assignments: 400 },
    "the list of apps": { assets: 400 },
    "both lists": { assets: 400, assignments: 400 },
  })) {
    it(`let one run settle for good what it writes, when ${name} lags behind by 20 s`, async () => {
      await world.act("settings", { lagMs });
      declare({
        a: { apps: [keynote, dockscan], serialNumbers: serials(20) },
        b: { apps: [keynote], serialNumbers: serials(10, 100) },
        c: { apps: [keynote], serialNumbers: serials(10, 200) },
      });
      const applied = await stack.up();
      for (const each of ["a", "b", "c"]) {
        assert.deepEqual(
          [applied[each]?.op, applied[each]?.initErrors],
          ["create", undefined],
          JSON.stringify(applied[each]),
        );
        assert.equal(stack.outputs(each).missingCount, 0);
      }
      assert.equal((await world.asset(keynote.adamId)).availableCount, 0);
    });

    if (name !== "both lists")
      it(`let a destroy straight after an up leave none, when ${name} lags behind by 20 s`, async () => {
        await world.act("settings", { lagMs });
        await deploy({ apps: [keynote], serialNumbers: serials(12) });
        await stack.destroy();
        assert.equal(await left(), 0);
      });
  }
});
