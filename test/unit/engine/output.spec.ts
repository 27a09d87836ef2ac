import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { bench, cleanUp, skip, urn, type Workbench } from "./harness";

const program = `
const a = new R("a", { v: config.get("v") || "1", s: pulumi.secret("hush") });
exports.v = a.v; exports.s = a.s; exports.list = [1, { x: a.v }];
`;

describe("local engine: output for programs, and the state", function () {
  this.timeout(120_000);
  afterEach(cleanUp);

  it("E19: preview --json is one object", async () => {
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
    assert.deepEqual(Object.keys(preview).sort(), ["changeSummary", "config", "diagnostics", "duration", "steps"]);
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

  it("E19: preview --json lists the stack and what changes, each once, and counts what stays as it is", async () => {
    const before = ["a", "b", "calm", "gone", "u"].map((name) => `new R("${name}", { dbr: ${name === "b"} });`);
    const work = await bench(before.join("\n"));
    await work.ok("up", ...skip);
    work.program(`
      new R("a", { r: "2" });
      new R("b", { r: "2", dbr: true });
      new R("calm", { dbr: false });
      new R("new");
      new R("u", { v: "2" });
    `);
    const { steps, changeSummary } = JSON.parse((await work.ok("preview", "--json")).stdout) as {
      steps: { op: string; urn: string }[];
      changeSummary: object;
    };
    assert.deepEqual(steps.map(({ op, urn }) => `${op} ${urn.split("::").pop()}`).sort(), [
      "create new",
      "delete gone",
      "replace a",
      "replace b",
      "same bench-dev",
      "update u",
    ]);
    assert.deepEqual(changeSummary, { create: 1, delete: 1, replace: 2, same: 2, update: 1 });
  });

  it("E19: up, refresh and destroy --json print one event a line", async () => {
    const work = await bench(program);
    type Metadata = { op: string; urn: string; old: object | null; new: object | null };
    type Event = {
      sequence: number;
      timestamp: number;
      preludeEvent?: { config: object };
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
    // The numbers have gaps: those of events that are not printed.
    assert.ok(up.every((e, i) => i === 0 || e.sequence > up[i - 1]!.sequence));
    assert.ok(up.every((e) => Math.abs(e.timestamp - Date.now() / 1000) < 120));
    assert.deepEqual(up.find((e) => e.preludeEvent)?.preludeEvent?.config, {});
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

  it("E20: the state file holds what the CLI's own holds, in the order of dependency, and is written after every step", async () => {
    const work = await bench(`const a = new R("a"); new R("b", {}, { dependsOn: a });`);
    work.world({ "create b": { wait: 1500 } });
    const { ended } = work.start("up", ...skip);
    await work.until("create", "b");
    assert.ok(work.resource("a"));
    assert.equal(work.resource("b"), undefined);
    // Whoever finds the state after a crash has to see what had begun.
    assert.deepEqual(pendingOperations(work), ["creating b"]);
    await ended;
    assert.deepEqual(pendingOperations(work), []);
    assert.deepEqual(
      work.resources().map((r) => r.urn.split("::").slice(-2).join("::")),
      [
        "pulumi:pulumi:Stack::bench-dev",
        "pulumi:providers:pulumi-nodejs::default",
        "pulumi-nodejs:dynamic/test:R::a",
        "pulumi-nodejs:dynamic/test:R::b",
      ],
    );
    const { version, checkpoint } = JSON.parse(readFileSync(work.stateFile, "utf8")) as {
      version: number;
      checkpoint: { stack: string; latest: { manifest: Record<string, string>; secrets_providers: { type: string } } };
    };
    assert.deepEqual([version, checkpoint.stack], [3, "organization/bench/dev"]);
    assert.deepEqual(Object.keys(checkpoint.latest.manifest).sort(), ["magic", "time", "version"]);
    assert.equal(checkpoint.latest.secrets_providers.type, "passphrase");
  });

  it("the outputs of a run that failed do not drop those of before", async () => {
    const work = await bench(program);
    await work.ok("up", ...skip);
    await work.ok("config", "set", "v", "2");
    work.world({ "update a": { error: "no" } });
    assert.equal((await work.run("up", ...skip)).code, 1);
    assert.equal((await work.ok("stack", "output", "v")).stdout, "1\n");
  });
});

/** What the state file says is going on, as `creating a`. */
function pendingOperations(work: Workbench): string[] {
  type Pending = { type: string; resource: { urn: string } };
  const file = JSON.parse(readFileSync(work.stateFile, "utf8")) as {
    checkpoint: { latest: { pending_operations?: Pending[] } };
  };
  const pending = file.checkpoint.latest.pending_operations ?? [];
  return pending.map(({ type, resource }) => `${type} ${resource.urn.split("::").pop()!}`);
}
