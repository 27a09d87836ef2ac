import assert from "node:assert/strict";
import { type Ended, measured, pulumiVpp, stored, writeState } from "../support/command";
import { serials, smallLibrary, World } from "../support/world";

const hq = "2049025000431439";
const apps = 200;
const devices = 10_000;
const licencesOfApp = 500;
const people = 500;
const pageSize = 1000;
const mostMegabytes = 300;

/** Requests that opening takes (service/config, client/config), the apps, the people, and the names of fifty apps each. */
const withoutLicences = 2 + 1 + Math.ceil(people / pageSize) + Math.ceil(apps / 50);
const pagesOfLicences = (apps * licencesOfApp) / pageSize;

/** 200 apps, 10,000 devices and 100,000 licences: every device holds ten apps. */
function largeLibrary() {
  const all = serials(devices);
  return smallLibrary({
    assets: Array.from({ length: apps }, (_, index) => ({
      adamId: String(100_000_001 + index),
      name: `App number ${index}`,
      totalCount: 600,
    })),
    users: Array.from({ length: people }, (_, index) => ({
      clientUserId: `person-${index}`,
      status: "Associated" as const,
    })),
    assignments: Array.from({ length: apps }, (_, index) => ({
      adamId: String(100_000_001 + index),
      serialNumbers: Array.from({ length: licencesOfApp }, (__, at) => all[(index * licencesOfApp + at) % devices]!),
    })),
  });
}

describe("what the commands cost: 200 apps, 10,000 devices, 100,000 licences", function () {
  this.timeout(120_000);
  let world: World;
  let state: string;
  before(async () => {
    world = await World.start([largeLibrary()]);
    const token = { libraryId: hq, contentTokenKey: "default", bindingId: "ours" };
    const kiosk = { token, apps: [{ adamId: "100000001", pricingParam: "STDQ" }], serialNumbers: serials(400) };
    state = writeState(world.path("state.json"), [
      stored("VppToken", "hq", token),
      stored("VppAssignment", "kiosk", kiosk),
    ]);
  });
  after(() => world?.close());

  /** Runs a command, and says what it cost. */
  async function cost(...words: string[]): Promise<Ended & { readonly requests: number; readonly cpuSeconds: number }> {
    await world.forget();
    const memory = measured(world.path("memory"));
    const ended = await pulumiVpp(words, { ...world.env, ...memory.env });
    assert.equal(ended.code, 0, ended.stderr);
    const requests = (await world.requests()).length;
    const megabytes = memory.megabytes();
    console.log(`      ${words[0]}: ${requests} requests, ${ended.seconds.toFixed(1)} s, ${Math.round(megabytes)} MB`);
    assert.ok(megabytes <= mostMegabytes, `${megabytes} MB`);
    return { ...ended, requests, cpuSeconds: memory.cpuSeconds() };
  }

  it("status takes the fewest requests there can be, and less than 3 seconds of the processor", async () => {
    const { requests, cpuSeconds, stdout } = await cost("status");
    assert.equal(requests, withoutLicences);
    assert.ok(cpuSeconds < 3, `${cpuSeconds} s`);
    assert.equal(stdout.split("\n").filter((line) => / App number /.test(line)).length, apps);
  });

  it("status with a state reads every page of licences once, and finds what is not declared", async () => {
    const { requests, stdout } = await cost("status", "--state", state, "--json");
    assert.equal(requests, withoutLicences + pagesOfLicences);
    const { undeclared } = (JSON.parse(stdout) as { libraries: { undeclared: { licenceCount: number } }[] })
      .libraries[0]!;
    assert.equal(undeclared.licenceCount, apps * licencesOfApp - 400);
  });

  it("report takes less than 5 seconds of the processor", async () => {
    const { requests, cpuSeconds } = await cost("report", "--html", world.path("report.html"), "--state", state);
    assert.equal(requests, withoutLicences + pagesOfLicences);
    assert.ok(cpuSeconds < 5, `${cpuSeconds} s`);
  });

  it("report keeps the service's own pace, where it sets one, and takes no more of the processor for that", async () => {
    const perSecond = 15;
    await world.act("settings", { limits: { maxRequestPerSecond: perSecond } });
    const { requests, seconds, cpuSeconds } = await cost("report", "--html", world.path("report.html"));
    // Windows are a tenth longer than a second.
    const paceSeconds = Math.floor((requests - 1) / perSecond) * 1.1;
    assert.ok(seconds > paceSeconds, "the pace was not kept");
    assert.ok(cpuSeconds < 5, `${cpuSeconds} s`);
  });
});
