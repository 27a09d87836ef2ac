import assert from "node:assert/strict";
import type { Data } from "../support/hostProcess";
import { HostStack } from "../support/hostStack";
import { serials, smallLibrary, World } from "../support/world";

type Program = Parameters<HostStack["declare"]>[0];

const keynote = { adamId: "361285480", pricingParam: "STDQ" };
const branch = "9999000011112222";
const branchEnd = "after the content token of the branch has died";

/** Two libraries whose programs name the same apps and devices, and people of the same ids. */
describe("what leaves one library while another library's content token is dead", () => {
  let world: World;
  let stack: HostStack;

  beforeEach(async () => {
    world = await World.start([smallLibrary(), smallLibrary({ libraryId: branch, locationName: "Branch" })]);
    const file = world.path("branch.vpptoken");
    await world.act("tokens", { action: "issue", name: "branch", file, library: branch });
    stack = new HostStack({ env: { ...world.env, VPP_CONTENT_TOKEN_BRANCH_FILE: file } });
    declare(serials(3), ["ada", "bob"]);
    await stack.up();
    declare(serials(3), ["ada", "bob"], stack.ref("branch"));
    await stack.up();
    await world.act("tokens", { action: "revoke", library: branch, name: "branch" });
  });

  afterEach(async () => {
    await stack.end();
    await world.close();
  });

  /** The branch requires all of it throughout; `reference` names its library without its VppToken, as another stack does. */
  function declare(devices: readonly string[], people: readonly string[], reference?: Data): void {
    stack.declare(programOf(devices, people, reference));
  }
  function programOf(devices: readonly string[], people: readonly string[], reference?: Data): Program {
    const users = (ids: readonly string[]): Data[] =>
      ids.map((clientUserId) => ({ clientUserId, email: `${clientUserId}@contoso.example` }));
    const there = stack.has("branch") ? { token: reference ?? stack.ref("branch") } : undefined;
    return {
      hq: ["VppToken", {}],
      ...(reference === undefined && { branch: ["VppToken", { contentTokenKey: "branch" }] }),
      it: ["VppAssignment", { apps: [keynote], serialNumbers: devices }],
      people: ["VppUserSet", { users: users(people) }],
      ...(there && {
        branchIt: ["VppAssignment", { ...there, apps: [keynote], serialNumbers: serials(3) }],
        branchPeople: ["VppUserSet", { ...there, users: users(["ada", "bob"]) }],
      }),
    };
  }
  const registered = async (): Promise<string[]> =>
    (await world.truth()).users.filter(({ status }) => status !== "Retired").map(({ clientUserId }) => clientUserId);

  it(`is taken back and retired ${branchEnd}, because its VppToken says which library it opens`, async () => {
    declare(serials(1), ["ada"]);
    await stack.up();
    assert.deepEqual([await world.holders(keynote.adamId), await registered()], [serials(1), ["ada"]]);
    assert.deepEqual([stack.outputs("it").releasing, stack.outputs("people").releasing], [undefined, undefined]);
  });

  it("stays, is not forgotten, and goes once the other token lives, when no VppToken says which library that opens", async () => {
    const reference = stack.ref("branch");
    declare(serials(1), ["ada"], reference);
    await stack.up();
    assert.deepEqual([await world.holders(keynote.adamId), await registered()], [serials(3), ["ada", "bob"]]);
    assert.deepEqual(stack.outputs("it").releasing, [{ apps: ["361285480/STDQ"], serialNumbers: serials(2, 1) }]);
    assert.deepEqual(stack.outputs("people").releasing, ["bob"]);
    assert.match(
      stack.notes.join("\n"),
      /VppAssignment it: 2 licences stay for now: the program also asks for that under contentTokenKey branch, and which library that opens can't be found out: the content token has been revoked\. Download a new content token/,
    );
    assert.match(
      stack.notes.join("\n"),
      /VppUserSet people: 1 user can't be retired yet \(bob\): the program also asks/,
    );

    const file = world.path("renewed.vpptoken");
    await world.act("tokens", { action: "issue", name: "renewed", file, library: branch });
    await stack.up({ env: { VPP_CONTENT_TOKEN_BRANCH_FILE: file } });
    assert.deepEqual([await world.holders(keynote.adamId), await registered()], [serials(1), ["ada"]]);
    assert.deepEqual([stack.outputs("it").releasing, stack.outputs("people").releasing], [undefined, undefined]);
  });

  it("keeps a resource that leaves the program in the state, when no VppToken says which library the other key opens", async () => {
    const reference = stack.ref("branch");
    const { it: _, people: __, ...rest } = programOf([], [], reference);
    stack.declare(rest);
    await stack.begin();
    await stack.apply("branchIt");
    for (const [name, why] of [
      [
        "it",
        /VppAssignment it: not deleted: 3 of its licences can't be taken back: the program also asks for that under/,
      ],
      [
        "people",
        /VppUserSet people: not deleted: 2 of its users can't be retired \(ada, bob\): the program also asks for that under/,
      ],
    ] as const) {
      await assert.rejects(stack.remove(name), why);
      assert.ok(stack.has(name));
    }
    assert.deepEqual([await world.holders(keynote.adamId), await registered()], [serials(3), ["ada", "bob"]]);
  });
});
