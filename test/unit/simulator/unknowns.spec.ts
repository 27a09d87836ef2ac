import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { READING_CHOICES, UNKNOWNS } from "../../../simulator";

const README = join(__dirname, "..", "..", "..", "..", "simulator", "README.md");

describe("simulator: what nobody knows", () => {
  it("names every reading exactly once, and none that does not exist", () => {
    const named = UNKNOWNS.flatMap(({ readings }) => readings);
    assert.deepEqual([...named].sort(), Object.keys(READING_CHOICES).sort());
  });

  it("asks a question and says what is done about it", () => {
    for (const { question, answer } of UNKNOWNS) {
      assert.match(question, /^[A-Z].*[?.]$/);
      assert.match(answer, /^[A-Z0-9].*\.$/);
    }
  });

  it("is in the README with all values, the default first, and with what strict mode chooses", () => {
    const rows = readFileSync(README, "utf8")
      .split("\n")
      .filter((line) => line.startsWith("| `"))
      .map((line) => line.split("|").map((cell) => cell.trim().replaceAll("`", "")));
    const readings = rows
      .filter((cells) => cells.length === 6)
      .map(([, name, values, strict]) => ({ name, values, strict }));
    const byName = (one: { name?: string }, other: { name?: string }) => (one.name! < other.name! ? -1 : 1);
    const expected = Object.entries(READING_CHOICES).map(([name, { values, strict }]) => ({
      name,
      values: values.join(", "),
      strict,
    }));
    assert.deepEqual(readings.sort(byName), expected.sort(byName));
  });
});
