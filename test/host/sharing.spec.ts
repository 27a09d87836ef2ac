import assert from "node:assert/strict";
import type { Data } from "../support/hostProcess";
import { freshHost, type HostStack } from "../support/hostStack";
import { rival, serials, type World } from "../support/world";

const keynote = { adamId: "361285480", pricingParam: "STDQ" };
const dockscan = { adamId: "409183694", pricingParam: "STDQ" };

describe("shared view of a library", () => {
  let world: World;
  let stack: HostStack;

  freshHost((...fresh) => {
    [world, stack] = fresh;
  });

  const wave = (...sets: (readonly string[])[]): string[] => {
    const one = (serialNumbers: readonly string[]) =>
      ["VppAssignment", { apps: [keynote, dockscan], serialNumbers } as Data] as const;
    const entries = sets.map((set, index) => [`wave${index}`, one(set)] as const);
    stack.declare({ hq: ["VppToken", {}], ...Object.fromEntries(entries) });
    return entries.map(([name]) => name);
  };

  it("opens the library once and shares requests, when many resources are created at the same time", async () => {
    const names = wave(...[0, 1, 2, 3, 4, 5, 6, 7].map((index) => serials(2, index * 10)));
    await stack.begin();
    await stack.apply("hq");
    await world.forget();
    const applied = await Promise.all(names.map((name) => stack.apply(name)));
    assert.ok(applied.every(({ op, initErrors }) => op === "create" && initErrors === undefined));
    const requests = await world.requests();
    const count = (end: string): number => requests.filter(({ path }) => path.endsWith(end)).length;
    assert.equal(count("/client/config"), 0);
    assert.ok(count("/mdm/v2/assets") <= 2, `${count("/mdm/v2/assets")} readings of the assets`);
    // The first goes out at once; what comes while it is on its way has the same apps, and goes out together.
    assert.ok(count("/associate") <= 3, `${count("/associate")} writes`);
    assert.ok(count("/status") + count("/assignments") <= 4, "the writes are not waited for together");
    assert.equal((await world.asset(keynote.adamId)).assignedCount, 16);
    for (const name of names)
      assert.deepEqual([stack.outputs(name).assignedCount, stack.outputs(name).missingCount], [4, 0]);
  });

  it("never takes back what another resource of the program requires, when targets move between resources", async () => {
    wave(serials(4), serials(2, 10));
    await stack.up();
    wave(serials(2), [...serials(2, 10), ...serials(2, 2)]);
    await world.forget();
    await stack.up();
    assert.deepEqual(await world.holders(keynote.adamId), [...serials(4), ...serials(2, 10)]);
    assert.deepEqual((await world.requests("/disassociate")).length, 0);
    assert.deepEqual((await world.requests("/associate")).length, 0);
    for (const name of ["wave0", "wave1"]) assert.equal(stack.outputs(name).missingCount, 0);
  });

  it("leaves in place what the plan holds, when a forced replacement deletes after it created", async () => {
    wave(serials(3));
    await stack.up();
    const old = { ...stack.kept("wave0") };
    await stack.begin();
    const { inputs } = await stack.host.check("VppAssignment", {}, { ...old.inputs, plan: stack.planInput("wave0") });
    await world.forget();
    const made = await stack.host.create("VppAssignment", inputs);
    await stack.host.delete("VppAssignment", old);
    assert.equal(made.outputs.assignedCount, 6);
    assert.deepEqual(await world.holders(keynote.adamId), serials(3));
    assert.ok((await world.requests()).every(({ method }) => method === "GET"));
  });

  it("stops every further write, when another service writes its mark in mid-run", async () => {
    const names = wave(serials(1), serials(1, 10), serials(1, 20));
    await stack.begin();
    await stack.apply("hq");
    await world.act("hooks", { on: "associate", do: [{ path: "holder", body: { mdmInfo: rival } }] });
    await stack.apply(names[0]!);
    await world.forget();
    for (const name of names.slice(1))
      await assert.rejects(stack.apply(name), /held by another service, “Rival Device Management” \(id rival-mdm-1\)/);
    assert.ok((await world.requests()).every(({ method }) => method === "GET"));
    assert.deepEqual(await world.holders(keynote.adamId), serials(1));
  });

  it("refuses a pair that two resources declare, and names both", async () => {
    wave(serials(3), serials(2, 2));
    const applied = await stack.up();
    assert.match(applied.wave0?.failures[0]?.reason ?? "", /^Keynote|^app 361285480/);
    assert.match(
      applied.wave0?.failures[0]?.reason ?? "",
      /for 1 device \(F9FW000002\) is declared twice: here and in VppAssignment wave1/,
    );
    assert.deepEqual(await world.holders(keynote.adamId), []);
  });

  describe("scarce licences in one run", () => {
    const give = (a: number, b: number): void => {
      const fleet = (serialNumbers: readonly string[]) =>
        ["VppAssignment", { apps: [keynote], serialNumbers, maxRevocations: 40 } as Data] as const;
      stack.declare({ hq: ["VppToken", {}], a: fleet(serials(a)), b: fleet(serials(b, 100)) });
    };

    for (const order of [
      ["a", "b"],
      ["b", "a"],
    ] as const) {
      it(`are let through with a note, when ${order[0]} is checked first and the other resource gives back enough`, async () => {
        give(40, 0);
        await stack.up();
        give(20, 20);
        await stack.begin();
        await stack.check("hq");
        for (const name of order) assert.deepEqual((await stack.check(name)).failures, []);
        assert.match(
          stack.notes.join("\n"),
          /Keynote: 20 licences needed, 0 free; other resources of this run give back enough/,
        );
      });

      it(`are refused at the latest by the last check, when ${order[0]} is checked first and too few come back`, async () => {
        give(40, 0);
        await stack.up();
        give(25, 20);
        await stack.begin();
        await stack.check("hq");
        const reasons: string[] = [];
        for (const name of order) reasons.push(...(await stack.check(name)).failures.map(({ reason }) => reason));
        assert.match(
          reasons.join("\n"),
          /Keynote: 20 licences needed, 0 free; asked for by b \(20\) \(VPP_LIMIT_NO_LICENSES\)/,
        );
      });
    }
  });
});
