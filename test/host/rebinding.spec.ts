import assert from "node:assert/strict";
import type { Data, Kind } from "../support/hostProcess";
import { freshHost, HostStack } from "../support/hostStack";
import { serials, smallLibrary, World } from "../support/world";

const apps = [{ adamId: "361285480", pricingParam: "STDQ" }];
const users = [{ clientUserId: "ada" }, { clientUserId: "bob" }];

describe("a library that the program names by another key", () => {
  let world: World;
  let stack: HostStack;
  freshHost((w, s) => {
    world = w;
    stack = s;
  });

  /** One token, two users, three devices; the key and the names as wanted. */
  function program(contentTokenKey: string, people: string, kiosk: string): Record<string, readonly [Kind, Data]> {
    const token = { contentTokenKey };
    return {
      hq: ["VppToken", token],
      [people]: ["VppUserSet", { users, ...(stack.has("hq") && { token: { ...stack.ref(), ...token } }) }],
      [kiosk]: [
        "VppAssignment",
        {
          apps,
          serialNumbers: serials(3),
          clientUserIds: ["ada", "bob"],
          sets: [people],
          ...(stack.has("hq") && { token: { ...stack.ref(), ...token } }),
        },
      ],
    };
  }

  it("keeps every licence and user when resources are renamed in the same run", async () => {
    const env = { VPP_CONTENT_TOKEN_HQ_FILE: world.tokenFile };
    stack.declare(program("default", "people", "kiosk"));
    await stack.up();
    const before = await world.truth();
    await world.forget();

    stack.declare(program("hq", "staff", "ipads"));
    await stack.up({ env });
    for (const name of ["kiosk", "people"]) await stack.remove(name);

    assert.deepEqual(
      (await world.requests()).filter(({ path }) => /disassociate|retire/.test(path)),
      [],
    );
    const { assignments, users: known } = await world.truth();
    assert.deepEqual([assignments, known], [before.assignments, before.users]);
  });
});

describe("a resource whose library has got another binding", () => {
  let world: World;
  let stack: HostStack;
  freshHost((w, s) => {
    world = w;
    stack = s;
  });

  it("can still be deleted, as when its VppToken was created anew in a renamed stack", async () => {
    stack.declare({ hq: ["VppToken", {}], kiosk: ["VppAssignment", { apps, serialNumbers: serials(2) }] });
    await stack.up();
    Object.assign(stack.outputs("kiosk"), { token: { ...stack.ref(), bindingId: "of-the-old-name" } });
    stack.declare({ hq: ["VppToken", {}] });
    await stack.up();
    await stack.remove("kiosk");
    assert.deepEqual(await world.holders("361285480"), []);
  });
});

describe("two libraries of one program", () => {
  let world: World;
  let stack: HostStack;
  const other = "2049025000431440";
  beforeEach(async () => {
    world = await World.start([smallLibrary(), smallLibrary({ libraryId: other, locationName: "Contoso Branch" })]);
    const file = world.path("branch.vpptoken");
    await world.act("tokens", { library: other, action: "issue", file });
    stack = new HostStack({ env: { ...world.env, VPP_CONTENT_TOKEN_BRANCH_FILE: file } });
  });
  afterEach(async () => {
    await stack.end();
    await world.close();
  });

  it("stay apart: what one requires is taken back from the other, whatever has been checked by then", async () => {
    const tokens = {
      hq: ["VppToken", {}],
      branch: ["VppToken", { contentTokenKey: "branch" }],
    } as const;
    stack.declare({ ...tokens, kiosk: ["VppAssignment", { apps, serialNumbers: serials(2) }] });
    await stack.up();
    stack.declare({
      ...tokens,
      kiosk: ["VppAssignment", { apps, serialNumbers: serials(1) }],
      moved: ["VppAssignment", { token: stack.ref("branch"), apps, serialNumbers: serials(1, 1) }],
    });
    await stack.begin();
    await stack.apply("kiosk");
    assert.deepEqual(await world.holders("361285480"), serials(1));
  });

  it("are not exchanged under one key, when a VppToken is created anew with a content token of the other", async () => {
    const devices = { apps, serialNumbers: serials(1) };
    stack.declare({
      hq: ["VppToken", {}],
      keynote: ["VppApp", { adamId: "361285480" }],
      people: ["VppUserSet", { users }],
      kiosk: ["VppAssignment", devices],
    });
    await stack.up();
    const token = { ...stack.ref(), libraryId: other };
    stack.declare({
      keynote: ["VppApp", { token, adamId: "361285480" }],
      people: ["VppUserSet", { token, users }],
      kiosk: ["VppAssignment", { token, ...devices }],
    });
    await stack.begin();
    for (const name of ["keynote", "people", "kiosk"]) {
      const [{ reason } = { reason: "" }, ...more] = (await stack.check(name)).failures;
      assert.match(
        reason,
        /key default opens library \d+40, but this resource is in library \d+39 \(VPP_AUTH_OTHER_LIBRARY\)/,
      );
      assert.deepEqual(more, []);
    }
  });
});
