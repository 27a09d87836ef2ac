import assert from "node:assert/strict";
import { Libraries } from "../../../../../../provider/apple/library/libraries";
import { writePairs } from "../../../../../../provider/apple/library/writes/assignmentBatch";
import { progressText, Tally } from "../../../../../../provider/apple/library/writes/progress";
import { Notes } from "../../../../../../provider/engine/diagnostics";
import { Settings } from "../../../../../../provider/engine/settings";
import { undiciTransport } from "../../../../../../provider/http/transport";
import { assignmentLine, tokenLine, userSetLine } from "../../../../../support/hostPlan";
import { InProcessStack } from "../../../../../support/inProcess";
import { serials, smallLibrary, World } from "../../../../../support/world";
import { FakeAccess, publishedLimits } from "./fakeAccess";

const tail = "what the service has accepted goes on if this run is stopped.";

describe("progress", () => {
  it("is what has ended and, as far as the service says, what is under way", () => {
    const texts: string[] = [];
    const tally = new Tally(3, 250, (now) => texts.push(progressText(now, "people registered")));
    const [first, second] = [{}, {}];
    tally.pending(first, 0, 100);
    tally.pending(first, 40, 100);
    tally.pending(second, 999, 100);
    tally.ended(first, 100);
    tally.ended(second, 0);
    assert.deepEqual(texts, [
      `0 of 3 requests done, 0 of 250 people registered; ${tail}`,
      `0 of 3 requests done, 40 of 250 people registered; ${tail}`,
      `0 of 3 requests done, 140 of 250 people registered; ${tail}`,
      `1 of 3 requests done, 200 of 250 people registered; ${tail}`,
      `2 of 3 requests done, 100 of 250 people registered; ${tail}`,
    ]);
  });

  it("counts the licences of requests of different sizes, pending ones too", async () => {
    const access = new FakeAccess({ "1/STDQ": 9, "2/STDQ": 9 });
    access.limitsNow = { ...publishedLimits, maxSerialNumbers: 2 };
    access.whilePending = [1, 2];
    const both = ["1/STDQ", "2/STDQ"];
    const pairs = new Map([
      ["A", both],
      ["B", both],
      ["C", both.slice(0, 1)],
    ]);
    await writePairs(access, "give", "device", pairs);
    assert.equal(access.progressed.at(-1), "2/2 5/5");
    assert.deepEqual(new Set(access.progressed.map((text) => text.split("/").at(-1))), new Set(["5"]));
    assert.equal(access.progressed.length, 2 * 3);
  });

  it("is told of licences and of people, in lines that begin after the first ten seconds of work", async () => {
    const limits = { maxSerialNumbers: 1, maxUsers: 2, maxRequestPerSecond: 100_000 };
    const world = await World.start(undefined, { eventDelayMs: 60, limits });
    const stack = new InProcessStack({ env: world.env, transport: undiciTransport({ timeoutMs: 5000 }) });
    const users = ["ada", "bob", "eve"].map((clientUserId) => ({ clientUserId }));
    const ids = ["361285480", "409183694"];
    const apps = ids.map((adamId) => ({ adamId, pricingParam: "STDQ" }));
    stack.begin(
      tokenLine("hq"),
      userSetLine("people", ["ada", "bob", "eve"]),
      assignmentLine("fleet", { apps: ids.map((id) => [id, "STDQ"]), serialNumbers: serials(3) }),
    );
    const bound = await stack.apply("hq", ["VppToken", { contentTokenKey: "default" }]);
    assert.ok(bound.ok, bound.texts.join("\n"));
    const token = stack.ref("hq")!;
    const people = await stack.apply("people", ["VppUserSet", { token, users, reclaim: true }]);
    const target = { intent: "required", exclusive: false, reclaim: true };
    const fleet = await stack.apply("fleet", ["VppAssignment", { token, apps, serialNumbers: serials(3), ...target }]);
    const lines = (texts: readonly string[], pattern: RegExp) => texts.filter((text) => pattern.test(text));
    const ofPeople = lines(
      people.texts,
      /^VppUserSet people: [0-2] of 2 requests done, [0-3] of 3 people registered; what/,
    );
    const ofFleet = lines(
      fleet.texts,
      /^VppAssignment fleet: (\d) of 3 requests done, (0|2|4|6) of 6 licences given; what/,
    );
    assert.ok(ofPeople.length > 0, people.texts.join("\n"));
    assert.ok(ofFleet.length > 0, fleet.texts.join("\n"));
    assert.equal(lines(people.texts, /requests done/).length, ofPeople.length);
    assert.equal(lines(fleet.texts, /requests done/).length, ofFleet.length);
    stack.end();
    await world.close();
  });

  it("is told of pages as they come, by what they hold", async () => {
    const assignments = [{ adamId: "361285480", serialNumbers: serials(25) }];
    const world = await World.start([smallLibrary({ assignments })], { pageSize: 10 });
    const texts: string[] = [];
    const onReading = () => (text: string) => void texts.push(text);
    const settings = new Settings(new Notes(() => undefined), world.env);
    const library = new Libraries(settings, { onReading }).ofKey("default");
    await library.holders(["361285480/STDQ"], "device");
    assert.deepEqual(texts, [
      "1 of 1 pages of apps read.",
      ...[1, 2, 3].map((done) => `${done} of 3 pages of licences read.`),
    ]);
    await world.close();
  });
});
