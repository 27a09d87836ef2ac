import assert from "node:assert/strict";
import type { Data, Kind } from "../support/hostProcess";
import type { Applied, HostStack } from "../support/hostStack";
import { hastyStack } from "../support/scaledClock";
import { serials, smallLibrary, World } from "../support/world";

const scarce = { adamId: "2000000001", pricingParam: "STDQ" as const };
const plenty = { adamId: "2000000002", pricingParam: "STDQ" as const };
/** How many times faster the provider lives. A reading's five minutes are most of a second then, which a busy machine has, too. */
const scale = 400;
/** How long the service works on a write: six seconds of the provider, or more than the five minutes that a reading is good for. */
const lengths = { "6 s": { eventDelayMs: 15, points: 6 }, "6 minutes": { eventDelayMs: 900, points: 1 } } as const;

const has = {
  // Holds six, and gives up three of them.
  old: { apps: [scarce], serialNumbers: serials(6, 300) },
  a: { apps: [scarce, plenty], serialNumbers: serials(40) },
  b: { apps: [plenty], serialNumbers: serials(10, 200) },
  // Comes after a, and gets the last ten.
  c: { apps: [scarce], serialNumbers: serials(10, 100) },
} as const;
const shrunk = { ...has.old, serialNumbers: serials(3, 300) };
type Name = keyof typeof has;

/** What happens beside the run, at one of its requests. */
const disturbances: Record<string, (at: number) => [string, object]> = {
  "a reading fails": (after) => [
    "faults",
    { match: { method: "GET", path: "assets", after }, action: { type: "errorNumber", errorNumber: 9637 } },
  ],
  "a reading of licences fails": (after) => [
    "faults",
    { match: { method: "GET", path: "assignments", after }, action: { type: "errorNumber", errorNumber: 9637 } },
  ],
  "two readings fail": (after) => [
    "faults",
    { match: { method: "GET", after }, times: 2, action: { type: "errorNumber", errorNumber: 9637 } },
  ],
  "an answer gets lost": (after) => ["faults", { match: { after }, action: { type: "lose-answer" } }],
  "a connection breaks": (after) => ["faults", { match: { after }, action: { type: "reset" } }],
  "an event fails in part": (after) => [
    "faults",
    { match: { event: "associate", after }, action: { type: "event-partly", done: 7, errorNumber: 9603 } },
  ],
  "an event is forgotten": (after) => [
    "faults",
    { match: { event: "any", after }, action: { type: "event-forgotten" } },
  ],
  "a list moves": (after) => [
    "faults",
    { match: { method: "GET", path: "assignments", after }, times: 2, action: { type: "list-moved" } },
  ],
  "somebody else assigns a few": (after) => [
    "hooks",
    {
      on: "request",
      after,
      do: [{ path: "assignments", body: { action: "assign", assets: [scarce], serialNumbers: serials(3, 900) } }],
    },
  ],
  "somebody else takes back a few that are nobody's here": (after) => [
    "hooks",
    {
      on: "request",
      after,
      do: [{ path: "assignments", body: { action: "unassign", assets: [scarce], serialNumbers: serials(2, 800) } }],
    },
  ],
};

interface Ended {
  readonly name: Name;
  readonly applied?: Applied;
  readonly error?: Error;
}

for (const [length, { eventDelayMs, points }] of Object.entries(lengths))
  describe(`several resources of one run, when a write takes ${length}`, () => {
    let world: World;
    let stack: HostStack;

    const declare = (resources: Partial<Record<Name, Data>>): void =>
      stack.declare({
        hq: ["VppToken", {}],
        ...Object.fromEntries(
          Object.entries(resources).map(([name, props]) => [name, ["VppAssignment", props]] as [string, [Kind, Data]]),
        ),
      });

    beforeEach(async () => {
      const assets = [
        { ...scarce, name: "Scarce", totalCount: 61 },
        { ...plenty, name: "Plenty", totalCount: 500 },
      ];
      const assignments = [{ adamId: scarce.adamId, serialNumbers: serials(2, 800) }];
      world = await World.start([smallLibrary({ assets, assignments })], { eventDelayMs, pageSize: 30 });
      stack = hastyStack(world, scale, { "vpp:eventTimeoutSeconds": "86400" });
      declare({ old: has.old });
      await stack.up();
    });

    afterEach(async () => {
      await stack.end();
      await world.close();
    });

    const ended = async (name: Name): Promise<Ended> => {
      try {
        return { name, applied: await stack.apply(name) };
      } catch (error) {
        return { name, error: error as Error };
      }
    };
    const isWell = ({ applied, error }: Ended): boolean =>
      error === undefined && applied?.op !== "refused" && applied?.initErrors === undefined;
    const why = ({ name, applied, error }: Ended): string =>
      `${name}: ${error?.message ?? applied?.failures[0]?.reason ?? applied?.initErrors?.join("; ")}`;

    /** One run as the engine would go about it: c after a, everything else at the same time. */
    const run = async (): Promise<Ended[]> => {
      declare({ ...has, old: shrunk });
      await stack.begin();
      await stack.apply("hq");
      const chain = ended("a").then(async (a) => (isWell(a) ? [a, await ended("c")] : [a]));
      return [...(await Promise.all([ended("old"), ended("b")])), ...(await chain)];
    };

    /** The state's word of each resource against what is true at the service. */
    const judge = async (ends: readonly Ended[]): Promise<void> => {
      const { assignments } = await world.truth();
      const truth = new Set(assignments.map(({ adamId, serialNumber }) => `${adamId} ${serialNumber}`));
      for (const end of ends) {
        const { name } = end;
        if (!stack.has(name)) continue;
        const { inputs, outputs } = stack.kept(name);
        const { apps, serialNumbers } = (isWell(end) ? (name === "old" ? shrunk : has[name]) : outputs) as typeof has.a;
        const listed = new Set(
          (outputs.missing as { adamId: string; serialNumber: string }[]).map(
            (each) => `${each.adamId} ${each.serialNumber}`,
          ),
        );
        const declared = apps.flatMap(({ adamId }) => serialNumbers.map((serial) => `${adamId} ${serial}`));
        assert.equal(
          (outputs.assignedCount as number) + (outputs.missingCount as number),
          declared.length,
          `${name} counts`,
        );
        if (isWell(end)) assert.equal(outputs.missingCount, 0, `${name} is well, and misses ${outputs.missingCount}`);
        for (const pair of declared) {
          if (!listed.has(pair)) assert.ok(truth.has(pair), `${name} says that ${pair} is assigned`);
        }
        assert.ok(inputs);
      }
      if (!stack.has("old")) return;
      const releasing = (stack.outputs("old").releasing as { serialNumbers: string[] }[] | undefined) ?? [];
      const left = new Set(releasing.flatMap(({ serialNumbers }) => serialNumbers));
      const isShrunk = (stack.outputs("old").serialNumbers as string[]).length === 3;
      for (const serial of serials(3, 303))
        if (isShrunk && !left.has(serial)) assert.ok(!truth.has(`${scarce.adamId} ${serial}`), `old forgets ${serial}`);
    };

    it("get on together, and what the last one needs is there to the last licence", async () => {
      const ends = await run();
      assert.deepEqual(ends.filter((end) => !isWell(end)).map(why), []);
      await judge(ends);
      assert.equal((await world.asset(scarce.adamId)).availableCount, 61 - 2 - 3 - 40 - 10);
    });

    for (const [what, disturb] of Object.entries(disturbances)) {
      const most = Number(process.env.INTERLEAVING_POINTS ?? points);
      for (let at = 0; at < most; at++) {
        it(`know what became of each, when ${what} at point ${at}`, async () => {
          await world.act(...disturb(at));
          const ends = await run();
          const bad = ends.filter((end) => !isWell(end));
          for (const end of bad) assert.ok(!/licences? needed/.test(why(end)), `refused without need: ${why(end)}`);
          assert.ok(
            bad.length <= (what.startsWith("two") ? 2 : 1),
            `one thing went wrong, and several end with it: ${bad.map(why).join(" | ")}`,
          );
          await judge(ends);
          await world.simulator.control("DELETE", "faults");
          await world.simulator.control("DELETE", "hooks");
          const again = await run();
          assert.deepEqual(again.filter((end) => !isWell(end)).map(why), []);
          await judge(again);
        }).timeout(30_000);
      }
    }
  });
