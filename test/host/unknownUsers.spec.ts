import assert from "node:assert/strict";
import type { Data, Kind } from "../support/hostProcess";
import { freshHost, type HostStack } from "../support/hostStack";
import type { World } from "../support/world";

const keynote = { adamId: "361285480", pricingParam: "STDQ" };
const licensed = (ids: readonly string[], sets: readonly string[] = []): readonly [Kind, Data] => [
  "VppAssignment",
  { apps: [keynote], clientUserIds: ids, sets },
];
const set = (...ids: string[]): readonly [Kind, Data] => [
  "VppUserSet",
  { users: ids.map((clientUserId) => ({ clientUserId })) },
];

describe("people whom the service does not know", () => {
  let world: World;
  let stack: HostStack;

  freshHost((...fresh) => {
    [world, stack] = fresh;
  });

  beforeEach(() => world.act("users", { action: "create", users: [{ clientUserId: "ada" }, { clientUserId: "bob" }] }));

  const reasonOf = async (name: string): Promise<string> =>
    (await stack.check(name)).failures.map(({ reason }) => reason).join("\n");

  it("are refused in the preview, by id, the first five of them, with a code and what to do", async () => {
    const ghosts = Array.from({ length: 7 }, (_, index) => `ghost-${index}`);
    stack.declare({ hq: ["VppToken", {}], it: licensed(["ada", ...ghosts]) });
    await stack.begin();
    await stack.apply("hq");
    assert.match(
      await reasonOf("it"),
      /no active record of 7 users of 8 who are to get licences \(ghost-0, ghost-1, ghost-2, ghost-3, ghost-4 and 2 more\): never registered, or retired \(VPP_INPUT_UNKNOWN_USER\)\. Register them with a VppUserSet/,
    );
    assert.deepEqual(await world.requests("/associate"), []);
  });

  it("are known when a set of the program registers them, with no reading of people", async () => {
    stack.declare({ hq: ["VppToken", {}], people: set("eve"), it: licensed(["eve"], ["people"]) });
    await stack.begin();
    await stack.apply("hq");
    await world.forget();
    assert.equal(await reasonOf("it"), "");
    assert.deepEqual(await world.requests("/users"), []);
  });

  it("cost one reading of people for all assignments of a run, one more where one is refused, and none in an unchanged run", async () => {
    const each = (id: string) => licensed([id]);
    stack.declare({ hq: ["VppToken", {}], a: each("ada"), b: each("bob"), c: each("ghost") });
    await stack.begin();
    await stack.apply("hq");
    await world.forget();
    assert.deepEqual([await reasonOf("a"), await reasonOf("b")], ["", ""]);
    assert.equal((await world.requests("/users")).length, 1);
    assert.match(await reasonOf("c"), /ghost/);
    assert.equal((await world.requests("/users")).length, 2);
    stack.declare({ hq: ["VppToken", {}], a: each("ada"), b: each("bob") });
    await stack.up();
    await world.act("users", { action: "retire", users: [{ clientUserId: "ada" }] });
    await stack.begin();
    await world.forget();
    assert.deepEqual([await reasonOf("hq"), await reasonOf("a"), await reasonOf("b")], ["", "", ""]);
    assert.deepEqual(await world.requests(), []);
  });

  it("are named with the same code in the update, when they went after the preview", async () => {
    stack.declare({ hq: ["VppToken", {}], it: licensed(["ada", "bob"]) });
    await stack.begin();
    await stack.apply("hq");
    const { inputs } = await stack.check("it");
    await stack.begin();
    await world.act("users", { action: "retire", users: [{ clientUserId: "ada" }] });
    await assert.rejects(
      stack.host.create("VppAssignment", inputs),
      /1 user of 2 got no licence: the service has no active record of them \(VPP_INPUT_UNKNOWN_USER\): ada\. Register them/,
    );
    assert.deepEqual(await world.holders(keynote.adamId), ["bob"]);
  });
});
