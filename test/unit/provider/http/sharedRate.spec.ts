import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { BeyondPatience, RateLimiter } from "../../../../provider/http/rateLimiter";
import { SharedSchedule } from "../../../../provider/http/sharedSchedule";
import { root } from "../../../support/paths";
import { World } from "../../../support/world";

const perSecond = 15;
/** Issue: fifty at once. Each is a Node process of its own, so ten are part of every run. */
const processes = Number(process.env.VPP_RATE_PROCESSES ?? "10");

describe("several processes on one library", () => {
  let world: World;
  let temporary: string;

  beforeEach(async () => {
    world = await World.start(undefined, { limits: { maxRequestPerSecond: perSecond } });
    temporary = world.path("tmp");
    mkdirSync(temporary);
  });

  afterEach(() => world.close());

  function begin(requests: number): ChildProcess {
    const env = { ...process.env, ...world.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary };
    const script = join(root, "dist/test/support/rateProcess.js");
    return spawn(process.execPath, [script, String(requests)], { env, stdio: ["ignore", "ignore", "inherit"] });
  }

  const ended = (child: ChildProcess): Promise<number | null> =>
    new Promise((resolve) => child.once("close", (code) => resolve(code)));

  async function refusals(): Promise<{ readonly all: number; readonly refused: number }> {
    const requests = await world.requests("/client/config");
    return { all: requests.length, refused: requests.filter(({ errorNumber }) => errorNumber === 9646).length };
  }

  async function assertShared(count: number, requests: number): Promise<void> {
    const codes = await Promise.all(Array.from({ length: count }, () => ended(begin(requests))));
    assert.deepEqual(new Set(codes), new Set([0]));
    const { all, refused } = await refusals();
    assert.equal(all - refused, count * requests);
    assert.ok(refused < 0.05 * all, `${refused} of ${all} requests were too many`);
  }

  it("keep the service's rate together, when two work for a while", () => assertShared(2, 40)).timeout(60_000);

  it(`keep it together, when ${processes} begin at once`, () => assertShared(processes, 3)).timeout(240_000);

  it("leave nothing secret behind, and nothing that others may read", async () => {
    assert.equal(await ended(begin(1)), 0);
    const [folder] = readdirSync(temporary);
    assert.match(folder!, /^vpp-request-rate-/);
    const path = join(temporary, folder!);
    const names = readdirSync(path);
    assert.equal(names.length, 1, names.join(", "));
    assert.match(names[0]!, /^[0-9a-f]{32}$/);
    if (process.platform !== "win32") {
      assert.equal(statSync(path).mode & 0o777, 0o700);
      assert.equal(statSync(join(path, names[0]!)).mode & 0o777, 0o600);
    }
    const text = readFileSync(join(path, names[0]!), "utf8");
    assert.match(text, /^[\w\s{}[\]":,.-]{0,500}$/);
    assert.ok(!text.includes(new URL(world.simulator.url).port));
  });

  it("go on, when some of them are killed at any moment", async () => {
    const killed = Array.from({ length: 6 }, () => begin(1000));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    for (const child of killed) child.kill("SIGKILL");
    await Promise.all(killed.map(ended));
    await world.forget();
    const began = performance.now();
    assert.equal(await ended(begin(5)), 0);
    assert.ok(performance.now() - began < 10_000, `${performance.now() - began} ms`);
  }).timeout(60_000);
});

describe("SharedSchedule", () => {
  let world: World;
  let folder: string;

  beforeEach(async () => {
    world = await World.start();
    folder = world.path("rate");
  });

  afterEach(() => world.close());

  const theFile = (): string => join(folder, readdirSync(folder).find((name) => !name.endsWith(".lock"))!);
  const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

  it("touches nothing before its first update", () => {
    new SharedSchedule(["a"], folder);
    assert.equal(existsSync(folder), false);
  });

  it("is one for the same library, and another for another", async () => {
    const [one, same, other] = [["a", "b"], ["a", "b"], ["ab"]].map((parts) => new SharedSchedule(parts, folder));
    await one!.update((schedule, now) => {
      schedule.heldUntil = now + 1000;
    });
    assert.equal(await same!.update(({ heldUntil }, now) => heldUntil > now), true);
    assert.equal(await other!.update(({ heldUntil }, now) => heldUntil > now), false);
  });

  it("takes a lock over when nobody can hold it any more", async () => {
    const shared = new SharedSchedule(["a"], folder);
    await shared.update(() => undefined);
    const lock = `${theFile()}.lock`;
    writeFileSync(lock, "");
    assert.equal(await shared.update(() => "done"), "done");
    assert.equal(existsSync(lock), false);
  });

  it("keeps what it has changed, when another has taken its lock over meanwhile", async () => {
    const shared = new SharedSchedule(["a"], folder);
    const changed = await shared.update((schedule, now) => {
      unlinkSync(join(folder, readdirSync(folder).find((name) => name.endsWith(".lock"))!));
      schedule.heldUntil = now + 60_000;
      return "done";
    });
    assert.equal(changed, "done");
    assert.equal(await shared.update(({ heldUntil }, now) => heldUntil > now), true);
  });

  it("waits in the queue of those who hold the lock one after the other, and takes no start of its own beside them", async () => {
    const shared = new SharedSchedule(["a"], folder);
    await shared.update((schedule, now) => {
      schedule.heldUntil = now + 60_000;
    });
    const lock = `${theFile()}.lock`;
    // Somebody else has it all the time, one for each of the turns: as with fifty processes on a busy machine.
    let turns = 10;
    writeFileSync(lock, "");
    const others = setInterval(() => {
      rmSync(lock, { force: true });
      if (--turns > 0) writeFileSync(lock, "");
      else clearInterval(others);
    }, 100);
    const limiter = new RateLimiter(() => 15, wait, undefined, shared);
    try {
      await assert.rejects(
        limiter.turn(() => 30_000),
        (error) => error instanceof BeyondPatience && error.waitMs > 40_000,
      );
    } finally {
      clearInterval(others);
    }
  });

  for (const [what, text] of [
    ["empty", ""],
    ["cut off", '{"starts":[['],
    ["of another shape", '{"starts":7}'],
    ["of another clock", JSON.stringify({ starts: [], heldUntil: 1e15, share: { of: 1, at: 0 }, slowedAt: 0 })],
    ["without end", `[${"0,".repeat(100_000)}0]`],
  ] as const) {
    it(`begins anew, when the file is ${what}`, async () => {
      const shared = new SharedSchedule(["a"], folder);
      await shared.update(() => undefined);
      writeFileSync(theFile(), text);
      assert.deepEqual(await shared.update(({ starts, heldUntil }) => [starts, heldUntil]), [[], 0]);
    });
  }

  it("leaves the limiter to itself, when the folder is somebody else's to write to", async function () {
    if (process.platform === "win32") this.skip();
    mkdirSync(folder);
    chmodSync(folder, 0o777);
    const shared = new SharedSchedule(["a"], folder);
    const limiter = new RateLimiter(() => 1000, wait, undefined, shared);
    for (let count = 0; count < 10; count++) await limiter.turn();
    assert.deepEqual(readdirSync(folder), []);
  });

  it("leaves the limiter to itself, when there can't be such a folder", async () => {
    writeFileSync(folder, "a file");
    const limiter = new RateLimiter(() => 5, wait, undefined, new SharedSchedule(["a"], folder));
    const began = performance.now();
    for (let count = 0; count < 8; count++) await limiter.turn();
    assert.ok(performance.now() - began >= 1000, "the process's own rate was not kept");
  });
});
