import assert from "node:assert/strict";
import { Notes } from "../../../../provider/engine/diagnostics";
import { FakeClock } from "../support/fakeClock";

describe("notes", () => {
  let lines: string[];
  let clock: FakeClock;
  let notes: Notes;

  beforeEach(() => {
    lines = [];
    clock = new FakeClock();
    notes = new Notes((line) => lines.push(line), clock.now);
  });

  it("are said once for each resource and reason", () => {
    notes.say("VppToken hq", "expiring", "soon");
    notes.say("VppToken hq", "expiring", "soon, really");
    notes.say("VppToken hq", "held", "by another");
    notes.say("VppToken branch", "expiring", "soon");
    assert.deepEqual(lines, ["VppToken hq: soon", "VppToken hq: by another", "VppToken branch: soon"]);
  });

  it("are one line and hold no address and nothing like a token, whatever comes in", () => {
    notes.say("VppUserSet people", "odd", `one\ntwo ada@contoso.example ${"A1b2".repeat(20)} F9FW5QJMF3M`);
    assert.deepEqual(lines, ["VppUserSet people: one two [address] [hidden] F9FW5QJMF3M"]);
  });

  it("stay whole, however long they are", () => {
    const text = "word ".repeat(200).trim();
    notes.say("VppApp keynote", "long", text);
    assert.equal(lines[0], `VppApp keynote: ${text}`);
  });

  it("tell how far work is after its first ten seconds, and then at most every ten seconds over all work", () => {
    const ofA = notes.progressOf("VppAssignment a");
    const ofB = notes.progressOf("VppAssignment b");
    const at = (ms: number, tell: () => void): void => {
      clock.ms = start + ms;
      tell();
    };
    const start = clock.ms;
    at(0, () => ofA("0 of 9"));
    at(9_999, () => ofA("1 of 9"));
    at(10_000, () => ofA("2 of 9"));
    at(19_999, () => ofB("1 of 5"));
    at(20_000, () => ofB("2 of 5"));
    const ofC = notes.progressOf("VppAssignment c");
    at(29_999, () => ofC("1 of 3"));
    at(30_000, () => ofC("2 of 3"));
    at(30_001, () => ofA("8 of 9"));
    at(300_000, () => notes.progressOf("VppAssignment d")("1 of 2"));
    assert.deepEqual(lines, ["VppAssignment a: 2 of 9", "VppAssignment b: 2 of 5", "VppAssignment c: 2 of 3"]);
  });
});
