import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type { LibraryEntry } from "../../simulator";
import type { Data, Kind } from "../support/hostProcess";
import type { HostStack } from "../support/hostStack";
import { hastyStack } from "../support/scaledClock";
import { serials, smallLibrary, World } from "../support/world";

const app = (index: number) => ({ adamId: String(2_000_000_000 + index), pricingParam: "STDQ" as const });

describe("what a run knows for sure", () => {
  let world: World;
  let stack: HostStack;

  const open = async (
    assets: LibraryEntry["assets"],
    assignments: LibraryEntry["assignments"],
    { eventDelayMs = 5, scale = 1, polling = "quick" } = {},
  ): Promise<void> => {
    world = await World.start([smallLibrary({ assets, assignments })], { eventDelayMs });
    stack = hastyStack(world, scale, { "vpp:eventPolling": polling });
  };
  const declare = (resources: Record<string, Data>): void =>
    stack.declare({
      hq: ["VppToken", {}],
      ...Object.fromEntries(
        Object.entries(resources).map(([name, props]) => [name, ["VppAssignment", props]] as [string, [Kind, Data]]),
      ),
    });
  /** Applies a resource, and refuses whatever did not go well. */
  const apply = async (name: string): Promise<void> => {
    const { op, failures, initErrors = [] } = await stack.apply(name);
    assert.deepEqual([op === "refused", failures, initErrors], [false, [], []], name);
  };

  afterEach(async () => {
    await stack.end();
    await world.close();
  });

  it("lets an app be given on that nobody held when all licences were read", async () => {
    const assets = Array.from({ length: 11 }, (_, index) => ({ ...app(index), name: `App ${index}`, totalCount: 50 }));
    const assignments = assets.slice(0, 10).map(({ adamId }) => ({ adamId, serialNumbers: serials(1, 900) }));
    await open(assets, assignments);
    const all = assets.map((_, index) => app(index));
    declare({
      a: { apps: all, serialNumbers: serials(40) },
      c: { apps: [app(10)], serialNumbers: serials(10, 100) },
    });
    await stack.begin();
    for (const name of ["hq", "a", "c"]) await apply(name);
    assert.equal((await world.asset(app(10).adamId)).availableCount, 0);
  });

  for (const [waitedS, delayS, scale, polling] of [
    [5.3, 4, 10, "quick"],
    [6.5, 4, 10, "quick"],
    [7.7, 4, 10, "quick"],
    [315, 305, 500, "apple"],
  ] as const) {
    it(`counts no licence twice, when the counts are read again ${waitedS} s after a write was sent that takes ${delayS} s`, async () => {
      const assets = [
        { ...app(0), name: "Scarce", totalCount: 50 },
        { ...app(1), name: "Plenty", totalCount: 500 },
      ];
      await open(assets, [], { eventDelayMs: (delayS * 1000) / scale, scale, polling });
      declare({
        a: { apps: [app(0)], serialNumbers: serials(40) },
        b: { apps: [app(1)], serialNumbers: serials(5, 200) },
        c: { apps: [app(0)], serialNumbers: serials(10, 100) },
      });
      await stack.begin();
      await apply("hq");
      const first = apply("a");
      await delay((waitedS * 1000) / scale);
      const second = apply("b");
      await first;
      await apply("c");
      await second;
      assert.equal((await world.asset(app(0).adamId)).availableCount, 0);
    });
  }

  for (const [given, ending] of [
    [10, "finds what others have given back meanwhile"],
    [9, "then refuses by the new count"],
  ] as const) {
    it(`counts an app that this run has given once more before it calls it short, and ${ending}`, async () => {
      const strangers = serials(10, 900);
      const { adamId } = app(0);
      await open([{ ...app(0), name: "Scarce", totalCount: 50 }], [{ adamId, serialNumbers: strangers }]);
      declare({
        a: { apps: [app(0)], serialNumbers: serials(40) },
        c: { apps: [app(0)], serialNumbers: serials(10, 100) },
      });
      await stack.begin();
      for (const name of ["hq", "a"]) await apply(name);
      const serialNumbers = strangers.slice(0, given);
      await world.act("assignments", { action: "unassign", assets: [{ adamId }], serialNumbers });
      const before = (await world.requests("/assets")).length;
      const { failures } = await stack.check("c");
      const recounts = (await world.requests("/assets")).slice(before);
      assert.deepEqual(
        recounts.map(({ query }) => query.adamId),
        [adamId],
      );
      if (given === 10) assert.deepEqual(failures, []);
      else assert.match(failures[0]?.reason ?? "", /10 licences needed, 9 free.*VPP_LIMIT_NO_LICENSES/);
    });
  }

  it("fails no resource for a reading of somebody else's that failed while its write was on its way", async () => {
    await open(
      [
        { ...app(0), name: "One", totalCount: 50 },
        { ...app(1), name: "Other", totalCount: 50 },
      ],
      [],
      { eventDelayMs: 600, scale: 10 },
    );
    declare({
      a: { apps: [app(0)], serialNumbers: serials(40) },
      b: { apps: [app(1)], serialNumbers: serials(5, 200) },
    });
    await stack.begin();
    await apply("hq");
    const first = apply("a");
    // Old enough that b reads the counts anew.
    await delay(550);
    await world.act("faults", {
      match: { method: "GET", path: "assets" },
      times: "always",
      action: { type: "errorNumber", errorNumber: 9637 },
    });
    const second = stack.apply("b").catch((error: Error) => error);
    await first;
    await second;
    assert.deepEqual([stack.outputs("a").assignedCount, stack.outputs("a").missingCount], [40, 0]);
  });
});
