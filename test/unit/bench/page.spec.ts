import assert from "node:assert/strict";
import { tablesOf, withFigures } from "../../../bench/page";
import { result, summary } from "./support";

const row = (engine: string, size: number, ours: number, floor?: number) => ({
  ...result({ engine, size, ours: summary([ours]), ...(floor !== undefined && { floor: summary([floor]) }) }),
  verdicts: [],
});

describe("bench › page", () => {
  const results = [
    row("local engine", 10, 1, 1),
    row("local engine", 1000, 10, 8),
    row("Pulumi CLI", 1000, 6, 5),
    { ...row("none", 1, 0.002), job: "one-check" },
  ];

  it("shows each job at its largest size, with both engines in one line", () => {
    const lines = tablesOf({ results }).split("\n");
    const [line] = lines.filter((text) => text.includes("`up-unchanged/"));
    assert.match(line!, /`up-unchanged\/1000` \| 10\.0 s \/ 8\.00 s = 1\.25 +\| 6\.00 s \/ 5\.00 s = 1\.20/);
    assert.equal(lines.filter((text) => text.includes("up-unchanged")).length, 1);
    assert.match(lines.at(-1)!, /`one-check\/1` +\| 2\.00 ms/);
  });

  it("puts figures in place of older ones, and leaves the rest of the page", () => {
    const file = { date: "2026-11-23", node: "v22.0.0", cli: "none", cores: 2, results };
    const page = "# Cost\n<!-- figures -->\nold\n<!-- end of figures -->\nAfter\n";
    const written = withFigures(page, file);
    assert.match(written, /^# Cost\n/);
    assert.match(written, /no Pulumi CLI and 2 cores; budgets not held: 0/);
    assert.ok(written.endsWith("<!-- end of figures -->\nAfter\n") && !written.includes("old"));
    assert.equal(withFigures(written, file), written);
    assert.throws(() => withFigures("# Cost\n", file), /no place for figures/);
  });
});
