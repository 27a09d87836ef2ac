import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify, stripVTControlCharacters } from "node:util";
import { widthOf } from "../../cli/terminal";
import { type Ended, pulumiVpp, stored, tokenFileOf, writeState } from "../support/command";
import { root } from "../support/paths";
import { branch, flat, hq, inDays, library, nasty, other } from "../support/statusLibraries";
import { serials, World } from "../support/world";

describe("pulumi-vpp status", () => {
  let world: World;
  let both: NodeJS.ProcessEnv;
  beforeEach(async () => {
    world = await World.start([library, other]);
    both = { ...world.env, VPP_CONTENT_TOKEN_BRANCH_FILE: tokenFileOf(world, branch) };
  });
  afterEach(() => world.close());

  const status = (...words: string[]): Promise<Ended> => pulumiVpp(["status", ...words], world.env);
  const json = async <T>(...words: string[]): Promise<T> => JSON.parse((await status("--json", ...words)).stdout) as T;
  const state = (...resources: object[]): string[] => ["--state", writeState(world.path("state.json"), resources)];
  const token = { libraryId: hq, contentTokenKey: "default", bindingId: "ours" };
  const bound = stored("VppToken", "hq", token);

  describe("on a terminal of 80 columns", () => {
    it("shows token, people and apps in columns that hold whatever the names", async () => {
      const { code, stdout, stderr } = await status();
      assert.equal(code, 0, stderr);
      const lines = stdout.split("\n");
      assert.deepEqual(lines.slice(0, 5), [
        "Contoso HQ (library 2049025000431439)",
        `  Token    valid until ${inDays(365).slice(0, 10)}, 364 days left`,
        "  People   2: 1 invited, 1 accepted",
        "",
        `  App${" ".repeat(39)}Bought     Used     Free`,
      ]);
      for (const line of lines) assert.ok(widthOf(line) <= 80, line);
      const counts = lines.filter((line) => /Keynote|書類/.test(line)).map((line) => line.split(/\s{2,}/).slice(2, 5));
      assert.deepEqual(counts, [
        ["40", "13", "27"],
        ["10", "10", "0"],
      ]);
      const ends = lines.slice(5, 8).map((line) => widthOf(/^.*(?:\d|no end)/.exec(line)![0]));
      assert.equal(new Set(ends).size, 1, stdout);
    });

    it("adapts to COLUMNS and shows the same without a colour to what is no terminal", async () => {
      const { stdout } = await pulumiVpp(["status"], { ...world.env, COLUMNS: "120" });
      assert.match(stdout, /書類スキャナー 🎉 Pro for the whole of the Organization and more /);
      assert.doesNotMatch(stdout, /\u001b/);
    });

    it("is coloured on a terminal, and not with NO_COLOR", async function () {
      if (spawnSync("script", ["--version"]).status !== 0) this.skip();
      const command = `${process.execPath} ${join(root, "dist/cli/main.js")} status --free-below 5%`;
      const onTerminal = async (env: NodeJS.ProcessEnv): Promise<string> => {
        const all = { PATH: process.env.PATH, TERM: "xterm-256color", ...world.env, ...env };
        return (await promisify(execFile)("script", ["-qc", command, "/dev/null"], { env: all, encoding: "utf8" }))
          .stdout;
      };
      const colours = /\u001b\[\d+m/;
      const coloured = await onTerminal({});
      assert.match(coloured, colours);
      const plain = await onTerminal({ NO_COLOR: "1" });
      assert.doesNotMatch(plain, colours);
      assert.equal(stripVTControlCharacters(coloured), plain);
    });
  });

  it("lets nothing through that steers a terminal, a spreadsheet or the direction of writing", async () => {
    for (const words of [[], ["--csv"], ["--json"], ["--serial", "F9FW000000"], ["--app", "1000000009"]]) {
      const { stdout } = await status(...words);
      assert.doesNotMatch(stdout.replaceAll("\n", ""), /[\p{Cc}\u202e]/u, words.join());
    }
    const { libraries } = await json<{ libraries: { apps: { adamId: string; displayName: string }[] }[] }>();
    assert.equal(libraries[0]!.apps.find(({ adamId }) => adamId === "1000000009")!.displayName, nasty);
    assert.match((await status("--csv")).stdout, /,'=HYPERLINK/);
  });

  describe("filters", () => {
    it("show an app by its name in any case, its bundle id or its id, and refuse one that nobody has", async () => {
      for (const name of ["keynote", "com.apple.Keynote", "361285480"]) {
        const { code, stdout } = await status("--app", name);
        assert.equal(code, 0);
        assert.match(stdout, /Keynote/);
        assert.doesNotMatch(stdout, /Pages|People/);
      }
      const { code, stderr } = await status("--app", "Key");
      assert.equal(code, 2);
      assert.match(stderr, /no library that was read has an app “Key” .*VPP_INPUT_NOT_OWNED.* Is it “Keynote”\?/);
    });

    it("show apps that run short, and end with 1 if there are any", async () => {
      const short = await status("--free-below", "5%");
      assert.equal(short.code, 1);
      assert.match(short.stdout, /書類/);
      assert.doesNotMatch(short.stdout, / {2}Keynote/);
      assert.match(flat(short), /Needs a person Contoso HQ: 書類.*: 0 free, and at least 5 % of 10 are wanted\./);
      assert.equal((await status("--free-below", "5", "--app", "Keynote")).code, 0);
      assert.equal((await status("--free-below", "28", "--app", "Keynote")).code, 1);
      assert.match((await status("--free-below", "1", "--app", "Pages")).stdout, /No app is concerned/);
    });

    it("show what one device or one person holds, each with one request, and whether it is declared", async () => {
      await world.forget();
      const { code, stdout } = await status("--serial", "f9fw000000", "--user", "bob", "--user", "nobody");
      assert.equal(code, 0);
      assert.match(stdout, /Device F9FW000000: 2 licences\n {4}Keynote\n {4}書類/);
      assert.match(stdout, /Person bob \(invited\): 1 licence\n {4}Keynote\n/);
      assert.match(stdout, /Person nobody \(not registered\): no licence\n/);
      const queries = (await world.requests("/assignments")).map(
        ({ query }) => query.serialNumber ?? query.clientUserId,
      );
      assert.deepEqual(queries.sort(), ["F9FW000000", "bob", "nobody"]);
      const kiosk = { token, apps: [{ adamId: "361285480", pricingParam: "STDQ" }], serialNumbers: serials(1) };
      const held = await status("--serial", "F9FW000000", ...state(bound, stored("VppAssignment", "kiosk", kiosk)));
      assert.match(flat(held), /: 2 licences Keynote 書類[^,]*, declared by no resource $/);
    });

    it("show libraries whose token runs out, with nothing else read", async () => {
      await world.forget();
      const { code, stdout } = await pulumiVpp(["status", "--expiring"], both);
      assert.equal(code, 1);
      assert.match(stdout, /^Contoso Branch .*\n {2}Token {4}expiring: valid until .*, 12 days left\n/);
      assert.doesNotMatch(stdout, /Contoso HQ/);
      assert.deepEqual((await world.requests()).map(({ path }) => path.replace("/mdm/v2/", "")).sort(), [
        "client/config",
        "client/config",
        "service/config",
      ]);
      const none = await pulumiVpp(["status", "--expiring", "10"], both);
      assert.deepEqual([none.code, none.stdout], [0, "No token is expiring, dead or another's.\n"]);
    });
  });

  describe("with a list of all devices", () => {
    it("names licensed serial numbers that nobody owns, and ends with 1", async () => {
      const file = world.path("devices.csv");
      writeFileSync(
        file,
        `Name,Serial number\n${serials(10)
          .map((serial) => `x,${serial.toLowerCase()}`)
          .join("\n")}\n`,
      );
      const { code, stdout } = await status("--known-serials", file);
      assert.equal(code, 1);
      assert.match(stdout, /Not in the list of known devices\n {4}2 licensed serial numbers: F9FW000010, F9FW000011\n/);
      writeFileSync(file, serials(12).join("\n"));
      assert.equal((await status("--known-serials", file)).code, 0);
      writeFileSync(file, "Name,Owner\na,b\n");
      const refused = await status("--known-serials", file);
      assert.equal(refused.code, 2);
      assert.match(refused.stderr, /none of its columns is called a serial number.*\(VPP_INPUT_INVALID\)/);
    });
  });
});
