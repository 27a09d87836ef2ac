import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Body, ControlBody } from "./bodies";
import { killAll, ServedProcess } from "./served";
import { fileOf, send, smallLibrary } from "./support";

const DEVICES = 20_000;
const ASSETS = Array.from({ length: 25 }, (_, index) => `${1_200_000_000 + index}`);
const MEMORY_MB = 400;
const PAGE_MS = 5;
const ASSOCIATE_MS = 100;
const START_MS = 2000;
// A machine that does other work can spoil a measurement, never improve it. So each is taken up to so often, and the
// best counts; nothing is added to the budgets. What is over its budget all the same counts with the processor time the
// simulator used for it, which waiting for a processor does not change.
const ATTEMPTS = 4;
const SAMPLES = 9;
const PROCESSOR_SAMPLES = 100;
const TICK_MS = 10;

/** What a caller of a large simulator sees, as times in milliseconds, the way over HTTP and back included. */
class Caller {
  readonly simulator: ServedProcess;
  readonly url: string;
  readonly #token: string;

  constructor(simulator: ServedProcess, url: string, token: string) {
    this.simulator = simulator;
    this.url = url;
    this.#token = token;
  }

  get(path: string): Promise<Body> {
    return this.#send(path, {});
  }

  /** Gives 25 assets to 1,000 devices and asks for the status until the event is done. */
  async associate(prefix: string): Promise<number> {
    const serialNumbers = Array.from({ length: 1000 }, (_, index) => `${prefix}${index}`);
    const body = JSON.stringify({ assets: ASSETS.map((adamId) => ({ adamId, pricingParam: "STDQ" })), serialNumbers });
    const usedBefore = await this.processorTime();
    const begun = performance.now();
    const { eventId } = await this.#send("assets/associate", { method: "POST", body });
    for (;;) {
      const status = await this.get(`status?eventId=${eventId}`);
      if (status.eventStatus !== "PENDING") {
        assert.equal(status.numCompleted, 25_000);
        const seen = performance.now() - begun;
        return seen <= ASSOCIATE_MS || usedBefore === undefined ? seen : (await this.processorTime())! - usedBefore;
      }
    }
  }

  /** Resident memory of the process in MB, where the system tells. */
  async memory(): Promise<number> {
    const status = await readFile(`/proc/${this.simulator.child.pid}/status`, "utf8").catch(() => "");
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  }

  /** Processor time the simulator used so far in milliseconds, to 10 ms; nothing where the system does not tell. */
  async processorTime(): Promise<number | undefined> {
    const stat = await readFile(`/proc/${this.simulator.child.pid}/stat`, "utf8").catch(() => undefined);
    const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields === undefined ? undefined : (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  }

  async #send(path: string, init: RequestInit): Promise<Body> {
    const headers = { authorization: `Bearer ${this.#token}`, "content-type": "application/json" };
    const { status, body } = await send(`${this.url}/mdm/v2/${path}`, { ...init, headers });
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  }
}

async function best(measure: (attempt: number) => Promise<number>, budget: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < ATTEMPTS && least > budget; attempt += 1) {
    least = Math.min(least, await measure(attempt));
  }
  return least;
}

async function median(sample: (index: number) => Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < SAMPLES; index += 1) {
    times.push(await sample(index));
  }
  return times.sort((one, other) => one - other)[Math.floor(SAMPLES / 2)]!;
}

/** What a page costs in milliseconds: time as a caller sees it, or else time of the processor. */
async function pageCost(caller: Caller, sample: (index: number) => Promise<number>): Promise<number> {
  const seen = await best(() => median(sample), PAGE_MS);
  const begun = await caller.processorTime();
  if (seen <= PAGE_MS || begun === undefined) {
    return seen;
  }
  for (let index = 0; index < PROCESSOR_SAMPLES; index += 1) {
    await sample(index);
  }
  return ((await caller.processorTime())! - begun) / PROCESSOR_SAMPLES;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

describe("simulator: budgets with 500,000 licences", function () {
  this.timeout(120_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "simulator-budgets-"));
    const serialNumbers = Array.from({ length: DEVICES }, (_, index) => `DMPX${String(index).padStart(6, "0")}K2`);
    const library = fileOf(
      smallLibrary({
        assets: [
          ...ASSETS.map((adamId) => ({ adamId, name: adamId, totalCount: 500_000 })),
          { adamId: "900", name: "Book", productType: "Book" as const, totalCount: 10 },
        ],
        assignments: [
          { adamId: "900", clientUserIds: ["anna", "beat", "carl"] },
          ...ASSETS.map((adamId) => ({ adamId, serialNumbers })),
        ],
      }),
    );
    await writeFile(join(folder, "library.json"), JSON.stringify(library));
    await writeFile(join(folder, "limits.json"), JSON.stringify({ maxRequestPerSecond: null }));
  });
  afterEach(killAll);
  after(() => rm(folder, { recursive: true }));

  async function start(...words: string[]): Promise<Caller> {
    const limits = ["--limits", join(folder, "limits.json"), "--event-delay", "0"];
    const simulator = new ServedProcess([...limits, "--write-token", join(folder, "token"), ...words]);
    const url = await simulator.url;
    return new Caller(simulator, url, await readFile(join(folder, "token"), "utf8"));
  }

  it(`starts within ${START_MS} ms, from a library file and from a data file`, async () => {
    const library = ["--library", join(folder, "library.json")];
    const data = ["--data", join(folder, "start.data")];
    const begin = (words: readonly string[]) => async () => {
      const begun = performance.now();
      const caller = await start(...words);
      const seen = performance.now() - begun;
      const took = seen <= START_MS ? seen : ((await caller.processorTime()) ?? seen);
      assert.equal((await caller.get("assignments?pageIndex=500")).size, 3);
      await caller.simulator.kill();
      return took;
    };
    await begin([...library, ...data])();
    for (const words of [library, data]) {
      const took = await best(begin(words), START_MS);
      assert.ok(took <= START_MS, `${words[0]}: ${took} ms`);
    }
  });

  for (const kept of [false, true]) {
    it(`keeps to pages, changes and memory ${kept ? "with" : "without"} a data file`, async () => {
      const data = kept ? ["--data", join(folder, "kept.data")] : [];
      const caller = await start("--library", join(folder, "library.json"), ...data);
      assert.ok((await caller.memory()) <= MEMORY_MB, `${await caller.memory()} MB after the start`);
      await checkPages(caller);
      const associate = await best((attempt) => caller.associate(`NEW${attempt}-`), ASSOCIATE_MS);
      assert.ok(associate <= ASSOCIATE_MS, `giving 25 x 1,000 took ${associate} ms`);
      await checkAfterChange(caller);
      let seen = 0;
      for (let index: number | undefined = 0; index !== undefined; ) {
        const page: Body = await caller.get(`assignments?pageIndex=${index}`);
        seen += page.size;
        index = page.nextPageIndex;
      }
      assert.ok(seen >= 525_003);
      assert.ok((await caller.memory()) <= MEMORY_MB, `${await caller.memory()} MB after all pages`);
      const state = (await send(`${caller.url}/_control/state`)).body as unknown as ControlBody;
      assert.equal(state.libraries[0]!.assignments.length, seen);
      assert.ok((await caller.memory()) <= MEMORY_MB, `${await caller.memory()} MB after the whole state`);
    });
  }

  async function checkPages(caller: Caller): Promise<void> {
    for (const query of [
      "",
      "pageIndex=499",
      `pageIndex=19&adamId=${ASSETS[24]}`,
      "excludeInactiveUsers=true",
      "pageIndex=250&excludeInactiveUsers=true&includeUserState=true",
    ]) {
      assert.equal((await caller.get(`assignments?${query}`)).size, 1000);
      const took = await pageCost(caller, () => timed(() => caller.get(`assignments?${query}`)));
      assert.ok(took <= PAGE_MS, `a page of "${query}" took ${took} ms`);
    }
  }

  async function checkAfterChange(caller: Caller): Promise<void> {
    for (const query of ["", "pageIndex=300", "pageIndex=300&excludeInactiveUsers=true", `adamId=${ASSETS[3]}`]) {
      const took = await pageCost(caller, async (index) => {
        const action = index % 2 === 0 ? "assign" : "unassign";
        const body = { action, assets: [{ adamId: ASSETS[3] }], serialNumbers: ["CHANGED"] };
        await send(`${caller.url}/_control/assignments`, { method: "POST", body: JSON.stringify(body) });
        return timed(() => caller.get(`assignments?${query}`));
      });
      assert.ok(took <= PAGE_MS, `a page of "${query}" right after a change took ${took} ms`);
    }
  }
});
