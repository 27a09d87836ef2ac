import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import ts from "typescript";
import { type Adoption, adopt } from "../../../../cli/adopt/command";
import { type AdoptSettings, readSettings } from "../../../../cli/adopt/settings";
import type { LibraryEntry } from "../../../../simulator";
import { heldLibrary, mixedLibrary, runOurs } from "../../../support/adoption";
import { root } from "../../../support/paths";
import { rival, serials, smallLibrary, World } from "../../../support/world";

const settingsOf = (...words: string[]): AdoptSettings => readSettings(["infra", ...words])!;

describe("adopt", () => {
  let world: World;
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "vpp-adopt-"));
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    await world?.close();
  });

  /** Adopts libraries of a new service, the first of them by its token in the environment. */
  async function adopted(libraries: LibraryEntry[], ...words: string[]): Promise<Adoption> {
    world = await World.start(libraries);
    return adopt(settingsOf(...words), world.env);
  }

  const write = ({ files }: Adoption): void => {
    for (const [path, text] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  };

  const programOf = ({ files }: Adoption): string => files.get("index.ts")!;

  interface Imported {
    readonly type: string;
    readonly name: string;
    readonly inputs: { readonly token: object; readonly reclaim?: boolean };
  }
  const importOf = ({ files }: Adoption): Imported[] =>
    (JSON.parse(files.get("import.json")!) as { resources: Imported[] }).resources;

  /** What the compiler says of a project, with its own settings and this very package. */
  function compile(): string[] {
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    const config = JSON.parse(readFileSync(join(folder, "tsconfig.json"), "utf8")) as object;
    const { options, fileNames, errors } = ts.parseJsonConfigFileContent(config, ts.sys, folder);
    const program = ts.createProgram(fileNames, { ...options, noUnusedLocals: false });
    return [...errors, ...ts.getPreEmitDiagnostics(program)].map(({ messageText }) =>
      ts.flattenDiagnosticMessageText(messageText, "\n"),
    );
  }

  const hostile = [
    '"); process.exit(); ("',
    "*/ nothing /*",
    "two\nlines\u2028three",
    "await",
    "constructor",
    "vpp",
    "people",
    "Keynote",
    "keynote",
    "KEYNOTE!",
    "計算機",
    "مايكروسوفت",
    "\u202egnp.exe",
    "🚀",
    "\\",
  ];

  it("writes programs that compile, whatever apps and people are called", async () => {
    const mixed = mixedLibrary(serials(43));
    const assets = hostile.map((name, index) => ({ adamId: String(7_000_000 + index), name, totalCount: 5 }));
    const assignments = assets.map(({ adamId }, index) => ({ adamId, serialNumbers: serials(1 + (index % 3), 500) }));
    const project = await adopted([
      {
        ...mixed,
        locationName: '*/"); `\n',
        assets: [...mixed.assets!, ...assets],
        assignments: [...mixed.assignments!, ...assignments],
      },
    ]);
    write(project);
    assert.deepEqual(compile(), []);
    const constants = [...programOf(project).matchAll(/^const (\S+) = new vpp.VppApp\("([^"]+)"/gm)];
    assert.equal(constants.length, mixed.assets!.length + assets.length);
    assert.equal(new Set(constants.map(([, , name]) => name)).size, constants.length);
  });

  it("writes the same whenever nothing has changed, but for the time", async () => {
    const one = await adopted([mixedLibrary(serials(43))]);
    const two = await adopt(settingsOf(), world.env);
    const timeless = ({ files }: Adoption): string[] =>
      [...files].map(([path, text]) => `${path}: ${text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "then")}`);
    assert.deepEqual(timeless(two), timeless(one));
  });

  it("writes nothing to the service, and no content token or address where it does not belong", async () => {
    const { files } = await adopted([mixedLibrary(serials(43))]);
    assert.ok((await world.requests()).every(({ method }) => method === "GET"));
    const token = readFileSync(world.tokenFile, "utf8").trim();
    for (const [path, text] of files) {
      assert.ok(!text.includes(token), path);
      if (path !== "import.json" && path !== "lists/people.csv") assert.doesNotMatch(text, /@contoso/, path);
    }
    const people = importOf({ files } as Adoption).find(({ type }) => type.endsWith("VppUserSet"));
    assert.doesNotMatch(JSON.stringify(people).replaceAll(/"plaintext":"(\\"|[^"])*"/g, ""), /@contoso|inviteUrl/);
  });

  it("brings 50 apps on 5,000 devices in 12 groups back as 12 assignments, in a moment", async () => {
    const apps = Array.from({ length: 50 }, (_, index) => String(900_000_000 + index));
    const devices = serials(5000);
    const groups = Array.from({ length: 12 }, (_, number) => ({
      apps: apps.filter((_app, index) => index < 5 || index % 12 === number),
      serialNumbers: devices.filter((_serial, index) => index % 12 === number),
    }));
    const library = smallLibrary({
      assets: apps.map((adamId, index) => ({ adamId, name: `App number ${index}`, unlimited: true })),
      assignments: groups.flatMap(({ apps: given, serialNumbers }) =>
        given.map((adamId) => ({ adamId, serialNumbers })),
      ),
    });
    const started = Date.now();
    const { libraries, files } = await adopted([library]);
    assert.ok(Date.now() - started < 15_000);
    assert.equal(libraries[0]!.assignments.length, 12);
    assert.equal([...files.keys()].filter((path) => path.endsWith(".csv")).length, 12);
    const covered = libraries[0]!.assignments.map(({ apps: given, serialNumbers }) => [
      given.length,
      serialNumbers?.length,
    ]);
    assert.equal(
      covered.reduce((sum, [given = 0, held = 0]) => sum + given * held, 0),
      groups.reduce((sum, { apps: given, serialNumbers }) => sum + given.length * serialNumbers.length, 0),
    );
  });

  describe("of a library that another service holds", () => {
    const tokens = (project: Adoption): object[] => importOf(project).map(({ inputs }) => inputs.token);

    it("lives beside that service: no mark, and nothing taken back", async () => {
      const project = await adopted([{ ...heldLibrary(serials(2)), users: [{ clientUserId: "ada" }] }]);
      assert.match(programOf(project), /\/\/ “Rival Device Management” \(id rival-mdm-1\) manages this library/);
      assert.match(programOf(project), /managedBy: "rival-mdm-1"/);
      assert.equal(programOf(project).match(/reclaim: false/g)!.length, 3);
      const reclaims = importOf(project).map(({ type, inputs }) => [type.split(":").pop(), inputs.reclaim]);
      assert.deepEqual(reclaims, [
        ["VppApp", undefined],
        ["VppUserSet", false],
        ["VppAssignment", false],
      ]);
      assert.ok(tokens(project).every((token) => (token as { managedBy: string }).managedBy === rival.id));
    });

    it("takes it over only where that is asked for", async () => {
      const project = await adopted([heldLibrary(serials(2))], "--take-over");
      assert.match(programOf(project), /takeOverFrom: "rival-mdm-1"/);
      assert.doesNotMatch(programOf(project), /managedBy|reclaim/);
      assert.ok(tokens(project).every((token) => !("managedBy" in token)));
    });

    it("knows its own stack's mark again", async () => {
      const first = await adopted([smallLibrary()]);
      const [{ bindingId }] = tokens({ ...first }) as [{ bindingId: string }];
      await world.act("holder", { mdmInfo: { ...rival, id: bindingId } });
      const again = await adopt(settingsOf(), world.env);
      assert.doesNotMatch(programOf(again), /managedBy|takeOverFrom|reclaim/);
      assert.match(
        again.files.get("README.md")!,
        /bound already by a stack that has or had this name.*preview.*refuses.*--take-over/,
      );
      const anew = await adopt(settingsOf("--take-over"), world.env);
      assert.ok(programOf(anew).includes(`takeOverFrom: "${bindingId}"`));
      assert.match(programOf(anew), /\/\/ “.*” \(id .*\) is this stack's own mark, from before its state was lost/);
      assert.match(anew.files.get("README.md")!, /binds it again: make sure that no other state holds it/);
      assert.doesNotMatch(programOf(anew), /managedBy|reclaim/);
      assert.deepEqual(tokens(anew), tokens(first));
      await world.act("holder", { mdmInfo: { ...rival, name: "pulumi-vpp contoso/infra/dev" } });
      const elsewhere = await adopt(settingsOf("--stack", "prod"), world.env);
      assert.match(programOf(elsewhere), /managedBy/);
      assert.match(elsewhere.files.get("README.md")!, /That is another stack of this provider/);
    });
  });

  it("prints the commands that docs/adoption.md shows", async () => {
    const { commands } = await adopted([smallLibrary()]);
    const shown = commands.map((command) => `    ${command}\n`).join("");
    assert.ok(readFileSync(join(root, "docs/adoption.md"), "utf8").includes(shown), shown);
  });

  it("leaves out what no resource takes, and says how much that is", async () => {
    const project = await adopted([
      smallLibrary({
        users: [
          { clientUserId: "ada", status: "Associated" },
          { clientUserId: "x\u0007y", status: "Associated" },
        ],
        assignments: [{ adamId: "361285480", clientUserIds: ["ada", "x\u0007y"] }],
      }),
    ]);
    assert.match(programOf(project), /clientUserId: "ada"/);
    const readme = project.files.get("README.md")!;
    assert.match(readme, /1 licence left out/);
    assert.match(readme, /1 of the people left out/);
  });

  describe("on the command line", () => {
    beforeEach(async () => {
      world = await World.start();
    });
    const run = async (...words: string[]): Promise<string> => {
      const { code, stdout, stderr } = await runOurs(folder, { ...process.env, ...world.env }, "adopt", ...words);
      return `${code} ${code === 0 ? stdout : stderr.replace(/^pulumi-vpp: talking to .*\n/, "")}`;
    };

    it("refuses a folder that is not empty, and one that is a file, before it asks the service", async () => {
      writeFileSync(join(folder, "mine"), "");
      assert.match(
        await run("."),
        /^1 pulumi-vpp: adopt: nothing was written: \. is not empty \(VPP_INPUT_INVALID\)\./,
      );
      assert.match(await run("mine"), /^1 pulumi-vpp: adopt: nothing was written: mine is a file/);
      assert.deepEqual(await world.requests(), []);
    });

    it("writes into a new repository, names the project after the folder, and quotes it for the shell", async () => {
      mkdirSync(join(folder, "my infra/.git"), { recursive: true });
      const text = await run("my infra", "--package", "file:../packed.tgz", "--organization", "contoso");
      assert.match(text, /^0 Contoso HQ: 5 apps, 0 devices and 0 people, 0 licences in 0 assignments\.$/m);
      assert.match(text, /^ {2}cd 'my infra'$/m);
      assert.equal(readFileSync(join(folder, "my infra/Pulumi.yaml"), "utf8"), "name: my-infra\nruntime: nodejs\n");
      assert.match(text, /^ {2}pulumi stack init contoso\/dev$/m);
      assert.match(
        readFileSync(join(folder, "my infra/package.json"), "utf8"),
        /"pulumi-vpp": "file:\.\.\/packed\.tgz"/,
      );
      assert.ok(!existsSync(join(folder, "my infra/lists.ts")));
    });

    it("says what it can't do: a dead token, a name that Pulumi does not take, no folder", async () => {
      await world.act("tokens", { action: "revoke" });
      assert.match(
        await run("infra"),
        /^1 pulumi-vpp: adopt: nothing was written: .*revoked \(VPP_AUTH_TOKEN_REVOKED\)\. Download/,
      );
      assert.match(await run("infra", "--stack", "a b"), /^2 pulumi-vpp: --stack must be 1 to 100 letters/);
      assert.match(await run(), /^2 pulumi-vpp: name one folder/);
      assert.match(await run("infra", "--force"), /^2 pulumi-vpp: Unknown option '--force'/);
      assert.ok(!existsSync(join(folder, "infra")));
    });
  });
});
