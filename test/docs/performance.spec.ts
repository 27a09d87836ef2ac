import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pageFile, withFigures } from "../../bench/page";
import type { ResultsFile } from "../../bench/results";
import { root } from "../support/paths";

describe("docs/performance.md", () => {
  it("shows the figures of the last bench, and no others", () => {
    const page = readFileSync(pageFile, "utf8");
    const results = JSON.parse(readFileSync(join(root, "bench/results.json"), "utf8")) as ResultsFile;
    assert.equal(page, withFigures(page, results), "npm run bench -- --page writes them");
  });
});
