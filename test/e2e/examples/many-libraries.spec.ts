import assert from "node:assert/strict";
import { join } from "node:path";
import { engines } from "../../support/engines";
import { describeExample, Example, librariesOf } from "../../support/example";

const libraries = librariesOf("many-libraries");
const timetable = "1510284467";
const keys = ["alder", "birch", "cedar", "dune", "ebb", "fern", "grove"];
const [alder, , , dune] = libraries.map(({ libraryId }) => libraryId) as [string, string, string, string];

/** Puts the content tokens where the README's commands put them. */
async function issueTokens({ world, stack }: Example): Promise<void> {
  for (const [index, key] of keys.entries()) {
    const file = join(stack.folder, "tokens", `${key}.vpptoken`);
    await world.act("tokens", { library: libraries[index]!.libraryId, action: "issue", name: "of-the-test", file });
  }
}

describeExample(
  "many-libraries",
  (example) => {
    it("gives the devices of one region their apps, in a library for each location, and touches no other region's", async () => {
      const { stack, world } = example();
      for (const [index, key] of keys.slice(0, 3).entries())
        stack.env[`VPP_CONTENT_TOKEN_${key.toUpperCase()}`] = world.simulator.token(libraries[index]!.libraryId);
      await stack.up();
      for (const [index, { libraryId }] of libraries.entries()) {
        const { mdmInfo, assignments } = await world.truth(libraryId);
        assert.deepEqual([mdmInfo !== null, assignments.length], index < 3 ? [true, 4] : [false, 0], keys[index]);
      }
      const held = (await world.truth(alder)).assignments.filter(({ adamId }) => adamId === timetable);
      assert.deepEqual(
        held.map(({ serialNumber }) => serialNumber),
        example().column("devices.csv").slice(0, 2),
      );
    });

    it("names the regions when a stack has the name of none, and a location that the table lacks", async () => {
      const { stack } = example();
      example().edit("devices.csv", (text) => text.replace("C2QXDUNE01,dune", "C2QXDUNE01,dunes"));
      assert.match(
        (await stack.failingPreview()).text,
        /devices\.csv names locations that locations\.csv lacks: dunes/,
      );
      await example().newStack("hills");
      assert.match((await stack.failingPreview()).text, /no region hills; its regions are north, coast, south/);
    });
  },
  { libraries, stack: "north" },
);

describe("the example many-libraries, all regions side by side", () => {
  const cli = engines().find(({ name }) => name === "Pulumi CLI");
  let example: Example | undefined;

  before(async () => {
    if (cli === undefined) return;
    example = await Example.start(cli, "many-libraries", libraries);
    await example.stack.execute("mkdir", ["tokens"]);
    await issueTokens(example);
  });
  after(() => example?.close());

  async function deploy(...words: string[]): Promise<{ code: number; lines: string[]; errors: string }> {
    const { code, stdout, stderr } = await example!.stack.execute(process.execPath, ["deploy.mts", ...words]);
    assert.doesNotMatch(stderr, /\n\s+at /);
    return { code, lines: stdout.trim().split("\n"), errors: stderr };
  }

  /** The most regions that were under way at once. */
  const most = (lines: readonly string[]): number => {
    let now = 0;
    let found = 0;
    for (const line of lines) {
      if (line.endsWith(": begins")) now++;
      if (/: (not )?done\b/.test(line)) now--;
      found = Math.max(found, now);
    }
    return found;
  };

  it("runs no more at a time than it is told (the Automation API is CLI only)", async function () {
    if (example === undefined) return this.skip();
    const { code, lines } = await deploy("up");
    assert.equal(code, 0, lines.join("\n"));
    assert.ok(most(lines) === 2, lines.join("\n"));
    assert.equal(lines.at(-1), "done: 3 of 3 regions");
    for (const { libraryId } of libraries)
      assert.equal((await example.world.truth(libraryId)).assignments.length, 4, libraryId);
  }).timeout(300_000);

  it("goes on with the others when a region fails, and says at the end which is not done (CLI only)", async function () {
    if (example === undefined) return this.skip();
    const { world } = example;
    await world.act("tokens", { library: dune, action: "revoke", name: "of-the-test" });
    const { code, lines, errors } = await deploy("refresh", "coast", "south", "--at-once", "1");
    assert.deepEqual([most(lines), code, ...lines.slice(-2)], [1, 1, "done: 1 of 2 regions", "not done: coast"]);
    assert.match(errors, /^coast: .*content token has been revoked/m);
  }).timeout(300_000);

  it("tells a pipeline which regions there are, and refuses one that there is not (CLI only)", async function () {
    if (example === undefined) return this.skip();
    assert.deepEqual(
      (await deploy("regions")).lines.map((line) => JSON.parse(line) as unknown),
      [["north", "coast", "south"]],
    );
    const { code, errors } = await deploy("up", "hills");
    assert.equal(code, 2);
    assert.match(errors, /The regions in locations\.csv are north, coast, south\./);
  });
});
