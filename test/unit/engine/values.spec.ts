import assert from "node:assert/strict";
import { bench, cleanUp, skip } from "./harness";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

describe("local engine: secret and unknown values", function () {
  this.timeout(120_000);
  afterEach(cleanUp);

  it("E17, E22: secrets follow the name of the property, and no copy; additionalSecretOutputs adds names", async () => {
    const work = await bench(
      `new R("a", { s: pulumi.secret("hush"), deep: { t: pulumi.secret("hush") } }, { additionalSecretOutputs: ["made"] });`,
    );
    const outs = { name: "a", v: "1", s: "hush", deep: { t: "hush", u: "shown" }, made: "hush", copy: "hush" };
    work.world({ "create a": { answer: { id: "id-a", outs } } });
    await work.ok("up", ...skip);
    assert.equal(work.callsOf("create", "a")[0]!.news!.s, "hush");
    const { inputs, outputs } = work.resource("a")!;
    const { copy, ...others } = outputs!;
    assert.equal(copy, "hush");
    assert.doesNotMatch(JSON.stringify([inputs, others]), /hush/);
    for (const value of [inputs!.s, others.s, others.deep, others.made])
      assert.match(JSON.stringify(value), /ciphertext/);
    assert.deepEqual((await work.ok("up", ...skip, "--expect-no-changes")).calls, ["check a", "diff a"]);
    assert.deepEqual(work.callsOf("diff", "a")[0]!.olds!.deep, { t: "hush", u: "shown" });
  });

  it("E18, E24: in a preview inputs are echoed, what is derived from them is known, and everything else is unknown at any depth", async () => {
    const work = await bench(`
      const a = new R("a", { v: config.get("v") || "1", deep: { list: ["x"] } });
      new R("b", { v: "1", echo: a.v, derived: a.deep.apply((d) => d.list[0] + "!"), w: a.made, deep: { list: [a.made, { l: a.id }] } });
    `);
    work.world({ "create a": { wait: 300 } });
    const newsOfB = (): unknown[] => {
      const { echo, derived, w, deep } = work.callsOf("check", "b").at(-1)!.news!;
      return [echo, derived, w, deep];
    };
    await work.ok("preview");
    assert.deepEqual(newsOfB(), ["1", "x!", unknown, { list: [unknown, { l: unknown }] }]);
    const { calls } = await work.ok("up", ...skip);
    assert.ok(calls.indexOf("create done a") < calls.indexOf("check b"), calls.join());
    assert.deepEqual(newsOfB(), ["1", "x!", "create", { list: ["create", { l: "id-a" }] }]);
    await work.ok("config", "set", "v", "2");
    // b's diff looks at other properties alone, so that it sees no change in one that is unknown.
    const { stdout } = await work.ok("preview");
    assert.deepEqual(newsOfB(), ["2", "x!", unknown, { list: [unknown, { l: "id-a" }] }]);
    assert.match(stdout, /~ 1 to update\n +2 unchanged/);
  });

  it("E47: with ignoreChanges, check sees old inputs in the place of new ones, and no input where there was none", async () => {
    const program = (v: string, more: string): string =>
      `new R("a", { v: "${v}", w: "1" ${more} }, { ignoreChanges: ["v", "late"] });`;
    const work = await bench(program("1", ""));
    await work.ok("up", ...skip);
    work.program(program("2", ', late: "x"'));
    await work.ok("up", ...skip, "--expect-no-changes");
    const { v, w, late } = work.callsOf("check", "a").at(-1)!.news!;
    assert.deepEqual([v, w, late], ["1", "1", undefined]);
  });

  it("E40: --diff shows old and new values, lists by position, and secrets hidden", async () => {
    const list = Array.from({ length: 40 }, (_, i) => `serial-${i}`);
    const program = (elements: string[], v: string): string =>
      `new R("a", { v: "${v}", s: pulumi.secret("hush"), list: ${JSON.stringify(elements)} });`;
    const work = await bench(program(list, "1"));
    await work.ok("up", ...skip);
    work.program(program(["first", ...list], "2"));
    const { stdout } = await work.ok("preview", "--diff");
    assert.match(stdout, /~ v *: "1" => "2"/);
    assert.match(stdout, /\[0\]: "serial-0" => "first"/);
    assert.match(stdout, /\[39\]: "serial-39" => "serial-38"/);
    assert.match(stdout, /\[40\]: "serial-39"/);
    assert.ok(stdout.split("\n").filter((line) => line.includes("serial-")).length >= 40, stdout);
    assert.doesNotMatch(stdout, /hush/);
  });
});
