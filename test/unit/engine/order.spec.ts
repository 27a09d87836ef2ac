import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { bench, cleanUp, skip, urn } from "./harness";

/** How many calls of one kind were under way at the same time, at most. */
function atOnce(calls: string[], call: string): number {
  let running = 0;
  let most = 0;
  for (const line of calls) {
    if (line.startsWith(`${call} done `)) running--;
    else if (line.startsWith(`${call} `)) most = Math.max(most, ++running);
  }
  return most;
}

describe("local engine: order and targets", function () {
  this.timeout(120_000);
  afterEach(cleanUp);

  it("E26: independent resources come in any order", async () => {
    const names = ["a", "b", "c", "d", "e", "f"];
    const work = await bench(names.map((name) => `new R("${name}");`).join("\n"));
    const orders = new Set<string>();
    // Six resources have 720 orders, so two runs hardly ever agree; where one is as likely as the next, four never do.
    for (let i = 0; i < 4 && orders.size < 2; i++) {
      const { calls } = await work.ok("preview");
      orders.add(calls.join());
      const checks = names.map((name) => `check ${name}`);
      assert.deepEqual([...calls].sort(), checks);
    }
    assert.ok(orders.size > 1, [...orders].join("\n"));
  });

  it("E26, calls: checks and diffs run one after another, writes start between them, and --parallel limits how many run at once", async () => {
    const names = Array.from({ length: 10 }, (_, i) => `r${i}`);
    const work = await bench(names.map((name) => `new R("${name}", { v: config.get("v") || "1" });`).join("\n"));
    const slow = { check: 20, diff: 20, create: 1500, update: 400 };
    const calls = Object.entries(slow);
    work.world(Object.fromEntries(names.flatMap((name) => calls.map(([c, wait]) => [`${c} ${name}`, { wait }]))));
    const made = (await work.ok("up", ...skip)).calls;
    assert.equal(atOnce(made, "check"), 1, made.join());
    assert.equal(atOnce(made, "create"), Math.min(names.length, 4 * availableParallelism()), made.join());
    assert.ok(made.findIndex((c) => c.startsWith("create")) < made.findLastIndex((c) => c.startsWith("check")));
    await work.ok("config", "set", "v", "2");
    const changed = (await work.ok("up", ...skip, "--parallel", "3")).calls;
    assert.equal(atOnce(changed, "diff"), 1, changed.join());
    assert.equal(atOnce(changed, "update"), 3, changed.join());
  });

  it("E26: what depends on a resource, by dependsOn or an input, is checked after it is done", async () => {
    const work = await bench(`
      const a = new R("a", { v: config.get("v") || "1" });
      new R("b", {}, { dependsOn: a });
      new R("c", { v: a.v });
    `);
    work.world({ "create a": { wait: 300 }, "update a": { wait: 300 } });
    for (const write of ["create", "update"]) {
      const { calls } = await work.ok("up", ...skip);
      for (const name of ["b", "c"])
        assert.ok(calls.indexOf(`${write} done a`) < calls.indexOf(`check ${name}`), calls.join());
      await work.ok("config", "set", "v", "2");
    }
  });

  it("E27: up --target and --exclude leave everything else alone; a target that the program has no more is deleted only", async () => {
    const work = await bench(`new R("a", { v: config.get("v") || "1" }); new R("b", { v: config.get("v") || "1" });`);
    await work.ok("up", ...skip);
    await work.ok("config", "set", "v", "2");
    const changed = ["check a", "diff a", "update a"];
    assert.deepEqual((await work.ok("up", ...skip, "--target", urn("a"))).calls, changed);
    assert.equal(work.resource("b")!.inputs!.v, "1");
    await work.ok("config", "set", "v", "3");
    assert.deepEqual((await work.ok("up", ...skip, "--exclude", urn("b"))).calls, changed);
    assert.equal(work.resource("b")!.inputs!.v, "1");
    work.program(`new R("b", { v: config.get("v") });`);
    assert.deepEqual((await work.ok("up", ...skip, "--target", urn("a"))).calls, ["delete a"]);
    assert.equal(work.resource("b")!.inputs!.v, "1");
  });

  it("E36: a name is taken once per type and types of the parents, and createUrn tells the URN", async () => {
    const apart = `
      for (const g of ["x", "y"]) new R("apps", {}, { parent: new Group(g, {}, "test:" + g) });
      const parent = "urn:pulumi:dev::bench::test:x::x";
      exports.urn = pulumi.createUrn("apps", "pulumi-nodejs:dynamic/test:R", parent, "bench", "dev");
    `;
    const work = await bench(apart);
    await work.ok("up", ...skip);
    const urns = work.resources().flatMap((r) => (r.urn.endsWith("::apps") ? [r.urn] : []));
    assert.equal(new Set(urns).size, 2);
    assert.ok(urns.includes((await work.ok("stack", "output", "urn")).stdout.trim()));
    // Components of one type are no use: the URN holds the parents' types, and not their names.
    work.program(`for (const g of ["x", "y"]) new R("apps", {}, { parent: new Group(g) });`);
    const { stdout } = await work.failing("preview");
    assert.match(
      stdout,
      /Duplicate resource URN 'urn:pulumi:dev::bench::test:Group\$pulumi-nodejs:dynamic\/test:R::apps'/,
    );
  });

  it("parent, component outputs and aliases: a resource that moves is the same resource", async () => {
    const work = await bench(`new R("a");`);
    await work.ok("up", ...skip);
    work.program(`
      const group = new Group("g");
      new R("a", {}, { parent: group, aliases: [{ parent: pulumi.rootStackResource }] });
      group.registerOutputs({ answer: 42 });
    `);
    assert.deepEqual((await work.ok("up", ...skip)).calls, ["check a", "diff a"]);
    const moved = "urn:pulumi:dev::bench::test:Group$pulumi-nodejs:dynamic/test:R::a";
    assert.equal(work.resource("a")!.urn, moved);
    assert.deepEqual(work.resource("g")!.outputs, { answer: 42 });
    work.program(`
      const group = new Group("h", { aliases: [{ name: "g" }] });
      new R("a", {}, { parent: group });
      group.registerOutputs({ answer: 42 });
    `);
    assert.deepEqual((await work.ok("up", ...skip)).calls, ["check a", "diff a"]);
  });
});
