import assert from "node:assert/strict";
import { bench, cleanUp, command, hasCli, urn } from "./harness";

const skip = ["--yes", "--skip-preview"];
const program = `
const group = new Group("g");
const a = new R("a", { v: config.get("v") || "1", r: config.get("r") || "1", s: pulumi.secret({ k: ["hush"] }), n: null, deep: { list: [1.5, null, true, { t: pulumi.secret("x") }], "odd key": {} } }, { parent: group });
new R("b", { v: a.v, w: a.made, id: a.id }, { additionalSecretOutputs: ["made"], protect: config.getBoolean("protect"), aliases: [{ name: "old" }] });
new R("c", {}, { dependsOn: group });
group.registerOutputs({ made: a.made, s: a.s });
exports.id = a.id; exports.s = a.s; exports.deep = a.deep;
`;

describe("local engine: exchanging the state with the CLI", function () {
  this.timeout(240_000);
  afterEach(cleanUp);

  const pairs = [
    ["the CLI carries on from the local engine", "local", "cli"],
    ["the local engine carries on from the CLI", "cli", "local"],
  ] as const;
  for (const [title, first, second] of pairs) {
    it(title, async function () {
      if (!hasCli()) return this.skip();
      const work = await bench(program, command(first));
      await work.ok("config", "set", "--secret", "token", "hush");
      await work.ok("config", "set", "--path", "tree.branch[0]", "1");
      await work.ok("up", ...skip);
      work.command = command(second);
      const unchanged = ["check a", "check b", "check c", "diff a", "diff b", "diff c"];
      assert.deepEqual([...(await work.ok("preview", "--expect-no-changes")).calls].sort(), unchanged);
      await work.ok("refresh", ...skip, "--expect-no-changes");
      assert.deepEqual([...(await work.ok("up", ...skip, "--expect-no-changes")).calls].sort(), unchanged);
      assert.equal((await work.ok("config", "get", "token")).stdout, "hush\n");
      work.command = command(first);
      await work.ok("preview", "--expect-no-changes");
      // Init errors, a copy that waits to be deleted, a taint and a changed configuration cross over too.
      await work.ok("config", "set", "r", "2");
      work.world({ "delete a": { error: "not now" }, "update b": { reasons: ["half"], properties: {} } });
      assert.notEqual((await work.run("up", ...skip)).code, 0);
      await work.ok("state", "taint", urn("c"), "--yes");
      work.world({});
      work.command = command(second);
      const { calls } = await work.ok("up", ...skip);
      assert.ok(calls.includes("create c") && calls.includes("delete a") && calls.includes("delete c"), calls.join());
      work.command = command(first);
      await work.ok("preview", "--expect-no-changes");
      assert.deepEqual((await work.ok("destroy", ...skip)).calls.length, 3);
      work.command = command(second);
      await work.ok("preview");
    });
  }

  it("both write the same state", async function () {
    if (!hasCli()) return this.skip();
    const states: unknown[] = [];
    for (const used of [command("local"), command("cli")]) {
      const work = await bench(program, used);
      await work.ok("config", "set", "--secret", "token", "hush");
      await work.ok("up", ...skip);
      await work.ok("config", "set", "v", "2");
      await work.ok("config", "set", "protect", "true");
      await work.ok("up", ...skip);
      await work.ok("refresh", ...skip);
      await work.ok("stack", "export", "--show-secrets", "--file", "exported.json");
      states.push(work.comparable("exported.json"));
    }
    assert.deepEqual(states[0], states[1]);
  });
});
