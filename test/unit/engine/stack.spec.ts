import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { bench, cleanUp, engine, urn } from "./harness";

const skip = ["--yes", "--skip-preview"];
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

  it("locks the stack while it runs, and cancel unlocks it", async () => {
    const work = await bench(program);
    work.world({ "create a": { wait: 2500 } });
    const { pid, ended } = work.start("up", ...skip);
    while (!work.calls().some((c) => c.call === "create")) await new Promise((resolve) => setTimeout(resolve, 50));
    const second = await work.run("up", ...skip);
    assert.notEqual(second.code, 0);
    assert.match(second.stderr, /currently locked by 1 lock/);
    process.kill(pid, "SIGKILL");
    await ended;
    // Nobody is left to end the host.
    process.kill(work.calls().at(-1)!.pid, "SIGKILL");
    assert.match((await work.run("up", ...skip)).stderr, /currently locked/);
    await work.ok("cancel", "--yes");
    work.world({});
    await work.ok("up", ...skip);
    const locks = join(work.folder, "state/.pulumi/locks/organization/bench/dev");
    assert.deepEqual(existsSync(locks) ? readdirSync(locks) : [], []);
  });

  it("E19 preview --json is one object", async () => {
    const work = await bench(program);
    await work.ok("up", ...skip);
    await work.ok("config", "set", "v", "2");
    await work.ok("config", "set", "--secret", "token", "hush");
    work.world({ "check a": { note: "a note" } });
    const { stdout } = await work.ok("preview", "--json");
    assert.doesNotMatch(stdout, /hush/);
    type Shown = { op: string; urn: string; oldState?: Record<string, unknown>; newState?: Record<string, unknown> };
    type Diagnostic = { urn?: string; message: string; severity: string };
    const preview = JSON.parse(stdout) as {
      config: object;
      steps: Shown[];
      changeSummary: object;
      diagnostics: Diagnostic[];
    };
    assert.deepEqual(preview.config, { "bench:token": "[secret]", "bench:v": "2" });
    assert.deepEqual(preview.changeSummary, { same: 1, update: 1 });
    assert.deepEqual(
      preview.steps.map((s) => s.op),
      ["same", "update"],
    );
    const step = preview.steps[1]!;
    assert.equal(step.urn, urn("a"));
    assert.equal((step.oldState!.inputs as { v: string }).v, "1");
    assert.equal((step.newState!.inputs as { v: string; s: string }).v, "2");
    assert.equal((step.newState!.inputs as { s: string }).s, "[secret]");
    const note = preview.diagnostics.find((d) => d.message.includes("a note"))!;
    assert.deepEqual([note.severity, note.urn], ["info#err", undefined]);
    work.world({ "check a": { answer: { failures: [{ property: "v", reason: "bad" }] } } });
    const failed = await work.run("preview", "--json");
    assert.equal(failed.code, 1);
    const error = (JSON.parse(failed.stdout) as typeof preview).diagnostics.find((d) => d.severity === "error")!;
    assert.equal(error.urn, urn("a"));
    assert.match(error.message, /^error: .*property v value \{2\} has a problem: bad\n$/);
  });

  it("E19 up, refresh and destroy --json print one event a line", async () => {
    const work = await bench(program);
    type Metadata = { op: string; urn: string; old: object | null; new: object | null };
    type Event = {
      sequence: number;
      resourcePreEvent?: { metadata: Metadata };
      resOutputsEvent?: { metadata: Metadata };
      summaryEvent?: { resourceChanges: object; isPreview: boolean };
      diagnosticEvent?: { message: string; severity: string; urn?: string };
      resOpFailedEvent?: { metadata: Metadata };
    };
    const events = async (...args: string[]): Promise<Event[]> => {
      const { stdout } = await work.run(...args, ...skip, "--json");
      return stdout
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Event);
    };
    const about = (list: Event[], kind: "resourcePreEvent" | "resOutputsEvent"): string[] =>
      list.flatMap((e) => (e[kind] ? [`${e[kind].metadata.op} ${e[kind].metadata.urn.split("::").pop()!}`] : []));
    const summary = (list: Event[]): object | undefined =>
      list.find((e) => e.summaryEvent)?.summaryEvent?.resourceChanges;
    const up = await events("up");
    assert.deepEqual(about(up, "resourcePreEvent"), ["create bench-dev", "create a"]);
    assert.ok(about(up, "resOutputsEvent").includes("create a"));
    assert.deepEqual(summary(up), { create: 2 });
    work.world({ "read a": { answer: { id: "id-a", props: { name: "a", v: "9" } } } });
    const refreshed = await events("refresh");
    assert.deepEqual(about(refreshed, "resourcePreEvent").sort(), ["refresh a", "refresh bench-dev"]);
    assert.ok(about(refreshed, "resOutputsEvent").includes("update a"));
    assert.deepEqual(summary(refreshed), { same: 1, update: 1 });
    work.world({ "delete a": { error: "not now" } });
    const failed = await events("destroy");
    assert.equal(failed.find((e) => e.resOpFailedEvent)!.resOpFailedEvent!.metadata.op, "delete");
    const errors = failed.flatMap((e) => (e.diagnosticEvent?.severity === "error" ? [e.diagnosticEvent] : []));
    assert.deepEqual(
      errors.map((e) => [e.urn, e.message]),
      [
        [urn("a"), "not now\n"],
        [undefined, "update failed\n"],
      ],
    );
    work.world({});
    assert.deepEqual(summary(await events("destroy")), { delete: 2 });
  });

  it("--diff shows old and new values, secrets hidden", async () => {
    const work = await bench(program);
    await work.ok("up", ...skip);
    await work.ok("config", "set", "v", "2");
    const { stdout } = await work.ok("preview", "--diff");
    assert.match(stdout, /v *: "1" => "2"/);
    assert.doesNotMatch(stdout, /hush/);
  });

  it("E20 the order of the program's output: the outputs of a run that failed do not drop those of before", async () => {
    const work = await bench(program);
    await work.ok("up", ...skip);
    await work.ok("config", "set", "v", "2");
    work.world({ "update a": { error: "no" } });
    assert.equal((await work.run("up", ...skip)).code, 1);
    assert.equal((await work.ok("stack", "output", "v")).stdout, "1\n");
  });

  it("a StackReference reads another stack of the project", async () => {
    const work = await bench(program);
    await work.ok("up", ...skip);
    await work.ok("stack", "init", "second");
    work.program(
      `const other = new pulumi.StackReference("organization/bench/dev"); exports.v = other.getOutput("v"); exports.s = other.getOutput("s");`,
    );
    await work.ok("up", ...skip);
    assert.equal((await work.ok("stack", "output", "v")).stdout, "1\n");
    assert.match((await work.ok("stack", "output", "--json")).stdout, /"s": "\[secret\]"/);
    assert.match((await work.ok("preview", "--expect-no-changes")).stdout, /1 unchanged/);
    assert.match((await work.ok("destroy", ...skip)).stdout, /- +1 deleted/);
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
    for (const option of [
      "retainOnDelete: true",
      'import: "x"',
      "customTimeouts: { create: '5m' }",
      "replaceOnChanges: ['v']",
    ]) {
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
    rmSync(join(work.folder, "Pulumi.dev.yaml"), { force: true });
  });
});
