import assert from "node:assert/strict";
import { type Client, control, fileOf, smallLibrary, start, stateOf, stopAll } from "./support";

const statuses = async (client: Client, query = "") =>
  (await client.get(`users${query}`)).body.users.map((user) => `${user.clientUserId} ${user.status}`);

describe("simulator: users", () => {
  afterEach(stopAll);

  for (const [query, expected] of [
    ["", ["anna Registered", "beat Associated", "carl Retired"]],
    ["?activeOnly=true", ["anna Registered", "beat Associated"]],
    ["?retiredOnly=true", ["carl Retired"]],
    ["?activeOnly=true&retiredOnly=true", []],
    ["?activeOnly=false", ["anna Registered", "beat Associated", "carl Retired"]],
    ["?clientUserId=beat", ["beat Associated"]],
    ["?clientUserId=carl&activeOnly=true", []],
    ["?clientUserId=zoe", []],
  ] as const) {
    it(`lists ${query === "" ? "everybody without a filter" : `what ${query} asks for`}`, async () => {
      assert.deepEqual(await statuses(await start(), query), expected);
    });
  }

  it("creates a registered user with an invitation code", async () => {
    const client = await start();
    const status = await client.event("users/create", { users: [{ clientUserId: "dora", email: "d@x.example" }] });
    assert.deepEqual(
      [status.eventType, status.eventStatus, status.numRequested, status.numCompleted],
      ["CREATE", "COMPLETE", 1, 1],
    );
    const [user] = (await client.get("users?clientUserId=dora")).body.users;
    assert.deepEqual(user, {
      clientUserId: "dora",
      email: "d@x.example",
      inviteCode: user!.inviteCode,
      status: "Registered",
    });
    assert.match(user.inviteCode ?? "", /^[0-9a-f]{32}$/);
  });

  it("does not show a created user before the event is processed", async () => {
    const client = await start({ eventDelayMs: 40 });
    await client.post("users/create", { users: [{ clientUserId: "dora" }] });
    assert.deepEqual(await statuses(client, "?clientUserId=dora"), []);
    await client.simulator.settled();
    assert.deepEqual(await statuses(client, "?clientUserId=dora"), ["dora Registered"]);
  });

  it("associates a user at once with a managed account of the organization, and never shows the account", async () => {
    const client = await start();
    await client.event("users/create", { users: [{ clientUserId: "dora", managedAppleId: "Dora@Beispiel.example" }] });
    const [user] = (await client.get("users?clientUserId=dora")).body.users;
    assert.deepEqual(Object.keys(user!).sort(), ["clientUserId", "idHash", "status"]);
    assert.equal(user!.status, "Associated");
  });

  it("fails accounts of others, linked accounts and active ids, and creates the rest", async () => {
    const client = await start();
    await client.event("users/create", { users: [{ clientUserId: "dora", managedAppleId: "dora@beispiel.example" }] });
    const status = await client.event("users/create", {
      users: [
        { clientUserId: "anna" },
        { clientUserId: "emil", managedAppleId: "emil@elsewhere.example" },
        { clientUserId: "finn", managedAppleId: "no account" },
        { clientUserId: "gina", managedAppleId: "dora@beispiel.example" },
        { clientUserId: "hans" },
      ],
    });
    assert.deepEqual([status.eventStatus, status.numRequested, status.numCompleted], ["FAILED", 5, 1]);
    assert.deepEqual(
      status.failures.map((failure) => [failure.errorNumber, failure.errorInfo?.clientUserIds]),
      [
        [9716, ["anna"]],
        [9635, ["emil", "finn"]],
        [9641, ["gina"]],
      ],
    );
    assert.deepEqual(await statuses(client, "?clientUserId=hans"), ["hans Registered"]);
    assert.deepEqual(await statuses(client, "?clientUserId=gina"), []);
  });

  it("updates the email address and links an account later on", async () => {
    const client = await start();
    await client.event("users/update", { users: [{ clientUserId: "anna", email: "new@x.example" }] });
    await client.event("users/update", { users: [{ clientUserId: "anna", managedAppleId: "anna@beispiel.example" }] });
    const [user] = (await client.get("users?clientUserId=anna")).body.users;
    assert.deepEqual([user!.email, user!.status, user!.inviteCode], ["new@x.example", "Associated", undefined]);
    const again = await client.event("users/update", {
      users: [{ clientUserId: "anna", managedAppleId: "anna@beispiel.example" }],
    });
    assert.equal(again.eventStatus, "COMPLETE");
  });

  it("fails an update of unknown users among known ones", async () => {
    const client = await start();
    const status = await client.event("users/update", { users: [{ clientUserId: "anna" }, { clientUserId: "carl" }] });
    assert.deepEqual([status.eventStatus, status.numCompleted], ["FAILED", 1]);
    assert.deepEqual(status.failures[0]!.errorInfo, { clientUserIds: ["carl"] });
  });

  it("returns revocable licences when a user retires; a book stays and counts as retired", async () => {
    const client = await start();
    const assets = [{ adamId: "100" }, { adamId: "900" }];
    await client.event("assets/associate", { assets, clientUserIds: ["beat"] });
    const status = await client.event("users/retire", { users: [{ clientUserId: "beat" }] });
    assert.deepEqual([status.eventType, status.eventStatus], ["RETIRE", "COMPLETE"]);
    assert.deepEqual(await client.pairs(), ["900 beat"]);
    assert.deepEqual(await client.pairs("?excludeInactiveUsers=true"), []);
    const app = await client.asset("100");
    assert.deepEqual([app.assignedCount, app.availableCount, app.retiredCount, app.totalCount], [0, 10, 0, 10]);
    const book = await client.asset("900");
    assert.deepEqual([book.assignedCount, book.availableCount, book.retiredCount, book.totalCount], [0, 3, 1, 3]);
    await control(client, "settings", { readings: { "retired-count": "inside" } });
    assert.equal((await client.asset("900")).totalCount, 4);
  });

  it("lets a retired id be created again as another entry, which holds nothing of the first", async () => {
    const client = await start();
    await client.event("assets/associate", { assets: [{ adamId: "900" }], clientUserIds: ["beat"] });
    await client.event("users/retire", { users: [{ clientUserId: "beat" }] });
    await client.event("users/create", { users: [{ clientUserId: "beat" }] });
    assert.deepEqual(await statuses(client, "?clientUserId=beat"), ["beat Retired", "beat Registered"]);
    await client.event("assets/associate", { assets: [{ adamId: "900" }], clientUserIds: ["beat"] });
    const { assignments } = (await client.get("assignments?clientUserId=beat&includeUserState=true")).body;
    assert.deepEqual(
      assignments.map((each) => each.userStatus),
      ["Retired", "Registered"],
    );
  });

  it("keeps the hash of a retired user, which turns Deleted when the same account is linked again", async () => {
    const create = { users: [{ clientUserId: "dora", managedAppleId: "dora@beispiel.example" }] };
    for (const [reading, expected] of [
      ["relinked", ["dora Deleted", "dora Associated"]],
      ["never", ["dora Retired", "dora Associated"]],
    ] as const) {
      const client = await start({ readings: { "deleted-users": reading } });
      await client.event("users/create", create);
      await client.event("users/retire", { users: [{ clientUserId: "dora" }] });
      const [retired] = (await client.get("users?clientUserId=dora")).body.users;
      assert.equal(typeof retired!.idHash, "string");
      await client.event("users/create", create);
      assert.deepEqual(await statuses(client, "?clientUserId=dora"), expected);
    }
  });

  it("associates a user who accepts the invitation, with a hash", async () => {
    const client = await start();
    const row = await control(client, "accept", { clientUserId: "anna" });
    assert.equal(typeof row.idHash, "string");
    assert.deepEqual(await statuses(client, "?clientUserId=anna"), ["anna Associated"]);
    await assert.rejects(control(client, "accept", { clientUserId: "anna" }), /has already accepted/);
    await assert.rejects(control(client, "accept", { clientUserId: "carl" }), /no active user "carl"/);
  });

  it("lists since a version who changed since, in any state", async () => {
    const client = await start({ library: fileOf(smallLibrary()) });
    const since = (await client.get("users")).body.versionId;
    assert.deepEqual(await statuses(client, `?sinceVersionId=${since}`), []);
    await client.event("users/create", { users: [{ clientUserId: "dora" }] });
    await client.event("users/retire", { users: [{ clientUserId: "anna" }] });
    assert.deepEqual(await statuses(client, `?sinceVersionId=${since}`), ["dora Registered", "anna Retired"]);
    assert.deepEqual(await statuses(client, `?sinceVersionId=${since}&activeOnly=true`), ["dora Registered"]);
    assert.equal((await client.get("users?sinceVersionId=abc")).body.errorNumber, 9721);
  });

  it("pages users", async () => {
    const client = await start({ pageSize: 2 });
    const first = (await client.get("users")).body;
    assert.deepEqual([first.size, first.totalPages, first.nextPageIndex], [2, 2, 1]);
    assert.deepEqual(await statuses(client, "?pageIndex=1"), ["carl Retired"]);
    assert.equal((await client.get("users?pageIndex=2")).body.errorNumber, 9650);
    assert.deepEqual(await statuses(client, "?activeOnly=true"), ["anna Registered", "beat Associated"]);
  });

  it("keeps managed accounts in the state, for tests to look at", async () => {
    const client = await start();
    await client.event("users/create", { users: [{ clientUserId: "dora", managedAppleId: "dora@beispiel.example" }] });
    const { users } = await stateOf(client);
    assert.equal(users.find((user) => user.clientUserId === "dora")?.managedAppleId, "dora@beispiel.example");
  });
});
