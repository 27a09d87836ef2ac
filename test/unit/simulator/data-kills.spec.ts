import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, statSync } from "node:fs";
import { copyFile, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Body, ControlBody } from "./bodies";
import { Random, type Told, Worker } from "./kill-load";
import { type Effect, Expected, type Found, resolve } from "./kill-model";
import { killAll, ServedProcess } from "./served";
import { control, send, start, stopAll } from "./support";

const KILLS = Number(process.env.SIMULATOR_KILLS ?? "40");
const SEED = Number(process.env.SIMULATOR_KILLS_SEED ?? Date.now() % 1_000_000);
const WORKERS = 5;
const LONGEST_LIFE_MS = 150;
const SETTLE_MS = 10_000;

describe("simulator: kills", function () {
  this.timeout(KILLS * 3000);
  const receiver = createServer((_, response) => response.end());
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "simulator-kills-"));
    await once(receiver.listen(0, "127.0.0.1"), "listening");
  });
  afterEach(killAll);
  after(async () => {
    receiver.close();
    await rm(folder, { recursive: true });
  });

  it(`loses nothing and keeps no half event when it is killed ${KILLS} times under load (seed ${SEED})`, async () => {
    const random = new Random(SEED);
    const words = await makeFiles(folder);
    const places = { folder, receiver: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/` };
    const workers = Array.from({ length: WORKERS }, (_, index) => new Worker(index, new Random(SEED + index), places));
    let expected = new Expected();
    expected.tokens.add("first active");
    for (let index = 0; index < WORKERS; index += 1) {
      for (const hundred of [100, 200, 300]) {
        expected.owned.set(`${hundred + index}`, 1_000_000);
      }
    }
    let token: string | undefined;
    let events = 0;
    for (let kill = 1; kill <= KILLS; kill += 1) {
      if (random.below(5) === 0) {
        await killEarly(words, random.below(150));
      }
      const simulator = new ServedProcess(words);
      const url = await simulator.url;
      token ??= await readFile(join(folder, "token"), "utf8");
      const note = `seed ${SEED}, kill ${kill}`;
      const told = workers.flatMap((worker) => worker.told);
      events += told.length;
      await checkEvents(url, token, told, note);
      const onTheirWay = workers
        .map((worker) => worker.onItsWay)
        .filter((effect): effect is Effect => effect !== undefined);
      expected = resolve(expected, onTheirWay, await look(url, token), note);
      const load = workers.map((worker) => worker.run(url, token!, expected));
      await new Promise((done) => setTimeout(done, random.below(LONGEST_LIFE_MS)));
      await simulator.kill();
      await Promise.all(load);
      assert.match(simulator.stderr, /^pulumi-vpp: the libraries come from .*\n$/);
    }
    const last = new ServedProcess(words);
    const onTheirWay = workers
      .map((worker) => worker.onItsWay)
      .filter((effect): effect is Effect => effect !== undefined);
    const url = await last.url;
    await checkEvents(
      url,
      token!,
      workers.flatMap((worker) => worker.told),
      "in the end",
    );
    resolve(expected, onTheirWay, await look(url, token!), `seed ${SEED}, in the end`);
    await last.kill();
    assert.ok(events > KILLS, `only ${events} events were accepted`);
    assert.ok(expected.pairs.size > 0 && expected.users.size > 0);
  });
});

describe("simulator: kills while the file is written anew", function () {
  this.timeout(60_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "simulator-anew-"));
  });
  afterEach(async () => {
    await killAll();
    await stopAll();
  });
  after(() => rm(folder, { recursive: true }));

  it("leave the file as it was or the new one, with the same in it", async () => {
    const grown = join(folder, "grown");
    const state = async (data: string) => {
      const client = await start({ data });
      const { libraries } = (await client.simulator.control("GET", "state")) as ControlBody;
      await client.simulator.close();
      return libraries;
    };
    const client = await start({ data: grown });
    const serialNumbers = Array.from({ length: 4000 }, (_, index) => `a serial number ${index}`);
    for (let index = 0; index < 15; index += 1) {
      const action = index % 2 === 0 ? "assign" : "unassign";
      await control(client, "assignments", { action, assets: [{ adamId: "300" }], serialNumbers });
    }
    await client.simulator.close();
    const { size } = await stat(grown);
    const data = join(folder, "data");
    const random = new Random(SEED);
    await copyFile(grown, data);
    const expected = await state(data);
    assert.ok((await stat(data)).size < size, "a start writes it anew");
    for (let kill = 0; kill < 12; kill += 1) {
      await copyFile(grown, data);
      const simulator = new ServedProcess(["--data", data]);
      // Nothing quicker than a loop catches the few milliseconds it takes.
      while (!existsSync(`${data}.new`) && statSync(data).size === size);
      if (kill % 2 === 0) {
        await new Promise((done) => setTimeout(done, random.below(8)));
      }
      await simulator.kill();
      assert.deepEqual(await state(data), expected, `seed ${SEED}, kill ${kill}`);
      await rm(`${data}.new`, { force: true });
    }
  });
});

describe("simulator: a full disk", function () {
  this.timeout(20_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "simulator-full-"));
  });
  afterEach(killAll);
  after(() => rm(folder, { recursive: true }));

  it("leads to no answer rather than to one that is not kept, and loses nothing that was answered", async () => {
    const words = await makeFiles(folder);
    const limited = new ServedProcess(words, 40);
    const url = await limited.url;
    const token = await readFile(join(folder, "token"), "utf8");
    const buy = (to: string) =>
      send(`${to}/_control/assets`, { method: "POST", body: JSON.stringify({ action: "buy", adamId: "100" }) });
    let bought = 0;
    await assert.rejects(async () => {
      for (; bought < 10_000; bought += 1) {
        await buy(url);
      }
    }, TypeError);
    await assert.rejects(get(url, token, "assets"), TypeError);
    await limited.kill();
    const free = new ServedProcess(words);
    const { libraries } = (await send(`${await free.url}/_control/state`)).body as unknown as ControlBody;
    assert.ok(bought > 0);
    assert.equal(libraries[0]!.assets[0]!.totalCount, 1_000_000 + bought);
    await buy(await free.url);
  });
});

async function makeFiles(folder: string): Promise<string[]> {
  const adamIds = [100, 200, 300].flatMap((hundred) =>
    Array.from({ length: WORKERS }, (_, index) => `${hundred + index}`),
  );
  const library = {
    libraryId: "1001",
    organizationName: "Kill test",
    locationName: "Kill test",
    tokens: [{ name: "first" }],
    assets: adamIds.map((adamId) => ({ adamId, name: adamId, totalCount: 1_000_000 })),
  };
  await writeFile(join(folder, "library.json"), JSON.stringify({ libraries: [library] }));
  await writeFile(join(folder, "limits.json"), JSON.stringify({ maxRequestPerSecond: null }));
  return [
    ...[
      "--data",
      join(folder, "data"),
      "--library",
      join(folder, "library.json"),
      "--write-token",
      join(folder, "token"),
      "--http-receivers",
      "--event-delay",
      "3",
    ],
    ...["--limits", join(folder, "limits.json")],
  ];
}

/** A start that is killed before or soon after the simulator is there, without load. */
async function killEarly(words: readonly string[], afterMs: number): Promise<void> {
  const simulator = new ServedProcess(words);
  await new Promise((done) => setTimeout(done, afterMs));
  await simulator.kill();
}

/** Every event a client was told of is there, as it was told, and succeeds in the end with all its tasks. */
async function checkEvents(url: string, token: string, told: readonly Told[], note: string): Promise<void> {
  const begun = performance.now();
  for (const { eventId, processed } of told) {
    for (;;) {
      const answer = (await get(url, token, `status?eventId=${eventId}`)) as Body;
      const shown = [answer.eventStatus, answer.numCompleted];
      if (processed !== undefined) {
        assert.deepEqual(shown, [processed.eventStatus, processed.numCompleted], `${note}, event ${eventId}`);
      }
      if (answer.eventStatus !== "PENDING") {
        assert.deepEqual(shown, ["COMPLETE", answer.numRequested], `${note}, event ${eventId}`);
        break;
      }
      assert.ok(performance.now() - begun < SETTLE_MS, `${note}, event ${eventId} stays pending`);
    }
  }
}

/** The truth once no event is pending, those of writes without an answer included. */
async function look(url: string, token: string): Promise<Found> {
  for (;;) {
    const state = ((await send(`${url}/_control/state`)).body as unknown as ControlBody).libraries[0]!;
    if (state.events.every((event) => event.eventStatus !== "PENDING")) {
      const config = (await get(url, token, "client/config")) as Body;
      const clock = (await send(`${url}/_control/clock`)).body as unknown as ControlBody;
      return { state, config, offsetSeconds: clock.offsetSeconds };
    }
  }
}

async function get(url: string, token: string, path: string): Promise<unknown> {
  return (await send(`${url}/mdm/v2/${path}`, { headers: { authorization: `Bearer ${token}` } })).body;
}
