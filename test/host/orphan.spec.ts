import assert from "node:assert/strict";
import { ProcessStack } from "../support/hostStack";
import { serials, smallLibrary, World } from "../support/world";

const app = { adamId: "2000000001", pricingParam: "STDQ" };

describe("a host whose engine is gone", () => {
  let world: World;
  let stack: ProcessStack;

  beforeEach(async () => {
    const assets = [{ adamId: app.adamId, name: "Big", totalCount: 30_000 }];
    world = await World.start([smallLibrary({ assets })], {
      limits: { maxRequestPerSecond: 100_000, maxSerialNumbers: 10 },
    });
    stack = new ProcessStack({ env: world.env });
  });
  afterEach(async () => {
    await stack.end();
    await world.close();
  });

  const writes = async (): Promise<number> => (await world.requests("/associate")).length;

  it("ends within five seconds though what it prints reaches nobody", async () => {
    stack.declare({
      hq: ["VppToken", {}],
      it: ["VppAssignment", { apps: [app], serialNumbers: serials(200) }],
    });
    await stack.up();
    await world.act("faults", { match: { path: "assets/disassociate" }, action: { type: "delay", ms: 300 } });
    await stack.begin();
    const removing = stack.remove("it").catch(() => undefined);
    while ((await world.requests("/disassociate")).length < 1) await new Promise((resolve) => setTimeout(resolve, 5));
    const { host } = stack;
    host.loseEngine();
    const began = performance.now();
    await host.ended();
    assert.ok(performance.now() - began < 5000, "it has not ended within five seconds");
    await removing;
  });

  it("sends at most the one write that is on its way, and ends within five seconds", async () => {
    stack.declare({ hq: ["VppToken", {}], it: ["VppAssignment", { apps: [app], serialNumbers: serials(2000) }] });
    await stack.begin();
    await stack.apply("hq");
    await world.act("faults", { match: { path: "assets/associate" }, action: { type: "delay", ms: 50 } });
    const applying = stack.apply("it").catch(() => undefined);
    while ((await writes()) < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    const { host } = stack;
    host.loseEngine();
    const sent = await writes();
    const began = performance.now();
    await host.ended();
    assert.ok(performance.now() - began < 5000, "it has not ended within five seconds");
    await applying;
    assert.ok((await writes()) <= sent + 1, `${(await writes()) - sent} writes went out`);
    assert.ok((await writes()) < 200);
  });
});
