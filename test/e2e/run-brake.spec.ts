import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { recordIn } from "../../provider/plan/declaredRecord";
import { bindHq, describeTrials, js, type Trial } from "../support/trial";
import { serials } from "../support/world";

const lists = `Array.from({ length: 30 }, (_, at) => "F9F" + String(from + at).padStart(9, "0"))`;

/** A program that makes an assignment of 30 devices for each department. */
function departments(names: readonly string[], form: { head: string; options?: string }): string {
  return `${form.head}
    const token = new vpp.VppToken("hq", {}${form.options === undefined ? "" : `, ${form.options}`});
    for (const [at, name] of ${JSON.stringify(names)}.entries()) {
      const from = at * 100;
      new vpp.VppAssignment(name, { token, apps: ["409201541"], serialNumbers: ${lists} });
    }`;
}

const inTypeScript = { head: 'import * as vpp from "pulumi-vpp";\nexport const answer: number = 42;' };
const asModule = { head: 'import * as vpp from "pulumi-vpp";\nexport const answer = 42;' };
const plain = { head: 'const vpp = require("pulumi-vpp");' };

function write({ stack }: Trial, file: string, text: string, runtime = "nodejs", type = "commonjs"): void {
  for (const old of ["index.js", "index.ts"]) rmSync(join(stack.folder, old), { force: true });
  writeFileSync(join(stack.folder, "Pulumi.yaml"), `name: trial\nruntime: ${runtime}\n`);
  writeFileSync(join(stack.folder, "package.json"), JSON.stringify({ name: "trial", private: true, type }));
  writeFileSync(join(stack.folder, file), text);
}

describeTrials("a program that loses whole resources", (trial) => {
  it("is refused in the preview as a TypeScript program, asks nothing when unchanged, and keeps its record byte by byte", async () => {
    trial.stack.env.PULUMI_NODEJS_TRANSPILE_ONLY = "true";
    write(trial, "index.ts", departments(["a", "b", "c"], inTypeScript));
    await trial.stack.up("--skip-preview");
    const { declared } = trial.stack.resource("hq").inputs!;
    assert.deepEqual([...recordIn(declared)!.assignments.keys()], ["a", "b", "c"]);
    assert.equal("declared" in trial.stack.outputs("hq"), false);
    await trial.world.forget();
    await trial.stack.up("--skip-preview");
    assert.deepEqual(await trial.world.requests(), []);
    assert.equal(trial.stack.resource("hq").inputs!.declared, declared);
    write(trial, "index.ts", departments(["a"], inTypeScript));
    const { text } = await trial.stack.failingPreview();
    assert.match(text, /2 assignments leave the program \(b, c\): at least 60 licences of 60 devices would be revoked/);
  });

  it("has no record as an ES module, and its deletes are held all the same", async () => {
    const runtime = "{ name: nodejs, options: { typescript: false } }";
    write(trial, "index.js", departments(["a", "b"], asModule), runtime, "module");
    await trial.stack.up("--skip-preview");
    assert.equal("declared" in trial.stack.resource("hq").inputs!, false);
    write(trial, "index.js", departments(["a"], asModule), runtime, "module");
    const { text } = await trial.stack.failing("up", "--yes", "--skip-preview");
    assert.match(text, /b: not deleted: deleting it would take licences from 30 targets/);
    assert.equal(trial.stack.outputs("b").assignedCount, 30);
  });

  it("is stopped by protect when nothing of ours is left in it, and gone after unprotect", async () => {
    const runtime = "{ name: nodejs, options: { typescript: false } }";
    write(trial, "index.js", departments(["a"], { ...plain, options: "{ protect: true }" }), runtime);
    await trial.stack.up("--skip-preview");
    write(trial, "index.js", plain.head, runtime);
    assert.match((await trial.stack.failingPreview()).text, /protect/);
    assert.match((await trial.stack.failing("up", "--yes")).text, /protect/);
    assert.equal((await trial.world.holders("409201541")).length, 30);
    await trial.stack.expect(0, "state", "unprotect", "--all", "--yes");
    await trial.stack.destroy();
    assert.deepEqual(await trial.world.holders("409201541"), []);
  });

  it("is held where the token is excluded, as everywhere else (the CLI only)", async function () {
    if (trial.engine.name === "local engine") return this.skip();
    const runtime = "{ name: nodejs, options: { typescript: false } }";
    write(trial, "index.js", departments(["a", "b"], plain), runtime);
    await trial.stack.up("--skip-preview");
    write(trial, "index.js", departments(["a"], plain), runtime);
    const { urn } = trial.stack.resource("hq");
    const { text } = await trial.stack.failing("up", "--yes", "--skip-preview", "--exclude", urn);
    assert.match(text, /b: not deleted: deleting it would take licences from 30 targets/);
    const { urn: a } = trial.stack.resource("a");
    const { urn: b } = trial.stack.resource("b");
    const both = await trial.stack.failing("up", "--yes", "--skip-preview", "--target", a, "--target", b);
    assert.match(both.text, /b: not deleted: deleting it would take licences from 30 targets/);
  });
});

const keynote = "361285480";
const devices = (list: readonly string[]): string =>
  `${bindHq} new vpp.VppAssignment("kiosk", { token, apps: ["${keynote}"], serialNumbers: ${js(list)} });`;

describeTrials(
  "an assignment of many devices",
  (trial) => {
    it("is stopped when it leaves the program, in the preview and before its delete, and passes where the run says so", async () => {
      const program = (config = ""): string =>
        `const token = new vpp.VppToken("hq", { displayName: "Head office", ${config} });`;
      trial.stack.program(devices(serials(40)));
      await trial.stack.up("--skip-preview");
      trial.stack.program(program());
      const preview = await trial.stack.failingPreview();
      assert.match(
        preview.text,
        /1 assignment leaves the program \(kiosk\): at least 40 licences of 40 devices would be revoked/,
      );
      assert.match(preview.text, /set maxRevocations: 40 on VppToken hq for this run/);
      // A program that exports a function may still declare anything, so that only the delete itself knows.
      trial.stack.program(`module.exports = async () => { ${program()} };`);
      await trial.stack.preview();
      const up = await trial.stack.failing("up", "--yes", "--skip-preview");
      assert.match(
        up.text,
        /kiosk: not deleted: deleting it would take licences from 40 targets \([^)]+ and 35 more\), and one run may take licences from 25/,
      );
      assert.equal((await trial.world.holders(keynote)).length, 40);

      await trial.stack.expect(0, "config", "set", "vpp:maxRevocations", "40");
      trial.stack.program(program());
      await trial.stack.up("--skip-preview");
      assert.deepEqual(await trial.world.holders(keynote), []);
      await trial.stack.expect(0, "config", "rm", "vpp:maxRevocations");
      await trial.stack.preview("--expect-no-changes");
    });

    it("is free in a destroy, and in a run that targets nothing but what has gone", async () => {
      trial.stack.program(devices(serials(40)));
      await trial.stack.up("--skip-preview");
      const { urn } = trial.stack.resource("kiosk");
      trial.stack.program(bindHq);
      await trial.stack.up("--skip-preview", "--target", urn);
      assert.deepEqual(await trial.world.holders(keynote), []);
      trial.stack.program(devices(serials(40)));
      await trial.stack.up("--skip-preview");
      await trial.stack.destroy();
      assert.deepEqual(await trial.world.holders(keynote), []);
    });
  },
  { contract: "order and targets" },
);
