import assert from "node:assert/strict";
import { mkdirSync, realpathSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bench, type Call, cleanUp, skip } from "./harness";

const pidsOf = (calls: Call[]): number[] => [...new Set(calls.map((c) => c.pid))];

describe("local engine: processes and configuration", function () {
  this.timeout(120_000);
  afterEach(cleanUp);

  it("E1: a preview and the update after it start a host each, which serves every dynamic resource", async () => {
    // The other text makes another provider of it, which the host configures on its own.
    const work = await bench(`const a = new R("a"); new R("b", { __provider: provider + "\\n//", v: a.v });`);
    await work.ok("up", "--yes");
    const [preview, update] = [work.calls().slice(0, 4), work.calls().slice(4)];
    assert.deepEqual(
      preview.map((c) => c.call),
      ["configure", "check", "configure", "check"],
    );
    assert.deepEqual(
      update.map((c) => c.call),
      ["configure", "check", "create", "configure", "check", "create"],
    );
    assert.deepEqual([pidsOf(preview).length, pidsOf(update).length, pidsOf(work.calls()).length], [1, 1, 2]);
  });

  it("E2: refresh reads and diffs everything in a preview pass, and again in the real one", async () => {
    const work = await bench(`new R("a"); new R("b");`);
    await work.ok("up", ...skip);
    const from = work.calls().length;
    const { calls } = await work.ok("refresh", "--yes");
    assert.equal(pidsOf(work.calls().slice(from)).length, 2);
    const pass = ["diff a", "diff b", "read a", "read b"];
    for (const half of [calls.slice(0, 4), calls.slice(4)]) {
      assert.deepEqual([...half].sort(), pass);
      for (const name of ["a", "b"])
        assert.ok(half.indexOf(`read ${name}`) < half.indexOf(`diff ${name}`), half.join());
    }
    assert.deepEqual([...(await work.ok("refresh", ...skip)).calls].sort(), pass);
    assert.equal(pidsOf(work.calls()).length, 4);
  });

  it("E3: the host runs in the program's folder, and finds a provider by a link there or above, not by the package's own name", async () => {
    const work = await bench("");
    const folder = join(work.folder, "program/src");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(work.folder, "Pulumi.yaml"), "name: bench\nruntime: nodejs\nmain: program/src\n");
    writeFileSync(
      join(folder, "package.json"),
      JSON.stringify({ name: "bench", main: "index.js", exports: { "./provider": "./provider.js" } }),
    );
    work.program(`
      require("fs").writeFileSync("provider.js", provider);
      new R("a", { __provider: 'exports.handler = () => require("bench/provider").handler();' });
    `);
    renameSync(join(work.folder, "index.js"), join(folder, "index.js"));
    const lost = await work.failing("preview");
    assert.match(lost.stdout, /Cannot find module 'bench\/provider'/);
    assert.deepEqual(work.calls(), []);
    const modules = join(folder, "../node_modules");
    mkdirSync(modules);
    symlinkSync(folder, join(modules, "bench"));
    await work.ok("preview");
    assert.equal(work.callsOf("configure")[0]!.folder, realpathSync(folder));
  });

  it("E4: configuration is today's with a program and the last up's without one; variables are always today's", async () => {
    const work = await bench(`new R("a");`);
    const today = async (day: string): Promise<void> => {
      await work.ok("config", "set", "token", day);
      work.environment.TEST_VARIABLE = day;
    };
    await today("first");
    await work.ok("up", ...skip);
    await today("second");
    await work.ok("refresh", ...skip);
    await work.ok("preview");
    await work.ok("refresh", ...skip, "--run-program");
    await today("third");
    await work.ok("destroy", ...skip);
    assert.deepEqual(
      work.callsOf("configure").map((c) => [c.config!["bench:token"], c.variable]),
      [
        ["first", "first"],
        ["first", "second"],
        ["second", "second"],
        ["second", "second"],
        ["second", "third"],
      ],
    );
  });

  it("E33: destroy --run-program sees today's configuration, and still checks nothing", async () => {
    const work = await bench(`new R("a"); new R("b");`);
    await work.ok("up", ...skip);
    await work.ok("config", "set", "token", "today");
    const { calls } = await work.ok("destroy", ...skip, "--run-program");
    assert.deepEqual([...calls].sort(), ["delete a", "delete b"]);
    assert.equal(work.callsOf("configure").at(-1)!.config!["bench:token"], "today");
    assert.deepEqual(work.resources(), []);
  });

  it("E5, E25: configuration reaches the provider in clear, objects as JSON text; the state holds secrets encrypted", async () => {
    const work = await bench(`new R("a");`);
    await work.ok("config", "set", "--secret", "token", "hush");
    await work.ok("config", "set", "--path", "tokens.hq", "x");
    await work.ok("config", "set", "--path", "--secret", "tokens.branch", "hush-hush");
    await work.ok("config", "set", "other:key", "z");
    await work.ok("up", ...skip);
    const { config, other } = work.callsOf("configure")[0]!;
    assert.equal(config!["bench:token"], "hush");
    assert.deepEqual(JSON.parse(config!["bench:tokens"] as string), { hq: "x", branch: "hush-hush" });
    assert.deepEqual([config!["other:key"], other], ["z", "z"]);
    const { inputs, outputs } = work.resources().find((r) => r.type.startsWith("pulumi:providers:"))!;
    for (const held of [inputs!, outputs!]) {
      assert.doesNotMatch(JSON.stringify(held), /hush/);
      assert.match(JSON.stringify(held["bench:token"]), /ciphertext/);
      assert.equal(held["other:key"], "z");
    }
  });

  it("E6, E37: what the host prints in any call is shown at the end, under the stack's diagnostics, in a preview too", async () => {
    const work = await bench(`new R("a", { v: config.get("v") || "1" });`);
    const calls = ["check", "diff", "create", "update", "read", "delete"];
    work.world(Object.fromEntries(calls.map((call) => [`${call} a`, { note: `note of ${call}` }])));
    const notes = async (...args: string[]): Promise<string[]> => {
      const { stdout } = await work.ok(...args);
      const shown = /Diagnostics:\n +pulumi:pulumi:Stack \(bench-dev\):\n((?: +note of \w+\n)+)/.exec(stdout);
      assert.ok(shown, stdout);
      return shown[1]!
        .trim()
        .split("\n")
        .map((line) => line.replace(/.* /, ""));
    };
    assert.deepEqual(await notes("up", ...skip), ["check", "create"]);
    await work.ok("config", "set", "v", "2");
    assert.deepEqual(await notes("preview"), ["check", "diff"]);
    assert.deepEqual(await notes("up", ...skip), ["check", "diff", "update"]);
    assert.deepEqual(await notes("refresh", ...skip), ["read", "diff"]);
    assert.deepEqual(await notes("destroy", ...skip), ["delete"]);
  });

  it("the program and the host are started with what the SDK needs to know of the stack", async () => {
    const variables = `Object.fromEntries(Object.entries(process.env).filter(([key]) => /^PULUMI_/.test(key)))`;
    const work = await bench(`
      const text = "exports.handler = () => ({ create: async () => ({ id: 'x', outs: { variables: ${variables} } }) })";
      const a = new R("a", { __provider: text, variables: undefined });
      exports.host = a.variables;
      exports.program = ${variables};
      exports.known = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack(), pulumi.runtime.isDryRun()];
    `);
    await work.ok("config", "set", "v", "7");
    await work.ok("config", "set", "--secret", "token", "hush");
    await work.ok("up", ...skip);
    type Variables = Record<string, string>;
    const { program, host, known } = JSON.parse((await work.ok("stack", "output", "--json")).stdout) as {
      program: Variables;
      host: Variables;
      known: unknown[];
    };
    assert.deepEqual(known, ["organization", "bench", "dev", false]);
    assert.deepEqual(JSON.parse(program.PULUMI_CONFIG!), { "bench:config:v": "7", "bench:config:token": "hush" });
    assert.deepEqual(JSON.parse(program.PULUMI_CONFIG_SECRET_KEYS!), ["bench:token"]);
    assert.deepEqual([program.PULUMI_NODEJS_TYPESCRIPT, program.PULUMI_NODEJS_ROOT_DIRECTORY], ["true", work.folder]);
    assert.deepEqual([host.PULUMI_PROJECT, host.PULUMI_NODEJS_PROJECT, host.PULUMI_CONFIG], ["bench", "bench", "{}"]);
  });

  it("a secret of the configuration is masked wherever it would be shown", async () => {
    const work = await bench(`new R("a"); exports.shown = "<" + config.get("token") + ">";`);
    await work.ok("config", "set", "--secret", "token", "hush-hush");
    work.world({ "check a": { note: "a note of hush-hush" }, "create a": { error: "no hush-hush" } });
    const { stdout, stderr } = await work.failing("up", ...skip);
    assert.doesNotMatch(stdout + stderr, /hush/);
    assert.match(stdout, /a note of \[secret\]/);
    assert.match(stdout, /error: .*no \[secret\]/);
  });
});
