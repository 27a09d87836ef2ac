import assert from "node:assert/strict";
import { figureOf, growthIn } from "../../../bench/figures";
import { budgets, judge } from "../../../bench/guard";
import { families } from "../../../bench/jobs/all";
import { result, summary } from "./support";

const full = { quick: false, full: 1000 };
const failing = (...given: Parameters<typeof judge>): string[] =>
  judge(...given)
    .filter(({ ok }) => !ok)
    .map(({ figure }) => figure);

describe("bench › guarding", () => {
  it("lets an unchanged up pass that asks nothing and takes what the floor takes", () => {
    assert.deepEqual(failing(result({ ours: summary([1.04]), floor: summary([1]) }), full), []);
  });

  it("fails it for a single request, and for being slower than allowed", () => {
    const slow = { ours: summary([1.06]), floor: summary([1]) };
    assert.deepEqual(failing(result({ requests: { "client/config": 1 } }), full), ["requests"]);
    assert.deepEqual(failing(result(slow), full), ["ratio"]);
    assert.deepEqual(failing(result(slow), { quick: true, full: 1000 }), []);
    assert.deepEqual(failing(result({ ...slow, size: 10 }), full), [], "only the largest size is held to a time");
  });

  it("wants exactly as many writes as the service's limits make of a job, not fewer", () => {
    const up = (associate: number) =>
      result({
        job: "wide-fleet-first-up",
        requests: { "assets/associate": associate },
        scale: { apps: 50, devices: 30_000 },
        more: { lists: 2 },
      });
    assert.deepEqual(failing(up(60), full), []);
    assert.deepEqual(failing(up(59), full), ["path:assets/associate"]);
    assert.deepEqual(failing(up(61), full), ["path:assets/associate"]);
  });

  it("allows a refresh twice the fewer of all pages and the pages of its apps, for each library", () => {
    const refresh = (assignments: number) =>
      result({
        job: "refresh-10-libraries",
        requests: { assignments, assets: 10, users: 10, "client/config": 10, "service/config": 10 },
        scale: { libraries: 10, apps: 20, people: 7, licences: 2300, ofApps: 2300 },
      });
    assert.deepEqual(failing(refresh(60), full), []);
    assert.deepEqual(failing(refresh(61), full), ["path:assignments"]);
  });

  it("counts neither opening, waiting nor writing as reads", () => {
    const requests = {
      "service/config": 1,
      "client/config": 2,
      status: 5,
      "assets/associate": 1,
      assets: 2,
      assignments: 1,
    };
    assert.equal(figureOf("reads", result({ requests }), false), 3);
    assert.equal(figureOf("requests", result({ requests }), false), 12);
  });

  it("holds a new library to the requests of a plain client, asking about events and names of apps apart", () => {
    const up = (assets: number) =>
      result({
        job: "new-library-first-up",
        requests: { "service/config": 1, "client/config": 3, assets, "assets/associate": 2, status: 9, lookup: 1 },
        scale: { apps: 20, devices: 2000 },
      });
    assert.deepEqual(failing(up(1), full), []);
    assert.deepEqual(failing(up(2), full), ["unpolled"]);
  });

  it("holds each of many libraries to what one takes, and what all share to one request", () => {
    const up = (changes: object) =>
      result({
        job: "libraries-first-up",
        requests: {
          ...{
            "service/config": 1,
            lookup: 1,
            "client/config": 600,
            assets: 200,
            "assets/associate": 200,
            status: 200,
          },
          ...changes,
        },
        scale: { libraries: 200 },
      });
    assert.deepEqual(failing(up({}), full), []);
    assert.deepEqual(failing(up({ "service/config": 200 }), full), ["path:service/config"]);
    assert.deepEqual(failing(up({ lookup: 200, "client/config": 800 }), full), ["path:lookup", "path:client/config"]);
  });

  it("looks at growth over a sixteenth, a quarter and all of a size, on the same engine", () => {
    const at = (size: number, seconds: number, engine = "none") =>
      result({ job: "one-check", size, engine, ours: summary([seconds]) });
    const results = [at(10, 5), at(62, 0.62), at(250, 2.5), at(1000, 10), at(1000, 99, "Pulumi CLI")];
    const growth = growthIn(results, results[3]!)!;
    assert.ok(Math.abs(growth.value - 1) < 0.01, String(growth.value));
    assert.equal(growthIn(results, results[4]!), undefined);
    assert.deepEqual(failing(results[3]!, { ...full, growth }), []);
    assert.deepEqual(failing(results[3]!, { ...full, growth: { ...growth, value: 1.2 } }), ["growth"]);
  });

  it("has a job for every budget, and names each job once", () => {
    const names = families.flat().map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    for (const { jobs } of budgets)
      assert.ok(
        names.some((name) => jobs.test(name)),
        String(jobs),
      );
  });
});
