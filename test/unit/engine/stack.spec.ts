import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { bench, cleanUp, engine, skip, urn } from "./harness";

const program = `
const a = new R("a", { v: config.get("v") || "1", s: pulumi.secret("hush") });
exports.v = a.v; exports.s = a.s; exports.list = [1, { x: a.v }];
`;

describe("local engine: stacks, configuration and output", function () {
  this.timeout(120_000);
  afterEach(cleanUp);

  it("stack init, select and rm", async () => {
    const work = await bench(program);
    assert.notEqual((await work.run("stack", "init", "dev")).code, 0);
    await work.ok("stack", "init", "other");
    await work.ok("stack", "select", "dev");
    assert.equal((await work.run("stack", "select", "nope")).code, 6);
    assert.equal((await work.run("preview", "--stack", "nope")).code, 6);
    await work.ok("up", ...skip);
    assert.notEqual((await work.run("stack", "rm", "dev", "--yes")).code, 0);
    await work.ok("destroy", ...skip);
    await work.ok("stack", "rm", "dev", "--yes");
    assert.equal(existsSync(join(work.folder, "Pulumi.dev.yaml")), false);
    await work.ok("stack", "rm", "other", "--yes");
    assert.notEqual((await work.run("preview")).code, 0);
  });

  it("stack rename carries state and configuration over, and an up finds nothing to do", async () => {
    const work = await bench(`${program} new R("b", {}, { parent: a });`);
    await work.ok("config", "set", "v", "7");
    await work.ok("up", ...skip);
    await work.ok("stack", "rename", "prod");
    assert.equal(existsSync(join(work.folder, "Pulumi.dev.yaml")), false);
    assert.equal(existsSync(work.stateFile), false);
    const { calls } = await work.ok("up", ...skip, "--expect-no-changes");
    assert.deepEqual(calls.sort(), ["check a", "check b", "diff a", "diff b"]);
    assert.equal((await work.ok("stack", "output", "v")).stdout, "7\n");
    await work.ok("stack", "init", "other");
    const { code, stderr } = await work.run("stack", "rename", "prod");
    assert.notEqual(code, 0);
    assert.match(stderr, /a stack named prod already exists/);
  });

  it("state delete forgets resources without a call, but none that others need", async () => {
    const work = await bench('const a = new R("a"); new R("b", { v: a.made });');
    await work.ok("up", ...skip);
    const { code, stderr } = await work.run("state", "delete", urn("a"), "--yes");
    assert.notEqual(code, 0);
    assert.match(stderr, /can't be safely deleted because the following resources depend on it:\n \* "b"/);
    assert.deepEqual((await work.ok("state", "delete", urn("a"), urn("b"), "--yes")).calls, []);
    assert.equal(work.resources().length, 2);
    assert.notEqual((await work.run("state", "delete", urn("a"), "--yes")).code, 0);
    assert.deepEqual((await work.ok("up", ...skip)).calls, ["check a", "create a", "check b", "create b"]);
  });

  it("state unprotect lets go what was protected, one by one or all of it", async () => {
    const work = await bench('new R("a", {}, { protect: true }); new R("b", {}, { protect: true });');
    await work.ok("up", ...skip);
    await work.ok("state", "unprotect", urn("a"), "--yes");
    assert.notEqual((await work.run("destroy", "--yes")).code, 0);
    await work.ok("state", "unprotect", "--all", "--yes");
    await work.ok("destroy", ...skip);
    assert.equal(work.resources().length, 0);
  });

  it("config set, get and rm, secrets and paths", async () => {
    const work = await bench(program);
    await work.ok("config", "set", "plain", "x");
    await work.ok("config", "set", "token", "hush", "--secret");
    await work.ok("config", "set", "--path", "tree.branch[0].leaf", "1");
    await work.ok("config", "set", "--path", "tree.flag", "true");
    await work.ok("config", "set", "other:key", "y");
    const file = readFileSync(join(work.folder, "Pulumi.dev.yaml"), "utf8");
    assert.doesNotMatch(file, /hush/);
    assert.match(file, /bench:token:\n +secure: v1:/);
    const get = async (...args: string[]): Promise<string> => (await work.ok("config", "get", ...args)).stdout.trim();
    assert.equal(await get("plain"), "x");
    assert.equal(await get("bench:plain"), "x");
    assert.equal(await get("token"), "hush");
    assert.equal(await get("other:key"), "y");
    assert.deepEqual(JSON.parse(await get("tree")), { branch: [{ leaf: 1 }], flag: true });
    assert.equal(await get("--path", "tree.branch[0].leaf"), "1");
    await work.ok("config", "rm", "--path", "tree.branch[0]");
    assert.deepEqual(JSON.parse(await get("tree")), { branch: [], flag: true });
    await work.ok("config", "rm", "plain");
    assert.notEqual((await work.run("config", "get", "plain")).code, 0);
  });

  it("a wrong passphrase is refused", async () => {
    const work = await bench(program);
    await work.ok("up", ...skip);
    work.environment.PULUMI_CONFIG_PASSPHRASE = "wrong";
    const { code, stderr, calls } = await work.run("up", ...skip);
    assert.notEqual(code, 0);
    assert.match(stderr, /incorrect passphrase/);
    assert.deepEqual(calls, []);
  });

  it("stack output, export and import", async () => {
    const work = await bench(program);
    await work.ok("up", ...skip);
    const outputs = JSON.parse((await work.ok("stack", "output", "--json")).stdout) as Record<string, unknown>;
    assert.deepEqual(outputs, { list: [1, { x: "1" }], s: "[secret]", v: "1" });
    assert.equal(
      (JSON.parse((await work.ok("stack", "output", "--json", "--show-secrets")).stdout) as { s: string }).s,
      "hush",
    );
    assert.equal((await work.ok("stack", "output", "v")).stdout, "1\n");
    const hidden = (await work.ok("stack", "export")).stdout;
    assert.doesNotMatch(hidden, /hush/);
    const open = (await work.ok("stack", "export", "--show-secrets")).stdout;
    assert.match(open, /"plaintext": "\\"hush\\""/);
    const file = join(work.folder, "exported.json");
    await work.ok("stack", "export", "--show-secrets", "--file", file);
    await work.ok("destroy", ...skip);
    await work.ok("stack", "import", "--file", file);
    assert.doesNotMatch(readFileSync(work.stateFile, "utf8"), /hush/);
    assert.deepEqual((await work.ok("preview", "--expect-no-changes")).calls, ["check a", "diff a"]);
  });

  it("asks for --yes where nobody can be asked", async () => {
    const work = await bench(program);
    assert.equal((await work.run("up")).code, 2);
    assert.equal((await work.run("destroy")).code, 2);
  });

  it("says what only the CLI does, and exits 2", async function () {
    if (engine === "cli") return this.skip();
    const work = await bench(program);
    for (const args of [["watch"], ["up", "--policy-pack", "x"], ["stack", "ls"], ["new"]]) {
      const { code, stderr } = await work.run(...args);
      assert.equal(code, 2, stderr);
      assert.match(stderr, /not supported by the local engine/);
    }
    for (const option of ['import: "x"', "customTimeouts: { create: '5m' }", "ignoreChanges: ['v.w']"]) {
      work.program(`new R("a", {}, { ${option} });`);
      const { code, stdout } = await work.run("preview");
      assert.notEqual(code, 0);
      assert.match(stdout, new RegExp(`"${option.split(":")[0]}".*not supported by the local engine`));
    }
    work.program(`new pulumi.CustomResource("aws:s3:Bucket", "b", {});`);
    assert.match((await work.run("preview")).stdout, /"aws:s3:Bucket".*not supported by the local engine/);
  });

  it("says on stderr that it is not the CLI, and keeps stdout clean", async function () {
    if (engine === "cli") return this.skip();
    const work = await bench(program);
    const { stdout, stderr } = await work.ok("version");
    assert.match(stderr, /^local engine: .*not the Pulumi CLI/);
    assert.match(stdout, /^v\d+\.\d+\.\d+\n$/);
  });
});
