import assert from "node:assert/strict";
import { bench, cleanUp, skip } from "./harness";
import { provider } from "./provider";

const one = `
const a = new R("a", { v: config.get("v") || "1" });
exports.v = a.v;
`;

describe("local engine: results", function () {
  this.timeout(120_000);
  afterEach(cleanUp);

  it("E10: a property that is undefined in what a call returns fails the call", async () => {
    const work = await bench(one);
    const message = /Unexpected struct type/;
    work.world({ "check a": { lacking: "x" } });
    assert.match((await work.failing("preview")).stdout, message);
    work.world({ "create a": { lacking: "x" } });
    assert.match((await work.failing("up", ...skip)).stdout, message);
    assert.equal(work.resource("a"), undefined);
    work.world({ "read a": { lacking: "x" } });
    await work.ok("up", ...skip);
    assert.match((await work.failing("refresh", ...skip)).stdout, message);
    await work.ok("config", "set", "v", "2");
    work.world({ "update a": { lacking: "x" } });
    assert.match((await work.failing("up", ...skip)).stdout, message);
  });

  it("E12: a create that failed to initialise is kept, and the next up updates whatever diff says", async () => {
    const work = await bench(one);
    work.world({ "create a": { reasons: ["half done", "try again"], properties: { v: "1", made: "half" } } });
    const failed = await work.failing("up", ...skip);
    for (const reason of [/half done/, /try again/]) assert.match(failed.stdout, reason);
    const kept = work.resource("a")!;
    assert.deepEqual(kept.initErrors, ["half done", "try again"]);
    assert.deepEqual(kept.outputs, { v: "1", made: "half" });
    assert.deepEqual([kept.id, kept.inputs!.v], ["id-a", "1"]);
    work.world({ "diff a": { answer: { changes: false } } });
    const next = await work.ok("up", ...skip);
    assert.deepEqual(next.calls, ["check a", "diff a", "update a"]);
    assert.equal(work.resource("a")!.initErrors, undefined);
  });

  it("E12, E31: after an update that failed to initialise, the state holds old inputs and new outputs, and the next calls see those outputs alone", async () => {
    const work = await bench(one);
    await work.ok("up", ...skip);
    await work.ok("config", "set", "v", "2");
    // The host adds no provider to the outputs of a failure; without one, neither refresh nor destroy could work.
    const properties = { __provider: provider, name: "a", half: "yes" };
    work.world({ "update a": { reasons: ["half done"], properties } });
    assert.match((await work.failing("up", ...skip)).stdout, /half done/);
    const kept = work.resource("a")!;
    assert.deepEqual([kept.inputs!.v, kept.outputs!.half, kept.outputs!.v], ["1", "yes", undefined]);
    assert.deepEqual(kept.initErrors, ["half done"]);
    await work.failing("up", ...skip);
    await work.ok("refresh", ...skip);
    await work.ok("destroy", ...skip);
    const last = ["update", "read", "delete"].map((call) => work.callsOf(call, "a").at(-1)!.olds!);
    for (const olds of last) assert.deepEqual(olds, properties);
    assert.equal(work.callsOf("update", "a").length, 2);
  });

  it("E13: nothing is kept of a create that threw, and the next up creates again", async () => {
    const work = await bench(one);
    work.world({ "create a": { error: "no" } });
    await work.failing("up", ...skip);
    assert.equal(work.resource("a"), undefined);
    // A create that returns no outputs at all is no failure.
    work.world({ "create a": { answer: { id: "id-a" } } });
    assert.deepEqual((await work.ok("up", ...skip)).calls, ["check a", "create a"]);
    assert.deepEqual(Object.keys(work.resource("a")!.outputs!), ["__provider"]);
  });

  it("E14: what read does not find is dropped and created again, and what it says of inputs is kept", async () => {
    const work = await bench(`new R("a"); new R("b"); `);
    await work.ok("up", ...skip);
    work.world({
      "read a": { answer: {} },
      "read b": { answer: { id: "other", props: { name: "b", v: "9" }, inputs: { name: "b", v: "8" } } },
    });
    const { stdout } = await work.ok("refresh", ...skip);
    assert.match(stdout, / - +.*R a /);
    assert.equal(work.resource("a"), undefined);
    const { id, inputs, outputs } = work.resource("b")!;
    assert.deepEqual([id, inputs!.v, outputs!.v], ["other", "8", "9"]);
    work.world({});
    const { calls } = await work.ok("up", ...skip);
    assert.deepEqual([...calls].sort(), ["check a", "check b", "create a", "diff b", "update b"]);
  });

  it("E15: outputs may move without drift if diff sees none, and are stored all the same", async () => {
    const work = await bench(one);
    await work.ok("up", ...skip);
    work.world({ "read a": { answer: { id: "id-a", props: { name: "a", v: "1", count: 5 } } } });
    const calm = await work.ok("refresh", ...skip, "--expect-no-changes");
    assert.match(calm.stdout, /2 unchanged/);
    assert.equal(work.resource("a")!.outputs!.count, 5);
  });

  it("E15, E16: what diff calls a change is shown by refresh, with the outputs that moved, and by the next preview; both exit 7 when told to expect none", async () => {
    const work = await bench(one);
    await work.ok("up", ...skip);
    await work.ok("preview", "--expect-no-changes");
    const missing = { id: "id-a", props: { name: "a", v: "1", missing: ["one"] } };
    work.world({ "read a": { answer: missing }, "diff a": { answer: { changes: true } } });
    const drift = await work.run("refresh", "--preview-only", "--expect-no-changes", "--diff");
    assert.equal(drift.code, 7);
    assert.match(drift.stdout, /\+ missing *: \[\s*(\+ +\[0\]: )?"one"/);
    assert.match(drift.stdout, /~ 1 to update/);
    assert.equal(work.resource("a")!.outputs!.missing, undefined);
    const refreshed = await work.ok("refresh", ...skip);
    assert.match(refreshed.stdout, /~ +pulumi-nodejs:dynamic\/test:R a updated/);
    assert.deepEqual(work.resource("a")!.outputs!.missing, ["one"]);
    const preview = await work.run("preview", "--expect-no-changes");
    assert.equal(preview.code, 7);
    assert.match(preview.stdout, /~ +pulumi-nodejs:dynamic\/test:R a update/);
    const given = await work.failing("refresh", "--preview-only", "--yes");
    assert.match(given.stderr, /--preview-only/);
  });

  it("E29: check may add inputs, which are echoed and kept, and drop some, which are never seen again", async () => {
    const work = await bench(`const a = new R("a", { extra: undefined, transient: "t" }); new R("b", { v: a.extra });`);
    work.world({ "check a": { answer: { inputs: { name: "a", v: "1", extra: "added" } } } });
    await work.ok("preview");
    assert.equal(work.callsOf("check", "b")[0]!.news!.v, "added");
    await work.ok("up", ...skip);
    const { __provider: _, ...inputs } = work.resource("a")!.inputs!;
    assert.deepEqual(inputs, { name: "a", v: "1", extra: "added" });
    await work.ok("preview", "--expect-no-changes");
    const again = work.callsOf("check", "a").at(-1)!;
    assert.deepEqual([again.olds!.extra, again.olds!.transient], ["added", undefined]);
    assert.equal(work.callsOf("diff", "a").at(-1)!.news!.transient, undefined);
  });

  it("E32: refresh clears initErrors, and does not go past a preview pass in which a read threw", async () => {
    const work = await bench(one);
    const outputs = { __provider: provider, name: "a", v: "1" };
    work.world({ "create a": { reasons: ["half done"], properties: outputs } });
    await work.failing("up", ...skip);
    assert.deepEqual(work.resource("a")!.initErrors, ["half done"]);
    work.world({ "read a": { error: "no answer" } });
    const failed = await work.failing("refresh", "--yes");
    assert.deepEqual(failed.calls, ["read a"]);
    assert.match(failed.stdout, /no answer/);
    work.world({});
    await work.ok("refresh", "--yes");
    assert.equal(work.resource("a")!.initErrors, undefined);
    assert.deepEqual((await work.ok("up", ...skip)).calls, ["check a", "diff a"]);
  });

  it("E35: a diff that says no although inputs differ: the state takes the new inputs and keeps the old outputs", async () => {
    const work = await bench(one);
    await work.ok("up", ...skip);
    await work.ok("config", "set", "v", "2");
    work.world({ "diff a": { answer: { changes: false } } });
    assert.deepEqual((await work.ok("up", ...skip)).calls, ["check a", "diff a"]);
    assert.deepEqual([work.resource("a")!.inputs!.v, work.resource("a")!.outputs!.v], ["2", "1"]);
  });

  it("a diff without an opinion leaves it to the inputs", async () => {
    const work = await bench(one);
    await work.ok("up", ...skip);
    work.world({ "diff a": { answer: { odd: true } } });
    assert.deepEqual((await work.ok("up", ...skip)).calls, ["check a", "diff a"]);
    await work.ok("config", "set", "v", "2");
    assert.deepEqual((await work.ok("up", ...skip)).calls, ["check a", "diff a", "update a"]);
  });
});
