import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { assertCleanText } from "../support/clean";
import { type Ended, pulumiVpp, tokenFileOf } from "../support/command";
import { smallLibrary, World } from "../support/world";

const branch = "2049025000431440";

describe("pulumi-vpp report", () => {
  let world: World;
  let file: string;
  beforeEach(async () => {
    world = await World.start([smallLibrary(), smallLibrary({ libraryId: branch, locationName: "Contoso Branch" })]);
    file = world.path("report.html");
  });
  afterEach(() => world.close());

  const refused = async (why: RegExp, ended: Ended): Promise<void> => {
    assert.deepEqual([ended.code, ended.stdout], [2, ""]);
    assert.match(ended.stderr, why);
    assertCleanText(ended.stderr);
  };

  it("writes the page, says where, and ends with 0 even if something needs a person", async () => {
    await world.act("tokens", { library: branch, action: "revoke" });
    const env = { ...world.env, VPP_CONTENT_TOKEN_BRANCH_FILE: tokenFileOf(world, branch) };
    const { code, stdout } = await pulumiVpp(["report", "--html", file], env);
    assert.deepEqual([code, stdout], [0, `wrote ${file}\n`]);
    const page = readFileSync(file, "utf8");
    assert.match(page, /Needs a person<\/h2><ul><li><bdi>Contoso<\/bdi>: the content token is dead/);
    assert.match(page, /<span class="badge revoked">revoked<\/span>/);
  });

  it("writes the page with what could be read, names what could not, and ends with 2", async () => {
    const env = { ...world.env, VPP_CONTENT_TOKEN_LOST_FILE: world.path("none") };
    const { code, stderr } = await pulumiVpp(["report", "--html", file], env);
    assert.equal(code, 2);
    assert.match(stderr, /library of content token lost: can't be read: .*VPP_CONFIG_TOKEN_UNREADABLE/);
    const page = readFileSync(file, "utf8");
    assert.match(page, /<li>library of content token lost: can&#39;t be read/);
    assert.match(page, /Contoso HQ/);
  });

  it("leaves an older page alone when nothing could be read", async () => {
    writeFileSync(file, "<!doctype html>old");
    await world.act("faults", { match: { path: "assets" }, action: { type: "errorNumber", errorNumber: 9634 } });
    await refused(
      /no library could be read, so no page was written/,
      await pulumiVpp(["report", "--html", file], world.env),
    );
    assert.equal(readFileSync(file, "utf8"), "<!doctype html>old");
  });

  it("refuses options and files that can't be used, in one line", async () => {
    const report = (...words: string[]): Promise<Ended> => pulumiVpp(["report", ...words], world.env);
    await refused(/^pulumi-vpp: --html FILE is missing/m, await report());
    await refused(/"report --help" lists the options/, await report("--pdf", file));
    await refused(
      /report: no page was written: .*ENOENT\) \(VPP_INPUT_INVALID\)/,
      await report("--html", file, "--state", "none.json"),
    );
    await refused(/a file is there that is no web page/, await report("--html", world.tokenFile));
    await refused(/ENOENT.*Name another file with --html/, await report("--html", world.path("none/report.html")));
    assert.equal(existsSync(file), false);
  });

  it("shows its usage", async () => {
    const { code, stdout } = await pulumiVpp(["report", "--help"]);
    assert.equal(code, 0);
    assert.match(stdout, /^Usage: pulumi-vpp report --html FILE/);
    assert.match((await pulumiVpp(["--help"])).stdout, /status .*\n {2}report /);
  });
});
