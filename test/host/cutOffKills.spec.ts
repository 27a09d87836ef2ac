import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Data, Kind } from "../support/hostProcess";
import { ProcessStack } from "../support/hostStack";
import { serials, smallLibrary, World } from "../support/world";

const app = { adamId: "2000000001", pricingParam: "STDQ" };
type Program = Record<string, readonly [Kind, Data]>;

describe("a host that is cut off in the middle of its writes", () => {
  let world: World;
  let stack: ProcessStack;

  beforeEach(async () => {
    const assets = [{ adamId: app.adamId, name: "Big", totalCount: 1000 }];
    world = await World.start([smallLibrary({ assets })], {
      eventDelayMs: 400,
      limits: { maxRequestPerSecond: 100_000, maxSerialNumbers: 10 },
    });
    stack = new ProcessStack({ env: world.env });
  });
  afterEach(async () => {
    await stack.end();
    await world.close();
  });

  const program = (assignments: Record<string, readonly string[]>): Program => ({
    hq: ["VppToken", { maxRevocations: 1000 }],
    ...Object.fromEntries(
      Object.entries(assignments).map(([name, serialNumbers]) => [
        name,
        ["VppAssignment", { apps: [app], serialNumbers, maxRevocations: 1000 }] as const,
      ]),
    ),
  });
  const up = async (resources: Program): Promise<void> => {
    stack.declare(resources);
    for (const { failures, initErrors } of Object.values(await stack.up()))
      assert.deepEqual([failures, initErrors ?? []], [[], []]);
    for (const name of stack.leftNames) await stack.remove(name);
  };
  const writes = async (kind: string): Promise<number> => (await world.requests(`/${kind}`)).length;
  const ways: Record<string, () => Promise<unknown>> = {
    "is killed": () => stack.host.kill(),
    "has lost its engine": async () => {
      stack.host.loseEngine();
      await stack.host.ended();
    },
  };
  /** Begins a program, cuts the host off after a few writes, and forgets whatever it may have answered. */
  const cutOff = async (way: string, resources: Program, kind: string): Promise<void> => {
    const before = stack.saved;
    const sent = await writes(kind);
    stack.isStateLost = true;
    stack.declare(resources);
    await stack.begin();
    const running = (async () => {
      for (const name of stack.declaredNames) await stack.apply(name);
    })().catch(() => undefined);
    while ((await writes(kind)) < sent + 3) await new Promise((resolve) => setTimeout(resolve, 5));
    await ways[way]!();
    await running;
    stack.isStateLost = false;
    stack.restore(before);
  };
  const files = (): string[] => {
    const folder = join(stack.home, "pulumi-vpp/runs");
    return existsSync(folder) ? readdirSync(folder) : [];
  };
  const assertHolders = async (wanted: readonly string[]): Promise<void> => {
    assert.deepEqual(await world.holders(app.adamId), [...wanted].sort());
    await stack.end();
    assert.deepEqual(files(), []);
  };
  const all = serials(100);
  const few = all.slice(0, 5);

  for (const way of Object.keys(ways)) {
    it(`and ${way} while it revokes: the program of before gets back what it took, also what settles later`, async () => {
      await up(program({ a: all }));
      await cutOff(way, program({ a: few }), "disassociate");
      await up(program({ a: all }));
      await assertHolders(all);
    });

    it(`and ${way} while it revokes: another program keeps what it declares of that`, async () => {
      await up(program({ a: all }));
      await cutOff(way, program({ a: few }), "disassociate");
      await up(program({ a: few, b: all.slice(5) }));
      await assertHolders(all);
    });

    it(`and ${way} while it assigns: the program of before leaves none of that behind`, async () => {
      await up(program({ a: few }));
      await cutOff(way, program({ a: few, b: all.slice(5) }), "associate");
      await up(program({ a: few }));
      await assertHolders(few);
    });

    it(`and ${way} in its very first run: the same program goes on`, async () => {
      await cutOff(way, program({ a: all }), "associate");
      await up(program({ a: all }));
      await assertHolders(all);
    });
  }
});
