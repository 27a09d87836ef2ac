import assert from "node:assert/strict";
import type { Data, Kind } from "../support/hostProcess";
import { freshHost, type HostStack } from "../support/hostStack";
import type { World } from "../support/world";

const keynote = { adamId: "361285480", pricingParam: "STDQ" };
const people = (...ids: string[]): readonly { clientUserId: string }[] => ids.map((clientUserId) => ({ clientUserId }));

describe("VppUserSet", () => {
  let world: World;
  let stack: HostStack;

  freshHost((...fresh) => {
    [world, stack] = fresh;
  });

  const declare = (resources: Readonly<Record<string, readonly [Kind, Data]>>): void =>
    stack.declare({ hq: ["VppToken", {}], ...resources });
  const set = (users: Data["users"], more: Data = {}): readonly [Kind, Data] => ["VppUserSet", { users, ...more }];
  const reasonOf = async (name: string): Promise<string> => (await stack.up())[name]?.failures[0]?.reason ?? "";
  const states = async (): Promise<string[]> =>
    (await world.truth()).users.map(({ clientUserId, status }) => `${clientUserId} ${status}`);

  it("is refused, when two sets share a user, without naming him", async () => {
    declare({ a: set(people("ada", "bob")), b: set(people("ada")) });
    assert.match(await reasonOf("a"), /^1 of its users is also in VppUserSet b/);
    assert.deepEqual(await states(), []);
  });

  it("is refused, when it drops a user who still has a declared licence, and names the assignment", async () => {
    const apps = (...ids: string[]): readonly [Kind, Data] => [
      "VppAssignment",
      { apps: [keynote], clientUserIds: ids, sets: ["a"] },
    ];
    declare({ a: set(people("ada", "bob")), apps: apps("ada", "bob") });
    await stack.up();
    declare({ a: set(people("ada")), apps: apps("ada", "bob") });
    assert.match(await reasonOf("a"), /^1 user that it drops still has licences in VppAssignment apps/);
    assert.deepEqual(await states(), ["ada Registered", "bob Registered"]);
  });

  it("is refused, when it would retire too many at once, and let through when maxRetirements allows it", async () => {
    const ids = Array.from({ length: 30 }, (_, index) => `user-${index}`);
    declare({ a: set(people(...ids)) });
    await stack.up();
    declare({ a: set(people(...ids.slice(0, 10))) });
    assert.match(await reasonOf("a"), /would retire 20 users of 30, more than maxRetirements allows \(10\)/);
    declare({ a: set(people(...ids.slice(0, 10)), { maxRetirements: 20 }) });
    assert.equal(await reasonOf("a"), "");
    assert.equal((await states()).filter((state) => state.endsWith("Retired")).length, 20);
  });

  it("leaves registered whom the program still licenses, when the whole set leaves the program, and says so", async () => {
    const apps = (sets: string[]): readonly [Kind, Data] => [
      "VppAssignment",
      { apps: [keynote], clientUserIds: ["ada"], sets },
    ];
    declare({ a: set(people("ada", "bob")), apps: apps(["a"]) });
    await stack.up();
    declare({ apps: apps([]) });
    await stack.up();
    await stack.remove("a");
    assert.match(stack.notes.join("\n"), /VppUserSet a: 1 of its users stays registered: the program still has them/);
    assert.deepEqual(await states(), ["ada Registered", "bob Retired"]);
    assert.deepEqual(await world.holders(keynote.adamId), ["ada"]);
  });

  it("takes the licences of whom it retires back first, where the service would leave them with a retired user", async () => {
    await world.act("settings", { readings: { "retire-licences": "kept" } });
    const apps = (...ids: string[]): readonly [Kind, Data] => [
      "VppAssignment",
      { apps: [keynote], clientUserIds: ids, sets: ["a"] },
    ];
    declare({ a: set(people("ada", "bob")), apps: apps("ada", "bob") });
    await stack.up();
    declare({ a: set(people("ada")), apps: apps("ada") });
    await stack.up();
    assert.deepEqual(await states(), ["ada Registered", "bob Retired"]);
    assert.deepEqual(await world.holders(keynote.adamId), ["ada"]);
  });

  it("adopts who is there already, says so, and never retires him", async () => {
    await world.act("users", { action: "create", users: people("ada") });
    declare({ a: set(people("ada", "bob")) });
    await stack.up();
    assert.match(
      stack.notes.join("\n"),
      /1 of its users was registered before and will never be retired by this resource/,
    );
    stack.declare({});
    await stack.begin();
    await stack.remove("a");
    assert.deepEqual(await states(), ["ada Registered", "bob Retired"]);
  });

  it("knows whom it registered, when they can't be looked up afterwards, and retires them in the end", async () => {
    declare({ a: set(people(...Array.from({ length: 8 }, (_, index) => `user-${index}`))) });
    await world.act("faults", {
      match: { method: "GET", path: "users", after: 1 },
      times: "always",
      action: { type: "errorNumber", errorNumber: 9602 },
    });
    const { a } = await stack.up();
    assert.match(a?.initErrors?.join("\n") ?? "", /8 users are not registered yet/);
    await world.simulator.control("DELETE", "faults");
    assert.deepEqual((await stack.up()).a, { op: "update", failures: [] });
    await stack.destroy();
    assert.ok((await states()).every((state) => state.endsWith("Retired")));
  });

  it("makes an assignment that is edited look again at people whom the same run has registered anew", async () => {
    const licensed = (props: Data): readonly [Kind, Data] => [
      "VppAssignment",
      { apps: [keynote], clientUserIds: ["ada", "bob"], sets: ["a"], ...props },
    ];
    declare({ a: set(people("ada", "bob")), apps: licensed({}) });
    await stack.up();
    await world.act("users", { action: "retire", users: people("ada") });
    await stack.begin();
    await stack.refresh("a");
    declare({ a: set(people("ada", "bob")), apps: licensed({ reclaim: false }) });
    await stack.up();
    assert.deepEqual(await world.holders(keynote.adamId), ["ada", "bob"]);
    assert.equal(stack.outputs("apps").assignedCount, 2);
  });

  it("leaves a user alone who moves to another set of the program", async () => {
    declare({ a: set(people("ada", "bob")), b: set(people("eve")) });
    await stack.up();
    declare({ a: set(people("ada")), b: set(people("eve", "bob")) });
    await stack.up();
    assert.deepEqual(await states(), ["ada Registered", "bob Registered", "eve Registered"]);
  });

  it("leaves its users as they are, when reclaim is false", async () => {
    declare({ a: set(people("ada", "bob"), { reclaim: false }) });
    await stack.up();
    declare({ a: set(people("ada"), { reclaim: false }) });
    await stack.up();
    stack.declare({});
    await stack.begin();
    await stack.remove("a");
    assert.deepEqual(await states(), ["ada Registered", "bob Registered"]);
  });

  it("shows who accepted and who is gone in a refresh, and registers the missing anew", async () => {
    declare({ a: set(people("ada", "bob", "eve")) });
    await stack.up();
    await world.act("accept", { clientUserId: "ada" });
    await world.act("users", { action: "retire", users: people("bob") });
    await stack.begin();
    assert.equal(await stack.refresh("a"), true);
    const { acceptedCount, invitedCount, missingCount, members } = stack.outputs("a");
    assert.deepEqual([acceptedCount, invitedCount, missingCount], [1, 1, 1]);
    const seen = members as { clientUserId: string; status: string; inviteUrl?: string }[];
    assert.deepEqual(
      seen.map(({ status, inviteUrl }) => [status, typeof inviteUrl]),
      [
        ["Associated", "undefined"],
        ["Missing", "undefined"],
        ["Registered", "string"],
      ],
    );
    assert.equal((await stack.up()).a?.op, "update");
    assert.deepEqual(await states(), ["ada Associated", "bob Retired", "eve Registered", "bob Registered"]);
  });

  it("is updated by one request for the changed alone, and by none for an order that changes", async () => {
    declare({ a: set([{ clientUserId: "ada", email: "ada@contoso.example" }, { clientUserId: "bob" }]) });
    await stack.up();
    await world.forget();
    declare({ a: set([{ clientUserId: "bob" }, { clientUserId: "ada", email: "ada@contoso.example" }]) });
    assert.equal((await stack.up()).a?.op, "same");
    declare({ a: set([{ clientUserId: "bob" }, { clientUserId: "ada", email: "a.l@contoso.example" }]) });
    await stack.up();
    const writes = (await world.requests()).filter(({ method }) => method === "POST");
    assert.deepEqual(
      writes.map(({ path, body }) => [path.split("/").at(-1), body?.users]),
      [["update", 1]],
    );
  });
});

describe("VppApp", () => {
  let world: World;
  let stack: HostStack;

  freshHost((...fresh) => {
    [world, stack] = fresh;
  });

  const app = (props: Data): void => stack.declare({ hq: ["VppToken", {}], app: ["VppApp", props] });

  it("is refused, when the library does not own it", async () => {
    app({ adamId: "5" });
    assert.match((await stack.up()).app?.failures[0]?.reason ?? "", /^app 5 \(STDQ\) is not in the library.*Buy it/);
  });

  it("warns when fewer are free than wanted, now and in later runs, without a request", async () => {
    app({ adamId: keynote.adamId, minimumAvailable: 41 });
    await stack.up();
    const warning = /VppApp app: 40 licences are free, fewer than minimumAvailable 41: buy more in time/;
    assert.match(stack.notes.join("\n"), warning);
    await world.forget();
    await stack.up();
    assert.match(stack.notes.join("\n"), warning);
    assert.deepEqual(await world.requests(), []);
  });

  it("is replaced and not updated, when it is another product", async () => {
    app({ adamId: keynote.adamId });
    await stack.up();
    const news = { ...stack.kept("app").inputs, pricingParam: "PLUS", adamId: "409183694" };
    assert.deepEqual(await stack.host.diff("VppApp", stack.kept("app"), news), {
      changes: true,
      replaces: ["adamId", "pricingParam"],
    });
  });

  it("shows new counts in a refresh without a difference, and is gone when the library no longer owns it", async () => {
    app({ adamId: keynote.adamId });
    await stack.up();
    await world.act("assets", { action: "buy", adamId: keynote.adamId, count: 5 });
    await stack.begin();
    assert.equal(await stack.refresh("app"), false);
    assert.deepEqual([stack.outputs("app").totalCount, stack.outputs("app").availableCount], [45, 45]);
    await world.act("assets", { action: "remove", adamId: keynote.adamId });
    await stack.begin();
    assert.equal(await stack.refresh("app"), "gone");
    assert.match(stack.notes.join("\n"), /no longer owns this app/);
  });
});
