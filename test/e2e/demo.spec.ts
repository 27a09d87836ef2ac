import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { steps } from "../../demo/steps";
import { tidy } from "../../demo/tidy";
import { root } from "../support/paths";

/** Runs the demo on the local engine, in a temporary folder of its own. */
function runDemo(
  folder: string,
  words: readonly string[] = [],
  interruptAt?: RegExp,
): Promise<{ code: number | null; text: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, "dist/demo/main.js"), ...words], {
      env: { ...process.env, VPP_ENGINE: "local", TMPDIR: folder },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (part: string) => {
        const isThere = interruptAt?.test(text);
        text += part;
        if (interruptAt && !isThere && interruptAt.test(text)) child.kill("SIGINT");
      });
    }
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, text }));
  });
}

describe("the demo", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "vpp-demo-"));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("does what each of its steps says, tells which engine it runs on, and leaves nothing behind", async function () {
    this.timeout(300_000);
    const { code, text } = await runDemo(folder);
    assert.equal(code, 0, text);
    assert.match(text.split("\n")[0]!, /local engine/);
    for (const [index, step] of steps.entries()) {
      assert.ok(text.includes(`${index + 1}/${steps.length}  ${step.shows}`), step.shows);
      if (step.commands) assert.ok(text.includes(`$ ${step.commands}`), step.commands);
    }
    assert.match(text, new RegExp(`All ${steps.length} steps did what they say`));
    assert.doesNotMatch(text, /@brackwater/);
    assert.deepEqual(readdirSync(folder), []);
  });

  it("stops in order when it is interrupted", async () => {
    const { code, text } = await runDemo(folder, [], /1\/11 /);
    assert.equal(code, 130, text);
    assert.match(text, /Stopped\./);
    assert.deepEqual(readdirSync(folder), []);
  });

  it("refuses an option that it does not have", async () => {
    const { code, text } = await runDemo(folder, ["--fast"]);
    assert.equal(code, 2);
    assert.match(text, /Usage: npm run demo/);
  });
});

describe("the demo's view of what pulumi prints", () => {
  it("keeps a failed resource, its reason once, and the sum", () => {
    const printed = [
      "Previewing update (dev):",
      "",
      " -  pulumi-nodejs:dynamic/vpp:VppApp old delete ",
      "Updating (dev):",
      "",
      " ~  pulumi-nodejs:dynamic/vpp:VppToken library updating (0s) [diff: ~displayName]",
      " ~  pulumi-nodejs:dynamic/vpp:VppToken library updated (0.02s) [diff: ~displayName]",
      " +  pulumi-nodejs:dynamic/vpp:VppAssignment all creating (0s) error: no licences",
      " +  pulumi-nodejs:dynamic/vpp:VppAssignment all **creating failed** error: no licences",
      "    pulumi:pulumi:Stack trial-dev **failed** 1 error",
      "Diagnostics:",
      "  pulumi:pulumi:Stack (trial-dev):",
      "    pulumi-vpp: talking to http://127.0.0.1:1/mdm/v2, not to Apple.",
      "    no licences",
      "    error: update failed",
      "",
      "  pulumi-nodejs:dynamic/vpp:VppAssignment (all):",
      "    error: no licences",
      "",
      "Outputs:",
      '  + library: "HQ"',
      "    count  : 3",
      "",
      "Resources:",
      "    ~ 1 updated",
      "    1 errored",
      "",
      "Duration: 1s",
    ].join("\n");
    assert.deepEqual(tidy(printed), [
      "~  VppToken library              updated [diff: ~displayName]",
      "+  VppAssignment all             creating failed",
      "• error: no licences",
      'Outputs: + library: "HQ", count: 3',
      "Resources: ~ 1 updated, 1 errored",
    ]);
  });

  it("keeps an error that comes before anything else", () => {
    assert.deepEqual(tidy("some trimmings\nerror: no stack selected\n"), ["error: no stack selected"]);
  });
});
