import assert from "node:assert/strict";
import {
  alternate,
  largest,
  measured,
  median,
  overFloor,
  quickRatioOf,
  ratioOf,
  summarise,
} from "../../../bench/compare";
import { result, sample, summary } from "./support";

describe("bench › comparing", () => {
  it("takes the middle of an odd number of runs and the mean of the two middle ones of an even number", () => {
    assert.equal(median([9, 1, 5]), 5);
    assert.equal(median([9, 1, 5, 4]), 4.5);
    assert.deepEqual(measured([3, 1, 2]), { median: 2, min: 1, max: 3 });
  });

  it("runs both sides in turn, ours first, and throws a first pair away if told to", async () => {
    const order: string[] = [];
    let time = 0;
    const side = (name: string) => async () => {
      order.push(name);
      return sample(++time);
    };
    const { ours, floor } = await alternate(side("ours"), side("floor"), { runs: 2, warmUp: true });
    assert.deepEqual(order, ["ours", "floor", "ours", "floor", "ours", "floor"]);
    assert.deepEqual(
      [ours, floor].map((runs) => runs.map(({ seconds }) => seconds)),
      [
        [3, 5],
        [4, 6],
      ],
    );
  });

  it("does without a floor where there is none", async () => {
    const { ours, floor } = await alternate(async () => sample(1), undefined, { runs: 3, warmUp: false });
    assert.deepEqual([ours.length, floor.length], [3, 0]);
    assert.equal(ratioOf(result()), undefined);
    assert.equal(overFloor(result(), "host", "megabytes"), undefined);
  });

  it("gives ratios of the medians, and for quick runs of the quickest", () => {
    const one = result({ ours: summary([2, 3, 10]), floor: summary([1, 2, 3]) });
    assert.equal(ratioOf(one), 1.5);
    assert.equal(quickRatioOf(one), 2);
  });

  it("takes memory and CPU time of each role together, where a run had such a process", () => {
    const host = (megabytes: number, cpuSeconds: number) => ({ processes: { host: { megabytes, cpuSeconds } } });
    const ours = summarise([sample(1, host(100, 2)), sample(2, host(300, 4)), sample(3)]);
    assert.deepEqual(ours.processes, { host: { megabytes: 200, cpuSeconds: 3 } });
    const floor = summarise([sample(1, host(80, 1))]);
    assert.equal(overFloor(result({ ours, floor }), "host", "megabytes"), 120);
    assert.equal(overFloor(result({ ours, floor }), "program", "megabytes"), undefined);
  });

  it("counts a request that was made in a single run", () => {
    assert.deepEqual(largest([{ assets: 1 }, { assets: 2, users: 1 }, {}]), { assets: 2, users: 1 });
  });
});
