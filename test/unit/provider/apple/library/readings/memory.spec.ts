import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

describe("memory", () => {
  it("stays below 300 MB, when a run reads 1.5 million licences twice", async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [join(__dirname, "twoWholeReadings.js")]);
    const megabytes = Number(stdout);
    assert.ok(megabytes > 10 && megabytes <= 300, `${stdout.trim()} MB`);
  }).timeout(60_000);
});
