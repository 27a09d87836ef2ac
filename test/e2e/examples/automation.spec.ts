import assert from "node:assert/strict";
import { engines } from "../../support/engines";
import { companyLibraries, Example } from "../../support/example";

const inspect = "1438820951";
const phone = "7Y231MDGK6";

describe("the example automation", () => {
  const cli = engines().find(({ name }) => name === "Pulumi CLI");
  let example: Example | undefined;

  before(async () => {
    if (cli === undefined) return;
    example = await Example.start(cli, "automation", companyLibraries);
    await example.newStack("dev");
    await example.type("pulumi up");
  });
  after(() => example?.close());

  /** Runs `sync.mts` as the README does, and gives its last lines and its exit code. */
  async function sync(line: string): Promise<[code: number, lines: string[]]> {
    const { stack } = example!;
    assert.ok(example!.read("README.md").includes(`    ${line}\n`), `README.md has no line "${line}"`);
    const [, ...words] = line.split(" ");
    const { code, stdout, stderr } = await stack.execute(process.execPath, words);
    assert.doesNotMatch(stderr, /\n\s+at /);
    return [code, stdout.trim().split("\n")];
  }

  it("tells drift and puts it right, run by a program (the Automation API is CLI only)", async function () {
    if (example === undefined) return this.skip();
    const { world } = example;
    const before = await world.truth();
    await world.act("assignments", { action: "unassign", assets: [{ adamId: inspect }], serialNumbers: [phone] });
    assert.deepEqual(await sync("node sync.mts dev --look-only"), [1, ["drift: site-phones: 1 missing, 0 too many"]]);
    assert.ok(!(await world.holders(inspect)).includes(phone));
    assert.deepEqual(await sync("node sync.mts dev"), [
      0,
      ["drift: site-phones: 1 missing, 0 too many", 'put right: {"update":1}, 2 as they were'],
    ]);
    assert.deepEqual((await world.truth()).assignments.length, before.assignments.length);
    assert.ok((await world.holders(inspect)).includes(phone));
  });
});
