import assert from "node:assert/strict";
import { bench, cleanUp, urn } from "./harness";

const pair = `
const a = new R("a", { v: config.get("v") || "1", r: config.get("r") || "1" });
new R("b", { v: a.v });
`;

describe("local engine: calls, in order", function () {
  this.timeout(120_000);
  afterEach(cleanUp);

  it("E1 a preview and the update after it have a host each; the first up checks and creates", async () => {
    const work = await bench(pair);
    const first = await work.ok("preview");
    assert.deepEqual(first.calls, ["check a", "check b"]);
    const up = await work.ok("up", "--yes");
    assert.deepEqual(up.calls, ["check a", "check b", "check a", "create a", "check b", "create b"]);
    assert.equal(new Set(work.calls().map((c) => c.pid)).size, 3);
    assert.deepEqual(work.calls()[1]!.olds, {});
  });

  it("an unchanged up checks with the old inputs and diffs with the old outputs", async () => {
    const work = await bench(pair);
    await work.ok("up", "--yes", "--skip-preview");
    const again = await work.ok("up", "--yes", "--skip-preview", "--expect-no-changes");
    assert.deepEqual(again.calls, ["check a", "diff a", "check b", "diff b"]);
    const [check, diff] = work
      .calls()
      .filter((c) => c.name === "a")
      .slice(-2);
    assert.equal(check!.olds!.made, undefined);
    assert.equal(diff!.olds!.made, "create");
    assert.equal(diff!.id, "id-a");
    assert.ok(diff!.olds!.__provider);
  });

  it("a change updates, and its dependents after it", async () => {
    const work = await bench(pair);
    await work.ok("up", "--yes", "--skip-preview");
    await work.ok("config", "set", "v", "2");
    const preview = await work.run("preview", "--expect-no-changes");
    assert.deepEqual(preview.calls, ["check a", "diff a", "check b", "diff b"]);
    const up = await work.ok("up", "--yes", "--skip-preview");
    assert.deepEqual(up.calls, ["check a", "diff a", "update a", "check b", "diff b", "update b"]);
    assert.match(up.stdout, /~ +2 updated/);
    assert.match(up.stdout, /\[diff: ~v\]/);
    assert.equal(work.resource("a")!.outputs!.made, "update");
  });

  it("replacing checks once more without old inputs, creates, and deletes at the end", async () => {
    const work = await bench(pair);
    await work.ok("up", "--yes", "--skip-preview");
    await work.ok("config", "set", "r", "2");
    const up = await work.ok("up", "--yes", "--skip-preview");
    assert.deepEqual(up.calls, ["check a", "diff a", "check a", "create a", "check b", "diff b", "delete a"]);
    assert.match(up.stdout, /\+-1 replaced/);
    const second = work.calls().filter((c) => c.call === "check" && c.name === "a")[2];
    assert.deepEqual(second!.olds, {});
  });

  it("E39 with deleteBeforeReplace the delete comes first, and dependents are diffed before they are checked", async () => {
    const program = (r: string): string => `
      const a = new R("a", { r: "${r}", dbr: true });
      new R("b", { r: a.made });
    `;
    const work = await bench(program("1"));
    await work.ok("up", "--yes", "--skip-preview");
    work.program(program("2"));
    const up = await work.ok("up", "--yes", "--skip-preview");
    assert.deepEqual(up.calls, [
      "check a",
      "diff a",
      "check a",
      "diff b",
      "delete b",
      "delete a",
      "create a",
      "check b",
      "create b",
    ]);
    assert.deepEqual(
      work.resources().filter((r) => r.delete),
      [],
    );
  });

  it("E39 after a run that died between the delete and the create, dependents are deleted once more", async () => {
    const program = (r: string): string => `
      const a = new R("a", { r: "${r}", dbr: true });
      new R("b", { r: a.made });
    `;
    const work = await bench(program("1"));
    await work.ok("up", "--yes", "--skip-preview");
    work.program(program("2"));
    work.world({ "create a": { error: "not now" } });
    assert.notEqual((await work.run("up", "--yes", "--skip-preview")).code, 0);
    work.world({});
    const up = await work.ok("up", "--yes", "--skip-preview");
    assert.deepEqual(up.calls, [
      "check a",
      "diff a",
      "check a",
      "diff b",
      "delete b",
      "create a",
      "check b",
      "create b",
    ]);
    assert.deepEqual(work.resources().length, 4);
  });

  it("E39 what is deleted for a replacement and has left the program stays away", async () => {
    const work = await bench(`const a = new R("a", { r: "1", dbr: true }); new R("b", { r: a.made });`);
    await work.ok("up", "--yes", "--skip-preview");
    work.program(`new R("a", { r: "2", dbr: true });`);
    const up = await work.ok("up", "--yes", "--skip-preview");
    assert.deepEqual(up.calls, ["check a", "diff a", "check a", "diff b", "delete b", "delete a", "create a"]);
    assert.deepEqual(work.resources().length, 3);
  });

  it("the option deleteBeforeReplace beats the provider", async () => {
    const work = await bench(`new R("a", { r: config.get("r") || "1" }, { deleteBeforeReplace: true });`);
    await work.ok("up", "--yes", "--skip-preview");
    await work.ok("config", "set", "r", "2");
    const up = await work.ok("up", "--yes", "--skip-preview");
    assert.deepEqual(up.calls, ["check a", "diff a", "check a", "delete a", "create a"]);
  });

  it("--target-replace and taint look like a first create, and the delete follows it", async () => {
    const work = await bench(pair);
    await work.ok("up", "--yes", "--skip-preview");
    const forced = await work.ok("up", "--yes", "--skip-preview", "--target-replace", urn("a"));
    assert.deepEqual(forced.calls, ["check a", "create a", "delete a"]);
    await work.ok("state", "taint", urn("a"), "--yes");
    assert.equal(work.resource("a")!.taint, true);
    const tainted = await work.ok("up", "--yes", "--skip-preview");
    assert.deepEqual(tainted.calls, ["check a", "create a", "check b", "diff b", "delete a"]);
    assert.deepEqual(
      work
        .calls()
        .filter((c) => c.call === "check")
        .at(-2)!.olds,
      {},
    );
    assert.equal(work.resource("a")!.taint, undefined);
  });

  it("a protected resource is neither replaced nor deleted", async () => {
    const work = await bench(`new R("a", { r: config.get("r") || "1" }, { protect: true });`);
    await work.ok("up", "--yes", "--skip-preview");
    const forced = await work.run("up", "--yes", "--skip-preview", "--target-replace", urn("a"));
    assert.notEqual(forced.code, 0);
    assert.deepEqual(forced.calls, ["check a"]);
    const destroyed = await work.run("destroy", "--yes", "--skip-preview");
    assert.notEqual(destroyed.code, 0);
    assert.deepEqual(destroyed.calls, []);
    assert.equal(work.resource("a")!.protect, true);
  });

  it("E2 refresh reads and diffs in a preview pass and again in the real one", async () => {
    const work = await bench(`new R("a");`);
    await work.ok("up", "--yes", "--skip-preview");
    assert.deepEqual((await work.ok("refresh", "--yes")).calls, ["read a", "diff a", "read a", "diff a"]);
    assert.deepEqual((await work.ok("refresh", "--yes", "--skip-preview")).calls, ["read a", "diff a"]);
    assert.equal(new Set(work.calls().map((c) => c.pid)).size, 4);
  });

  it("up --refresh reads in one host and, if the configuration has changed, checks in another", async () => {
    const work = await bench(`new R("a");`);
    await work.ok("up", "--yes", "--skip-preview");
    const up = await work.ok("up", "--yes", "--skip-preview", "--refresh");
    assert.deepEqual(up.calls, ["read a", "diff a", "check a", "diff a"]);
    assert.equal(new Set(work.calls().map((c) => c.pid)).size, 2);
    await work.ok("config", "set", "v", "2");
    const preview = await work.ok("preview", "--refresh");
    assert.deepEqual(preview.calls, ["read a", "diff a", "check a", "diff a"]);
    assert.equal(new Set(work.calls().map((c) => c.pid)).size, 4);
    const configurations = work.calls().filter((c) => c.call === "configure");
    assert.deepEqual(
      configurations.slice(-2).map((c) => c.config),
      [{}, { "bench:v": "2" }],
    );
  });

  it("destroy calls delete only, dependents first", async () => {
    const work = await bench(pair);
    await work.ok("up", "--yes", "--skip-preview");
    assert.deepEqual((await work.ok("destroy", "--yes")).calls, ["delete b", "delete a"]);
    assert.deepEqual(work.resources(), []);
  });

  it("what the program has no more is deleted after everything else", async () => {
    const work = await bench(`new R("old"); new R("a", { v: "1" });`);
    await work.ok("up", "--yes", "--skip-preview");
    work.program(`new R("a", { v: "2" }); new R("c", {}, { dependsOn: [] });`);
    const { calls } = await work.ok("up", "--yes", "--skip-preview");
    assert.deepEqual(calls.slice(-1), ["delete old"]);
    assert.deepEqual([...calls].sort(), ["check a", "check c", "create c", "delete old", "diff a", "update a"]);
  });

  it("E26 independent resources come in any order, and a write starts while others are unchecked", async () => {
    const names = ["a", "b", "c", "d", "e", "f"];
    const work = await bench(names.map((name) => `new R("${name}");`).join("\n"));
    const orders = new Set<string>();
    for (let i = 0; i < 4; i++) {
      const { calls } = await work.ok("preview");
      orders.add(calls.join());
      assert.deepEqual(
        [...calls].sort(),
        names.map((name) => `check ${name}`),
      );
    }
    assert.ok(orders.size > 1, [...orders].join("\n"));
    const { calls } = await work.ok("up", "--yes", "--skip-preview");
    assert.ok(
      calls.findIndex((c) => c.startsWith("create")) < calls.findLastIndex((c) => c.startsWith("check")),
      calls.join(),
    );
  });

  it("E26 dependsOn is waited for, and checks never overlap", async () => {
    const work = await bench(`const a = new R("a"); new R("b", {}, { dependsOn: a }); new R("c");`);
    work.world({ "create a": { wait: 200 }, "check a": { wait: 50 }, "check c": { wait: 50 } });
    const { calls } = await work.ok("up", "--yes", "--skip-preview");
    assert.ok(calls.indexOf("create done a") < calls.indexOf("check b"), calls.join());
    const checks = calls.filter((c) => c.startsWith("check"));
    for (const name of ["a", "c"]) assert.equal(checks[checks.indexOf(`check ${name}`) + 1], `check done ${name}`);
  });

  it("E27 a targeted up leaves everything else alone", async () => {
    const work = await bench(`new R("a", { v: config.get("v") || "1" }); new R("b", { v: config.get("v") || "1" });`);
    await work.ok("up", "--yes", "--skip-preview");
    await work.ok("config", "set", "v", "2");
    assert.deepEqual((await work.ok("up", "--yes", "--skip-preview", "--target", urn("a"))).calls, [
      "check a",
      "diff a",
      "update a",
    ]);
    assert.equal(work.resource("b")!.inputs!.v, "1");
    work.program(`new R("b", { v: config.get("v") });`);
    assert.deepEqual((await work.ok("up", "--yes", "--skip-preview", "--target", urn("a"))).calls, ["delete a"]);
    assert.equal(work.resource("b")!.inputs!.v, "1");
    assert.deepEqual((await work.ok("up", "--yes", "--skip-preview", "--exclude", urn("b"))).calls, []);
  });

  it("refresh --run-program reads what the program names; destroy --run-program checks nothing", async () => {
    const work = await bench(`new R("a"); new R("b");`);
    await work.ok("up", "--yes", "--skip-preview");
    work.program(`new R("a"); new R("new");`);
    const { calls } = await work.ok("refresh", "--yes", "--skip-preview", "--run-program");
    assert.deepEqual([...calls].sort(), ["diff a", "diff b", "read a", "read b"]);
    const destroyed = await work.ok("destroy", "--yes", "--skip-preview", "--run-program");
    assert.deepEqual([...destroyed.calls].sort(), ["delete a", "delete b"]);
    assert.deepEqual(work.resources(), []);
  });

  it("parent, component outputs and aliases: a resource that moves is the same resource", async () => {
    const work = await bench(`new R("a");`);
    await work.ok("up", "--yes", "--skip-preview");
    work.program(`
      const group = new Group("g");
      new R("a", {}, { parent: group, aliases: [{ parent: pulumi.rootStackResource }] });
      group.registerOutputs({ answer: 42 });
    `);
    assert.deepEqual((await work.ok("up", "--yes", "--skip-preview")).calls, ["check a", "diff a"]);
    const moved = "urn:pulumi:dev::bench::test:Group$pulumi-nodejs:dynamic/test:R::a";
    assert.equal(work.resource("a")!.urn, moved);
    assert.deepEqual(work.resource("g")!.outputs, { answer: 42 });
    work.program(`
      const group = new Group("h", { aliases: [{ name: "g" }] });
      new R("a", {}, { parent: group });
      group.registerOutputs({ answer: 42 });
    `);
    assert.deepEqual((await work.ok("up", "--yes", "--skip-preview")).calls, ["check a", "diff a"]);
  });

  it("ignoreChanges gives check the old value", async () => {
    const work = await bench(`new R("a", { v: config.get("v") || "1" }, { ignoreChanges: ["v"] });`);
    await work.ok("up", "--yes", "--skip-preview");
    await work.ok("config", "set", "v", "2");
    assert.deepEqual((await work.ok("up", "--yes", "--skip-preview")).calls, ["check a", "diff a"]);
    assert.equal(work.resource("a")!.inputs!.v, "1");
  });
});
