import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { Consumer } from "../support/consumer";
import { enginesFor } from "../support/engines";
import { root } from "../support/paths";

const PYTHON = ["python3", "python"].find((name) => spawnSync(name, ["--version"]).status === 0);
const LACKING = PYTHON === undefined ? " (NOT RUN: there is no python3 here)" : "";

/** The only code block of a language in a section. */
function block(language: string, title = "In your tests"): string {
  const readme = readFileSync(join(root, "simulator/README.md"), "utf8");
  const section = new RegExp(`^## ${title}$(.*?)^## `, "ms").exec(readme)?.[1] ?? "";
  const blocks = [...section.matchAll(/^```(\w+)\n(.*?)^```$/gms)].filter((match) => match[1] === language);
  assert.equal(blocks.length, 1, `there must be one block of ${language}`);
  return blocks[0]![2]!;
}

describe("the simulator's README, against the packed package", function () {
  this.timeout(120_000);
  let consumer: Consumer;

  before(() => {
    consumer = new Consumer();
    consumer.install("@pulumi/pulumi@3.260.0", "typescript@5.9.3");
  });

  after(() => {
    consumer.remove();
  });

  for (const engine of enginesFor(undefined)) {
    it(`tests a user's own Pulumi program as it says, on the ${engine.name}`, function () {
      if (process.platform === "win32") {
        this.skip();
      }
      const title = "Your Pulumi program";
      const { folder } = consumer;
      // A log of the engine before names a port at which nobody listens any more.
      for (const left of ["state", "home", "Pulumi.test.yaml", "simulator.log"])
        rmSync(join(folder, left), { recursive: true, force: true });
      writeFileSync(join(folder, "Pulumi.yaml"), "name: own\nruntime: nodejs\n");
      writeFileSync(join(folder, "index.ts"), block("ts", title));
      writeFileSync(join(folder, "check.mjs"), block("js", title));
      const script = block("sh", title).replace("\n", "\ntrap 'kill $!' EXIT\n");
      const env = { PATH: [engine.folder, consumer.path].join(delimiter), PULUMI_HOME: join(folder, "home") };
      const printed = consumer.run("bash", ["-eu", "-c", script.replace(/^kill .*\n/m, "")], folder, env);
      assert.match(printed, /\+ +3 created.*3 unchanged.*- +3 deleted/s);
    });
  }

  it("has an example for Node that runs", () => {
    writeFileSync(join(consumer.folder, "example.mjs"), block("js"));
    assert.equal(consumer.run("node", ["example.mjs"]), "no answer\n1 licence all the same\n");
  });

  it(`has an example for Python that runs${LACKING}`, function () {
    if (PYTHON === undefined) {
      this.skip();
    }
    writeFileSync(join(consumer.folder, "simulator_test.py"), block("python"));
    assert.equal(consumer.run(PYTHON, ["simulator_test.py"]), "COMPLETE 2 of 2\n");
  });

  it(`has steps for GitHub Actions that run${LACKING}`, function () {
    if (PYTHON === undefined || process.platform === "win32") {
      this.skip();
    }
    const steps = block("yaml")
      .trimEnd()
      .split("\n")
      .map((line) => line.replace(/^- run: /, ""));
    assert.equal(steps.length, 5);
    assert.equal(steps.shift(), "npm install --no-save pulumi-vpp");
    writeFileSync(join(consumer.folder, "simulator_test.py"), block("python"));
    const script = [
      "set -eu",
      ...steps.slice(0, 1),
      "started=$!; trap 'kill $started' EXIT",
      ...steps.slice(1, -1),
      // What a job does between its steps.
      '. "$GITHUB_ENV"; export VPP_URL',
      ...steps.slice(-1),
    ].join("\n");
    const env = { GITHUB_ENV: join(consumer.folder, "github.env") };
    assert.equal(consumer.run("bash", ["-c", script], consumer.folder, env), "COMPLETE 2 of 2\n");
  });
});
