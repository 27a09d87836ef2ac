import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { bench, cleanUp, cliOnly, skip } from "./harness";
import type { Todo } from "./provider";

const one = `
const a = new R("a", { v: config.get("v") || "1" });
exports.v = a.v;
`;

const failure: Todo = { answer: { failures: [{ property: "", reason: "no" }] } };

/** What a command shows of an error: under the stack's diagnostics, and under the resource's. */
function sections(stdout: string): { stack: string; resource: string } {
  const [, ...parts] = stdout.slice(stdout.indexOf("Diagnostics:")).split(/^ {2}(?=\S.* \(\S+\):$)/m);
  const about = (name: string): string => parts.filter((part) => part.split("\n")[0]!.includes(`(${name})`)).join("");
  return { stack: about("bench-dev"), resource: about("a") };
}

describe("local engine: failures", function () {
  this.timeout(120_000);
  afterEach(cleanUp);

  it("E11, E30: a check failure names the property, shows its whole value, even a secret one, and no stack trace", async () => {
    const work = await bench(`new R("a", { list: ["one", "two"], s: pulumi.secret("hush"), deep: { x: "y" } });`);
    const failures = [
      { property: "list", reason: "too long" },
      { property: "", reason: "all wrong" },
      { property: "s", reason: "no" },
      { property: "deep.x", reason: "odd" },
    ];
    work.world({ "check a": { answer: { failures } } });
    const { stdout, calls } = await work.failing("up", "--yes");
    assert.deepEqual(calls, ["check a"]);
    assert.match(stdout, /resource 'a': property list value \{\[?.*one.*two.*\} has a problem: too long/);
    assert.match(stdout, /resource 'a' has a problem: all wrong/);
    assert.match(stdout, /property s value .*hush.* has a problem: no/);
    assert.match(stdout, /property deep\.x value .*<nil>.* has a problem: odd/);
    assert.doesNotMatch(stdout, /\n +at /);
    assert.equal(work.resource("a"), undefined);
    const long = Array.from({ length: 500 }, (_, i) => `serial-${i}`);
    work.program(`new R("a", { list: ${JSON.stringify(long)} });`);
    const longer = await work.failing("preview");
    for (const element of ["serial-0", "serial-250", "serial-499"]) assert.ok(longer.stdout.includes(element), element);
  });

  it("E11: a throw in check, diff, read or delete shows message and stack on the stack, too; in create or update the message alone", async () => {
    const work = await bench(one);
    const shown = async (call: string, ...args: string[]): Promise<void> => {
      const message = `broken ${call}`;
      work.world({ [`${call} a`]: { error: message } });
      const { stdout } = await work.failing(...args);
      const { stack, resource } = sections(stdout);
      assert.match(resource, new RegExp(`error: .*${message}`), stdout);
      if (call === "create" || call === "update") assert.doesNotMatch(stdout, /\n +at /);
      else assert.match(stack, new RegExp(`Error: ${message}: Error: ${message}\n +at `), stdout);
    };
    await shown("check", "preview");
    await shown("create", "up", ...skip);
    work.world({});
    await work.ok("up", ...skip);
    await work.ok("config", "set", "v", "2");
    await shown("diff", "preview");
    await shown("update", "up", ...skip);
    await shown("read", "refresh", ...skip);
    await shown("delete", "destroy", ...skip);
  });

  it("E23: a host that is killed fails what is in flight, and what was done is kept", async () => {
    const work = await bench(`const a = new R("a"); new R("b", {}, { dependsOn: a });`);
    work.world({ "create b": { kill: true } });
    const { stdout } = await work.failing("up", ...skip);
    assert.match(stdout, /error reading from server: EOF/);
    assert.ok(work.resource("a"));
    assert.equal(work.resource("b"), undefined);
    work.world({});
    assert.deepEqual((await work.ok("up", ...skip)).calls, ["check a", "diff a", "check b", "create b"]);
  });

  it("E23: a command that is killed leaves the stack locked, as it is while one runs, and cancel unlocks it", async () => {
    const work = await bench(one);
    work.world({ "create a": { wait: 2500 } });
    const { pid, ended } = work.start("up", ...skip);
    await work.until("create", "a");
    assert.match((await work.failing("up", ...skip)).stderr, /currently locked by 1 lock/);
    process.kill(pid, "SIGKILL");
    await ended;
    // Nobody is left to end the host.
    process.kill(work.calls().at(-1)!.pid, "SIGKILL");
    assert.match((await work.failing("up", ...skip)).stderr, /currently locked/);
    await work.ok("cancel", "--yes");
    work.world({});
    await work.ok("up", ...skip);
    const locks = join(work.folder, "state/.pulumi/locks/organization/bench/dev");
    assert.deepEqual(existsSync(locks) ? readdirSync(locks) : [], []);
  });

  it("E28: the first failing check or diff ends a preview, and so nothing is written by an up that has one", async () => {
    const names = ["a", "b", "c", "d"];
    const work = await bench(names.map((name) => `new R("${name}");`).join("\n"));
    work.world(Object.fromEntries(names.map((name) => [`check ${name}`, failure])));
    const checked = await work.failing("up", "--yes");
    assert.equal(checked.calls.length, 1);
    assert.equal(checked.stdout.split("Diagnostics:")[1]!.match(/has a problem: no/g)!.length, 1);
    work.world({});
    await work.ok("up", ...skip);
    work.world(Object.fromEntries(names.map((name) => [`diff ${name}`, { error: "no" }])));
    const { calls } = await work.failing("preview");
    assert.equal(calls.filter((c) => c.startsWith("diff")).length, 1, calls.join());
  });

  it("E28: with --skip-preview, what is in flight when a check fails is finished and recorded", async () => {
    const work = await bench(`
      const a = new R("a");
      const b = new R("b");
      new R("c", {}, { dependsOn: b });
      new R("d", {}, { dependsOn: a });
    `);
    work.world({ "create a": { wait: 1000 }, "create b": { wait: 300 }, "check c": failure });
    const { calls } = await work.failing("up", ...skip);
    assert.ok(calls.indexOf("check c") < calls.indexOf("create done a"), calls.join());
    assert.deepEqual([work.resource("a")?.id, work.resource("b")?.id], ["id-a", "id-b"]);
    assert.ok(!calls.includes("check d"), calls.join());
  });

  it("E34: nothing is deleted after a failed check, create or update", async () => {
    const work = await bench(`new R("old"); new R("a", { v: config.get("v") || "1" });`);
    await work.ok("up", ...skip);
    await work.ok("config", "set", "v", "2");
    work.program(`const a = new R("a", { v: config.get("v") }); new R("c", {}, { dependsOn: a });`);
    const failed: [string, Todo, string[]][] = [
      ["check a", failure, ["check a"]],
      ["update a", { error: "no" }, ["check a", "diff a", "update a"]],
      ["create c", { error: "no" }, ["check a", "diff a", "update a", "check c", "create c"]],
    ];
    for (const [call, todo, expected] of failed) {
      work.world({ [call]: todo });
      assert.deepEqual((await work.failing("up", ...skip)).calls, expected);
      assert.ok(work.resource("old"));
    }
  });

  cliOnly(
    "E34: nothing is deleted after a failure that the run goes on after, either",
    "`--continue-on-error`",
    async () => {
      const work = await bench(`new R("old"); new R("a", { v: config.get("v") || "1" });`);
      await work.ok("up", ...skip);
      await work.ok("config", "set", "v", "2");
      work.program(`new R("a", { v: config.get("v") }); new R("c");`);
      work.world({ "update a": { error: "no" } });
      const { calls } = await work.failing("up", ...skip, "--continue-on-error");
      assert.deepEqual([...calls].sort(), ["check a", "check c", "create c", "diff a", "update a"]);
      assert.ok(work.resource("old"));
    },
  );

  it("E41: Ctrl-C waits for the call that is running", async () => {
    const work = await bench(`const a = new R("a"); new R("b", {}, { dependsOn: a });`);
    work.world({ "create a": { wait: 1000 } });
    const { pid, ended } = work.start("up", ...skip);
    await work.until("create", "a");
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
    const { stdout } = await work.failing("up", ...skip);
    assert.match(stdout, /broken program/);
    assert.equal((await work.ok("stack", "output", "v")).stdout, "1\n");
  });
});
