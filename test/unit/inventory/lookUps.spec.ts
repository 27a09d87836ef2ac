import assert from "node:assert/strict";
import type { LookUpFailure, LookUps as LookUpsType } from "../../../inventory/lookUps";
import { LookUps } from "../../../inventory/lookUps";
import { type Transport, undiciTransport } from "../../../provider/http/transport";
import { rival, serials, smallLibrary, World } from "../../support/world";

const keynote = "361285480";
const dockscan = "409183694";
const token = { contentTokenKey: "default" };
const shown = async (world: World): Promise<string[]> =>
  (await world.requests())
    .filter(({ path }) => !path.endsWith("/service/config"))
    .map(({ method, path, query }) => {
      const { adamId, serialNumber, clientUserId } = query;
      return [method, path.replace("/mdm/v2/", ""), adamId, serialNumber, clientUserId].filter(Boolean).join(" ");
    })
    .sort();

describe("look-ups", () => {
  let world: World;
  let notes: string[];
  let lookUps: LookUpsType;

  const open = (env: NodeJS.ProcessEnv = {}, transport?: Transport): LookUpsType => {
    notes = [];
    const note = (line: string): void => void notes.push(line);
    const surroundings = transport && { transport };
    return new LookUps({ config: () => undefined, env: { ...world.env, ...env }, note, surroundings });
  };
  const refusal = async (work: Promise<unknown>): Promise<[string, string]> => {
    const error = (await work.then(
      () => assert.fail("it was answered"),
      (reason: unknown) => reason,
    )) as LookUpFailure;
    return [error.code, error.message];
  };

  before(async () => {
    world = await World.start([
      smallLibrary({
        assets: [
          { adamId: keynote, name: "Keynote", totalCount: 40, bundleId: "com.apple.Keynote" },
          { adamId: dockscan, name: "Dockscan", totalCount: 4, supportedPlatforms: ["macOS"] },
          { adamId: "409201541", name: "Pages", unlimited: true },
          { adamId: "1000000001", name: "Field Handbook", productType: "Book", totalCount: 20 },
          { adamId: "1000000002", name: "Only elsewhere", totalCount: 2, storefronts: ["us"] },
        ],
        users: [
          { clientUserId: "ada", email: "ada@contoso.example" },
          { clientUserId: "bob", email: "bob@contoso.example", status: "Associated" },
          { clientUserId: "eve", status: "Retired" },
        ],
        assignments: [
          { adamId: keynote, serialNumbers: serials(3), clientUserIds: ["bob"] },
          { adamId: dockscan, serialNumbers: serials(1) },
          { adamId: "1000000001", clientUserIds: ["ada"] },
        ],
      }),
    ]);
  });

  after(() => world.close());

  beforeEach(async () => {
    await world.forget();
    lookUps = open();
  });

  describe("getVppToken", () => {
    it("tells how the token and its library stand, in one request", async () => {
      const { expiresAt, tokenFingerprint, ...found } = await lookUps.getVppToken({ token });
      assert.deepEqual(found, {
        contentTokenKey: "default",
        status: "valid",
        libraryId: "2049025000431439",
        locationName: "Contoso HQ",
        organizationName: "Contoso",
        countryCode: "DE",
        platform: "enterprisestore",
      });
      assert.match(tokenFingerprint, /^[0-9a-f]{12}$/);
      assert.ok(Date.parse(expiresAt) > Date.now());
      assert.deepEqual(await shown(world), ["GET client/config"]);
      assert.deepEqual(notes, [`pulumi-vpp: talking to ${world.simulator.url}/mdm/v2, not to Apple.`]);
    });

    it("knows that another holds the library only where it is told whose mark should be there", async () => {
      const other = await World.start();
      await other.seize();
      const { libraryId } = await other.truth();
      const look = (where: object) =>
        new LookUps({ config: () => undefined, env: other.env, note: () => undefined }).getVppToken({
          token: { ...token, ...where },
        });
      const [byKey, byReference, managed] = await Promise.all([
        look({}),
        look({ libraryId, bindingId: "b" }),
        look({ libraryId, bindingId: "b", managedBy: rival.id }),
      ]);
      assert.deepEqual([byKey.status, byReference.status, managed.status], ["valid", "heldByAnother", "valid"]);
      assert.deepEqual(byKey.holder, { id: rival.id, name: rival.name });
      await other.close();
    });

    it("fails at a token that the service never knew, and gives it as a status where the library was known before", async () => {
      const other = await World.start();
      const action = { type: "errorNumber", errorNumber: 9622 };
      await other.act("faults", { match: { path: "client/config" }, times: "always", action });
      const look = () => new LookUps({ config: () => undefined, env: other.env, note: () => undefined });
      const [code, text] = await refusal(look().getVppToken({ token }));
      assert.equal(code, "VPP_AUTH_TOKEN_REFUSED");
      assert.match(text, /^getVppToken: the library was not read: the service does not know this content token/);
      const { libraryId } = smallLibrary();
      const { status } = await look().getVppToken({ token: { ...token, libraryId: libraryId } });
      assert.equal(status, "revoked");
      await other.close();
    });

    it("gives a dead token as a status, and the other look-ups fail at it", async () => {
      const other = await World.start();
      await other.act("tokens", { action: "revoke", name: (await other.tokenNames())[0] });
      const dead = new LookUps({ config: () => undefined, env: other.env, note: () => undefined });
      const { status, organizationName, libraryId } = await dead.getVppToken({ token });
      assert.deepEqual([status, organizationName, libraryId], ["revoked", "Contoso", undefined]);
      const [code, text] = await refusal(dead.getVppApps({ token }));
      assert.equal(code, "VPP_AUTH_TOKEN_REVOKED");
      assert.match(
        text,
        /^getVppApps: the library was not read: the content token .+ \(VPP_AUTH_TOKEN_REVOKED, service error \d+( “[^”]+”)?\)\. /,
      );
      await other.close();
    });
  });

  describe("getVppApps", () => {
    const idsOf = async (filter: object): Promise<string[]> =>
      (await lookUps.getVppApps({ token, ...filter })).apps.map(({ adamId }) => adamId);

    it("gives products with counts and names, and no name for what its country does not sell", async () => {
      const { libraryId, apps } = await lookUps.getVppApps({ token });
      assert.equal(libraryId, "2049025000431439");
      assert.deepEqual(
        apps.map(({ displayName, totalCount, availableCount }) => [displayName, totalCount, availableCount]),
        [
          ["Keynote", 40, 36],
          ["Dockscan", 4, 3],
          ["Pages", 2147483647, 2147483647],
          ["Field Handbook", 20, 19],
          [undefined, 2, 2],
        ],
      );
      assert.deepEqual(Object.keys(apps[0]!).includes("key"), false);
    });

    it("filters by every property that it is given", async () => {
      assert.deepEqual(await idsOf({ adamIds: [keynote, "77"] }), [keynote]);
      assert.deepEqual(await idsOf({ platform: "macos", productType: "App" }), [dockscan]);
      assert.deepEqual(await idsOf({ productType: "Book" }), ["1000000001"]);
      assert.deepEqual(await idsOf({ deviceAssignable: false }), ["1000000001"]);
      assert.deepEqual(await idsOf({ freeBelow: 4 }), [dockscan, "1000000002"]);
      assert.deepEqual(await idsOf({ name: "dOcK" }), [dockscan]);
      assert.deepEqual(await idsOf({ name: "Only elsewhere" }), []);
    });

    it("asks the store about nothing but what is left, and not at all without names", async () => {
      const { apps } = await lookUps.getVppApps({ token, names: false });
      assert.equal(apps[0]?.displayName, undefined);
      assert.deepEqual(await shown(world), ["GET assets"]);
      await lookUps.getVppApps({ token, adamIds: [keynote] });
      assert.deepEqual(await shown(world), ["GET /lookup", "GET assets", "GET client/config"]);
    });

    it("has icons, with the store's open size filled in", async () => {
      const real = undiciTransport({ timeoutMs: 5000 });
      const secure: Transport = async (request) => {
        const answer = await real(request);
        return { ...answer, text: answer.text?.replaceAll('"url":"http:', '"url":"https:') };
      };
      const { apps } = await open({}, secure).getVppApps({ token, adamIds: [keynote] });
      assert.match(apps[0]?.iconUrl ?? "", /^https:.*\/artwork\/361285480\/128x128bb\.png$/);
    });

    it("leaves names out when the store is silent, and refuses to choose by them", async () => {
      const real = undiciTransport({ timeoutMs: 5000 });
      const silent: Transport = (request) =>
        request.url.includes("/lookup") ? Promise.reject(new Error("no way")) : real(request);
      const without = open({}, silent);
      const { apps } = await without.getVppApps({ token });
      assert.equal(apps.filter(({ displayName }) => displayName !== undefined).length, 0);
      assert.deepEqual(await refusal(without.getVppApps({ token, name: "Keynote" })), [
        "VPP_NETWORK_UNREACHABLE",
        "getVppApps: the library was not read: the store did not tell the names of 5 of 5 apps, so none can be chosen by name " +
          "(VPP_NETWORK_UNREACHABLE). Try again later, or choose the apps by adamIds.",
      ]);
    });
  });

  describe("getVppUsers", () => {
    it("gives the active people with address and invitation, or without both", async () => {
      const { users } = await lookUps.getVppUsers({ token });
      assert.deepEqual(
        users.map(({ inviteUrl, ...user }) => ({ ...user, isInvited: inviteUrl !== undefined })),
        [
          { clientUserId: "ada", status: "Registered", email: "ada@contoso.example", isInvited: true },
          { clientUserId: "bob", status: "Associated", email: "bob@contoso.example", isInvited: false },
        ],
      );
      assert.deepEqual((await lookUps.getVppUsers({ token, personalData: false, status: "Registered" })).users, [
        { clientUserId: "ada", status: "Registered" },
      ]);
      assert.deepEqual(await shown(world), ["GET users"]);
    });

    it("gives somebody whose status no page names, with that status", async () => {
      const become = (status: string): Promise<void> =>
        world.act("users", { action: "set-status", users: [{ clientUserId: "ada", status }] });
      await become("Suspended");
      const { users } = await lookUps.getVppUsers({ token, clientUserIds: ["ada"], personalData: false });
      await become("Registered");
      assert.deepEqual(users, [{ clientUserId: "ada", status: "Suspended" }]);
    });

    it("asks for a few alone, each once, and for many by the list", async () => {
      const find = async (...clientUserIds: string[]) =>
        (await lookUps.getVppUsers({ token, clientUserIds })).users.map(({ clientUserId }) => clientUserId);
      assert.deepEqual(await find("bob", "nobody"), ["bob"]);
      assert.deepEqual(await find("bob", "ada"), ["ada", "bob"]);
      assert.deepEqual(await shown(world), ["GET users ada", "GET users bob", "GET users nobody"]);
      await world.forget();
      assert.deepEqual(await find("a", "b", "c", "ada", "eve"), ["ada"]);
      assert.deepEqual(await find("bob"), ["bob"]);
      assert.deepEqual(await shown(world), ["GET users"]);
    });

    it("tells the library also when nobody was asked for", async () => {
      const { libraryId, users } = await lookUps.getVppUsers({ token, clientUserIds: [] });
      assert.deepEqual([libraryId, users], ["2049025000431439", []]);
    });
  });

  describe("getVppAssignments", () => {
    it("gives all licences: devices, then people, by app and target", async () => {
      const { assignments } = await lookUps.getVppAssignments({ token });
      assert.deepEqual(
        assignments.map(({ adamId, serialNumber, clientUserId }) => [adamId, serialNumber ?? clientUserId]),
        [
          ...serials(3).map((serial) => [keynote, serial]),
          [dockscan, serials(1)[0]],
          ["1000000001", "ada"],
          [keynote, "bob"],
        ],
      );
    });

    it("asks for one target alone, however its serial number is written", async () => {
      const { assignments } = await lookUps.getVppAssignments({
        token,
        serialNumber: ` ${serials(1)[0]!.toLowerCase()} `,
      });
      assert.deepEqual(
        assignments.map(({ adamId }) => adamId),
        [keynote, dockscan],
      );
      assert.deepEqual(await shown(world), ["GET assets", `GET assignments ${serials(1)[0]}`]);
    });

    it("asks for one app alone, and not again for what it has read", async () => {
      const byApp = await lookUps.getVppAssignments({ token, adamId: dockscan });
      assert.equal(byApp.assignments.length, 1);
      const both = await lookUps.getVppAssignments({ token, adamId: dockscan, serialNumber: serials(1)[0]! });
      assert.equal(both.assignments.length, 1);
      assert.deepEqual(await shown(world), ["GET assets", `GET assignments ${dockscan}`]);
      assert.deepEqual((await lookUps.getVppAssignments({ token, adamId: "77" })).assignments, []);
    });
  });

  it("share what they read of a library, made together or one after another", async () => {
    await Promise.all([
      lookUps.getVppToken({ token }),
      lookUps.getVppApps({ token }),
      lookUps.getVppUsers({ token }),
      lookUps.getVppAssignments({ token }),
    ]);
    await lookUps.getVppUsers({ token, clientUserIds: ["ada"] });
    await lookUps.getVppAssignments({ token, clientUserId: "bob" });
    await lookUps.getVppApps({ token, freeBelow: 3 });
    assert.deepEqual(await shown(world), [
      "GET /lookup",
      "GET assets",
      "GET assignments",
      "GET client/config",
      "GET users",
    ]);
  });

  describe("refuse before anything is sent", () => {
    const wrong: [string, () => Promise<unknown>, string, RegExp][] = [
      [
        "a misspelt filter",
        () => lookUps.getVppApps({ token, adamID: "1" } as never),
        "VPP_INPUT_INVALID",
        /^getVppApps: the library was not read: adamID is not an input of getVppApps \(VPP_INPUT_INVALID\)\.$/,
      ],
      [
        "several wrong values, all named",
        () => lookUps.getVppApps({ token, adamIds: ["x"], freeBelow: -1 }),
        "VPP_INPUT_INVALID",
        /adamIds\[0\] must be an app's number in the store, as text of digits, got "x"; freeBelow must be a whole number, 0 or more, got -1/,
      ],
      [
        "two targets",
        () => lookUps.getVppAssignments({ token, serialNumber: "F9FW000001", clientUserId: "ada" }),
        "VPP_INPUT_INVALID",
        /serialNumber and clientUserId are both given, and no licence has both .* Look for one of them at a time\.$/,
      ],
      [
        "a key without a content token, by its name",
        () => lookUps.getVppUsers({ token: { contentTokenKey: "branch" } }),
        "VPP_CONFIG_TOKEN_MISSING",
        /^getVppUsers: the library of contentTokenKey branch was not read: /,
      ],
      [
        "an address for an id, without printing it",
        () => lookUps.getVppUsers({ token, clientUserIds: [7, "ada@contoso.example\n"] as never }),
        "VPP_INPUT_INVALID",
        /^(?!.*contoso).*clientUserIds\[1\] must be a text of 1 to 255 characters/,
      ],
    ];
    for (const [what, look, code, text] of wrong) {
      it(what, async () => {
        const [seen, message] = await refusal(look());
        assert.equal(seen, code);
        assert.match(message, text);
        assert.deepEqual(await world.requests(), []);
      });
    }
  });

  it("refuse another library than that of the reference", async () => {
    const where = { ...token, libraryId: "1", bindingId: "b" };
    const [code, text] = await refusal(lookUps.getVppApps({ token: where }));
    assert.equal(code, "VPP_AUTH_OTHER_LIBRARY");
    assert.match(text, /opens library 2049025000431439, but/);
  });
});
