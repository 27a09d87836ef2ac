import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { bench, cleanUp, type Resource, skip, type Workbench } from "./harness";

const base = "organization/bench/base";

/** One program for two stacks: `base` has outputs, and `dev` takes them for the inputs of a resource. */
const program = (name = base): string => `
  if (pulumi.getStack() === "base")
    Object.assign(exports, { plain: { v: config.get("v") || "1" }, hush: pulumi.secret("hush"), deep: { x: pulumi.secret("inner") } });
  else {
    const other = new pulumi.StackReference("other", { name: "${name}" });
    new R("a", { v: other.requireOutput("plain").apply(({ v }) => v), s: other.requireOutput("hush"), d: other.getOutput("deep") });
    exports.none = other.getOutput("nothing").apply((value) => String(value));
  }
`;

const typesIn = (work: Workbench): string[] =>
  work.resources().map(({ type }) => type.replace("pulumi:providers:", ""));

describe("local engine: references to other stacks", function () {
  this.timeout(120_000);
  let work: Workbench;

  before(async () => {
    work = await bench(program());
    await work.ok("stack", "init", "base");
    await work.ok("up", ...skip, "--stack", "base");
    await work.ok("stack", "select", "dev");
    await work.ok("up", ...skip);
  });
  after(cleanUp);

  it("give another stack's outputs and keep its secrets, in the state as something that is only read", () => {
    const { v, s, d } = work.callsOf("create", "a")[0]!.news!;
    assert.deepEqual([v, s, d], ["1", "hush", { x: "inner" }]);
    const { id, inputs, outputs, external } = work.resource("other") as Resource & { external?: boolean };
    const { plain } = outputs!.outputs as Record<string, unknown>;
    assert.deepEqual([id, inputs, external], [base, { name: base }, true]);
    assert.deepEqual([outputs!.name, plain, outputs!.secretOutputNames], [base, { v: "1" }, ["deep", "hush"]]);
    assert.doesNotMatch(readFileSync(work.stateFile, "utf8"), /hush\\?"[,}]|inner/);
    assert.equal(work.resources()[0]!.outputs!.none, "undefined");
    assert.deepEqual(typesIn(work).sort().slice(0, 2), ["pulumi", "pulumi-nodejs"]);
  });

  it("follow what becomes of the other stack, which a refresh shows as an update, and go at the end without a word", async () => {
    await work.ok("config", "set", "v", "2", "--stack", "base");
    await work.ok("up", ...skip, "--stack", "base");
    assert.equal((await work.run("refresh", "--preview-only", "--expect-no-changes")).code, 7);
    const { steps, changeSummary } = JSON.parse((await work.ok("preview", "--json")).stdout) as {
      steps: { op: string; urn: string }[];
      changeSummary: Record<string, number>;
    };
    const ops = steps.map(({ op, urn }) => `${op} ${urn.split("::").pop()}`);
    assert.deepEqual(ops.sort(), ["read other", "same bench-dev", "update a"]);
    assert.deepEqual([changeSummary.same, changeSummary.update], [1, 1]);
    assert.match((await work.ok("destroy", ...skip)).stdout, /- 2 deleted/);
    assert.deepEqual(work.resources(), []);
  });

  it("to no stack fail by name, before anything that depends on them", async () => {
    work.program(program("organization/bench/nowhere"));
    const { stdout, stderr, calls } = await work.failing("preview");
    assert.match(stdout + stderr, /unknown stack "organization\/bench\/nowhere"/);
    assert.deepEqual(calls, []);
  });
});
