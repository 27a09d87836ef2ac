import assert from "node:assert/strict";
import type { Data, Kind } from "../support/hostProcess";
import { HostStack } from "../support/hostStack";
import { serials, smallLibrary, World } from "../support/world";

const big = { adamId: "2000000001", pricingParam: "STDQ" };
const devices = serials(2000);
const users = Array.from({ length: 40 }, (_, index) => ({ clientUserId: `user-${index}` }));
const program: Record<string, readonly [Kind, Data]> = {
  hq: ["VppToken", {}],
  app: ["VppApp", big],
  people: ["VppUserSet", { users, maxRetirements: 40 }],
  fleet: ["VppAssignment", { apps: [big], serialNumbers: devices, maxRevocations: 2000 }],
};

describe("a list that comes back empty or small, where the state says many", () => {
  let world: World;
  let stack: HostStack;

  /** The service answers so many requests of a path with this and nothing else; everything goes on as usual afterwards. */
  const answer = (path: string, times: number | "always", fields: object = {}): Promise<void> => {
    const body = { uId: smallLibrary().libraryId, size: 0, totalPages: 1, ...fields };
    return world.act("faults", {
      match: { method: "GET", path },
      times,
      action: { type: "status", status: 200, body },
    });
  };
  const writes = async (): Promise<number> => (await world.requests()).filter(({ method }) => method === "POST").length;
  const counts = (): unknown[] => ["assignedCount", "missingCount"].map((key) => stack.outputs("fleet")[key]);

  before(async () => {
    const assets = [{ adamId: big.adamId, name: "Big", totalCount: 3000 }];
    world = await World.start([smallLibrary({ assets })]);
    stack = new HostStack({ env: world.env });
    stack.declare(program);
    await stack.up();
  });

  beforeEach(() => world.forget());
  afterEach(() => world.simulator.control("DELETE", "faults"));

  after(async () => {
    await stack.end();
    await world.close();
  });

  describe("refresh", () => {
    beforeEach(() => stack.begin());

    for (const [name, path] of [
      ["fleet", "assignments"],
      ["fleet", "assets"],
      ["app", "assets"],
      ["people", "users"],
    ] as const) {
      it(`sees no drift in ${name}, when ${path} is empty once and full when asked again`, async () => {
        await answer(path, 1);
        assert.equal(await stack.refresh(name), false);
        assert.deepEqual(counts(), [2000, 0]);
      });
    }

    it("sees no drift in fleet, when no app is listed: that says nothing about licences, which are", async () => {
      await answer("assets", "always");
      assert.equal(await stack.refresh("fleet"), false);
      assert.deepEqual(counts(), [2000, 0]);
    });

    it("sees no drift in fleet, when none of its licences is counted but all are listed", async () => {
      const shown = { ...big, productType: "App", deviceAssignable: true, revocable: true, totalCount: 3000 };
      await answer("assets", "always", { assets: [{ ...shown, assignedCount: 0, availableCount: 3000 }] });
      assert.equal(await stack.refresh("fleet"), false);
      assert.deepEqual(counts(), [2000, 0]);
    });

    const rows = serials(10).map((serialNumber) => ({ ...big, serialNumber }));
    const contradictions: [string, string, string, number | "always", object, RegExp][] = [
      [
        "no licence is listed but all are counted",
        "fleet",
        "assignments",
        "always",
        {},
        /lists 0 licences of Big, but counts 2000; the state knows of 2000 licences/,
      ],
      [
        "a few licences are listed but all are counted",
        "fleet",
        "assignments",
        "always",
        { assignments: rows },
        /lists 10 licences of Big, but counts 2000/,
      ],
      [
        "an app is not listed but its licences are",
        "app",
        "assets",
        "always",
        {},
        /no longer lists app 2000000001, but still lists 2000 licences of it/,
      ],
      [
        "no user is listed but single ones are known",
        "people",
        "users",
        2,
        {},
        /lists 0 users, but still knows others when asked about them alone; the state knows of 40 users/,
      ],
    ];
    for (const [what, name, path, times, fields, message] of contradictions) {
      it(`ends with an error and leaves the state as it was, when ${what}`, async () => {
        await answer(path, times, fields);
        const before = structuredClone(stack.outputs(name));
        await assert.rejects(stack.refresh(name), (error: Error) => {
          assert.match(
            error.message,
            /the service contradicts itself: .*nothing was changed \(VPP_SERVICE_ANSWER\)\. Wait a while/,
          );
          assert.match(error.message, message);
          return true;
        });
        assert.deepEqual(stack.outputs(name), before);
      });
    }
  });

  describe("every list says that nobody holds the app, but a device asked about alone shows its licence", () => {
    const message =
      /contradicts itself: it lists no licence of Big for device F9FW\d+, but shows one when asked about it alone/;

    beforeEach(async () => {
      const shown = { ...big, productType: "App", deviceAssignable: true, revocable: true, totalCount: 3000 };
      await answer("assets", "always", { assets: [{ ...shown, assignedCount: 0, availableCount: 3000 }] });
      const body = { uId: smallLibrary().libraryId, size: 0, totalPages: 1 };
      await world.act("faults", {
        match: { method: "GET", path: "assignments", query: { serialNumber: null } },
        times: "always",
        action: { type: "status", status: 200, body },
      });
      stack.declare({});
      await stack.begin();
    });

    it("ends a refresh with an error and leaves the state as it was", async () => {
      await assert.rejects(stack.refresh("fleet"), message);
      assert.deepEqual(counts(), [2000, 0]);
    });

    it("ends a destroy with an error, and forgets nothing", async () => {
      await assert.rejects(stack.remove("fleet"), message);
      assert.equal(stack.has("fleet"), true);
      assert.equal(await writes(), 0);
    });
  });

  it("stops an update before it writes, when most of what it drops would be forgotten", async () => {
    stack.declare({
      ...program,
      fleet: ["VppAssignment", { apps: [big], serialNumbers: devices.slice(0, 100), maxRevocations: 2000 }],
    });
    await stack.begin();
    for (const name of ["hq", "app", "people"]) await stack.apply(name);
    await answer("assignments", "always");
    await assert.rejects(stack.apply("fleet"), /contradicts itself: it lists 0 licences of Big, but counts 2000/);
    assert.equal(await writes(), 0);
    assert.deepEqual(counts(), [2000, 0]);
  });

  for (const [name, path, times] of [
    ["fleet", "assignments", "always"],
    ["people", "users", 2],
  ] as const) {
    it(`makes a destroy of ${name} fail and not forget, when ${path} is empty`, async () => {
      stack.declare({});
      await stack.begin();
      await answer(path, times);
      await assert.rejects(stack.remove(name), /contradicts itself/);
      assert.equal(stack.has(name), true);
      assert.equal((await world.asset(big.adamId)).assignedCount, 2000);
      assert.equal(await writes(), 0);
    });
  }

  it("revokes with a destroy what is listed, when the list of apps is empty", async () => {
    stack.declare({});
    await stack.begin();
    await answer("assets", "always");
    await stack.remove("fleet");
    assert.equal((await world.asset(big.adamId)).assignedCount, 0);
    await world.simulator.control("DELETE", "faults");
    stack.declare(program);
    await stack.up();
    assert.deepEqual(counts(), [2000, 0]);
  });

  describe("true drift", () => {
    beforeEach(() => stack.begin());

    it("is shown, when the licences and the users are really gone", async () => {
      await world.act("assignments", { action: "unassign", assets: [big], serialNumbers: devices.slice(1) });
      await world.act("users", { action: "retire", users: users.slice(1) });
      assert.deepEqual([await stack.refresh("fleet"), await stack.refresh("people")], [true, true]);
      assert.deepEqual(counts(), [1, 1999]);
      assert.equal(stack.outputs("people").missingCount, 39);
    });

    it("is shown, when the whole library has been emptied", async () => {
      await world.act("assignments", { action: "assign", assets: [big], serialNumbers: devices.slice(1) });
      await stack.refresh("fleet");
      await world.act("assets", { action: "remove", ...big });
      await stack.begin();
      assert.deepEqual([await stack.refresh("fleet"), await stack.refresh("app")], [true, "gone"]);
      assert.deepEqual(counts(), [0, 2000]);
    });
  });
});
