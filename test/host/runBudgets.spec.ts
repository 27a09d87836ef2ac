import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type { Data, Kind } from "../support/hostProcess";
import type { HostStack } from "../support/hostStack";
import { hastyStack } from "../support/scaledClock";
import { serials, smallLibrary, World } from "../support/world";

const app = (index: number) => ({ adamId: String(2_000_000_000 + index), pricingParam: "STDQ" as const });
const library = (appCount: number, totalCount: number) =>
  smallLibrary({
    assets: Array.from({ length: appCount }, (_, index) => ({ ...app(index), name: `App ${index}`, totalCount })),
  });

describe("requests of one run", () => {
  let world: World;
  let stack: HostStack;

  const open = async (appCount: number, totalCount: number, eventDelayMs: number, scale: number): Promise<void> => {
    world = await World.start([library(appCount, totalCount)], { eventDelayMs });
    stack = hastyStack(world, scale);
  };
  const declare = (resources: Record<string, Data>): void =>
    stack.declare({
      hq: ["VppToken", {}],
      ...Object.fromEntries(
        Object.entries(resources).map(([name, props]) => [name, ["VppAssignment", props]] as [string, [Kind, Data]]),
      ),
    });
  const count = async (end: string): Promise<number> => (await world.requests(end)).length;

  afterEach(async () => {
    await stack.end();
    await world.close();
  });

  for (const [how, together, eventDelayMs, scale] of [
    ["at the same time", true, 20, 100],
    ["one after the other", false, 20, 100],
    ["one after the other, each taking more than 5 s", false, 15, 400],
    ["one after the other, each taking more than 20 s", false, 5, 5000],
  ] as const) {
    it(`read as many licences for 100 resources on one app as for 1, when they are made ${how}`, async () => {
      const readings: number[] = [];
      const spans: number[] = [];
      for (const resources of [1, 10, 100]) {
        if (readings.length > 0) await world.close();
        await open(1, 500, eventDelayMs, scale);
        const names = Array.from({ length: resources }, (_, index) => `r${index}`);
        declare(
          Object.fromEntries(
            names.map((name, index) => [name, { apps: [app(0)], serialNumbers: serials(2, 2 * index) }]),
          ),
        );
        await stack.begin();
        await stack.apply("hq");
        await world.forget();
        const began = performance.now();
        const applied = together ? await Promise.all(names.map((name) => stack.apply(name))) : [];
        if (!together) for (const name of names) applied.push(await stack.apply(name));
        assert.ok(applied.every(({ op, initErrors }) => op === "create" && initErrors === undefined));
        spans.push((performance.now() - began) * scale);
        readings.push((await count("/v2/assignments")) + (await count("/v2/assets")));
        assert.equal((await world.asset(app(0).adamId)).assignedCount, 2 * resources);
      }
      for (const [index, count] of readings.entries()) {
        // What a write rests on is never older than five minutes; and one reading of licences can take the place of asking about many writes.
        const most = 4 + 2 * Math.floor(spans[index]! / 300_000);
        assert.ok(count <= most, `${readings} readings in ${spans.map((ms) => `${Math.round(ms / 1000)} s`)}`);
      }
    }).timeout(60_000);
  }

  it("check at once, while a write of the same run stays on its way for half an hour", async () => {
    await open(1, 50, 5, 1);
    declare({
      a: { apps: [app(0)], serialNumbers: serials(40) },
      b: { apps: [app(0)], serialNumbers: serials(10, 100) },
    });
    await stack.begin();
    await stack.apply("hq");
    await world.act("faults", { match: { event: "associate" }, action: { type: "event-pending", forMs: 4000 } });
    const hanging = stack.apply("a");
    await delay(200);
    await world.forget();
    const first = await Promise.race([stack.check("b"), hanging.then(() => undefined)]);
    assert.ok(first !== undefined, "the check waited for the write");
    assert.deepEqual(first.failures, []);
    const requests = (await world.requests()).filter(({ path }) => !path.endsWith("/status"));
    assert.deepEqual(
      requests.map(({ path }) => path),
      [],
    );
    await hanging;
  });

  it("are 7 at the most for 20 apps on 2,000 devices in a new library, and look whose it is before the first write", async () => {
    await open(20, 5000, 5, 1);
    declare({ it: { apps: Array.from({ length: 20 }, (_, index) => app(index)), serialNumbers: serials(2000) } });
    await stack.up();
    const requests = (await world.requests()).filter(({ path }) => path.startsWith("/mdm/"));
    const shown = requests.map(({ method, path }) => `${method} ${path.slice("/mdm/v2/".length)}`);
    assert.equal(stack.outputs("it").assignedCount, 40_000);
    const apart = shown.filter((each) => !each.endsWith("status"));
    assert.ok(apart.length <= 7, apart.join("\n"));
    assert.ok(
      apart.indexOf("GET client/config") < apart.findIndex((each) => each.startsWith("POST")),
      apart.join("\n"),
    );
  });

  describe("more assigned than owned, after a refund", () => {
    beforeEach(async () => {
      await open(1, 40, 5, 1);
      declare({ it: { apps: [app(0)], serialNumbers: serials(30) } });
      await stack.up();
      await world.act("assets", { action: "refund", ...app(0), count: 25, held: true });
    });

    it("refuses in the preview to swap 3 for 3, and says how many are lacking", async () => {
      declare({ it: { apps: [app(0)], serialNumbers: serials(30, 3), maxRevocations: 5 } });
      await stack.begin();
      await stack.check("hq");
      const [failure] = (await stack.check("it")).failures;
      assert.match(failure?.reason ?? "", /none free \(15 more assigned than owned\)/);
    });

    it("lacks 16 for one that is needed", async () => {
      declare({ it: { apps: [app(0)], serialNumbers: serials(31) } });
      await stack.begin();
      await stack.check("hq");
      const [failure] = (await stack.check("it")).failures;
      assert.match(failure?.reason ?? "", /1 licence needed, none free \(15 more assigned than owned\).*Buy 16 more/);
    });

    it("takes back what leaves the program", async () => {
      declare({ it: { apps: [app(0)], serialNumbers: serials(20), maxRevocations: 10 } });
      const { it: done } = await stack.up();
      assert.deepEqual([done?.op, done?.failures], ["update", []]);
      assert.equal((await world.asset(app(0).adamId)).assignedCount, 20);
    });
  });
});
