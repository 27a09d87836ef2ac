import assert from "node:assert/strict";
import { Notes } from "../../../../provider/host/notes";
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

  it("tell progress at most every ten seconds over all resources", () => {
    notes.progress("VppAssignment a", "1 of 9");
    notes.progress("VppAssignment b", "1 of 5");
    clock.ms += 9999;
    notes.progress("VppAssignment a", "2 of 9");
    clock.ms += 1;
    notes.progress("VppAssignment a", "3 of 9");
    assert.deepEqual(lines, ["VppAssignment a: 1 of 9", "VppAssignment a: 3 of 9"]);
  });
});
