import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { PlanReference } from "../../../../provider/plan/planLines";
import { VppApp, VppAssignment, VppToken, VppUserSet } from "../../../../sdk";
import { PlanWriter } from "../../../../sdk/plan/planWriter";
import { planIn, readLedger, run } from "../run";

const sdk = join(__dirname, "../../../../sdk/index.js");

describe("ledger", () => {
  describe("file", () => {
    it("is for its owner alone, in a folder of its own, and begins with the run", async () => {
      const { file } = await run(() => [new VppToken("hq")]);
      assert.equal(statSync(file).mode & 0o777, 0o600);
      assert.equal(statSync(dirname(file)).mode & 0o077, 0);
      assert.deepEqual(readdirSync(dirname(file)), ["plan.jsonl"]);
      assert.deepEqual(readLedger(file)[0], { t: "run", organization: "contoso", project: "trial", stack: "dev" });
    });

    it("is another one for each run of one process, as with inline programs", async () => {
      const first = await run(() => [new VppToken("first")]);
      const second = await run(() => [new VppToken("second")]);
      assert.notEqual(first.file, second.file);
      assert.equal(first.line("second"), undefined);
      assert.equal(second.line("first"), undefined);
    });

    it("is gone with its folder when the program ends, also when it ends with an error", () => {
      for (const end of ["", "throw new Error('the program failed');", "process.exit(3);"]) {
        const folder = mkdtempSync(join(tmpdir(), "vpp-ledger-"));
        const program = `
          const pulumi = require("@pulumi/pulumi");
          pulumi.runtime.setMocks({ call: () => ({}), newResource: ({ inputs }) => ({ id: "1", state: inputs }) }).then(() => {
            const { VppToken } = require(${JSON.stringify(sdk)});
            new VppToken("hq").urn.apply(() => {
              console.log(require("fs").readdirSync(process.env.TMPDIR).length);
              ${end}
            });
          });`;
        const env = { ...process.env, TMPDIR: folder };
        let output: string;
        try {
          output = execFileSync(process.execPath, ["-e", program], {
            encoding: "utf8",
            env,
            stdio: ["ignore", "pipe", "ignore"],
          });
        } catch (error) {
          output = (error as { stdout: string }).stdout;
        }
        assert.equal(output.trim(), "1", `while the program ran, before ${end || "its end"}`);
        assert.deepEqual(readdirSync(folder), []);
        rmSync(folder, { recursive: true });
      }
    });

    it("of a program that was killed outright is removed by a later one, after a day; a younger one may be in use", () => {
      const folder = mkdtempSync(join(tmpdir(), "vpp-ledger-"));
      const long = new Date(Date.now() - 25 * 60 * 60 * 1000);
      for (const name of ["pulumi-vpp-killed", "pulumi-vpp-running", "someone-else"]) mkdirSync(join(folder, name));
      writeFileSync(join(folder, "pulumi-vpp-killed", "plan.jsonl"), "{}");
      for (const name of ["pulumi-vpp-killed", "someone-else"]) utimesSync(join(folder, name), long, long);
      const program = `
        const pulumi = require("@pulumi/pulumi");
        pulumi.runtime.setMocks({ call: () => ({}), newResource: ({ inputs }) => ({ id: "1", state: inputs }) }).then(() => {
          const { VppToken } = require(${JSON.stringify(sdk)});
          new VppToken("hq");
        });`;
      execFileSync(process.execPath, ["-e", program], { env: { ...process.env, TMPDIR: folder }, stdio: "ignore" });
      assert.deepEqual(readdirSync(folder).sort(), ["pulumi-vpp-running", "someone-else"]);
      rmSync(folder, { recursive: true });
    });

    it("of a program that was killed outright is removed by the next one, if it can be told that nobody runs it any more", () => {
      const folder = mkdtempSync(join(tmpdir(), "vpp-ledger-"));
      const env = { ...process.env, TMPDIR: folder };
      const program = (end: string): string => `
        const pulumi = require("@pulumi/pulumi");
        pulumi.runtime.setMocks({ call: () => ({}), newResource: ({ inputs }) => ({ id: "1", state: inputs }) }).then(() => {
          const { VppToken } = require(${JSON.stringify(sdk)});
          new VppToken("hq").urn.apply(() => { ${end} });
        });`;
      const kill = program('process.kill(process.pid, "SIGKILL");');
      assert.throws(() => execFileSync(process.execPath, ["-e", kill], { env, stdio: "ignore" }));
      const [left] = readdirSync(folder);
      assert.match(left!, /^pulumi-vpp-\d+-\d+-/);
      const running = left!.replace(/-\d+-[^-]+$/, `-${process.pid}-abcdef`);
      const elsewhere = left!.replace(/-\d+-/, "-1-");
      for (const name of [running, elsewhere]) mkdirSync(join(folder, name));
      execFileSync(process.execPath, ["-e", program("")], { env, stdio: "ignore" });
      assert.deepEqual(readdirSync(folder).sort(), [running, elsewhere].sort());
      rmSync(folder, { recursive: true });
    });

    it("of a run that goes on is left alone, however old the clock makes it, the own one too", () => {
      const folder = mkdtempSync(join(tmpdir(), "vpp-ledger-"));
      const env = { ...process.env, TMPDIR: folder };
      const script = `
        const { utimesSync, readdirSync, mkdirSync } = require("fs");
        const { join } = require("path");
        const { makePlanFolder } = require(${JSON.stringify(join(__dirname, "../../../../sdk/plan/planFolder.js"))});
        const leap = Date.now() + 48 * 60 * 60 * 1000;
        const other = join(process.env.TMPDIR, "first").replace(/first$/, "");
        const own = makePlanFolder();
        mkdirSync(own.replace(/-[0-9]+-[^-]+$/, "-" + process.ppid + "-abcdef"), { recursive: true });
        for (const name of readdirSync(other)) utimesSync(join(other, name), 0, 0);
        Date.now = () => leap;
        makePlanFolder();
        console.log(readdirSync(other).length);`;
      assert.equal(execFileSync(process.execPath, ["-e", script], { env, encoding: "utf8" }).trim(), "3");
      execFileSync(process.execPath, ["-e", script.replace("const own", "Date.now = () => leap; const own")], { env });
      assert.equal(readdirSync(folder).length, 1);
      rmSync(folder, { recursive: true });
    });

    it("is found where it is, when TMPDIR is relative and the program changes its folder", () => {
      const folder = mkdtempSync(join(tmpdir(), "vpp-ledger-"));
      mkdirSync(join(folder, "tmp"));
      mkdirSync(join(folder, "elsewhere"));
      const program = `
        const pulumi = require(${JSON.stringify(require.resolve("@pulumi/pulumi"))});
        const { readFileSync } = require("fs");
        const newResource = ({ inputs }) => {
          console.log(readFileSync(JSON.parse(inputs.plan).file, "utf8").trim().split("\\n").length);
          return { id: "1", state: inputs };
        };
        pulumi.runtime.setMocks({ call: () => ({}), newResource }).then(() => {
          const { VppToken } = require(${JSON.stringify(sdk)});
          new VppToken("hq");
          process.chdir("elsewhere");
        });`;
      const options = { cwd: folder, env: { ...process.env, TMPDIR: "tmp" }, encoding: "utf8" as const };
      assert.equal(execFileSync(process.execPath, ["-e", program], options).trim(), "2");
      assert.deepEqual(readdirSync(join(folder, "tmp")), []);
      rmSync(folder, { recursive: true });
    });

    it("that can't be written ends the program with a sentence, also when it goes while the program runs", async () => {
      const refused =
        /what this program declares can't be written .*\(ENOENT\).*\(VPP_CONFIG_PLAN_UNWRITABLE\)\. Make room/;
      const { TMPDIR } = process.env;
      process.env.TMPDIR = "/nowhere/at/all";
      try {
        await assert.rejects(
          run(() => [new VppToken("hq")]),
          (error: Error) => pulumi.RunError.isInstance(error) && refused.test(error.message),
        );
      } finally {
        if (TMPDIR === undefined) delete process.env.TMPDIR;
        else process.env.TMPDIR = TMPDIR;
      }
      const writer = new PlanWriter();
      const declaration = { line: () => ({ t: "token", entry: "1", name: "hq", key: "default" }) as const };
      const { file } = JSON.parse(await writer.planInput(declaration, "1", "hq", Promise.resolve())) as PlanReference;
      rmSync(file);
      await assert.rejects(writer.declare(declaration), refused);
    });

    it("leaves no listener behind for each run, so that many runs in one process bring no warning", async () => {
      await run(() => [new VppToken("hq")]);
      const before = process.listenerCount("exit");
      for (let count = 0; count < 12; count++) await run(() => [new VppToken("hq")]);
      assert.equal(process.listenerCount("exit"), before);
    });
  });

  describe("a program's own unit tests", () => {
    it("need not name an organization to Pulumi's mocks", async () => {
      let plan: PlanReference | undefined;
      await pulumi.runtime.setMocks({
        call: () => ({}),
        newResource: ({ inputs }) => {
          plan = planIn(inputs as Record<string, unknown>);
          return { id: "1", state: inputs as object };
        },
      });
      const token = new VppToken("hq");
      await new Promise((resolve) => token.urn.apply(resolve));
      const [first] = readLedger(plan!.file);
      assert.equal(first?.t === "run" && first.organization, "organization");
    });
  });

  describe("registration", () => {
    it("carries where the plan is and which line is its own, and comes after that line is written", async () => {
      const { registered, file } = await run(() => {
        const token = new VppToken("hq");
        return [token, new VppAssignment("fleet", { token, apps: ["361285480"], serialNumbers: ["F9FW000001"] })];
      });
      const fleet = registered.get("fleet")!;
      const own = fleet.ledger.find((line) => line.t === "assignment");
      assert.deepEqual(planIn(fleet.inputs), { file, entry: own?.entry, name: "fleet" });
    });

    it("comes after everything that was declared in the same turn is written, whatever the order", async () => {
      const names = Array.from({ length: 20 }, (_, index) => `fleet${index}`);
      const { registered } = await run(() => {
        const token = new VppToken("hq");
        return names.map(
          (name, index) =>
            new VppAssignment(name, { token, apps: ["361285480"], serialNumbers: [`F9FW0000${10 + index}`] }),
        );
      });
      for (const name of names) {
        const seen = new Set(
          registered.get(name)!.ledger.flatMap((line) => (line.t === "assignment" ? [line.name] : [])),
        );
        assert.equal(seen.size, names.length, name);
      }
    });

    it("tells resources of the same name apart, when components hold them", async () => {
      const { file } = await run(() => {
        const token = new VppToken("hq");
        const parents = ["a", "b"].map((name) => new pulumi.ComponentResource("test:index:Team", name));
        return parents.map(
          (parent, index) =>
            new VppAssignment("apps", { token, apps: ["361285480"], serialNumbers: [`F9FW00000${index}`] }, { parent }),
        );
      });
      const entries = readLedger(file).flatMap((line) => (line.t === "assignment" ? [line.entry] : []));
      assert.equal(new Set(entries).size, 2);
    });

    it("is made by the constant text for each kind and under a type that stays", async () => {
      const { registered } = await run(() => {
        const token = new VppToken("hq");
        return [
          token,
          new VppApp("app", { token, adamId: "361285480" }),
          new VppUserSet("people", { token, users: [{ clientUserId: "ada" }] }),
          new VppAssignment("fleet", { token, apps: ["361285480"] }),
        ];
      });
      const made = [...registered.values()].map(({ type, inputs }) => [type, inputs.__provider]);
      assert.deepEqual(
        new Map(made as [string, string][]),
        new Map(
          ["VppToken", "VppApp", "VppUserSet", "VppAssignment"].map((kind) => [
            `pulumi-nodejs:dynamic/vpp:${kind}`,
            `exports.handler = () => require("pulumi-vpp/provider").${kind.replace("V", "v")};`,
          ]),
        ),
      );
    });

    it("leaves no token, and nothing but ids, in the file", async () => {
      const { file } = await run(() => {
        const token = new VppToken("hq", { displayName: "Head office", appleAccount: "vpp@contoso.example" });
        return [
          token,
          new VppUserSet("people", { token, users: [{ clientUserId: "ada", email: "ada@contoso.example" }] }),
        ];
      });
      assert.ok(existsSync(file));
      assert.doesNotMatch(JSON.stringify(readLedger(file)), /contoso\.example|Head office/);
    });
  });
});
