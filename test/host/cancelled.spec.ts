import assert from "node:assert/strict";
import { ProcessStack } from "../support/hostStack";
import { serials, smallLibrary, World } from "../support/world";

const app = { adamId: "2000000001", pricingParam: "STDQ" };
const people = Array.from({ length: 300 }, (_, index) => ({ clientUserId: `person-${index}` }));
const slow = { type: "delay", ms: 50 };

describe("a host whose engine sends Cancel", () => {
  let world: World;
  let stack: ProcessStack;

  beforeEach(async () => {
    const assets = [{ adamId: app.adamId, name: "Big", totalCount: 30_000 }];
    world = await World.start([smallLibrary({ assets })], {
      limits: { maxRequestPerSecond: 100_000, maxSerialNumbers: 10, maxUsers: 10 },
    });
    stack = new ProcessStack({ env: world.env });
  });
  afterEach(async () => {
    await stack.end();
    await world.close();
  });

  const sentTo = async (path: string): Promise<number> => (await world.requests(path)).length;
  const until = async (count: number, path: string): Promise<void> => {
    while ((await sentTo(path)) < count) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  it("sends no further write, waits for what was accepted, and gives outputs as they truly are", async () => {
    stack.declare({ hq: ["VppToken", {}], it: ["VppAssignment", { apps: [app], serialNumbers: serials(2000) }] });
    await stack.begin();
    await stack.apply("hq");
    await world.act("faults", { match: { path: "assets/associate" }, times: "always", action: slow });
    const applying = stack.apply("it");
    await until(3, "/associate");
    await stack.host.cancel();
    const sent = await sentTo("/associate");
    const { initErrors = [] } = await applying;
    const all = await sentTo("/associate");
    assert.ok(all <= sent + 1, `${all - sent} writes went out`);
    const holders = (await world.holders(app.adamId)).length;
    assert.deepEqual([holders, stack.outputs("it").assignedCount], [all * 10, all * 10]);
    const [what = "", stop = ""] = initErrors;
    assert.match(what, new RegExp(`^Big: ${2000 - holders} of 2000 devices got no licence: .* ${holders} got one\\.$`));
    assert.match(
      stop,
      /^you have cancelled this run, so nothing more was sent \(VPP_RUN_STOPPED\)\. Run the same command/,
    );
    assert.deepEqual(
      stack.notes.filter((line) => line.includes("cancelled")),
      ["pulumi-vpp: you have cancelled this run: nothing more is sent, and what Apple has accepted is waited for."],
    );
    await stack.up();
    assert.equal((await world.holders(app.adamId)).length, 2000);
  });

  it("registers nobody any more, and keeps those whom it has registered as its own", async () => {
    stack.declare({ hq: ["VppToken", {}], staff: ["VppUserSet", { users: people }] });
    await stack.begin();
    await stack.apply("hq");
    await world.act("faults", { match: { path: "users/create" }, times: "always", action: slow });
    const applying = stack.apply("staff");
    await until(3, "/users/create");
    await stack.host.cancel();
    const sent = await sentTo("/users/create");
    const { initErrors = [] } = await applying;
    assert.ok((await sentTo("/users/create")) <= sent + 1);
    const registered = (await world.truth()).users.length;
    const text = initErrors.join(" ");
    assert.match(text, new RegExp(`^${300 - registered} of 300 users were not registered: `));
    assert.match(text, new RegExp(` Of 300 users ${registered} were registered\\. `));
    assert.match(text, /you have cancelled this run, so nothing more was sent \(VPP_RUN_STOPPED\)\. /);
    const members = stack.outputs("staff").members as { registeredByUs: boolean }[];
    assert.equal(members.filter(({ registeredByUs }) => registeredByUs).length, registered);
    await stack.up();
    assert.equal((await world.truth()).users.length, people.length);
  });

  it("says of a delete who is retired and who is not, and the next one finishes", async () => {
    stack.declare({ hq: ["VppToken", {}], staff: ["VppUserSet", { users: people, maxRetirements: 300 }] });
    await stack.up();
    await world.act("faults", { match: { path: "users/retire" }, times: "always", action: slow });
    const destroying = stack.destroy().then(
      () => "",
      ({ message }: Error) => message,
    );
    await until(3, "/users/retire");
    await stack.host.cancel();
    const message = await destroying;
    const left = (await world.truth()).users.filter(({ status }) => status !== "Retired").length;
    assert.ok(left > 0 && left < people.length, `${left} left`);
    assert.match(
      message,
      new RegExp(`so nothing more was sent; ${left} of 300 users were not retired yet: .* person-`),
    );
    assert.match(message, new RegExp(` Of 300 users ${300 - left} were retired \\(VPP_RUN_STOPPED\\)`));
    await stack.destroy();
    assert.ok((await world.truth()).users.every(({ status }) => status === "Retired"));
  });

  it("does not wait before a write that it would not send, however long the service has asked it to wait", async () => {
    stack.declare({ hq: ["VppToken", {}], it: ["VppAssignment", { apps: [app], serialNumbers: serials(10) }] });
    await stack.begin();
    await stack.apply("hq");
    const action = { type: "status", status: 503, retryAfter: "120" };
    await world.act("faults", { match: { path: "assets/associate" }, times: "always", action });
    const applying = stack.apply("it");
    await until(1, "/associate");
    const began = performance.now();
    await stack.host.cancel();
    const { initErrors = [] } = await applying;
    assert.ok(performance.now() - began < 20_000, "it has waited");
    assert.match(initErrors.join(" "), /you have cancelled this run/);
  });

  it("says nothing of it at the end of an operation, when nothing is left to be written", async () => {
    stack.declare({ hq: ["VppToken", {}], it: ["VppAssignment", { apps: [app], serialNumbers: serials(20) }] });
    const { it: done } = await stack.up();
    await stack.host.cancel();
    assert.deepEqual([done?.op, done?.initErrors], ["create", undefined]);
    assert.deepEqual(
      stack.notes.filter((line) => line.includes("cancelled")),
      [],
    );
  });
});
