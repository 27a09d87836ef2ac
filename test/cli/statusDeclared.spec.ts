import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { assertCleanText } from "../support/clean";
import { type Ended, pulumiVpp, stored, tokenFileOf, writeState } from "../support/command";
import { root } from "../support/paths";
import { branch, flat, hq, library, other } from "../support/statusLibraries";
import { rival, serials, World } from "../support/world";

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
      await wrong(/: can't be read: .*\(VPP_SERVICE_ERROR, service error 9634 “[^”]+”\)/, world.env);
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
