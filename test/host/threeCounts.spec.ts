import assert from "node:assert/strict";
import type { HostStack } from "../support/hostStack";
import { hastyStack } from "../support/scaledClock";
import { serials, smallLibrary, World } from "../support/world";

const app = { adamId: "2000000001", pricingParam: "STDQ" };

describe("what a run says of work whose end it has not learned", () => {
  let world: World;
  let stack: HostStack;

  beforeEach(async () => {
    const assets = [{ adamId: app.adamId, name: "Big", totalCount: 3000 }];
    world = await World.start([smallLibrary({ assets })], {
      limits: { maxRequestPerSecond: null, maxSerialNumbers: 10 },
    });
    stack = hastyStack(world, 100, { "vpp:eventTimeoutSeconds": "60" });
  });
  afterEach(async () => {
    await stack.end();
    await world.close();
  });

  const declare = (count: number): void =>
    stack.declare({
      hq: ["VppToken", {}],
      it: ["VppAssignment", { apps: [app], serialNumbers: serials(count), maxRevocations: 100 }],
    });
  const fault = (event: string, times: number, action: object): Promise<void> =>
    world.act("faults", { match: { event }, times, action });
  const onlyPending = { type: "event-pending" };

  it("counts those who got a licence and those of whom it is not known, and names these", async () => {
    declare(40);
    await fault("associate", 1, onlyPending);
    const { it: done } = await stack.up();
    const [text = ""] = done?.initErrors ?? [];
    assert.match(text, /^Big: of 10 of 40 devices it is not known whether they got a licence: /);
    assert.match(text, /: F9FW\d{6}(, F9FW\d{6}){4} and 5 more\. 30 got one\./);
    assert.equal(stack.outputs("it").missingCount, 10);
  });

  it("counts three, when some got a licence, some got none, and of some it is not known", async () => {
    declare(40);
    await fault("associate", 1, onlyPending);
    await fault("associate", 1, { type: "event-fails", errorNumber: 9602 });
    const { it: done } = await stack.up();
    const [text = ""] = done?.initErrors ?? [];
    assert.match(text, /^Big: 10 of 40 devices got no licence: .*service error 9602 “.+”\): F9FW/);
    assert.match(
      text,
      / and 5 more\. 20 got one, and of 10 it is not known \(F9FW\d{6}(, F9FW\d{6}){4} and 5 more\)\./,
    );
  });

  it("names those who lost a licence and those who may have", async () => {
    declare(40);
    await stack.up();
    declare(5);
    await fault("disassociate", 1, onlyPending);
    const { it: done } = await stack.up();
    const [text = ""] = done?.initErrors ?? [];
    assert.match(text, /^Big: of 10 of 35 devices it is not known whether they lost it: /);
    assert.match(text, / 25 lost it \(F9FW\d{6}(, F9FW\d{6}){4} and 20 more\)\./);
  });

  it("does the same in a delete, whose state can't show it", async () => {
    declare(40);
    await stack.up();
    await fault("disassociate", 1, onlyPending);
    await assert.rejects(stack.destroy(), ({ message }: Error) => {
      assert.match(message, /0 licences of 40 not taken back, and of 10 it is not known; /);
      assert.match(message, /of 10 of 40 devices it is not known whether they lost it: .* 30 lost it \(F9FW/);
      assert.match(message, /Before any other command run `pulumi refresh`/);
      return true;
    });
  });

  it("says of an app that has left the library that it is gone, not that none are left, with Apple's number and words", async () => {
    declare(10);
    await fault("associate", 1, { type: "event-fails", errorNumber: 9709 });
    const action = { type: "list-empty" };
    await world.act("faults", { match: { path: "assets", query: { adamId: app.adamId } }, times: "always", action });
    const { it: done } = await stack.up();
    const [text = ""] = done?.initErrors ?? [];
    const what = "Big: 10 of 10 devices got no licence: it is no longer in the library";
    assert.match(text, new RegExp(`^${what} \\(VPP_INPUT_NOT_OWNED, service error 9709 “.+”\\): F9FW`));
    assert.match(text, / Buy it again, or take it out of the assignment\.$/);
  });

  it("says what to do about what can't be revoked, and does not promise that the next run will", async () => {
    declare(40);
    await stack.up();
    declare(30);
    await fault("disassociate", 1, { type: "event-fails", errorNumber: 9706 });
    const { it: done } = await stack.up();
    const [text = ""] = done?.initErrors ?? [];
    assert.match(text, /^Big: 10 of 10 devices could not be freed of it yet: it can't be taken back \(/);
    assert.match(text, / A book stays with its reader/);
    assert.doesNotMatch(text, /report|The next `pulumi up`/);
  });

  it("never says of all that they got nothing, when the service is out of reach after a part was done", async () => {
    declare(400);
    await stack.begin();
    await stack.apply("hq");
    const applying = stack.apply("it");
    while ((await world.requests("/associate")).length < 8) await new Promise((resolve) => setTimeout(resolve, 2));
    await world.act("faults", { match: {}, times: "always", action: { type: "reset" } });
    const { initErrors = [] } = await applying;
    await world.simulator.settled();
    const truth = (await world.truth()).assignments.length;
    const [text = ""] = initErrors;
    const [, open, got] = /^Big: of (\d+) of 400 devices it is not known whether .* (\d+) got one\.$/.exec(text) ?? [];
    assert.ok(Number(got) >= 40 && Number(got) <= truth, text);
    assert.equal(Number(open) + Number(got), 400, text);
  });
});
