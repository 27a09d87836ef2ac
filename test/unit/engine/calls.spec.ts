import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { bench, type Call, cleanUp, cliOnly, skip, urn } from "./harness";
import { provider } from "./provider";

const pair = `
const a = new R("a", { v: config.get("v") || "1", r: config.get("r") || "1" });
new R("b", { v: a.v });
`;

/** What a call got as old and new values: whether they hold an output that is no input. */
const madeIn = (values?: Record<string, unknown>): unknown => values?.made;

describe("local engine: calls, in order", function () {
  this.timeout(120_000);
  afterEach(cleanUp);

  it("calls: a first preview checks without old values, and does nothing else", async () => {
    const work = await bench(`const a = new R("a", { v: "5" }); exports.v = a.v; exports.made = a.made;`);
    const { calls, stdout } = await work.ok("preview");
    assert.deepEqual(calls, ["check a"]);
    assert.deepEqual(work.callsOf("check", "a")[0]!.olds, {});
    assert.match(stdout, /v *: "5"/);
    assert.match(stdout, /made *: \[unknown\]/);
  });

  it("calls: a first up checks and creates; an unchanged up or preview checks with old inputs and diffs with old outputs", async () => {
    const work = await bench(pair);
    const first = await work.ok("up", ...skip);
    assert.deepEqual(first.calls, ["check a", "create a", "check b", "create b"]);
    assert.deepEqual(work.callsOf("check", "a")[0]!.olds, {});
    for (const args of [["up", ...skip], ["preview"]]) {
      const again = await work.ok(...args, "--expect-no-changes");
      assert.deepEqual(again.calls, ["check a", "diff a", "check b", "diff b"]);
      const [check, diff] = [work.callsOf("check", "a").at(-1)!, work.callsOf("diff", "a").at(-1)!];
      assert.deepEqual([madeIn(check.olds), madeIn(check.news)], [undefined, undefined]);
      assert.deepEqual([madeIn(diff.olds), madeIn(diff.news)], ["create", undefined]);
      assert.equal(diff.id, "id-a");
      for (const held of [check.olds, check.news, diff.olds, diff.news])
        assert.match(held!.__provider as string, /exports\.handler/);
    }
  });

  it("calls: a change updates with old outputs and checked inputs, and its dependents after it", async () => {
    const work = await bench(pair);
    await work.ok("up", ...skip);
    await work.ok("config", "set", "v", "2");
    const preview = await work.run("preview", "--expect-no-changes");
    assert.deepEqual(preview.calls, ["check a", "diff a", "check b", "diff b"]);
    const up = await work.ok("up", ...skip);
    assert.deepEqual(up.calls, ["check a", "diff a", "update a", "check b", "diff b", "update b"]);
    assert.match(up.stdout, /~ +2 updated/);
    assert.match(up.stdout, /\[diff: ~v\]/);
    const { id, olds, news } = work.callsOf("update", "a")[0]!;
    assert.deepEqual([id, olds!.v, olds!.made, news!.v, news!.made], ["id-a", "1", "create", "2", undefined]);
    assert.equal(work.resource("a")!.outputs!.made, "update");
  });

  it("calls: a replacement checks once more without old inputs, creates, and deletes at the end", async () => {
    const work = await bench(pair);
    await work.ok("up", ...skip);
    await work.ok("config", "set", "r", "2");
    const up = await work.ok("up", ...skip);
    assert.deepEqual(up.calls, ["check a", "diff a", "check a", "create a", "check b", "diff b", "delete a"]);
    assert.match(up.stdout, /\+-1 replaced/);
    const [, second, third] = work.callsOf("check", "a");
    assert.deepEqual([second!.olds!.r, third!.olds], ["1", {}]);
    const { id, olds } = work.callsOf("delete", "a")[0]!;
    assert.deepEqual([id, olds!.r, olds!.made], ["id-a", "1", "create"]);
  });

  it("calls: a replacement by the option deleteBeforeReplace deletes first, whatever the provider says", async () => {
    const work = await bench(`new R("a", { r: config.get("r") || "1" }, { deleteBeforeReplace: true });`);
    await work.ok("up", ...skip);
    await work.ok("config", "set", "r", "2");
    const up = await work.ok("up", ...skip);
    assert.deepEqual(up.calls, ["check a", "diff a", "check a", "delete a", "create a"]);
  });

  it("calls: --target-replace and taint look like a first create, and the delete follows it", async () => {
    const work = await bench(pair);
    await work.ok("up", ...skip);
    const forced = await work.ok("up", ...skip, "--target-replace", urn("a"));
    assert.deepEqual(forced.calls, ["check a", "create a", "delete a"]);
    assert.equal(work.callsOf("delete", "a")[0]!.olds!.made, "create");
    await work.ok("state", "taint", urn("a"), "--yes");
    assert.equal(work.resource("a")!.taint, true);
    const tainted = await work.ok("up", ...skip);
    assert.deepEqual(tainted.calls, ["check a", "create a", "check b", "diff b", "delete a"]);
    assert.deepEqual(
      work.callsOf("check", "a").map((c) => c.olds),
      [{}, {}, {}],
    );
    assert.equal(work.resource("a")!.taint, undefined);
  });

  it("calls: a protected resource is neither replaced nor deleted, and only checked", async () => {
    const work = await bench(`new R("a", { r: config.get("r") || "1" }, { protect: true });`);
    await work.ok("up", ...skip);
    assert.deepEqual((await work.failing("up", ...skip, "--target-replace", urn("a"))).calls, ["check a"]);
    await work.ok("state", "taint", urn("a"), "--yes");
    assert.deepEqual((await work.failing("up", ...skip)).calls, ["check a"]);
    assert.deepEqual((await work.failing("destroy", ...skip)).calls, []);
    assert.equal(work.resource("a")!.protect, true);
  });

  it("calls: refresh reads all at once, not in dependency order, and then diffs what was read with the inputs", async () => {
    const work = await bench(`const a = new R("a"); new R("b", {}, { dependsOn: a });`);
    await work.ok("up", ...skip);
    work.world({
      "read a": { wait: 700, answer: { id: "id-a", props: { name: "a", v: "1", made: "read" } } },
      "read b": { wait: 700 },
    });
    const { calls } = await work.ok("refresh", ...skip);
    assert.deepEqual(calls.slice(0, 2).sort(), ["read a", "read b"]);
    for (const name of ["a", "b"]) assert.ok(calls.indexOf(`read done ${name}`) < calls.indexOf(`diff ${name}`));
    const [read, diff] = [work.callsOf("read", "a")[0]!, work.callsOf("diff", "a")[0]!];
    assert.deepEqual([read.id, read.olds!.made], ["id-a", "create"]);
    assert.deepEqual([diff.id, diff.olds!.made, diff.news!.made, diff.news!.v], ["id-a", "read", undefined, "1"]);
  });

  it("calls: up --refresh and preview --refresh read with the state's configuration and check with today's, in a host each", async () => {
    const work = await bench(`new R("a");`);
    await work.ok("up", ...skip);
    for (const [v, ...args] of [
      ["2", "preview"],
      ["3", "up", ...skip],
    ]) {
      await work.ok("config", "set", "v", v!);
      const from = work.calls().length;
      const { calls } = await work.ok(...args, "--refresh");
      assert.deepEqual(calls, ["read a", "diff a", "check a", "diff a"]);
      const made = work.calls().slice(from);
      const configured = made.filter((c) => c.call === "configure").map((c) => c.config);
      assert.deepEqual(configured, [{}, { "bench:v": v }]);
      const pids = made.map((c) => c.pid);
      assert.deepEqual([new Set(pids.slice(0, 3)).size, new Set(pids.slice(3)).size, new Set(pids).size], [1, 1, 2]);
    }
  });

  it("calls: up --refresh and preview --refresh need one host only if the configuration is as it was", async () => {
    const work = await bench(`new R("a");`);
    await work.ok("up", ...skip);
    const from = work.calls().length;
    const { calls } = await work.ok("preview", "--refresh");
    assert.deepEqual(calls, ["read a", "diff a", "check a", "diff a"]);
    assert.equal(
      new Set(
        work
          .calls()
          .map((c: Call) => c.pid)
          .slice(from),
      ).size,
      1,
    );
  });

  it("calls: refresh --run-program reads and diffs in the order of the program, then what the program has no more", async () => {
    const work = await bench(`const a = new R("a"); const b = new R("b"); new R("old");`);
    await work.ok("up", ...skip);
    work.program(`const b = new R("b"); new R("a", {}, { dependsOn: b }); new R("new", {}, { dependsOn: b });`);
    const { calls } = await work.ok("refresh", ...skip, "--run-program");
    assert.deepEqual(calls, ["read b", "diff b", "read a", "diff a", "read old", "diff old"]);
  });

  it("calls: destroy deletes only, dependents first, and what is independent at once", async () => {
    const work = await bench(`const a = new R("a"); for (const x of ["b", "c"]) new R(x, {}, { dependsOn: a });`);
    await work.ok("up", ...skip);
    work.world({ "delete b": { wait: 700 }, "delete c": { wait: 700 } });
    const { calls } = await work.ok("destroy", "--yes");
    assert.deepEqual(calls.slice(0, 2).sort(), ["delete b", "delete c"]);
    assert.deepEqual(calls.slice(2, 4).sort(), ["delete done b", "delete done c"]);
    assert.deepEqual(calls.slice(4), ["delete a"]);
    assert.deepEqual(work.resources(), []);
  });

  it("calls: what the program has no more is deleted after every create and update", async () => {
    const work = await bench(`new R("old"); new R("a", { v: "1" });`);
    await work.ok("up", ...skip);
    work.program(`new R("a", { v: "2" }); new R("c");`);
    work.world({ "update a": { wait: 500 }, "create c": { wait: 500 } });
    const { calls } = await work.ok("up", ...skip);
    assert.deepEqual(calls.slice(-1), ["delete old"]);
    const others = ["check a", "check c", "create c", "create done c", "diff a", "update a", "update done a"];
    assert.deepEqual(calls.slice(0, -1).sort(), others);
  });

  // One test for both, since what an import leaves behind can't be seen without one.
  cliOnly(
    "E38: calls: import --file checks once in each of its two passes and reads nothing; an unchanged up afterwards only checks and diffs",
    "`import --file`",
    async () => {
      const work = await bench(`new R("a");`);
      const inputs = { __provider: provider, name: "a", v: "1" };
      const file = join(work.folder, "import.json");
      const held = { type: "pulumi-nodejs:dynamic/test:R", name: "a", id: "id-a", inputs };
      writeFileSync(file, JSON.stringify({ resources: [{ ...held, outputs: { ...inputs, made: "before" } }] }));
      const once = ["--protect=false", "--generate-code=false"];
      const { calls } = await work.ok("import", "--file", file, "--yes", ...once);
      assert.deepEqual(calls, ["check a", "check a"]);
      assert.equal(new Set(work.calls().map((c) => c.pid)).size, 2);
      for (const { olds, news } of work.callsOf("check", "a")) assert.deepEqual([olds, news], [inputs, inputs]);
      await work.ok("preview", "--expect-no-changes");
      assert.deepEqual((await work.ok("up", ...skip)).calls, ["check a", "diff a"]);
      assert.equal(work.resource("a")!.outputs!.made, "before");
    },
  );
});
