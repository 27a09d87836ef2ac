import assert from "node:assert/strict";
import type { Data } from "../support/hostProcess";
import { HostStack } from "../support/hostStack";
import { type LoggedRequest, serials, smallLibrary, World } from "../support/world";

const apps = (count: number): { adamId: string; pricingParam: string }[] =>
  Array.from({ length: count }, (_, index) => ({ adamId: String(2_000_000_000 + index), pricingParam: "STDQ" }));

/** A library of so many apps, each with these devices already licensed. */
function library(appCount: number, totalCount: number, held: readonly string[] = []) {
  const assets = apps(appCount).map(({ adamId }) => ({ adamId, name: `App ${adamId}`, totalCount }));
  const assignments = held.length > 0 ? apps(appCount).map(({ adamId }) => ({ adamId, serialNumbers: held })) : [];
  return smallLibrary({ assets, assignments });
}

const opening = ["/service/config", "/client/config", "/status"];

/** Requests that read, without opening the library and without waiting for events. */
function reads(requests: readonly LoggedRequest[]): LoggedRequest[] {
  return requests.filter(
    ({ method, path }) => method === "GET" && path.startsWith("/mdm/") && !opening.some((end) => path.endsWith(end)),
  );
}

describe("budgets", () => {
  let world: World;
  let stack: HostStack;

  const open = async (...start: Parameters<typeof World.start>): Promise<void> => {
    world = await World.start(...start);
    stack = new HostStack({ env: world.env });
  };
  const assignment = (props: Data): void => stack.declare({ hq: ["VppToken", {}], it: ["VppAssignment", props] });

  afterEach(async () => {
    await stack.end();
    await world.close();
  });

  describe("growth by one device", () => {
    it("is one request for that device alone and at most 3 reads, when 20 apps are on 10,000 devices", async () => {
      await open([library(20, 20_000, serials(10_000))]);
      assignment({ apps: apps(20), serialNumbers: serials(10_000) });
      await stack.up();
      assignment({ apps: apps(20), serialNumbers: serials(10_001) });
      await world.forget();
      assert.equal((await stack.up()).it?.op, "update");
      const requests = await world.requests();
      const writes = requests.filter(({ method }) => method === "POST");
      assert.deepEqual(
        writes.map(({ path, body }) => [path.split("/").at(-1), body?.assets, body?.serialNumbers]),
        [["associate", 20, 1]],
      );
      const read = reads(requests).map(({ path, query }) => `${path} ${JSON.stringify(query)}`);
      assert.ok(read.length <= 3, read.join("\n"));
      assert.equal(requests.filter(({ path }) => path.endsWith("/client/config")).length, 1);
      assert.equal(requests.filter(({ path }) => path.endsWith("/service/config")).length, 1);
      assert.deepEqual([stack.outputs("it").assignedCount, stack.outputs("it").missingCount], [200_020, 0]);
    });
  });

  describe("first up", () => {
    const cases: [number, number, Data, number][] = [
      [25, 1000, {}, 1],
      [26, 1001, {}, 4],
      [30, 2500, {}, 6],
      [4, 10, { maxAssets: 2, maxSerialNumbers: 4 }, 6],
    ];
    for (const [appCount, deviceCount, limits, expected] of cases) {
      const under = Object.keys(limits).length > 0 ? "smaller limits" : "the published limits";
      it(`of ${appCount} apps × ${deviceCount} devices is ${expected} associate requests, under ${under}`, async () => {
        await open([library(appCount, 5000)], { limits: { maxRequestPerSecond: 100_000, ...limits } });
        assignment({ apps: apps(appCount), serialNumbers: serials(deviceCount) });
        await stack.up();
        assert.equal((await world.requests("/associate")).length, expected);
        assert.equal(stack.outputs("it").assignedCount, appCount * deviceCount);
        assert.ok(reads(await world.requests()).length <= 6);
      });
    }

    it("of 250 users is 3 create requests", async () => {
      await open();
      const users = Array.from({ length: 250 }, (_, index) => ({ clientUserId: `user-${index}` }));
      stack.declare({ hq: ["VppToken", {}], it: ["VppUserSet", { users }] });
      await stack.up();
      assert.equal((await world.requests("/users/create")).length, 3);
      assert.equal(stack.outputs("it").invitedCount, 250);
    });
  });

  describe("refresh", () => {
    const pageSize = 100;

    /** Four assignments of two apps each, over the same library, and the app, the set and the token beside. */
    async function fleet(): Promise<string[]> {
      await open([library(40, 5000, serials(50, 9000))], { pageSize });
      const names = [0, 1, 2, 3].map((index) => `fleet${index}`);
      const own = (index: number): Data => ({
        apps: apps(8).slice(2 * index, 2 * index + 2),
        serialNumbers: serials(120, index * 200),
      });
      stack.declare({
        hq: ["VppToken", {}],
        app: ["VppApp", { adamId: apps(1)[0]!.adamId }],
        people: ["VppUserSet", { users: [{ clientUserId: "ada" }] }],
        ...Object.fromEntries(names.map((name, index) => [name, ["VppAssignment", own(index)] as const])),
      });
      const applied = await stack.up();
      assert.ok(names.every((name) => applied[name]?.op === "create"));
      return ["hq", "app", "people", ...names];
    }

    it("of many resources over a library of few pages is at most twice those pages, when read 8 at a time", async () => {
      await open([library(40, 5000)], { pageSize: 1000 });
      const names = Array.from({ length: 40 }, (_, index) => `one${index}`);
      stack.declare({
        hq: ["VppToken", {}],
        ...Object.fromEntries(
          names.map((name, index) => [
            name,
            ["VppAssignment", { apps: [apps(40)[index]!], serialNumbers: serials(60, 60 * index) }] as const,
          ]),
        ),
      });
      await stack.up();
      stack.declare({});
      await stack.begin();
      await world.forget();
      const left = [...names];
      const reader = async (): Promise<void> => {
        for (let name = left.shift(); name !== undefined; name = left.shift())
          assert.equal(await stack.refresh(name), false);
      };
      await Promise.all(Array.from({ length: 8 }, reader));
      const pages = (40 * 60) / 1000;
      const requests = (await world.requests("/assignments")).length;
      assert.ok(requests <= 2 * Math.ceil(pages), `${requests} of 2 × ${Math.ceil(pages)}`);
    });

    for (const [how, together] of [
      ["all at once, as the engine does", true],
      ["one by one, as with --parallel 1", false],
    ] as const) {
      it(`costs what its library costs and not what its resources are, when read ${how}`, async () => {
        const names = await fleet();
        stack.declare({});
        await stack.begin();
        await world.forget();
        if (together)
          assert.deepEqual(
            await Promise.all(names.map((name) => stack.refresh(name))),
            names.map(() => false),
          );
        else for (const name of names) assert.equal(await stack.refresh(name), false);
        const requests = await world.requests();
        const count = (end: string): number => requests.filter(({ path }) => path.endsWith(end)).length;
        assert.equal(count("/client/config"), 1);
        assert.equal(count("/service/config"), 1);
        assert.equal(count("/mdm/v2/assets"), 1);
        assert.equal(count("/users"), 1);
        const ofTheApps = 8 * Math.ceil((50 + 120) / pageSize);
        const all = Math.ceil((40 * 50 + 8 * 120) / pageSize);
        assert.ok(
          count("/assignments") <= 2 * Math.min(ofTheApps, all),
          `${count("/assignments")} of 2 × ${ofTheApps}`,
        );
      });
    }
  });
});
