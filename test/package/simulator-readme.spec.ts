import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Consumer } from "../support/consumer";
import { root } from "../support/paths";

const PYTHON = ["python3", "python"].find((name) => spawnSync(name, ["--version"]).status === 0);
const LACKING = PYTHON === undefined ? " (NOT RUN: there is no python3 here)" : "";

/** The only code block of a language in the section about tests of one's own. */
function block(language: string): string {
  const readme = readFileSync(join(root, "simulator/README.md"), "utf8");
  const section = /^## In your tests$(.*?)^## /ms.exec(readme)?.[1] ?? "";
  const blocks = [...section.matchAll(/^```(\w+)\n(.*?)^```$/gms)].filter((match) => match[1] === language);
  assert.equal(blocks.length, 1, `there must be one block of ${language}`);
  return blocks[0]![2]!;
}

describe("the simulator's README, against the packed package", function () {
  this.timeout(120_000);
  let consumer: Consumer;

  before(() => {
    consumer = new Consumer();
    consumer.install();
  });

  after(() => {
    consumer.remove();
  });

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
