import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { root } from "../../support/paths";

const sdk = join(root, "dist/sdk/index.js");

/** Loads the package in a process of its own, after Pulumi's SDK; gives the processor time it took, which a busy machine doesn't change, and what it has loaded beside that. */
function load(): { ms: number; loaded: string[] } {
  const script = `
    require("@pulumi/pulumi");
    const before = new Set(Object.keys(require.cache));
    const start = process.cpuUsage();
    require(${JSON.stringify(sdk)});
    const { user, system } = process.cpuUsage(start);
    const ms = (user + system) / 1000;
    console.log(JSON.stringify({ ms, loaded: Object.keys(require.cache).filter((path) => !before.has(path)) }));`;
  const env = { ...process.env, NODE_V8_COVERAGE: undefined };
  return JSON.parse(execFileSync(process.execPath, ["-e", script], { encoding: "utf8", cwd: root, env })) as ReturnType<
    typeof load
  >;
}

describe("requiring the package", () => {
  it("loads neither the HTTP library nor the code of look-ups, and takes at most 40 ms more than Pulumi's SDK", () => {
    const runs = Array.from({ length: 3 }, load);
    const foreign = runs[0]!.loaded.filter((path) => /node_modules|[\\/](inventory|library|client)[\\/]/.test(path));
    assert.deepEqual(foreign, []);
    const ms = Math.min(...runs.map((run) => run.ms));
    assert.ok(ms <= 40, `${ms} ms`);
  });
});
