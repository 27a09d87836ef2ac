import assert from "node:assert/strict";
import type { Data, Kind } from "../support/hostProcess";
import type { HostStack } from "../support/hostStack";
import { hastyStack } from "../support/scaledClock";
import { smallLibrary, World } from "../support/world";

const scale = 200;
const crew = (count: number, host = "contoso.example") =>
  Array.from({ length: count }, (_, index) => ({ clientUserId: `user-${index}`, email: `user-${index}@${host}` }));

type Action = "create" | "update" | "retire";

/** Writes that are done, and whose end nobody tells. */
const losses: Readonly<Record<string, (action: Action) => object>> = {
  "its answer is lost": (action) => ({
    match: { method: "POST", path: `users/${action}` },
    action: { type: "lose-answer" },
  }),
  "its answer is cut off": (action) => ({
    match: { method: "POST", path: `users/${action}` },
    action: { type: "truncate" },
  }),
  "its event is forgotten (9708)": (action) => ({ match: { event: action }, action: { type: "event-forgotten" } }),
  "its event has a status that nobody knows": (action) => ({
    match: { event: action },
    action: { type: "event-status", status: "PROCESSED" },
  }),
  "the answer says 500 although it is done": (action) => ({
    match: { method: "POST", path: `users/${action}` },
    action: { type: "status", status: 500, workDone: true },
  }),
};

describe("a VppUserSet of which nobody learns the end", () => {
  let world: World;
  let stack: HostStack;

  const open = async (settings: object = {}): Promise<void> => {
    world = await World.start([smallLibrary()], settings);
    stack = hastyStack(world, scale);
  };

  afterEach(async () => {
    await stack.end();
    await world.close();
  });

  const declare = (users: readonly object[], more: Data = {}): void =>
    stack.declare({ hq: ["VppToken", {}], crew: ["VppUserSet", { users, ...more }] as readonly [Kind, Data] });
  const active = async (): Promise<string[]> =>
    (await world.truth()).users.filter(({ status }) => status !== "Retired").map(({ clientUserId }) => clientUserId);
  const upIsDone = async (op: "create" | "update"): Promise<void> => {
    assert.deepEqual((await stack.up()).crew, { op, failures: [] });
    const { missingCount, unconfirmed, releasing } = stack.outputs("crew");
    assert.deepEqual([missingCount, unconfirmed, releasing], [0, undefined, undefined]);
    await world.simulator.control("DELETE", "faults");
    await world.forget();
    assert.equal((await stack.up()).crew?.op, "same");
    assert.deepEqual(await world.requests(), []);
  };

  for (const count of [3, 12]) {
    for (const [what, fault] of Object.entries(losses)) {
      for (const times of [1, "always"] as const) {
        const often = times === 1 ? "once" : "always";

        it(`is created in full with ${count} people, when ${what} (${often})`, async () => {
          await open();
          await world.act("faults", { times, ...fault("create") });
          declare(crew(count));
          await upIsDone("create");
          assert.equal((await active()).length, count);
          await stack.destroy();
          assert.deepEqual(await active(), []);
        });

        it(`is updated in full with ${count} people, when ${what} (${often})`, async () => {
          await open();
          declare(crew(count));
          await stack.up();
          await world.act("faults", { times, ...fault("update") });
          declare(crew(count, "new.example"));
          await upIsDone("update");
          assert.ok((await world.truth()).users.every(({ email }) => email?.endsWith("@new.example")));
        });

        it(`retires ${count} people in full, when ${what} (${often})`, async () => {
          await open();
          declare(crew(2 * count + 1));
          await stack.up();
          await world.act("faults", { times, ...fault("retire") });
          declare(crew(count + 1), { maxRetirements: 100 });
          await upIsDone("update");
          assert.equal((await active()).length, count + 1);
          await world.act("faults", { times, ...fault("retire") });
          await stack.destroy();
          assert.deepEqual(await active(), []);
        });
      }
    }
  }

  for (const action of ["create", "update", "retire"] as const) {
    it(`sends once more what was not done, when the connection breaks before a ${action}`, async () => {
      await open();
      if (action !== "create") {
        declare(crew(8));
        await stack.up();
      }
      await world.act("faults", {
        match: { method: "POST", path: `users/${action}` },
        times: 1,
        action: { type: "reset" },
      });
      declare(action === "retire" ? crew(1) : crew(8, "new.example"), { maxRetirements: 100 });
      await upIsDone(action === "create" ? "create" : "update");
      assert.equal((await active()).length, action === "retire" ? 1 : 8);
      assert.equal(
        (await world.truth()).users.filter(({ email }) => email?.endsWith("@new.example")).length,
        action === "retire" ? 0 : 8,
      );
    });
  }

  it("says with code, number and ids who was not retired, keeps them in mind, and ends it in the next run", async () => {
    await open();
    declare(crew(3));
    await stack.up();
    const fail = { match: { event: "retire" }, times: "always", action: { type: "event-fails", errorNumber: 9603 } };
    await world.act("faults", fail);
    declare(crew(2));
    assert.match(
      (await stack.up()).crew?.initErrors?.join(" ") ?? "",
      /^1 of 1 user was not retired yet: the service had an internal error \(VPP_SERVICE_PARTIAL, service error 9603 “[^”]+”\): user-2\. The next/,
    );
    assert.deepEqual(stack.outputs("crew").releasing, ["user-2"]);
    await assert.rejects(
      stack.destroy(),
      /not deleted: 3 of 3 users were not retired yet: .*service error 9603 “[^”]+”\): user-0, user-1, user-2 .*Run the same command again/,
    );
    await world.simulator.control("DELETE", "faults");
    await stack.destroy();
    assert.deepEqual(await active(), []);
  });

  it("takes one look for all that is open, and none more than before where nothing is", async () => {
    await open();
    await world.act("faults", { times: "always", ...losses["its event is forgotten (9708)"]!("create") });
    declare(crew(250));
    await stack.up();
    // Before the write, to decide, and for what the state keeps of them.
    assert.equal((await world.requests("/users")).filter(({ method }) => method === "GET").length, 3);
    declare(crew(240));
    await world.forget();
    await stack.up();
    assert.ok((await world.requests("/users")).filter(({ method }) => method === "GET").length <= 2);
  });

  for (const lagMs of [{ users: 300 }]) {
    it("is created and dropped in full, when the list of people lags behind", async () => {
      await open();
      await world.act("settings", { lagMs });
      declare(crew(8));
      assert.deepEqual((await stack.up()).crew, { op: "create", failures: [] });
      assert.equal(stack.outputs("crew").missingCount, 0);
      await new Promise((resolve) => setTimeout(resolve, 400));
      declare(crew(2));
      assert.deepEqual((await stack.up()).crew, { op: "update", failures: [] });
      assert.equal(stack.outputs("crew").releasing, undefined);
      assert.equal((await active()).length, 2);
    });
  }
});

describe("a request for people that is refused for one of them", () => {
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

  const declare = (users: readonly object[], more: Data = {}): void =>
    stack.declare({ hq: ["VppToken", {}], crew: ["VppUserSet", { users, ...more }] as readonly [Kind, Data] });
  const bad = (...places: number[]): object[] =>
    crew(250).map((user, index) =>
      places.includes(index) ? { ...user, email: `${user.clientUserId}@nowhere` } : user,
    );
  const active = async (): Promise<number> =>
    (await world.truth()).users.filter(({ status }) => status !== "Retired").length;

  for (const places of [[137], [0, 99, 100, 249]]) {
    it(`keeps nobody else of 250 out, when ${places.length} of the addresses are bad, and names whose, by id`, async () => {
      declare(bad(...places));
      const { crew: done } = await stack.up();
      const text = done?.initErrors?.join(" ") ?? "";
      assert.equal(await active(), 250 - places.length);
      const ids = places.map((place) => `user-${place}`).join(", ");
      const verb = places.length === 1 ? "was" : "were";
      assert.match(
        text,
        new RegExp(
          `^${places.length} of 250 users ${verb} not registered: the e-mail address is not accepted \\(VPP_SERVICE_PARTIAL, service error 9717 “[^”]+”\\): ${ids}\\. Correct the address, then run`,
        ),
      );
      assert.doesNotMatch(text, /@|nowhere/);
      declare(crew(250));
      assert.deepEqual((await stack.up()).crew, { op: "update", failures: [] });
      assert.equal(await active(), 250);
    });

    it(`updates all others of 250, when ${places.length} of the new addresses are bad`, async () => {
      declare(crew(250, "old.example"));
      await stack.up();
      declare(bad(...places));
      const text = (await stack.up()).crew?.initErrors?.join(" ") ?? "";
      assert.match(
        text,
        new RegExp(`^${places.length} of 250 users (was|were) not updated: .*9717 “[^”]+”\\): user-${places[0]}`),
      );
      assert.doesNotMatch(text, /@/);
      const { users } = await world.truth();
      assert.equal(users.filter(({ email }) => email?.endsWith("@contoso.example")).length, 250 - places.length);
      assert.equal((stack.outputs("crew").unconfirmed as string[]).length, places.length);
    });
  }

  it("retires all others, when one has just been retired by somebody else and the service refuses the whole for him", async () => {
    await world.act("settings", { readings: { "9609": "sync" } });
    declare(crew(60));
    await stack.up();
    await world.act("hooks", {
      on: "request",
      match: { method: "POST", path: "users/retire" },
      do: [{ path: "users", body: { action: "retire", users: [{ clientUserId: "user-31" }] } }],
    });
    declare(crew(10), { maxRetirements: 100 });
    assert.deepEqual((await stack.up()).crew, { op: "update", failures: [] });
    assert.equal(await active(), 10);
  });
});
