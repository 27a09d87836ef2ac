import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { Consumer } from "../support/consumer";
import { engines, enginesFor } from "../support/engines";
import { root } from "../support/paths";
import { World } from "../support/world";
import { readmeCommands, walkReadme } from "./readmeWalk";

const cli = engines().find(({ name }) => name === "Pulumi CLI");
const LACKING = cli === undefined ? " (NOT RUN: there is no Pulumi CLI here, and nothing else can import)" : "";

describe("the packed package", function () {
  this.timeout(300_000);
  let consumer: Consumer;

  before(() => {
    consumer = new Consumer();
    consumer.install("@pulumi/pulumi@3.260.0", "typescript@5.9.3");
    mkdirSync(join(consumer.folder, "infra"));
  });

  after(() => {
    consumer.remove();
  });

  it("holds what runs and is documented, and no tests, engine or source maps", () => {
    const folder = join(consumer.folder, "node_modules/pulumi-vpp");
    const own = readdirSync(folder).filter((name) => name !== "node_modules");
    assert.deepEqual(own.sort(), [
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "SECURITY.md",
      "cli",
      "dist",
      "docs",
      "package.json",
      "simulator",
    ]);
    assert.deepEqual(readdirSync(join(folder, "simulator")), ["README.md"]);
    assert.deepEqual(readdirSync(join(folder, "dist")).sort(), ["cli", "inventory", "provider", "sdk", "simulator"]);
    // What adopt copies into projects, and so is there as TypeScript.
    assert.deepEqual(readdirSync(join(folder, "cli"), { recursive: true, encoding: "utf8" }).sort(), [
      "adopt",
      "adopt/template",
      "adopt/template/lists.ts",
    ]);
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
    assert.deepEqual(
      files.filter((file) => file.endsWith(".map") || file.includes("spec")),
      [],
    );
    assert.ok(existsSync(join(folder, "dist/provider/schema/validators.generated.js")));
  });

  it("can be required and imported, from the project and from a folder below it", () => {
    const lookUps = ["getVppApps", "getVppAssignments", "getVppToken", "getVppUsers"];
    const classes = ["VppApp", "VppAssignment", "VppLookUpError", "VppToken", "VppUserSet"];
    const names = [...classes, ...lookUps.flatMap((name) => [name, `${name}Output`])].join();
    for (const cwd of [consumer.folder, join(consumer.folder, "infra")]) {
      assert.equal(consumer.node('console.log(Object.keys(require("pulumi-vpp")).sort().join())', cwd).trim(), names);
      const imported = consumer.node(
        'import { VppToken } from "pulumi-vpp"; console.log(VppToken.name)',
        cwd,
        "--input-type=module",
      );
      assert.equal(imported.trim(), "VppToken");
      const kinds = consumer.node('console.log(Object.keys(require("pulumi-vpp/provider")).sort().join())', cwd).trim();
      assert.equal(kinds, "vppApp,vppAssignment,vppToken,vppUserSet");
    }
    assert.throws(() => consumer.node('require("pulumi-vpp/dist/provider/errors")'), /ERR_PACKAGE_PATH_NOT_EXPORTED/);
  });

  it("has types that check, with old and new module resolution", () => {
    const program = `import * as vpp from "pulumi-vpp";
      const token = new vpp.VppToken("hq", { displayName: "Head office" });
      const app = new vpp.VppApp("a", { token, adamId: "1" });
      const people = new vpp.VppUserSet("p", { token, users: [{ clientUserId: "ada" }] });
      new vpp.VppAssignment("x", { token, apps: [app, "2", { adamId: "3" }], clientUserIds: people.clientUserIds });
      export const free: import("@pulumi/pulumi").Output<number> = app.availableCount;
    `;
    writeFileSync(join(consumer.folder, "infra/index.ts"), program);
    for (const module of [
      ["--module", "commonjs", "--moduleResolution", "node10"],
      ["--module", "nodenext"],
    ]) {
      consumer.run("node_modules/.bin/tsc", [
        "--noEmit",
        "--strict",
        "--skipLibCheck",
        "--target",
        "es2022",
        ...module,
        "infra/index.ts",
      ]);
    }
  });

  for (const engine of enginesFor("life of a stack")) {
    it(`goes up and comes down from a folder below its node_modules, on the ${engine.name}`, async () => {
      const world = await World.start();
      const folder = join(consumer.folder, "infra");
      const backend = mkdtempSync(join(consumer.folder, "backend-"));
      writeFileSync(join(folder, "Pulumi.yaml"), "name: consumer\nruntime: nodejs\nmain: program.js\n");
      writeFileSync(
        join(folder, "program.js"),
        `const vpp = require("pulumi-vpp");
         const token = new vpp.VppToken("hq");
         new vpp.VppAssignment("kiosk", { token, apps: ["361285480"], serialNumbers: ["F9FW000001"] });`,
      );
      const env = {
        ...process.env,
        ...world.env,
        PULUMI_BACKEND_URL: `file://${backend}`,
        PULUMI_HOME: join(backend, "home"),
        PULUMI_CONFIG_PASSPHRASE: "only for tests",
        PULUMI_SKIP_UPDATE_CHECK: "true",
      };
      const pulumi = (...args: string[]): Promise<number> => runToEnd(join(engine.folder, "pulumi"), args, folder, env);
      try {
        assert.equal(await pulumi("stack", "init", "dev"), 0);
        assert.equal(await pulumi("up", "--yes", "--skip-preview"), 0);
        assert.deepEqual(await world.holders("361285480"), ["F9FW000001"]);
        assert.equal(await pulumi("preview", "--expect-no-changes"), 0);
        assert.equal(await pulumi("destroy", "--yes", "--skip-preview"), 0);
        assert.deepEqual(await world.holders("361285480"), []);
      } finally {
        await world.close();
      }
    });
  }

  it(`leads from the README alone to a report in four commands, and to an adopted, clean stack in eight${LACKING}`, async function () {
    if (cli === undefined || process.platform === "win32") {
      this.skip();
    }
    const { toReport, toStack } = readmeCommands();
    assert.deepEqual([toReport.length, toStack.length], [4, 4]);
    assert.match(toReport[0]!, /^npm install pulumi-vpp /);
    const { report, written } = await walkReadme(consumer, cli);
    assert.match(report, /Tourbook Driver/);
    assert.deepEqual(written, ["/mdm/v2/client/config"]);
  });

  it("brings the simulator's command", () => {
    assert.match(consumer.run("node_modules/.bin/pulumi-vpp", ["simulator", "--help"]), /--write-token FILE/);
  });
});

/** The simulator answers in this very process, so the command must not block it. */
async function runToEnd(
  command: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const { spawn } = await import("node:child_process");
  const path = [join(root, "node_modules/.bin"), env.PATH].join(delimiter);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...env, PATH: path }, stdio: "ignore" });
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? -1));
  });
}
