import assert from "node:assert/strict";
import type { Library } from "../../../../../provider/apple/library/library";
import { judgeLicences, type LicenceVerdict } from "../../../../../provider/apple/library/licenceBudget";
import { Run } from "../../../../../provider/apple/library/run";
import { Plan } from "../../../../../provider/plan/planReader";
import { assignmentLine, PlanFile } from "../../../../support/hostPlan";

const keynote = "361285480/STDQ";
const ids = (count: number, prefix: string, from = 0): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${from + index}`);

/** One VppAssignment of the program: how many devices it has now, and how many it had, all with the app. */
interface Case {
  readonly before: number;
  readonly now: number;
  /** So many of the devices that it keeps in number are others than before. */
  readonly swapped?: number;
}

interface World {
  readonly resources: Readonly<Record<string, Case>>;
  readonly free: number;
  /** Devices that hold the app and that the program has never heard of. */
  readonly strangers?: number;
  readonly pages?: number;
  /** What this run's own writes have to do with the app's count, each time that it is asked. */
  readonly touched?: ("no" | "ended" | "pending")[];
  /** How many are free, once they have been counted again. */
  readonly recounted?: number;
  /** Devices of which it is not known whether they hold the app. */
  readonly unknown?: readonly string[];
}

/** Checks the resources in an order, as the engine would, and gives each verdict. */
async function judge(
  { resources, free, strangers = 0, pages = 1, touched = [], recounted = free, unknown = [] }: World,
  order: readonly string[],
): Promise<LicenceVerdict[]> {
  const held = new Set(ids(strangers, "X"));
  for (const [name, { before }] of Object.entries(resources))
    for (const id of ids(before, name.toUpperCase())) held.add(id);
  const library = {
    pagesOf: async () => pages,
    holders: async (_: unknown, kind: string) => ({ of: () => (kind === "device" ? held : new Set()) }),
    isTaken: (_: unknown, kind: string) => (target: string) => kind === "device" && held.has(target),
    isUnknown: (_: unknown, kind: string) => (target: string) => kind === "device" && unknown.includes(target),
    free: () => free,
    touched: () => touched.shift() ?? "no",
    recount: async () => {
      free = recounted;
    },
  } as unknown as Library;
  const file = new PlanFile(
    ...Object.entries(resources).map(([name, { now, swapped }]) =>
      assignmentLine(name, { serialNumbers: ids(now, name.toUpperCase(), swapped) }),
    ),
  );
  const plan = new Plan(file.path).refresh();
  file.dispose();
  const run = new Run();
  const verdicts: LicenceVerdict[] = [];
  for (const name of order) {
    const { before, now, swapped = 0 } = resources[name]!;
    run.recordChange("default", keynote, name, {
      asks: Math.max(0, now - before) + swapped,
      drops: Math.max(0, before - now) + swapped,
    });
    verdicts.push(await judgeLicences(library, plan, run, "default", keynote, name));
    run.checked.add(name);
  }
  return verdicts;
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, index) =>
    permutations(items.filter((_, other) => other !== index)).map((rest) => [item, ...rest]),
  );
}

const kinds = (verdicts: readonly LicenceVerdict[]): string[] => verdicts.map(({ kind }) => kind);

describe("licences", () => {
  describe("verdict", () => {
    it("is enough without a reading, when all that the program requires is free", async () => {
      assert.deepEqual(kinds(await judge({ resources: { a: { before: 0, now: 3 } }, free: 3, pages: 1000 }, ["a"])), [
        "enough",
      ]);
    });

    it("does not count what is assigned already, when that is why the free ones suffice", async () => {
      assert.deepEqual(kinds(await judge({ resources: { a: { before: 8, now: 10 } }, free: 2 }, ["a"])), ["enough"]);
    });

    it("counts as lacking only what other resources of the run don't give back", async () => {
      const resources = { a: { before: 0, now: 20 }, b: { before: 15, now: 0 } };
      const [, last] = await judge({ resources, free: 0, pages: 1000 }, ["b", "a"]);
      assert.deepEqual([last?.kind, last?.needed, last?.lacking], ["short", 20, 5]);
    });

    it("is short with the numbers and who asks, most first, when nothing is given back", async () => {
      const world = { resources: { a: { before: 0, now: 2 }, b: { before: 0, now: 5 } }, free: 6 };
      const [first] = await judge(world, ["a", "b"]);
      assert.deepEqual(first, {
        kind: "short",
        needed: 7,
        lacking: 1,
        free: 6,
        askers: [
          { name: "b", asks: 5 },
          { name: "a", asks: 2 },
        ],
      });
    });

    const needy = { resources: { a: { before: 0, now: 10 } }, free: 5 };

    it("is short, when writes of this run have ended and the licences do not suffice when they are counted again", async () => {
      assert.deepEqual(kinds(await judge({ ...needy, touched: ["ended", "ended", "no"] }, ["a"])), ["short"]);
    });

    it("is enough, when they suffice when they are counted again after writes of this run", async () => {
      assert.deepEqual(kinds(await judge({ ...needy, touched: ["ended", "ended"], recounted: 10 }, ["a"])), ["enough"]);
    });

    it("is left to the service, while a write of this run is on its way", async () => {
      assert.deepEqual(kinds(await judge({ ...needy, touched: ["pending", "pending"] }, ["a"])), ["pending"]);
    });

    it("is left to the service, when a write of this run was sent while the licences were counted again", async () => {
      assert.deepEqual(kinds(await judge({ ...needy, touched: ["ended", "ended", "pending"] }, ["a"])), ["pending"]);
    });

    it("is left to the service, when what is lacking may be assigned already by a write that failed", async () => {
      assert.deepEqual(kinds(await judge({ ...needy, unknown: ids(5, "A") }, ["a"])), ["pending"]);
      assert.deepEqual(kinds(await judge({ ...needy, unknown: ids(4, "A") }, ["a"])), ["short"]);
    });

    it("lets a resource use what the same resource drops, when it swaps devices", async () => {
      const world = { resources: { a: { before: 4, now: 4, swapped: 2 } }, free: 0 };
      assert.deepEqual(await judge(world, ["a"]), [{ kind: "enough", needed: 0, free: 0, lacking: 0, askers: [] }]);
    });

    it("is laterInRun, when another resource that was checked gives enough back", async () => {
      const world = { resources: { a: { before: 5, now: 2 }, b: { before: 0, now: 3 } }, free: 0 };
      assert.equal((await judge(world, ["a", "b"])).at(-1)?.kind, "laterInRun");
    });

    it("is perhaps, when a resource that is still unchecked may give some back", async () => {
      const world = { resources: { a: { before: 5, now: 2 }, b: { before: 0, now: 3 } }, free: 0 };
      assert.deepEqual(kinds(await judge(world, ["b", "a"])), ["perhaps", "laterInRun"]);
    });

    it("is short at once, when even all licences that the program does not require would not do", async () => {
      const world = { resources: { a: { before: 5, now: 4 }, b: { before: 0, now: 3 } }, free: 0 };
      assert.deepEqual(kinds(await judge(world, ["b"])), ["short"]);
    });

    it("is left open to the last check and then short, when an app is too large to read in full", async () => {
      const world = { resources: { a: { before: 0, now: 3 }, b: { before: 0, now: 3 } }, free: 5, pages: 6 };
      assert.deepEqual(kinds(await judge(world, ["a", "b"])), ["enough", "short"]);
    });
  });

  describe("order of the checks", () => {
    const programs: [string, World, boolean][] = [
      [
        "others give back exactly enough",
        { resources: { a: { before: 4, now: 0 }, b: { before: 0, now: 3 }, c: { before: 1, now: 2 } }, free: 0 },
        true,
      ],
      [
        "one licence is missing",
        { resources: { a: { before: 4, now: 0 }, b: { before: 0, now: 3 }, c: { before: 1, now: 3 } }, free: 0 },
        false,
      ],
      [
        "strangers hold the rest",
        {
          resources: { a: { before: 2, now: 1 }, b: { before: 0, now: 3 }, c: { before: 1, now: 1 } },
          free: 1,
          strangers: 9,
        },
        false,
      ],
      [
        "all is free",
        { resources: { a: { before: 0, now: 2 }, b: { before: 0, now: 3 }, c: { before: 1, now: 1 } }, free: 5 },
        true,
      ],
      [
        "an app is too large to read and suffices",
        {
          resources: { a: { before: 9, now: 4 }, b: { before: 0, now: 3 }, c: { before: 0, now: 3 } },
          free: 1,
          pages: 50,
        },
        true,
      ],
      [
        "an app is too large to read and falls short",
        {
          resources: { a: { before: 9, now: 4 }, b: { before: 0, now: 4 }, c: { before: 0, now: 3 } },
          free: 1,
          pages: 50,
        },
        false,
      ],
    ];
    for (const [what, world, suffices] of programs) {
      it(`does not change whether the program is ${suffices ? "let through" : "refused"}, when ${what}`, async () => {
        for (const order of permutations(Object.keys(world.resources))) {
          const verdicts = await judge(world, order);
          const refused = verdicts.some(({ kind }) => kind === "short");
          assert.equal(refused, !suffices, `${order.join(", ")}: ${kinds(verdicts).join(", ")}`);
          if (suffices) assert.notEqual(verdicts.at(-1)?.kind, "perhaps");
        }
      });
    }
  });
});
