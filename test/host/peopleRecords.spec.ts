import assert from "node:assert/strict";
import type { Data, Kind } from "../support/hostProcess";
import type { HostStack } from "../support/hostStack";
import { asOf010, refreshedBy010 } from "../support/oldStates";
import { hastyStack } from "../support/scaledClock";
import { smallLibrary, World } from "../support/world";

const scale = 50;
const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `user-${index}`);
const users = (...names: string[]): readonly object[] => names.map((clientUserId) => ({ clientUserId }));

interface Seen {
  readonly clientUserId: string;
  readonly status: string;
  readonly registeredByUs: boolean;
}

/** How a list can lack people who are there. */
const odd = {
  "lacks all rows": { action: { type: "list-empty" } },
  "lacks all rows and says how many there should be": { action: { type: "list-empty", size: "meant" } },
  "lacks its first two": { action: { type: "list-drop", count: 2 } },
  "lacks its first seven": { action: { type: "list-drop", count: 7 } },
} as const;

const ways = [
  { times: 1, query: {}, isOld: false },
  { times: 2, query: {}, isOld: false },
  { times: "always", query: {}, isOld: false },
  { times: "always", query: { activeOnly: "true" }, isOld: false },
  { times: "always", query: {}, isOld: true },
] as const;

describe("the people whom a VppUserSet has registered", () => {
  let world: World;
  let stack: HostStack;

  beforeEach(async () => {
    world = await World.start([smallLibrary()]);
    stack = hastyStack(world, scale);
  });

  afterEach(async () => {
    await stack.end();
    await world.close();
  });

  const declare = (people: readonly object[], more: Data = {}): void =>
    stack.declare({
      hq: ["VppToken", {}],
      crew: ["VppUserSet", { users: people, maxRetirements: 100, ...more }] as readonly [Kind, Data],
    });
  const active = async (): Promise<string[]> =>
    (await world.truth()).users
      .filter(({ status }) => status !== "Retired" && status !== "Deleted")
      .map(({ clientUserId }) => clientUserId);
  const heal = (): Promise<unknown> => world.simulator.control("DELETE", "faults");
  const refresh = async (): Promise<boolean | "gone" | Error> => {
    await stack.begin();
    return stack.refresh("crew").catch((error: Error) => error);
  };
  const members = (): readonly Seen[] => stack.outputs("crew").members as Seen[];

  for (const count of [4, 20]) {
    for (const [what, { action }] of Object.entries(odd)) {
      for (const { times, query, isOld } of ways) {
        const list = "activeOnly" in query ? "the list of the active ones" : "every list";
        const state = isOld ? ", state of 0.1.0" : "";
        it(`are retired in the end, all ${count}, after a refresh for which ${list} ${what} (${times}${state})`, async () => {
          declare(users(...ids(count)));
          await stack.up();
          if (isOld) asOf010(stack, "crew");
          // Answers about a single one are right: nothing else could tell.
          const match = { method: "GET", path: "users", query: { clientUserId: null, ...query } };
          await world.act("faults", { match, times, action });
          const seen = await refresh();
          if (seen instanceof Error) assert.match(String(seen.stack), /contradicts itself/);
          else assert.deepEqual([seen, stack.outputs("crew").missingCount], [false, 0]);
          await heal();
          await world.act("faults", { match, times, action });
          await stack.destroy().catch((error: Error) => assert.match(String(error.stack), /contradicts itself/));
          await heal();
          if (stack.has("crew")) await stack.destroy();
          assert.deepEqual(await active(), []);
        });
      }
    }
  }

  for (const isOld of [false, true]) {
    const state = isOld ? "a state of 0.1.0" : "the state";
    const start = async (...names: string[]): Promise<void> => {
      declare(users(...names));
      await stack.up();
      if (isOld) asOf010(stack, "crew");
    };
    const rowOf = async (id: string): Promise<Record<string, unknown>> => {
      const [row] = (await world.truth()).users.filter(({ clientUserId }) => clientUserId === id);
      return row as unknown as Record<string, unknown>;
    };

    it(`stay ${state}'s to retire when every answer lacks them for a while, and they come back`, async () => {
      await start("ada", "bob");
      await world.act("faults", {
        match: { method: "GET", path: "users" },
        times: "always",
        action: { type: "list-without", clientUserId: "ada" },
      });
      assert.equal(await refresh(), true);
      assert.deepEqual(
        members().map(({ status, registeredByUs }) => [status, registeredByUs]),
        [
          ["Missing", true],
          ["Registered", true],
        ],
      );
      await heal();
      assert.equal(await refresh(), false);
      await stack.destroy();
      assert.deepEqual(await active(), []);
    });

    it(`stay ${state}'s to retire when an update registers them anew that are there (9716)`, async () => {
      await start("ada", "bob");
      const hide = (): Promise<void> =>
        world.act("faults", {
          match: { method: "GET", path: "users" },
          times: "always",
          action: { type: "list-without", clientUserId: "ada" },
        });
      await hide();
      await refresh();
      await stack.up();
      await heal();
      await stack.up();
      await stack.destroy();
      assert.deepEqual(await active(), []);
    });

    it(`stay ${state}'s to retire when the service calls them retired for a while, and they come back`, async () => {
      await start("ada", "bob");
      const [ada, bob] = [await rowOf("ada"), await rowOf("bob")];
      const shown = ({ clientUserId, inviteCode }: Record<string, unknown>, status: string): object => ({
        clientUserId,
        inviteCode,
        status,
      });
      const answer = (status: string): object => ({
        uId: "2049025000431439",
        size: 2,
        totalPages: 1,
        versionId: "v",
        users: [shown(ada, status), shown(bob, "Registered")],
      });
      await world.act("faults", {
        match: { method: "GET", path: "users" },
        times: "always",
        action: { type: "status", status: 200, body: answer("Retired") },
      });
      assert.equal(await refresh(), true);
      assert.equal(stack.outputs("crew").missingCount, 1);
      await heal();
      assert.equal(await refresh(), false);
      await stack.destroy();
      assert.deepEqual(await active(), []);
    });

    it(`are no more ${state}'s to retire, once somebody else has retired them and registered them anew`, async () => {
      await start("ada", "bob");
      await refresh();
      await world.act("users", { action: "retire", users: users("ada") });
      await refresh();
      await world.act("users", { action: "create", users: users("ada") });
      await refresh();
      assert.deepEqual(
        members().map(({ status, registeredByUs }) => [status, registeredByUs]),
        [
          ["Registered", false],
          ["Registered", true],
        ],
      );
      await stack.destroy();
      assert.deepEqual(await active(), ["ada"]);
    });

    it(`are no more ${state}'s to retire, when they leave and only the record then shows that somebody else has registered them anew`, async () => {
      await start("ada", "bob", "eve");
      await refresh();
      await world.act("users", { action: "retire", users: users("ada", "eve") });
      await world.act("users", { action: "create", users: users("ada", "eve") });
      declare(users("bob", "eve"));
      await stack.up();
      assert.match(
        stack.notes.join("\n"),
        /1 person who left stays registered: somebody else has registered them anew \(ada\)/,
      );
      await stack.destroy();
      assert.match(stack.notes.join("\n"), /1 person who left stays registered: somebody else .* \(eve\)/);
      assert.deepEqual((await active()).sort(), ["ada", "eve"]);
    });

    it(`stay ${state}'s to retire when they accept, and when the program gives them another account`, async () => {
      await start("ada", "bob");
      await refresh();
      await world.act("accept", { clientUserId: "ada" });
      await refresh();
      for (const account of ["ada@contoso.example", "ada.l@contoso.example"]) {
        declare([{ clientUserId: "ada", managedAppleId: account }, ...users("bob")]);
        await stack.up();
        await refresh();
      }
      assert.ok(members().every(({ registeredByUs }) => registeredByUs));
      await stack.destroy();
      assert.deepEqual(await active(), []);
    });
  }

  it("stay the set's to retire after a refresh by 0.1.0 for which a list lacked them", async () => {
    declare(users("ada", "bob"));
    await stack.up();
    refreshedBy010(stack, "crew", ["ada"]);
    assert.equal(await refresh(), false);
    await stack.destroy();
    assert.deepEqual(await active(), []);
  });

  it("are told from others' by hashes, and the state holds no code of an invitation beside its address", async () => {
    declare(users("ada"));
    await stack.up();
    const { registered } = stack.outputs("crew");
    assert.match(JSON.stringify(registered), /^\["[\w-]{8}\/ ada"\]$/);
    const { inviteCode } = (await world.truth()).users[0] as unknown as { inviteCode: string };
    assert.equal(JSON.stringify(registered).includes(inviteCode), false);
  });
});

describe("people with a status that no page names", () => {
  let world: World;
  let stack: HostStack;

  beforeEach(async () => {
    world = await World.start([smallLibrary()]);
    stack = hastyStack(world, scale);
  });

  afterEach(async () => {
    await stack.end();
    await world.close();
  });

  const declare = (people: readonly object[]): void =>
    stack.declare({
      hq: ["VppToken", {}],
      crew: ["VppUserSet", { users: people, maxRetirements: 100 }] as readonly [Kind, Data],
    });
  const suspend = (...names: string[]): Promise<void> =>
    world.act("users", {
      action: "set-status",
      users: names.map((clientUserId) => ({ clientUserId, status: "Suspended" })),
    });

  for (const count of [3, 20]) {
    it(`are there, all ${count}: a refresh says so and has no drift, and an up registers nobody anew`, async () => {
      declare(users(...ids(count)));
      await stack.up();
      await suspend(...ids(count));
      await stack.begin();
      assert.equal(await stack.refresh("crew"), false);
      assert.match(
        stack.notes.join("\n"),
        new RegExp(
          `VppUserSet crew: ${count} people are there with a status that is not known here \\(Suspended\\): user-0`,
        ),
      );
      const { missingCount, invitedCount, acceptedCount, members } = stack.outputs("crew");
      assert.deepEqual([missingCount, invitedCount, acceptedCount], [0, 0, 0]);
      assert.ok((members as Seen[]).every(({ status, registeredByUs }) => status === "Suspended" && registeredByUs));
      declare([...users(...ids(count)), { clientUserId: "more" }]);
      await stack.up();
      assert.equal((await world.truth()).users.length, count + 1);
    });
  }

  it("can be given licences as far as the preview knows", async () => {
    await world.act("users", { action: "create", users: users("ada", "bob") });
    await suspend("ada");
    const licensed: readonly [Kind, Data] = [
      "VppAssignment",
      { apps: [{ adamId: "361285480", pricingParam: "STDQ" }], clientUserIds: ["ada", "bob"], sets: [] },
    ];
    stack.declare({ hq: ["VppToken", {}], it: licensed });
    await stack.begin();
    await stack.apply("hq");
    assert.deepEqual((await stack.check("it")).failures, []);
  });
});
