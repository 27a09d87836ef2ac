import assert from "node:assert/strict";
import { declaredBy } from "../../../inventory/declared";
import type { StoredResource } from "../../../inventory/deployment";
import { type Known, pendingOf, readInventories, readInventory } from "../../../inventory/read";
import type { Inventory, Wanted } from "../../../inventory/types";
import { Libraries } from "../../../provider/apple/library/libraries";
import { Notes } from "../../../provider/engine/diagnostics";
import { Settings } from "../../../provider/engine/settings";
import { isVppError } from "../../../provider/errors";
import { stored } from "../../support/command";
import { rival, serials, smallLibrary, World } from "../../support/world";

const keynote = "361285480/STDQ";
const known: Known = { contentTokenKey: "default" };

describe("inventory › read", () => {
  let world: World;
  beforeEach(async () => {
    world = await World.start([
      smallLibrary({
        users: [
          { clientUserId: "ada", status: "Associated", email: "ada@contoso.example" },
          { clientUserId: "bob", status: "Registered" },
          { clientUserId: "gone", status: "Retired" },
        ],
        assignments: [
          { adamId: "361285480", serialNumbers: serials(3), clientUserIds: ["ada", "bob"] },
          { adamId: "409183694", serialNumbers: serials(1) },
        ],
      }),
    ]);
  });
  afterEach(() => world.close());

  const libraries = (): Libraries => new Libraries(new Settings(new Notes(() => {}), world.env));
  const read = (wanted: Wanted, of: Known = known): Promise<Inventory> => readInventory(libraries(), of, wanted);
  const paths = async (): Promise<string[]> => {
    const short = (await world.requests()).map(({ path }) => path.replace("/mdm/v2/", ""));
    await world.forget();
    return short.sort();
  };
  const opening = ["client/config", "service/config"];

  it("asks for no more than is wanted", async () => {
    await world.forget();
    await read({ apps: false });
    assert.deepEqual(await paths(), opening);
    await read({});
    assert.deepEqual(await paths(), ["assets", ...opening]);
    await read({ names: true });
    assert.deepEqual(await paths(), ["/lookup", "assets", ...opening]);
    await read({ users: true });
    assert.deepEqual(await paths(), ["assets", ...opening, "users"]);
    await read({ licences: true });
    assert.deepEqual(await paths(), ["assets", "assignments", ...opening]);
    await read({ holdingsOf: { serialNumbers: serials(2), clientUserIds: [] } });
    assert.deepEqual(await paths(), ["assets", "assignments", "assignments", ...opening]);
  });

  it("shows apps, people who are not retired, and who holds what", async () => {
    const { apps, users, licences, token, title, libraryId } = await read({ users: true, licences: true, names: true });
    assert.equal(title, "Contoso HQ");
    assert.equal(libraryId, "2049025000431439");
    assert.deepEqual([token.status, token.holder], ["valid", undefined]);
    const shown = apps.find(({ key }) => key === keynote)!;
    assert.deepEqual([shown.displayName, shown.assignedCount, shown.availableCount], ["Keynote", 5, 35]);
    assert.deepEqual(users?.map(({ clientUserId, status }) => [clientUserId, status]).sort(), [
      ["ada", "Associated"],
      ["bob", "Registered"],
    ]);
    assert.deepEqual([...licences!.devices.get(keynote)!].sort(), serials(3));
    assert.deepEqual([...licences!.users.get(keynote)!].sort(), ["ada", "bob"]);
    assert.equal(licences!.devices.get("409201541/STDQ")!.size, 0);
    const pending = pendingOf(await read({ users: true, licences: true }))!;
    assert.deepEqual([pending(keynote), pending("409183694/STDQ")], [1, 0]);
  });

  it("shows what single devices and people hold, also those whom nobody knows", async () => {
    const { holdings } = await read({
      holdingsOf: { serialNumbers: serials(1), clientUserIds: ["bob", "nobody", "gone"] },
    });
    assert.deepEqual(
      holdings!.map(({ target, status, apps }) => [target, status, [...apps].sort()]),
      [
        [serials(1)[0], undefined, [keynote, "409183694/STDQ"]],
        ["bob", "Registered", [keynote]],
        ["nobody", undefined, []],
        ["gone", undefined, []],
      ],
    );
  });

  it("shows the status of a person that no page names, and not that nobody knows him", async () => {
    await world.act("users", { action: "set-status", users: [{ clientUserId: "bob", status: "Suspended" }] });
    const { holdings } = await read({ holdingsOf: { serialNumbers: [], clientUserIds: ["bob"] } });
    assert.equal(holdings![0]?.status, "Suspended");
  });

  it("reads the licences of the wanted apps only, where that is enough", async () => {
    const { licences } = await read({
      licences: true,
      names: true,
      licencesOf: ({ displayName }) => displayName === "Dockscan",
    });
    assert.deepEqual([...licences!.devices.keys()], ["409183694/STDQ"]);
    assert.equal(licences!.devices.get("409183694/STDQ")!.size, 1);
  });

  it("gives no names when the look-up fails, and the rest all the same", async () => {
    await world.act("faults", { match: { path: "/lookup" }, times: "always", action: { type: "status", status: 500 } });
    const { apps } = await read({ names: true });
    assert.equal(apps.length, 5);
    assert.deepEqual(
      apps.filter(({ displayName }) => displayName !== undefined),
      [],
    );
  });

  it("tells a dead token by its status and leaves the rest empty", async () => {
    await world.act("tokens", { action: "revoke" });
    const { token, apps, users, licences } = await read({ users: true, licences: true });
    assert.deepEqual([token.status, apps, users, licences], ["revoked", [], undefined, undefined]);
  });

  it("does not call a token revoked that the service does not know, unless it has opened the library before", async () => {
    const fault = {
      match: { path: "client/config" },
      times: "always",
      action: { type: "errorNumber", errorNumber: 9622 },
    };
    await world.act("faults", fault);
    const { token } = await read({});
    assert.equal(token.status, "refused");
    assert.match(token.refusal!.reason, /does not know this content token/);
    const libraryId = smallLibrary().libraryId;
    assert.equal((await read({}, { ...known, libraryId })).token.status, "revoked");
  });

  it("throws whatever else goes wrong, and refuses another library than the one that is meant", async () => {
    const fails = (code: string) => (error: unknown) => isVppError(error) && error.code === code;
    await assert.rejects(read({}, { contentTokenKey: "branch" }), fails("VPP_CONFIG_TOKEN_MISSING"));
    await assert.rejects(read({}, { ...known, libraryId: "another" }), fails("VPP_AUTH_OTHER_LIBRARY"));
    await world.act("faults", { match: { path: "assets" }, action: { type: "errorNumber", errorNumber: 9634 } });
    await assert.rejects(read({}), fails("VPP_SERVICE_ERROR"));
  });

  it("tells a library as held by another only where a state says whose it should be", async () => {
    await world.seize();
    const token = { libraryId: "2049025000431439", contentTokenKey: "default", bindingId: "ours" };
    const statusWith = async (more: object): Promise<string> => {
      const states = declaredBy([stored("VppToken", "hq", { ...token, ...more })] as StoredResource[]);
      return (await readInventory(libraries(), known, {}, states)).token.status;
    };
    const { status, holder } = (await read({})).token;
    assert.deepEqual([status, holder?.id], ["valid", rival.id]);
    assert.equal(await statusWith({}), "heldByAnother");
    assert.equal(await statusWith({ managedBy: rival.id }), "valid");
    assert.equal(await statusWith({ bindingId: rival.id }), "valid");
  });

  it("refuses two keys that open one library", async () => {
    const env = { ...world.env, VPP_CONTENT_TOKEN_TWIN_FILE: world.tokenFile };
    const both = new Libraries(new Settings(new Notes(() => {}), env));
    await assert.rejects(
      readInventories(both, [known, { contentTokenKey: "twin" }], {}),
      (error) => isVppError(error) && error.code === "VPP_INPUT_CONFLICT" && /default and twin/.test(error.reason),
    );
  });
});
