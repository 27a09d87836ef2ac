import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify, stripVTControlCharacters } from "node:util";
import { widthOf } from "../../cli/terminal";
import { assertCleanText } from "../support/clean";
import { type Ended, pulumiVpp, stored, tokenFileOf, writeState } from "../support/command";
import { root } from "../support/paths";
import { rival, serials, smallLibrary, World } from "../support/world";

const hq = "2049025000431439";
const branch = "2049025000431440";
const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

/** Names such as a service, or somebody who sells through it, can make up. */
const nasty = "=HYPERLINK(“x”)\u001b]0;owned\u0007\u001b[2J\u202eevil\u009b31m";

const library = smallLibrary({
  assets: [
    { adamId: "361285480", name: "Keynote", totalCount: 40, bundleId: "com.apple.Keynote" },
    { adamId: "409183694", name: "書類スキャナー 🎉 Pro for the whole of the Organization and more", totalCount: 10 },
    { adamId: "409201541", name: "Pages", unlimited: true },
    { adamId: "1000000009", name: nasty, totalCount: 4 },
  ],
  users: [
    { clientUserId: "ada", status: "Associated", email: "ada@contoso.example" },
    { clientUserId: "bob", status: "Registered", email: "bob@contoso.example" },
  ],
  assignments: [
    { adamId: "361285480", serialNumbers: serials(12), clientUserIds: ["bob"] },
    { adamId: "409183694", serialNumbers: serials(10) },
  ],
});
const other = smallLibrary({
  libraryId: branch,
  locationName: "Contoso Branch",
  tokens: [{ name: "b", expiresAt: inDays(12.5) }],
});

/** What was printed as one line, however it was broken into several. */
function flat({ stdout }: Ended): string {
  return stdout.replace(/\s+/g, " ");
}

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

  describe("with a state", () => {
    const kiosk = (count: number) =>
      stored("VppAssignment", "kiosk", {
        token,
        apps: [{ adamId: "361285480", pricingParam: "STDQ" }],
        serialNumbers: serials(count),
        clientUserIds: ["bob"],
      });

    it("counts and lists what no resource declares, which is a fault only if it is said to be", async () => {
      const words = state(bound, kiosk(4), stored("VppUserSet", "sales", { token, users: [{ clientUserId: "bob" }] }));
      const lax = await status(...words);
      assert.equal(lax.code, 0);
      const shown = flat(lax);
      assert.match(shown, /Declared by no resource 18 licences of 2 apps 書類/);
      assert.match(shown, /Keynote: 8 \(F9FW000004, F9FW000005, F9FW000006, F9FW000007, F9FW000008 and 3 more\)/);
      assert.match(shown, / 8 serial numbers: F9FW000004, .* and 3 more 1 person: ada /);
      const strict = await status("--expect-declared", ...words);
      assert.equal(strict.code, 1);
      assert.match(strict.stdout, /no resource declares 18 licences and 1 person/);
      interface Listed {
        readonly libraries: {
          undeclared: { licenceCount: number; serialNumbers: string[]; clientUserIds: string[] };
        }[];
      }
      const { undeclared } = (await json<Listed>(...words)).libraries[0]!;
      assert.deepEqual([undeclared.licenceCount, undeclared.clientUserIds], [18, ["ada"]]);
      assert.deepEqual(undeclared.serialNumbers, serials(8, 4));
      const records = (await status("--csv", ...words)).stdout.split("\n").map((line) => line.split(",")[0]);
      const count = (kind: string): number => records.filter((record) => record === kind).length;
      assert.deepEqual(["undeclaredLicence", "undeclaredSerial", "undeclaredUser", "app"].map(count), [18, 8, 1, 4]);
    });

    it("narrows to an app, and reads the licences of that app alone", async () => {
      await world.forget();
      const { stdout } = await status("--app", "Keynote", ...state(bound, kiosk(4)));
      assert.match(stdout, /8 licences of 1 app\n/);
      assert.deepEqual(
        (await world.requests("/assignments")).map(({ query }) => query.adamId),
        ["361285480"],
      );
    });

    it("says when the people of a set or the targets of an assignment are encrypted, and how to get them", async () => {
      const sealed = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:x" };
      const people = await status(...state(bound, stored("VppUserSet", "sales", { token, users: sealed })));
      assert.match(
        people.stdout,
        /people: not known, since the state holds those of sales encrypted\. Use\s+--stack, or export/,
      );
      assert.doesNotMatch(people.stdout, /person: /);
      const targets = await status(
        ...state(bound, stored("VppAssignment", "kiosk", { token, apps: [], serialNumbers: sealed })),
      );
      assert.match(targets.stdout, /not known, since the state holds the targets of kiosk encrypted/);
    });

    it("ends with 1 when another service holds the library", async () => {
      await world.seize();
      const { code, stdout } = await status(...state(bound));
      assert.equal(code, 1);
      assert.match(stdout, /Held by {2}Rival Device Management \(id rival-mdm-1\), not what the state expects/);
      assert.match(stdout, /Needs a person\n {2}Contoso HQ: another service holds the library/);
      assert.equal((await status(...state(stored("VppToken", "hq", { ...token, managedBy: rival.id })))).code, 0);
      assert.equal((await status()).code, 0, "without a state nobody knows who should hold it");
    });
  });

  describe("ends", () => {
    it("with 1 when a token is dead, which leaves the other libraries readable", async () => {
      await world.act("tokens", { library: branch, action: "revoke" });
      const { code, stdout, stderr } = await pulumiVpp(["status"], both);
      assert.equal(code, 1, stderr);
      assert.match(stdout, /Contoso HQ .*Keynote/s);
      assert.match(stdout, /\n {2}Token {4}revoked; nothing could be read\n/);
      assert.match(stdout, /the content token is dead/);
    });

    it("with 2 and one line when a library can't be read, and shows the others", async () => {
      const { code, stdout, stderr } = await pulumiVpp(["status"], {
        ...both,
        VPP_CONTENT_TOKEN_LOST_FILE: "none.vpptoken",
      });
      assert.equal(code, 2);
      assert.match(stdout, /Contoso HQ .*Contoso Branch /s);
      assert.match(
        stderr,
        /^pulumi-vpp: library of content token lost: can't be read: .*ENOENT.* \(VPP_CONFIG_TOKEN_UNREADABLE\)\. Correct/m,
      );
      assertCleanText(stderr, [readFileSync(world.tokenFile, "utf8").trim()]);
    });

    it("with 2 and one line when the options or the service can't be used", async () => {
      const wrong = async (why: RegExp, env: NodeJS.ProcessEnv, ...words: string[]): Promise<void> => {
        const { code, stdout, stderr } = await pulumiVpp(["status", ...words], env);
        assert.deepEqual([code, stdout], [2, ""], stderr);
        assert.match(stderr, why);
        assertCleanText(stderr);
      };
      await wrong(/^pulumi-vpp: --free-below must be/, world.env, "--free-below", "x");
      await wrong(/there is no content token \(VPP_CONFIG_TOKEN_MISSING\)/, {});
      await world.act("faults", { match: { path: "assets" }, action: { type: "errorNumber", errorNumber: 9634 } });
      await wrong(/: can't be read: .*\(VPP_SERVICE_ERROR, service error 9634\)/, world.env);
      await wrong(/VPP_CONFIG_ENDPOINT/, { ...world.env, VPP_ENDPOINT: "http://example.org" });
    });

    it("with its usage when asked for it, and quietly when nobody reads on", async () => {
      const { code, stdout } = await status("--help");
      assert.equal(code, 0);
      for (const line of stdout.split("\n")) assert.ok(line.length <= 120, line);
      const piped = `${process.execPath} ${join(root, "dist/cli/main.js")} status --help | true`;
      const ended = spawnSync("sh", ["-c", piped], { encoding: "utf8" });
      assert.deepEqual([ended.status, ended.stderr], [0, ""]);
    });
  });
});
