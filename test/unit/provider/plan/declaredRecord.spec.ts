import assert from "node:assert/strict";
import fc from "fast-check";
import { countDeclared } from "../../../../provider/plan/declaredCounts";
import { longestRecord, recordIn, recordText } from "../../../../provider/plan/declaredRecord";
import { leavingAssignments, type ThisRun } from "../../../../provider/plan/leaving";
import { Plan } from "../../../../provider/plan/planReader";
import { assignmentLine, endLine, PlanFile, userSetLine } from "../../../support/hostPlan";
import { serials } from "../../../support/world";

type Fleet = Readonly<Record<string, readonly string[]>>;

const files: PlanFile[] = [];

function planOf(...lines: ConstructorParameters<typeof PlanFile>): Plan {
  const file = new PlanFile(...lines);
  files.push(file);
  return new Plan(file.path).refresh();
}

function fleetPlan(fleet: Fleet, apps: readonly string[] = ["1"]): Plan {
  const lines = Object.entries(fleet).map(([name, serialNumbers]) =>
    assignmentLine(name, { serialNumbers, apps: apps.map((app) => [app, "STDQ"]) }),
  );
  return planOf(...lines, endLine());
}

const countsOf = (plan: Plan) => countDeclared(plan.assignmentsOf("default"), plan.userSetsOf("default"), true);
const textOf = (plan: Plan): string => recordText(countsOf(plan), 1, []);

/** What the second program leaves out of the first, as the check of a VppToken sees it. */
function leavingBetween(before: Fleet, now: Fleet, apps?: readonly string[]) {
  const counts = countsOf(fleetPlan(now, apps));
  const run: ThisRun = {
    present: counts,
    firm: counts,
    resources: new Map(Object.keys(now).map((name) => [name, 1])),
    mayDrop: (_, targets) => Math.max(25, Math.floor(targets / 10)),
  };
  return leavingAssignments(recordIn(textOf(fleetPlan(before, apps)))!, run, () => true);
}

describe("the record of what is declared", () => {
  after(() => {
    for (const file of files) file.dispose();
  });

  it("comes back as it was written, whatever the names are", () => {
    const names = fc.uniqueArray(fc.string({ minLength: 1, unit: "binary" }), { maxLength: 12 });
    const property = fc.property(names, fc.nat(40), (named, size) => {
      const counts = {
        licences: new Map([["d 1/STDQ", new Array<number>(64).fill(size)]]),
        people: new Array<number>(64).fill(0),
        assignments: new Map(
          named.map((name, at) => [name, { resources: 1 + (at % 3), targets: size + at, mark: at * 7 }]),
        ),
        userSets: new Map([["staff", { resources: 1, targets: 0, mark: 4095 }]]),
        targetCount: size,
        personCount: 0,
      };
      const record = recordIn(recordText(counts, 3, [{ name: "b", key: "branch", targetCount: 5, personCount: 6 }]))!;
      assert.deepEqual(new Map([...record.assignments].sort()), new Map([...counts.assignments].sort()));
      assert.deepEqual(record.userSets, counts.userSets);
      assert.deepEqual(record.licences, counts.licences);
      assert.deepEqual([record.tokenCount, record.neighbours[0]!.key], [3, "branch"]);
    });
    fc.assert(property);
  });

  it("has the same bytes, in whatever order the resources are declared", () => {
    const [a, b] = [serials(30), serials(40, 100)];
    const users = [userSetLine("s", ["ada", "bob"]), userSetLine("t", ["eve"])];
    const lines = [assignmentLine("a", { serialNumbers: a }), assignmentLine("b", { serialNumbers: b.toReversed() })];
    const one = textOf(planOf(...lines, ...users, endLine()));
    const other = textOf(
      planOf(...users.toReversed(), assignmentLine("b", { serialNumbers: b }), lines[0]!, endLine()),
    );
    assert.equal(one, other);
  });

  it("is nothing, when the text is none of ours", () => {
    for (const text of [undefined, 7, "", "{", "null", '{"v":2}', '{"v":1}']) assert.equal(recordIn(text), undefined);
  });

  it("takes about 170 characters for an app of 1,500 devices", () => {
    const one = textOf(fleetPlan({ fleet: serials(1500) })).length;
    const two = textOf(fleetPlan({ fleet: serials(1500) }, ["1", "2"])).length;
    assert.ok(two - one > 100 && two - one < 210, `${two - one}`);
  });

  const sizes: [string, () => Plan][] = [
    [
      "1,000 resources and 1.5 million pairs",
      () => {
        const apps = Array.from({ length: 20 }, (_, at) => String(300_000_000 + at));
        return fleetPlan(
          Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`department-${at}`, serials(75, at * 75)])),
          apps,
        );
      },
    ],
    [
      "1,000 resources with long names that share nothing",
      () => {
        const name = (at: number): string => `${(at * 2_654_435_761) % 4_294_967_296}-${"x".repeat(90)}-${at}`;
        return fleetPlan(Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [name(at), serials(at + 1)])));
      },
    ],
    [
      "3,000 apps",
      () =>
        fleetPlan(
          { fleet: serials(200) },
          Array.from({ length: 3000 }, (_, at) => String(300_000_000 + at)),
        ),
    ],
  ];
  for (const [title, make] of sizes) {
    it(`stays within 16 KB and is made in less than a second: ${title}`, () => {
      const plan = make();
      const begun = process.cpuUsage();
      const text = textOf(plan);
      const { user, system } = process.cpuUsage(begun);
      assert.ok(Buffer.byteLength(text) <= longestRecord, `${Buffer.byteLength(text)} bytes`);
      assert.ok((user + system) / 1000 < 1000, `${(user + system) / 1000} ms`);
      assert.ok(recordIn(text));
    });
  }

  it("still says what leaves, when the names had no room", () => {
    const name = (at: number): string => `${(at * 2_654_435_761) % 4_294_967_296}-${"x".repeat(90)}-${at}`;
    const fleet = Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [name(at), serials(3, at * 3)]));
    const rest = Object.fromEntries(Object.entries(fleet).slice(0, 300));
    const leaving = leavingBetween(fleet, rest)!;
    assert.ok(leaving.targets > 1000 && leaving.targets <= 2100, `${leaving.targets}`);
    assert.equal(leaving.names.length + leaving.unnamed, 700);
  });
});

describe("what leaves the program", () => {
  after(() => {
    for (const file of files) file.dispose();
  });

  it("is never over-stated, whatever becomes of names and targets, and sums to nothing where every target stays", () => {
    const universe = serials(300);
    const fleetOf = (names: readonly string[]): fc.Arbitrary<Fleet> =>
      fc.tuple(...names.map(() => fc.subarray(universe, { maxLength: 90 }))).map((lists) => {
        const free = new Set(universe);
        const parts = names.map((name, at) => {
          const own = lists[at]!.filter((serial) => free.delete(serial));
          return [name, own] as const;
        });
        return Object.fromEntries(parts);
      });
    const property = fc.property(
      fleetOf(["a", "b", "c", "d"]),
      fleetOf(["a", "b", "e", "f"]),
      fc.constantFrom(["1"], ["1", "2", "3"]),
      (before, now, apps) => {
        const leaving = leavingBetween(before, now, apps);
        // An exchange over an assignment's own limit that hardly changes its length is refused by that assignment's check.
        const isHidden = (name: string): boolean => {
          const [old, young] = [before[name]!, now[name]!];
          return old.filter((serial) => !young.includes(serial)).length > 25 && old.length - young.length <= 25;
        };
        fc.pre(!isHidden("a") && !isHidden("b"));
        const present = new Set(Object.values(now).flat());
        const byDeletes = ["c", "d"].flatMap((name) => before[name]!).filter((serial) => !present.has(serial));
        assert.ok((leaving?.targets ?? 0) <= byDeletes.length, `${leaving?.targets} of ${byDeletes.length}`);
        assert.ok((leaving?.licences ?? 0) <= byDeletes.length * apps.length);
        if (leaving) assert.ok(leaving.atMost >= leaving.targets);
        const renamed = Object.fromEntries(Object.entries(before).map(([name, list]) => [`new-${name}`, list]));
        assert.equal(leavingBetween(before, renamed, apps), undefined);
      },
    );
    fc.assert(property);
  });

  it("is exact, when nothing comes in its place", () => {
    const leaving = leavingBetween(
      { a: serials(130), b: serials(40, 500) },
      { moved: serials(60), b: serials(40, 500) },
      ["1", "2"],
    )!;
    assert.deepEqual(
      [leaving.names, leaving.targets, leaving.licences, leaving.devices, leaving.atMost],
      [["a"], 70, 140, 70, 70],
    );
  });
});
