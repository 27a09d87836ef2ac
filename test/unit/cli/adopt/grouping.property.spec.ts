import assert from "node:assert/strict";
import fc from "fast-check";
import { type Group, groupHoldings } from "../../../../cli/adopt/grouping/group";
import { rankOf } from "../../../support/rank";
import { runs } from "../../../support/runs";

type Holders = ReadonlyMap<string, ReadonlySet<string>>;

const appNames = (count: number): string[] => Array.from({ length: count }, (_, index) => `app${index}`);

/** What the groups say is held; fails where they say it twice. */
function unfold(groups: readonly Group[]): Set<string> {
  const pairs = new Set<string>();
  for (const { apps, targets } of groups) {
    assert.ok(apps.length > 0 && targets.length > 0, "a group is empty");
    for (const app of apps)
      for (const target of targets) {
        const pair = `${app} ${target}`;
        assert.ok(!pairs.has(pair), `${pair} is in two groups`);
        pairs.add(pair);
      }
  }
  return pairs;
}

const pairsOf = (holders: Holders): Set<string> =>
  new Set([...holders].flatMap(([app, targets]) => [...targets].map((target) => `${app} ${target}`)));

/** Fewer groups than this there can't be. */
function leastOf(apps: readonly string[], holders: Holders): number {
  const targets = [...new Set([...holders.values()].flatMap((held) => [...held]))];
  const rows = targets.map((target) => apps.flatMap((app, index) => (holders.get(app)?.has(target) ? [index] : [])));
  const different = new Map(rows.map((row) => [row.join(" "), new Set(row)]));
  return rankOf([...different.values()], apps.length);
}

/** A library in which departments hold apps: `members` names the departments of each target. */
function holdersOf(departments: readonly (readonly string[])[], members: readonly (readonly number[])[]): Holders {
  const holders = new Map<string, Set<string>>();
  members.forEach((numbers, target) => {
    for (const app of numbers.flatMap((number) => departments[number] ?? [])) {
      const held = holders.get(app) ?? new Set();
      holders.set(app, held.add(`target${String(target).padStart(5, "0")}`));
    }
  });
  return holders;
}

const anyHolders = fc.array(fc.uniqueArray(fc.nat(11), { maxLength: 12 }), { maxLength: 25 }).map((rows) =>
  holdersOf(
    appNames(12).map((app) => [app]),
    rows,
  ),
);

describe("the groups that adopt makes of what is held", () => {
  it("hold exactly what is held, each licence once, in no more groups than there are app sets or target sets", () => {
    const apps = appNames(12);
    const property = fc.property(anyHolders, (holders) => {
      const groups = groupHoldings(apps, holders);
      assert.deepEqual(unfold(groups), pairsOf(holders));
      const byTarget = new Map<string, string[]>();
      for (const app of apps)
        for (const target of holders.get(app) ?? []) byTarget.set(target, [...(byTarget.get(target) ?? []), app]);
      const appSets = new Set([...byTarget.values()].map((each) => each.join(" ")));
      const targetSets = new Set([...holders.values()].map((each) => [...each].sort().join(" ")));
      assert.ok(groups.length <= Math.min(appSets.size, targetSets.size));
      assert.ok(groups.length >= leastOf(apps, holders), "fewer than there can be");
    });
    fc.assert(property, runs(300));
  });

  it("are the same whatever the order in which the service lists things", () => {
    const apps = appNames(12);
    const reversed = (holders: Holders): Holders =>
      new Map([...holders].reverse().map(([app, targets]) => [app, new Set([...targets].reverse())]));
    const property = fc.property(anyHolders, (holders) =>
      assert.deepEqual(groupHoldings(apps, reversed(holders)), groupHoldings(apps, holders)),
    );
    fc.assert(property, runs(100));
  });

  const fleet = (groupOf: (device: number) => readonly number[]): readonly (readonly number[])[] =>
    Array.from({ length: 5000 }, (_, device) => groupOf(device));

  it("are 12 for 50 apps and 5,000 devices in 12 groups that share apps", () => {
    const apps = appNames(50);
    const departments = Array.from({ length: 12 }, (_, number) =>
      apps.filter((_app, index) => index < 5 || index % 12 === number || index % 7 === number),
    );
    const groups = groupHoldings(
      apps,
      holdersOf(
        departments,
        fleet((device) => [device % 12]),
      ),
    );
    assert.equal(groups.length, 12);
  });

  it("are 12 for 50 apps and 5,000 devices in 12 groups, some of them in two or three, whose apps differ", () => {
    const apps = appNames(50);
    const departments = Array.from({ length: 12 }, (_, number) => apps.filter((_app, index) => index % 12 === number));
    const holders = holdersOf(
      departments,
      fleet((device) => [
        ...new Set([device % 12, ...(device % 9 === 0 ? [(device * 7) % 12, (device * 5) % 12] : [])]),
      ]),
    );
    const groups = groupHoldings(apps, holders);
    assert.equal(groups.length, 12);
    assert.deepEqual(unfold(groups), pairsOf(holders));
  });

  it("are 13 for 12 groups with common apps beside their own and devices in two, fewer than which there can't be", () => {
    const apps = appNames(50);
    const departments = [
      ...Array.from({ length: 12 }, (_, number) => apps.filter((_app, index) => index > 5 && index % 12 === number)),
      apps.slice(0, 6),
    ];
    const holders = holdersOf(
      departments,
      fleet((device) => [...new Set([12, device % 12, ...(device % 9 === 0 ? [(device * 7) % 12] : [])])]),
    );
    assert.equal(leastOf(apps, holders), 13);
    assert.equal(groupHoldings(apps, holders).length, 13);
  });

  it("look apart at what only a common app ties together: one part by its targets, the other by its apps", () => {
    const departments = [
      // Three app sets over six apps, then three apps in all combinations, then what everybody has.
      ["app0", "app1", "app2"],
      ["app0", "app3", "app4"],
      ["app1", "app3", "app5"],
      ["app6"],
      ["app7"],
      ["app8"],
      ["app9"],
    ];
    const combinations = [[3], [4], [5], [3, 4], [3, 5], [4, 5], [3, 4, 5]];
    const members = [[0], [1], [2], ...combinations].map((numbers) => [...numbers, 6]);
    const holders = holdersOf(departments, members);
    assert.equal(groupHoldings(appNames(10), holders).length, 7);
    assert.deepEqual(unfold(groupHoldings(appNames(10), holders)), pairsOf(holders));
  });

  it("are as few as there can be in nearly all fleets of departments with devices in two", () => {
    const apps = appNames(30);
    const department = fc.uniqueArray(fc.nat(29), { minLength: 1, maxLength: 6 });
    const fleetOfDepartments = fc
      .record({
        departments: fc.array(department, { minLength: 2, maxLength: 9 }),
        second: fc.array(fc.nat(8), { minLength: 100, maxLength: 100 }),
        every: fc.integer({ min: 1, max: 6 }),
      })
      .map(({ departments, second, every }) => {
        const number = (device: number): number => device % departments.length;
        const members = second.map((other, device) =>
          device % every === 0 ? [...new Set([number(device), number(other)])] : [number(device)],
        );
        return holdersOf(
          departments.map((indices) => indices.map((index) => apps[index]!)),
          members,
        );
      });
    let found = 0;
    let least = 0;
    const property = fc.property(fleetOfDepartments, (holders) => {
      found += groupHoldings(apps, holders).length;
      least += leastOf(apps, holders);
    });
    fc.assert(property, runs(200));
    assert.ok(found <= least * 1.02, `${found} groups where ${least} are the least`);
  });

  it("take time that bears a messy library of 200 apps and 10,000 devices, no two alike", () => {
    const apps = appNames(200);
    let seed = 7;
    const random = (): number => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed;
    };
    const members = Array.from({ length: 10_000 }, () => [
      ...new Set(Array.from({ length: 10 }, () => random() % 200)),
    ]);
    const holders = holdersOf(
      apps.map((app) => [app]),
      members,
    );
    const started = process.cpuUsage();
    const groups = groupHoldings(apps, holders);
    const { user } = process.cpuUsage(started);
    assert.ok(groups.length <= 200, String(groups.length));
    assert.ok(user < 8_000_000, `${user / 1e6} s`);
  });
});
