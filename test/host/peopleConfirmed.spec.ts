import assert from "node:assert/strict";
import type { Data, Kind } from "../support/hostProcess";
import type { HostStack } from "../support/hostStack";
import { asOf010 } from "../support/oldStates";
import { hastyStack } from "../support/scaledClock";
import { smallLibrary, World } from "../support/world";

const scale = 200;
const address = (id: string, host = "contoso.example"): string => `${id}@${host}`;

/** What goes wrong with every `users/update` of a run. */
const failures: Readonly<Record<string, { readonly match: object; readonly action: object }>> = {
  "the event fails with 9635": { match: { event: "update" }, action: { type: "event-fails", errorNumber: 9635 } },
  "the event fails with 9641": { match: { event: "update" }, action: { type: "event-fails", errorNumber: 9641 } },
  "the event fails with 9603": { match: { event: "update" }, action: { type: "event-fails", errorNumber: 9603 } },
  "the event fails with 9716": { match: { event: "update" }, action: { type: "event-fails", errorNumber: 9716 } },
  "the event stays pending": { match: { event: "update" }, action: { type: "event-pending" } },
  "it is refused with 9602": {
    match: { method: "POST", path: "users/update" },
    action: { type: "errorNumber", errorNumber: 9602, status: 400 },
  },
  "it is refused with 9603": {
    match: { method: "POST", path: "users/update" },
    action: { type: "errorNumber", errorNumber: 9603, status: 500 },
  },
  "it is refused with 9717": {
    match: { method: "POST", path: "users/update" },
    action: { type: "errorNumber", errorNumber: 9717, status: 400 },
  },
  "the connection breaks": { match: { method: "POST", path: "users/update" }, action: { type: "reset" } },
};

describe("what is confirmed of people", () => {
  let world: World;
  let stack: HostStack;

  beforeEach(async () => {
    world = await World.start([smallLibrary()]);
    stack = hastyStack(world, scale, { "vpp:eventTimeoutSeconds": "60" });
  });

  afterEach(async () => {
    await stack.end();
    await world.close();
  });

  const declare = (users: readonly object[], more: Data = {}): void =>
    stack.declare({ hq: ["VppToken", {}], crew: ["VppUserSet", { users, ...more }] as readonly [Kind, Data] });
  const heal = (): Promise<unknown> => world.simulator.control("DELETE", "faults");
  const emails = async (): Promise<(string | undefined)[]> =>
    (await world.truth()).users.filter(({ status }) => status !== "Retired").map(({ email }) => email);
  const upOrError = async (): Promise<string> => {
    try {
      return (await stack.up()).crew?.initErrors?.join(" ") ?? "";
    } catch (error) {
      return String((error as Error).stack);
    }
  };

  for (const [size, ids] of Object.entries({
    "one person": ["ada"],
    "eight people": Array.from({ length: 8 }, (_, index) => `user-${index}`),
  })) {
    for (const [what, { match, action }] of Object.entries(failures)) {
      it(`makes the next up write the address of ${size} again, when ${what}`, async () => {
        declare(ids.map((clientUserId) => ({ clientUserId, email: address(clientUserId) })));
        await stack.up();
        const now = ids.map((clientUserId) => ({ clientUserId, email: address(clientUserId, "new.example") }));
        declare(now);
        await world.act("faults", { match, times: "always", action });
        assert.match(await upOrError(), /VPP_/);
        await heal();
        assert.deepEqual((await stack.up()).crew, { op: "update", failures: [] });
        assert.deepEqual(
          await emails(),
          now.map(({ email }) => email),
        );
        assert.equal("unconfirmed" in stack.outputs("crew"), false);
        await world.forget();
        assert.equal((await stack.up()).crew?.op, "same");
        assert.deepEqual(await world.requests(), []);
      });
    }
  }

  it("holds when the program goes back to what was before", async () => {
    declare([{ clientUserId: "ada", email: address("ada") }]);
    await stack.up();
    declare([{ clientUserId: "ada", email: address("ada", "new.example") }]);
    // The work is done, but nobody learns it, and nobody can look.
    await world.act("faults", { match: { event: "update" }, times: 1, action: { type: "event-forgotten" } });
    await world.act("faults", {
      match: { method: "GET", path: "users", after: 1 },
      times: "always",
      action: { type: "errorNumber", errorNumber: 9602 },
    });
    assert.match(await upOrError(), /VPP_SERVICE/);
    await heal();
    assert.deepEqual(await emails(), [address("ada", "new.example")]);
    declare([{ clientUserId: "ada", email: address("ada") }]);
    assert.equal((await stack.up()).crew?.op, "update");
    assert.deepEqual(await emails(), [address("ada")]);
  });

  it("tells in the preview who is still to be updated, by id, and keeps no address", async () => {
    declare([{ clientUserId: "ada", email: address("ada") }]);
    await stack.up();
    declare([{ clientUserId: "ada", email: address("ada", "new.example") }]);
    await world.act("faults", {
      match: { event: "update" },
      times: "always",
      action: failures["the event fails with 9641"]!.action,
    });
    assert.match(
      await upOrError(),
      /^1 of 1 user was not updated: the Managed Apple Account is linked to another user already \(VPP_SERVICE_PARTIAL, service error 9641 “[^”]+”\): ada\. /,
    );
    const { unconfirmed, registered } = stack.outputs("crew");
    assert.deepEqual(unconfirmed, ["ada"]);
    assert.doesNotMatch(JSON.stringify([unconfirmed, registered]), /@/);
    await stack.begin();
    await stack.check("hq");
    await stack.check("crew");
    const kept = stack.kept("crew");
    assert.equal((await stack.host.diff("VppUserSet", kept, kept.inputs)).changes, true);
    assert.deepEqual(stack.notes, ["VppUserSet crew: 1 still to be updated: ada."]);
  });

  it("is found out by a refresh, where the record shows it", async () => {
    declare([{ clientUserId: "ada", email: address("ada") }]);
    await stack.up();
    declare([{ clientUserId: "ada", email: address("ada", "new.example") }]);
    await world.act("faults", {
      match: { event: "update" },
      times: "always",
      action: { type: "event-fails", errorNumber: 9603 },
    });
    await upOrError();
    await heal();
    await stack.begin();
    assert.equal(await stack.refresh("crew"), true);
    await world.act("users", {
      action: "update",
      users: [{ clientUserId: "ada", email: address("ada", "new.example") }],
    });
    await stack.begin();
    await stack.refresh("crew");
    assert.equal("unconfirmed" in stack.outputs("crew"), false);
  });

  it("counts a Managed Apple Account as written only when the service has said so", async () => {
    const users = (id: string): object[] => [
      { clientUserId: "ada", managedAppleId: address("ada") },
      { clientUserId: "bob", managedAppleId: address(id) },
    ];
    declare(users("bob"));
    await stack.up();
    declare(users("bob.l"));
    await world.act("faults", {
      match: { event: "update" },
      times: "always",
      action: { type: "event-fails", errorNumber: 9635 },
    });
    assert.match(await upOrError(), /1 of 1 user was not updated: .*9635 “[^”]+”\): bob\. Correct managedAppleId/);
    await heal();
    assert.equal((await stack.up()).crew?.op, "update");
    assert.equal(
      (await world.truth()).users.find(({ clientUserId }) => clientUserId === "bob")?.managedAppleId,
      address("bob.l"),
    );
    assert.equal((await stack.up()).crew?.op, "same");
  });

  it("gives somebody the declared address and account, who came between the look and the request (9716)", async () => {
    declare([{ clientUserId: "ada", email: address("ada"), managedAppleId: address("ada") }, { clientUserId: "bob" }]);
    await world.act("hooks", {
      on: "request",
      match: { method: "POST", path: "users/create" },
      do: [
        {
          path: "users",
          body: { action: "create", users: [{ clientUserId: "ada", email: "other@elsewhere.example" }] },
        },
      ],
    });
    assert.deepEqual((await stack.up()).crew, { op: "create", failures: [] });
    const [ada] = (await world.truth()).users.filter(({ clientUserId }) => clientUserId === "ada");
    assert.deepEqual([ada?.status, ada?.email, ada?.managedAppleId], ["Associated", address("ada"), address("ada")]);
    await stack.destroy();
    assert.deepEqual(
      (await world.truth()).users.map(({ clientUserId, status }) => `${clientUserId} ${status}`).sort(),
      ["ada Associated", "bob Retired"],
    );
  });

  it("links the account of somebody who is adopted, whatever account he has", async () => {
    await world.act("users", { action: "create", users: [{ clientUserId: "ada", managedAppleId: address("other") }] });
    declare([{ clientUserId: "ada", managedAppleId: address("ada") }]);
    await stack.up();
    assert.equal((await world.truth()).users[0]?.managedAppleId, address("ada"));
  });

  it("is what the inputs say, in a state of 0.1.0: unchanged, without a request", async () => {
    const users = [
      { clientUserId: "ada", email: address("ada") },
      { clientUserId: "bob", managedAppleId: address("bob") },
    ];
    declare(users);
    await stack.up();
    asOf010(stack, "crew");
    await world.forget();
    declare(users);
    assert.equal((await stack.up()).crew?.op, "same");
    assert.deepEqual(await world.requests(), []);
    declare([{ clientUserId: "ada", email: address("ada", "new.example") }, users[1]!]);
    await stack.up();
    assert.deepEqual(
      (await world.requests("/users/update")).map(({ body }) => body?.users),
      [1],
    );
  });
});
