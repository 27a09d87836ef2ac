import assert from "node:assert/strict";
import { mapConcurrent } from "../../../../provider/http/mapConcurrent";
import { BeyondPatience, RateLimiter } from "../../../../provider/http/rateLimiter";
import { emptySchedule, takeStart } from "../../../../provider/http/rateSchedule";
import { Semaphore } from "../../../../provider/http/semaphore";
import { FakeClock } from "../support/fakeClock";

describe("pace", () => {
  describe("RateLimiter", () => {
    async function starts(perSecond: () => number | undefined, count: number): Promise<number[]> {
      const clock = new FakeClock(0);
      const pace = new RateLimiter(perSecond, clock.sleep, clock.now);
      const times: number[] = [];
      await Promise.all(Array.from({ length: count }, () => pace.turn().then(() => times.push(clock.ms))));
      return times;
    }

    it("lets no more calls start in any second than allowed, however many ask at once", async () => {
      const times = await starts(() => 15, 100);
      for (const [index, time] of times.entries()) {
        const inSecond = times.slice(index).filter((other) => other - time < 1000).length;
        assert.ok(inSecond <= 15, `${inSecond} from ${time} ms on`);
      }
      assert.ok(times.at(-1)! <= 100 * (1100 / 15), `the last one started at ${times.at(-1)}`);
    });

    it("lets the first half start at once and the others at equal distances", async () => {
      const times = await starts(() => 10, 30);
      assert.deepEqual(times.slice(0, 5), [0, 0, 0, 0, 0]);
      const distances = times.slice(15).map((time, index) => Math.round(time - times[index + 14]!));
      assert.deepEqual(new Set(distances), new Set([110]));
    });

    it("starts nothing for as long as the service wants, then half as many, and all again after ten seconds", async () => {
      const clock = new FakeClock(0);
      const pace = new RateLimiter(() => 10, clock.sleep, clock.now);
      pace.slowDown(3000);
      pace.slowDown(2000);
      const times: number[] = [];
      for (let count = 0; count < 150; count++) {
        await pace.turn();
        times.push(clock.ms);
      }
      const within = (from: number, to: number): number => times.filter((time) => time >= from && time < to).length;
      assert.equal(times[0], 3000);
      assert.ok(within(3000, 4000) <= 5, `${within(3000, 4000)} in the first second`);
      assert.ok(within(14_000, 15_000) >= 8, `${within(14_000, 15_000)} in a second after that`);
    });

    for (const [what, perSecond] of [
      ["is known", undefined],
      ["makes sense", 0],
    ] as const) {
      it(`lets ten start in a second, when no limit ${what}`, async () => {
        const times = await starts(() => perSecond, 100);
        const most = Math.max(...times.map((from) => times.filter((at) => at >= from && at - from < 1000).length));
        assert.equal(most, 10);
        assert.ok(times.at(-1)! >= 9000, `the last one started at ${times.at(-1)}`);
      });
    }

    it("keeps few times, however high the rate", async () => {
      const schedule = emptySchedule();
      const times: number[] = [];
      for (let now = 0; now < 3000; ) {
        now += takeStart(schedule, now, 10_000, Number.POSITIVE_INFINITY);
        times.push(now);
        assert.ok(schedule.starts.length <= 300, `${schedule.starts.length} times`);
      }
      for (let index = 0; index < times.length; index += 500) {
        const inSecond = times.filter((time) => time >= times[index]! && time - times[index]! < 1000).length;
        assert.ok(inSecond <= 10_000, `${inSecond} from ${times[index]} ms on`);
      }
      assert.ok(times.length > 20_000, `${times.length} in three seconds`);
    });

    it("fails at once, takes no start and lets others go on, when the next start is beyond the caller's time", async () => {
      const clock = new FakeClock(0);
      const limiter = new RateLimiter(() => 10, clock.sleep, clock.now);
      limiter.slowDown(60_000);
      await assert.rejects(
        limiter.turn(() => 59_000),
        (error) => error instanceof BeyondPatience && error.waitMs === 60_000,
      );
      assert.equal(clock.ms, 0);
      await limiter.turn(() => 61_000);
      assert.equal(clock.ms, 60_000);
    });

    it("heeds a limit that becomes known later", async () => {
      let asked = 0;
      const times = await starts(() => (++asked > 2 ? 1 : undefined), 4);
      assert.deepEqual(times, [0, 0, 1100, 2200]);
    });
  });

  describe("Semaphore", () => {
    it("lets at most its width run, in the order of coming, and goes on after a failure", async () => {
      const gate = new Semaphore(2);
      const order: number[] = [];
      let running = 0;
      let most = 0;
      const task = (index: number) => async (): Promise<void> => {
        order.push(index);
        most = Math.max(most, ++running);
        await new Promise((resolve) => setImmediate(resolve));
        running--;
        if (index === 1) throw new Error("failed");
      };
      const ended = await Promise.allSettled([0, 1, 2, 3, 4].map((index) => gate.run(task(index))));
      assert.equal(most, 2);
      assert.deepEqual(order, [0, 1, 2, 3, 4]);
      assert.deepEqual(
        ended.map(({ status }) => status),
        ["fulfilled", "rejected", "fulfilled", "fulfilled", "fulfilled"],
      );
    });
  });

  describe("mapConcurrent", () => {
    it("gives the results in the items' order, when later ones end first", async () => {
      const wait = (ms: number): Promise<number> => new Promise((resolve) => setTimeout(() => resolve(ms), ms));
      assert.deepEqual(await mapConcurrent([9, 1, 5], 3, wait), [9, 1, 5]);
    });

    it("starts nothing more after a failure and hands it on", async () => {
      const started: number[] = [];
      const run = mapConcurrent([0, 1, 2, 3, 4, 5, 6, 7], 2, async (item) => {
        started.push(item);
        await new Promise((resolve) => setImmediate(resolve));
        if (item === 0) throw new Error("failed");
      });
      await assert.rejects(run, /failed/);
      await new Promise((resolve) => setTimeout(resolve, 20));
      assert.ok(started.length < 8, `started ${started.join(", ")}`);
    });
  });
});
