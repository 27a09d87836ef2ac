import assert from "node:assert/strict";
import { bench, cleanUp, skip, urn, type Workbench } from "./harness";

/** A program whose `a` is deleted before it is replaced, with `b` that needs an output of it. */
const first = (r: string): string => `
  const a = new R("a", { r: "${r}", dbr: true });
  new R("b", { r: a.made });
`;

/** A stack whose replacement has created and could not delete, so that an old copy waits. */
async function withOldCopy(others = ""): Promise<Workbench> {
  const work = await bench(`new R("a", { r: config.get("r") || "1" }); ${others}`);
  await work.ok("up", ...skip);
  await work.ok("config", "set", "r", "2");
  work.world({ "delete a": { error: "not now" } });
  await work.failing("up", ...skip);
  work.world({});
  return work;
}

const copies = (work: Workbench): boolean[] =>
  work
    .resources()
    .filter((r) => r.urn === urn("a"))
    .map((r) => r.delete ?? false);

describe("local engine: replacements", function () {
  this.timeout(120_000);
  afterEach(cleanUp);

  it("E21: a replacement that ends before its delete leaves the old copy, deleted next time after the program's checks and diffs", async () => {
    const work = await withOldCopy(`new R("c");`);
    assert.deepEqual(copies(work), [false, true]);
    assert.match((await work.ok("preview")).stdout, / -- +pulumi-nodejs:dynamic\/test:R a delete original/);
    const { calls } = await work.ok("up", ...skip);
    assert.deepEqual(calls.slice(0, -1).sort(), ["check a", "check c", "diff a", "diff c"]);
    assert.deepEqual(calls.slice(-1), ["delete a"]);
    assert.equal(work.callsOf("delete", "a").at(-1)!.olds!.r, "1");
    assert.deepEqual(copies(work), [false]);
  });

  it("E32: refresh reads the copies that wait to be deleted too, and overwrites their outputs", async () => {
    const work = await withOldCopy();
    work.world({ "read a": { answer: { id: "id-a", props: { name: "a", v: "1", r: "2", made: "read" } } } });
    const { calls } = await work.ok("refresh", ...skip);
    assert.deepEqual(
      calls.filter((c) => c === "read a"),
      ["read a", "read a"],
    );
    assert.deepEqual(copies(work), [false, true]);
    assert.deepEqual(
      work.resources().flatMap((r) => (r.urn === urn("a") ? [r.outputs!.made] : [])),
      ["read", "read"],
    );
    assert.deepEqual((await work.ok("up", ...skip)).calls, ["check a", "diff a", "delete a"]);
    assert.equal(work.callsOf("delete", "a").at(-1)!.olds!.made, "read");
  });

  it("E27: pending deletes of what is not targeted stay", async () => {
    const work = await withOldCopy(`new R("c");`);
    assert.deepEqual((await work.ok("up", ...skip, "--target", urn("c"))).calls, ["check c", "diff c"]);
    assert.deepEqual(copies(work), [false, true]);
  });

  it("E39: with deleteBeforeReplace the delete comes first, and dependents are diffed before they are checked", async () => {
    const work = await bench(first("1"));
    await work.ok("up", ...skip);
    work.program(first("2"));
    const deletes = ["check a", "diff a", "check a", "diff b", "delete b", "delete a"];
    assert.deepEqual((await work.ok("up", ...skip)).calls, [...deletes, "create a", "check b", "create b"]);
    assert.deepEqual(
      work.resources().filter((r) => r.delete),
      [],
    );
    // What is deleted for a replacement and has left the program meanwhile stays away.
    work.program(`new R("a", { r: "3", dbr: true });`);
    assert.deepEqual((await work.ok("up", ...skip)).calls, [...deletes, "create a"]);
    assert.equal(work.resources().length, 3);
  });

  it("E39: after a run that ended between the delete and the create, dependents are deleted once more", async () => {
    const work = await bench(first("1"));
    await work.ok("up", ...skip);
    work.program(first("2"));
    work.world({ "create a": { error: "not now" } });
    await work.failing("up", ...skip);
    work.world({});
    const { calls } = await work.ok("up", ...skip);
    const again = ["check a", "diff a", "check a", "diff b", "delete b", "create a", "check b", "create b"];
    assert.deepEqual(calls, again);
    assert.equal(work.resources().length, 4);
  });

  it("several resources are tainted at once", async () => {
    const work = await bench(`new R("a"); new R("b");`);
    await work.ok("up", ...skip);
    await work.ok("state", "taint", urn("a"), urn("b"), "--yes");
    const { calls } = await work.ok("up", ...skip);
    assert.deepEqual(calls.sort(), ["check a", "check b", "create a", "create b", "delete a", "delete b"]);
  });

  it("what is untainted again is kept", async () => {
    const work = await bench(`new R("a"); new R("b");`);
    await work.ok("up", ...skip);
    await work.ok("state", "taint", urn("a"), urn("b"), "--yes");
    await work.ok("state", "untaint", urn("a"), "--yes");
    const { calls } = await work.ok("up", ...skip);
    assert.deepEqual(calls.sort(), ["check a", "check b", "create b", "delete b", "diff a"]);
  });

  it("with retainOnDelete nothing is deleted, as soon as the state says so", async () => {
    const program = (r: string, options: string): string => `new R("a", { r: "${r}" }, ${options});`;
    const retained = "{ retainOnDelete: true }";
    const work = await bench(program("1", "{}"));
    await work.ok("up", ...skip);
    const replaced = ["check a", "diff a", "check a", "create a"];
    work.program(program("2", retained));
    assert.deepEqual((await work.ok("up", ...skip)).calls, [...replaced, "delete a"]);
    work.program(program("3", "{}"));
    assert.deepEqual((await work.ok("up", ...skip)).calls, replaced);
    work.program(program("3", retained));
    assert.deepEqual((await work.ok("up", ...skip)).calls, ["check a", "diff a"]);
    assert.deepEqual((await work.ok("destroy", ...skip)).calls, []);
    assert.deepEqual(work.resources(), []);
  });

  it("replaceOnChanges replaces only what the last run left half done, since dynamic providers name no changed properties", async () => {
    const program = (v: string): string => `new R("a", { v: "${v}" }, { replaceOnChanges: ["*"] });`;
    const work = await bench(program("1"));
    await work.ok("up", ...skip);
    work.program(program("2"));
    const { __provider } = work.resource("a")!.outputs!;
    work.world({ "update a": { reasons: ["half"], properties: { __provider, name: "a", v: "2", made: "half" } } });
    assert.deepEqual((await work.failing("up", ...skip)).calls, ["check a", "diff a", "update a"]);
    work.world({});
    const { calls } = await work.ok("up", ...skip);
    assert.deepEqual(calls, ["check a", "diff a", "check a", "create a", "delete a"]);
  });
});
