import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bench, cleanUp, command, engine, hasCli, skip, type Workbench } from "../harness";

const program = `
  if (pulumi.getStack() === "base")
    Object.assign(exports, { plain: { v: "1" }, hush: pulumi.secret("hush") });
  else {
    const other = new pulumi.StackReference("organization/bench/base");
    new R("a", { v: other.requireOutput("plain").apply(({ v }) => v), s: other.requireOutput("hush") });
  }
`;

/** The stack's state without what is different every time; secrets are encrypted anew in every run. */
function comparable(work: Workbench): unknown {
  const drop = (key: string, value: unknown): unknown => (key === "ciphertext" ? undefined : value);
  const file = JSON.parse(readFileSync(work.stateFile, "utf8"), drop) as { checkpoint: { latest: unknown } };
  writeFileSync(join(work.folder, "latest.json"), JSON.stringify({ deployment: file.checkpoint.latest }));
  return work.comparable("latest.json");
}

describe("local engine: references to other stacks, beside the CLI", function () {
  this.timeout(120_000);
  after(cleanUp);

  it("go from either engine to the other, as the same state", async function () {
    // With VPP_ENGINE=cli it would be the same test once more.
    if (!hasCli() || engine === "cli") return this.skip();
    const work = await bench(program);
    await work.ok("stack", "init", "base");
    await work.ok("up", ...skip, "--stack", "base");
    await work.ok("up", ...skip, "--stack", "dev");
    const before = comparable(work);
    work.command = command("cli");
    await work.ok("up", ...skip, "--expect-no-changes", "--stack", "dev");
    assert.deepEqual(comparable(work), before);
    work.command = command("local");
    const { calls } = await work.ok("up", ...skip, "--expect-no-changes", "--stack", "dev");
    assert.deepEqual(calls, ["check a", "diff a"]);
  });
});
