import assert from "node:assert/strict";
import { UNKNOWNS } from "../../simulator";
import { readPage } from "./pages";

describe("the page of what is unknown", () => {
  it("has a row for each question of the simulator's list, in its order and with its switches", () => {
    const [[, ...rows] = []] = readPage("docs/unknowns.md").tables;
    assert.deepEqual(
      rows.map(([, , switches = ""]) => [...switches.matchAll(/`([^`]+)`/g)].map(([, name]) => name)),
      UNKNOWNS.map(({ readings, options = [] }) => [...readings, ...options]),
    );
    for (const [question, answer] of rows) {
      assert.match(question!, /^[A-Z].*[^.]$/);
      assert.match(answer!, /^[A-Z].*[^.]$/);
    }
  });
});
