import assert from "node:assert/strict";
import { bench, cleanUp, urn } from "./harness";

const one = `
const a = new R("a", { v: config.get("v") || "1" });
exports.v = a.v;
`;
const skip = ["--yes", "--skip-preview"];

describe("local engine: results", function () {
  this.timeout(120_000);
  afterEach(cleanUp);

  it("E4 refresh and destroy get the configuration of the last up, refresh --run-program that of today", async () => {
    const work = await bench(`new R("a");`);
    await work.ok("config", "set", "token", "old");
    await work.ok("up", ...skip);
    await work.ok("config", "set", "token", "new");
    await work.ok("refresh", ...skip);
    await work.ok("refresh", ...skip, "--run-program");
    await work.ok("destroy", ...skip);
    await work.ok("preview");
    const seen = work
      .calls()
      .filter((c) => c.call === "configure")
      .map((c) => c.config!["bench:token"]);
    assert.deepEqual(seen, ["old", "old", "new", "new", "new"]);
  });

  it("E5 E25 configuration reaches the provider in clear, objects as JSON", async () => {
    const work = await bench(`new R("a");`);
    await work.ok("config", "set", "--secret", "token", "hush");
    await work.ok("config", "set", "--path", "tokens.hq", "x");
    await work.ok("config", "set", "--path", "--secret", "tokens.branch", "y");
    await work.ok("config", "set", "other:key", "z");
    await work.ok("up", ...skip);
    const { config } = work.calls().find((c) => c.call === "configure")!;
    assert.equal(config!["bench:token"], "hush");
    assert.deepEqual(JSON.parse(config!["bench:tokens"] as string), { hq: "x", branch: "y" });
    assert.equal(config!["other:key"], "z");
    const provider = work.resources().find((r) => r.type.startsWith("pulumi:providers:"))!;
    assert.doesNotMatch(JSON.stringify(provider), /hush/);
    assert.match(JSON.stringify(provider.inputs!["bench:token"]), /ciphertext/);
  });

  it("E6 E37 what the host prints is shown at the end, in previews, reads and deletes too", async () => {
    const work = await bench(one);
    work.world({
      "check a": { note: "note of check" },
      "read a": { note: "note of read" },
      "delete a": { note: "note of delete" },
    });
    assert.match(
      (await work.ok("preview")).stdout,
      /Diagnostics:\n +pulumi:pulumi:Stack \(bench-dev\):\n +note of check/,
    );
    await work.ok("up", ...skip);
    assert.match((await work.ok("refresh", ...skip)).stdout, /note of read/);
    assert.match((await work.ok("destroy", ...skip)).stdout, /note of delete/);
  });

  it("E10 a value that is undefined fails the call", async () => {
    const work = await bench(`new R("a", { v: "1" });`);
    work.world({ "create a": { answer: { id: "x" } } });
    await work.ok("up", ...skip);
    assert.deepEqual(Object.keys(work.resource("a")!.outputs!), ["__provider"]);
  });

  it("E11 E30 a check failure names the property and shows its value", async () => {
    const work = await bench(`new R("a", { list: ["one", "two"], s: pulumi.secret("hush") });`);
    const failures = [
      { property: "list", reason: "too long" },
      { property: "", reason: "all wrong" },
      { property: "s", reason: "no" },
      { property: "x.y", reason: "odd" },
    ];
    work.world({ "check a": { answer: { failures } } });
    const { code, stdout, calls } = await work.run("up", "--yes");
    assert.notEqual(code, 0);
    assert.deepEqual(calls, ["check a"]);
    assert.match(stdout, /resource 'a': property list value \{\[?.*one.*two.*\} has a problem: too long/);
    assert.match(stdout, /resource 'a' has a problem: all wrong/);
    assert.match(stdout, /property s value .*hush.* has a problem: no/);
    assert.match(stdout, /property x\.y value .*<nil>.* has a problem: odd/);
    assert.deepEqual(
      work.resources().filter((r) => r.urn.endsWith("::a")),
      [],
    );
  });

  it("E11 a throw in check prints message and stack; in create the message alone", async () => {
    const work = await bench(one);
    work.world({ "check a": { error: "broken check" } });
    const checked = await work.run("preview");
    assert.notEqual(checked.code, 0);
    assert.match(checked.stdout, /Error: broken check: Error: broken check\n +at /);
    work.world({ "create a": { error: "broken create" } });
    const created = await work.run("up", ...skip);
    assert.notEqual(created.code, 0);
    assert.match(created.stdout, /error: .*broken create/);
    assert.doesNotMatch(created.stdout, /\n +at /);
  });

  it("E12 a create that failed to initialise is kept, and the next up updates whatever diff says", async () => {
    const work = await bench(one);
    work.world({ "create a": { reasons: ["half done", "try again"], properties: { v: "1", made: "half" } } });
    const failed = await work.run("up", ...skip);
    assert.notEqual(failed.code, 0);
    assert.match(failed.stdout, /half done/);
    const kept = work.resource("a")!;
    assert.deepEqual(kept.initErrors, ["half done", "try again"]);
    assert.equal(kept.outputs!.made, "half");
    assert.equal(kept.id, "id-a");
    // The failed outputs hold no provider, as the host leaves them; the next call needs it from the inputs.
    work.world({});
    const next = await work.ok("up", ...skip);
    assert.deepEqual(next.calls, ["check a", "diff a", "update a"]);
    assert.equal(work.resource("a")!.initErrors, undefined);
  });

  it("E12 E31 after an update that failed to initialise, inputs are the old ones and outputs the new ones", async () => {
    const work = await bench(one);
    await work.ok("up", ...skip);
    await work.ok("config", "set", "v", "2");
    work.world({ "update a": { reasons: ["half done"], properties: { v: "half" } } });
    assert.notEqual((await work.run("up", ...skip)).code, 0);
    assert.equal(work.resource("a")!.inputs!.v, "1");
    assert.equal(work.resource("a")!.outputs!.v, "half");
    work.world({});
    await work.ok("up", ...skip);
    assert.equal(work.calls().findLast((c) => c.call === "update")!.olds!.v, "half");
  });

  it("E13 nothing is kept of a create that threw", async () => {
    const work = await bench(one);
    work.world({ "create a": { error: "no" } });
    assert.notEqual((await work.run("up", ...skip)).code, 0);
    assert.equal(work.resource("a"), undefined);
    work.world({});
    assert.deepEqual((await work.ok("up", ...skip)).calls, ["check a", "create a"]);
  });

  it("E14 what read does not find is dropped, and what it says of inputs is kept", async () => {
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

  it("E15 E16 outputs may move without drift; diff decides, and --expect-no-changes exits otherwise than 0", async () => {
    const work = await bench(one);
    await work.ok("up", ...skip);
    work.world({ "read a": { answer: { id: "id-a", props: { name: "a", v: "1", count: 5 } } } });
    const calm = await work.ok("refresh", ...skip, "--expect-no-changes");
    assert.match(calm.stdout, /2 unchanged/);
    assert.equal(work.resource("a")!.outputs!.count, 5);
    work.world({ "read a": { answer: { id: "id-a", props: { name: "a", v: "7" } } } });
    const drift = await work.run("refresh", "--preview-only", "--expect-no-changes");
    assert.equal(drift.code, 7);
    assert.match(drift.stdout, /~ +pulumi-nodejs:dynamic\/test:R a /);
    assert.match(drift.stdout, /~ 1 to update/);
    assert.equal(work.resource("a")!.outputs!.v, "1");
    await work.ok("config", "set", "v", "2");
    assert.equal((await work.run("preview", "--expect-no-changes")).code, 7);
    const given = await work.run("refresh", "--preview-only", "--yes");
    assert.notEqual(given.code, 0);
  });

  it("E17 E22 secrets follow the name of the property; additionalSecretOutputs adds to them", async () => {
    const work = await bench(
      `new R("a", { s: pulumi.secret("hush"), deep: { t: pulumi.secret("hush") } }, { additionalSecretOutputs: ["made"] });`,
    );
    await work.ok("up", ...skip);
    const text = JSON.stringify(work.resource("a"));
    assert.doesNotMatch(text, /hush/);
    assert.equal(work.calls().find((c) => c.call === "create")!.news!.s, "hush");
    const { inputs, outputs } = work.resource("a")!;
    for (const value of [inputs!.s, outputs!.s, outputs!.made]) assert.match(JSON.stringify(value), /ciphertext/);
    assert.deepEqual((await work.ok("up", ...skip, "--expect-no-changes")).calls, ["check a", "diff a"]);
  });

  it("E18 E24 in a preview inputs are echoed and everything else is unknown", async () => {
    const work = await bench(
      `const a = new R("a", { v: "5" }); new R("b", { v: a.v, w: a.made, deep: { list: [a.made] } });`,
    );
    await work.ok("preview");
    const { news } = work.calls().find((c) => c.name === "b")!;
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    assert.deepEqual([news!.v, news!.w, news!.deep], ["5", unknown, { list: [unknown] }]);
  });

  it("E20 a resource stands after what it needs, and the state is written after every step", async () => {
    const work = await bench(`const a = new R("a"); const b = new R("b", {}, { dependsOn: a });`);
    work.world({ "create b": { wait: 1500 } });
    const { ended } = work.start("up", ...skip);
    while (!work.calls().some((c) => c.call === "create" && c.name === "b"))
      await new Promise((resolve) => setTimeout(resolve, 50));
    assert.ok(work.resource("a"));
    await ended;
    assert.deepEqual(
      work.resources().map((r) => r.urn.split("::").pop()),
      ["bench-dev", "default", "a", "b"],
    );
  });

  it("E21 a replacement whose delete failed leaves a copy, deleted next time after everything else", async () => {
    const work = await bench(`new R("a", { r: config.get("r") || "1" });`);
    await work.ok("up", ...skip);
    await work.ok("config", "set", "r", "2");
    work.world({ "delete a": { error: "not now" } });
    assert.notEqual((await work.run("up", ...skip)).code, 0);
    assert.deepEqual(
      work
        .resources()
        .filter((r) => r.urn === urn("a"))
        .map((r) => r.delete ?? false),
      [false, true],
    );
    work.world({});
    const refreshed = await work.ok("refresh", ...skip);
    assert.equal(refreshed.calls.filter((c) => c === "read a").length, 2);
    const next = await work.ok("up", ...skip);
    assert.deepEqual(next.calls, ["check a", "diff a", "delete a"]);
    assert.equal(work.resources().filter((r) => r.urn === urn("a")).length, 1);
  });

  it("E23 a host that is killed fails what is in flight, and what was done is kept", async () => {
    const work = await bench(`const a = new R("a"); new R("b", {}, { dependsOn: a });`);
    work.world({ "create b": { kill: true } });
    const { code, stdout } = await work.run("up", ...skip);
    assert.notEqual(code, 0);
    assert.match(stdout, /error reading from server: EOF/);
    assert.ok(work.resource("a"));
    assert.equal(work.resource("b"), undefined);
    work.world({});
    assert.deepEqual((await work.ok("up", ...skip)).calls, ["check a", "diff a", "check b", "create b"]);
  });

  it("E28 the first failing check ends a preview", async () => {
    const names = ["a", "b", "c", "d"];
    const work = await bench(names.map((name) => `new R("${name}");`).join("\n"));
    work.world(
      Object.fromEntries(
        names.map((name) => [`check ${name}`, { answer: { failures: [{ property: "", reason: "no" }] } }]),
      ),
    );
    const { code, calls } = await work.run("preview");
    assert.notEqual(code, 0);
    assert.equal(calls.length, 1);
  });

  it("E29 check may add and drop inputs", async () => {
    const work = await bench(`const a = new R("a", { add: { extra: "x" }, transient: "t" }); exports.extra = a.extra;`);
    work.world({ "check a": { answer: { inputs: { name: "a", v: "1", extra: "added" } } } });
    await work.ok("up", ...skip);
    const inputs = { ...work.resource("a")!.inputs };
    delete inputs.__provider;
    assert.deepEqual(inputs, { name: "a", v: "1", extra: "added" });
    await work.ok("preview");
    const again = work.calls().findLast((c) => c.call === "check")!;
    assert.deepEqual([again.olds!.extra, again.olds!.transient], ["added", undefined]);
  });

  it("E32 refresh clears initErrors, and does not go past a preview pass in which a read threw", async () => {
    const work = await bench(one);
    work.world({ "create a": { reasons: ["half done"], properties: { name: "a", v: "1" } } });
    assert.notEqual((await work.run("up", ...skip)).code, 0);
    const provider = work.resource("a")!.inputs!.__provider;
    work.world({ "update a": { reasons: ["half done"], properties: { name: "a", v: "1", __provider: provider } } });
    assert.notEqual((await work.run("up", ...skip)).code, 0);
    assert.deepEqual(work.resource("a")!.initErrors, ["half done"]);
    work.world({ "read a": { error: "no answer" } });
    const failed = await work.run("refresh", "--yes");
    assert.notEqual(failed.code, 0);
    assert.deepEqual(failed.calls, ["read a"]);
    assert.match(failed.stdout, /no answer/);
    work.world({});
    await work.ok("refresh", "--yes");
    assert.equal(work.resource("a")!.initErrors, undefined);
    assert.deepEqual((await work.ok("up", ...skip)).calls, ["check a", "diff a"]);
  });

  it("E34 nothing is deleted after a failure", async () => {
    const work = await bench(`new R("old"); new R("a", { v: config.get("v") || "1" });`);
    await work.ok("up", ...skip);
    await work.ok("config", "set", "v", "2");
    work.program(`new R("a", { v: config.get("v") });`);
    work.world({ "update a": { error: "no" } });
    const { code, calls } = await work.run("up", ...skip);
    assert.notEqual(code, 0);
    assert.deepEqual(calls, ["check a", "diff a", "update a"]);
    assert.ok(work.resource("old"));
  });

  it("E35 diff that says no: the state takes the new inputs and keeps the old outputs", async () => {
    const work = await bench(one);
    await work.ok("up", ...skip);
    await work.ok("config", "set", "v", "2");
    work.world({ "diff a": { answer: { changes: false } } });
    await work.ok("up", ...skip);
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

  it("E36 names are unique only per parent, and a URN only once", async () => {
    const work = await bench(`for (const g of ["x", "y"]) new R("apps", {}, { parent: new Group(g, { }) });`);
    const parents = await work.run("preview");
    assert.notEqual(parents.code, 0);
    assert.match(parents.stdout, /Duplicate resource URN/);
  });

  it("E41 Ctrl-C waits for the call that is running", async () => {
    const work = await bench(`const a = new R("a"); new R("b", {}, { dependsOn: a });`);
    work.world({ "create a": { wait: 1000 } });
    const { pid, ended } = work.start("up", ...skip);
    while (!work.calls().some((c) => c.call === "create")) await new Promise((resolve) => setTimeout(resolve, 50));
    process.kill(pid, "SIGINT");
    const { code, calls } = await ended;
    assert.notEqual(code, 0);
    assert.deepEqual(calls, ["check a", "create a", "create done a"]);
    assert.ok(work.resource("a"));
  });

  it("a program that throws changes nothing more, and the outputs of the stack stay", async () => {
    const work = await bench(one);
    await work.ok("up", ...skip);
    work.program(`new R("a"); throw new Error("broken program");`);
    const { code, stdout } = await work.run("up", ...skip);
    assert.notEqual(code, 0);
    assert.match(stdout, /broken program/);
    assert.equal((await work.ok("stack", "output", "v")).stdout, "1\n");
  });
});
