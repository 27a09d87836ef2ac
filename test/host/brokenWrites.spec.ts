import assert from "node:assert/strict";
import type { Data, Kind } from "../support/hostProcess";
import type { HostStack } from "../support/hostStack";
import { hastyStack } from "../support/scaledClock";
import { serials, smallLibrary, World } from "../support/world";

const app = (index: number) => ({ adamId: String(2_000_000_000 + index), pricingParam: "STDQ" as const });
const apps = (count: number) => Array.from({ length: count }, (_, index) => app(index));

describe("writes that the service takes in another way than it said", () => {
  let world: World;
  let stack: HostStack;
  let scale: number;

  const open = async (config: Record<string, string> = {}, limits: object = {}): Promise<void> => {
    scale = 100;
    const assets = apps(4).map((each) => ({ ...each, name: `App ${each.adamId}`, totalCount: 3000 }));
    world = await World.start([smallLibrary({ assets })], { limits: { maxRequestPerSecond: null, ...limits } });
    stack = hastyStack(world, scale, config);
  };
  const declare = (resources: Record<string, Data>): void =>
    stack.declare({
      hq: ["VppToken", {}],
      ...Object.fromEntries(
        Object.entries(resources).map(([name, props]) => [name, ["VppAssignment", props]] as [string, [Kind, Data]]),
      ),
    });
  const held = async (): Promise<number> => (await world.truth()).assignments.length;

  afterEach(async () => {
    await stack.end();
    await world.close();
  });

  describe("limits that shrink in mid-run", () => {
    for (const [what, limits] of Object.entries({
      "fewer devices": { maxSerialNumbers: 10 },
      "fewer apps": { maxAssets: 2 },
      "fewer of both": { maxAssets: 1, maxSerialNumbers: 30 },
    })) {
      for (const kind of ["limits", "enforcedLimits"] as const) {
        it(`are kept to, when a request may hold ${what}, and ${kind === "limits" ? "service/config says so" : "nothing says so"}`, async () => {
          await open();
          declare({ it: { apps: apps(4), serialNumbers: serials(400) } });
          await world.act("hooks", {
            on: "request",
            match: { method: "POST", path: "assets/associate" },
            do: [{ path: "settings", body: { [kind]: limits } }],
          });
          const { it: done } = await stack.up();
          assert.deepEqual([done?.op, done?.initErrors], ["create", undefined]);
          assert.equal(await held(), 1600);
          const refused = (await world.requests("/associate")).filter(({ status }) => status !== 200).length;
          assert.ok(refused <= 10, `${refused} requests refused`);
        });
      }
    }
  });

  it("register all people, when a request may hold a single one and nothing says so", async () => {
    await open();
    const users = Array.from({ length: 100 }, (_, index) => ({ clientUserId: `user-${index}` }));
    stack.declare({ hq: ["VppToken", {}], people: ["VppUserSet", { users }] });
    await world.act("settings", { enforcedLimits: { maxUsers: 1 } });
    const { people } = await stack.up();
    assert.deepEqual([people?.op, people?.initErrors], ["create", undefined]);
    assert.equal((await world.truth()).users.length, 100);
    const refused = (await world.requests("/users/create")).filter(({ status }) => status !== 200).length;
    assert.ok(refused <= 10, `${refused} requests refused`);
  });

  for (const errorNumber of [9602, 9706, 9707, 9717]) {
    it(`get all the rest done and name the part, when a request is refused with ${errorNumber} for one of its parts`, async () => {
      await open();
      declare({ it: { apps: apps(4), serialNumbers: serials(8) } });
      // Refused are the whole, the half and the quarter that holds the part, and at last the part alone: one app, or one device.
      const parts = errorNumber === 9717 ? 4 : 3;
      await world.act("faults", {
        match: { method: "POST", path: "assets/associate" },
        times: parts,
        action: { type: "errorNumber", errorNumber, status: 400 },
      });
      const { it: done } = await stack.up();
      assert.equal(done?.op, "create");
      const missing = stack.outputs("it").missing as { adamId: string; serialNumber: string }[];
      assert.equal(await held(), 32 - missing.length);
      assert.ok(missing.length <= 8, `${missing.length} missing`);
    });
  }

  for (const [what, action] of Object.entries({
    "whose status is a text that nobody knows": { type: "event-status", status: "PROCESSED" },
    "that the service has forgotten": { type: "event-forgotten" },
  })) {
    it(`are decided by looking, when they end as an event ${what}`, async () => {
      await open();
      declare({ it: { apps: apps(4), serialNumbers: serials(8) } });
      await world.act("faults", { match: { event: "any" }, times: "always", action });
      const began = performance.now();
      const { it: done } = await stack.up();
      const tookS = ((performance.now() - began) * scale) / 1000;
      assert.deepEqual([done?.op, done?.initErrors, stack.outputs("it").missingCount], ["create", undefined, 0]);
      assert.ok(tookS < 1200, `it took ${Math.round(tookS)} s of the half hour after which a write is given up`);
      declare({});
      await stack.destroy();
      assert.equal(await held(), 0);
    });
  }

  it("have one deadline for all that follows from them, when events stay pending", async () => {
    await open({ "vpp:eventTimeoutSeconds": "12" }, { maxSerialNumbers: 10 });
    declare({ it: { apps: apps(4), serialNumbers: serials(200) } });
    await world.act("faults", { match: { event: "associate" }, times: "always", action: { type: "event-pending" } });
    const { it: done } = await stack.up();
    assert.match(done?.initErrors?.join(" ") ?? "", /within 12 seconds/);
    assert.equal(stack.outputs("it").missingCount, 800);
    // Of the twenty requests that all of it would take, only those that were under way together when the time was over.
    const sent = (await world.requests("/associate")).length;
    assert.ok(sent <= 8, `${sent} requests sent`);
  });
});
