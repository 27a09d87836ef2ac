import assert from "node:assert/strict";
import { recordIn } from "../../../../provider/plan/declaredRecord";
import { type ProgramRun, runProgram } from "../../../support/programRuns";

const list = (from: number): string =>
  `Array.from({ length: 40 }, (_, at) => "F9F" + String(${from} + at).padStart(9, "0"))`;
const assign = (name: string, from: number, rest = "{}"): string =>
  `new vpp.VppAssignment("${name}", { token, apps: ["361285480"], serialNumbers: ${list(from)} }, ${rest});`;
const bind = 'const token = new vpp.VppToken("hq");';
const pause = "await new Promise((resolve) => setTimeout(resolve, Math.random() * 2));";
const turn = "await new Promise((resolve) => setImmediate(resolve));";

/** Names that the runs recorded, each list once. */
function recorded(runs: readonly ProgramRun[]): string[] {
  const names = runs.map(({ declared }) => {
    const record = recordIn(declared);
    return record === undefined ? "none" : [...record.assignments.keys()].join(" ");
  });
  return [...new Set(names)];
}

describe("the end of a program", () => {
  const styles: { title: string; program: string; recorded: string[]; inline?: boolean }[] = [
    { title: "constructors alone", program: `${bind} ${assign("a", 0)} ${assign("b", 100)}`, recorded: ["a b"] },
    {
      title: "exported outputs",
      program: `${bind} ${assign("a", 0)} exports.status = token.status; exports.later = token.libraryId.apply((id) => id);`,
      recorded: ["a"],
    },
    {
      title: "an export named then, which is no function",
      program: `${bind} ${assign("a", 0)} exports.then = "later";`,
      recorded: ["a"],
    },
    {
      title: "a component",
      program: `${bind} class Team extends pulumi.ComponentResource {
          constructor(name, from) { super("test:index:Team", name); ${assign("apps", 0, "{ parent: this }").replace(list(0), `Array.from({ length: 40 }, (_, at) => "F9F" + String(from + at).padStart(9, "0"))`)} }
        }
        new Team("x", 0); new Team("y", 100);`,
      recorded: ["apps"],
    },
    {
      title: "a resource made in apply",
      program: `${bind} ${assign("a", 0)} token.libraryId.apply(() => { ${assign("b", 100)} });`,
      recorded: ["a"],
    },
    {
      title: "await of what is there already, between constructors",
      program: `(async () => { ${bind} ${assign("a", 0)} await null; ${assign("b", 100)} })();`,
      recorded: ["a b"],
    },
    {
      title: "a floating async function with timers between constructors",
      program: `(async () => { ${bind} ${assign("a", 0)} ${pause} ${assign("b", 100)} ${turn} ${assign("c", 200)} })();`,
      recorded: ["a"],
    },
    {
      title: "await before the first constructor",
      program: `(async () => { ${pause} ${bind} ${assign("a", 0)} ${assign("b", 100)} })();`,
      recorded: ["a b"],
    },
    {
      title: "two floating async functions, one of which has the token",
      program: `let token; const bound = (async () => { ${pause} token = new vpp.VppToken("hq"); ${assign("a", 0)} })();
        (async () => { ${pause} await bound; ${pause} ${assign("b", 100)} })();`,
      recorded: ["a"],
    },
    {
      title: "a list that is read while the program runs",
      program: `${bind} ${assign("a", 0)}
        const listed = require("fs").promises.readFile("list.txt", "utf8").then((text) => text.split(" "));
        new vpp.VppAssignment("b", { token, apps: ["361285480"], serialNumbers: listed });`,
      recorded: ["a"],
    },
    {
      title: "an async program",
      program: `module.exports = async () => { ${bind} ${assign("a", 0)} ${pause} ${assign("b", 100)} };`,
      recorded: ["none"],
    },
    {
      title: "a program that exports a promise",
      program: `module.exports = (async () => { ${bind} ${assign("a", 0)} ${pause} ${assign("b", 100)} })();`,
      recorded: ["none"],
    },
    {
      title: "an inline program, from a process of somebody else",
      program: `${bind} ${assign("a", 0)}`,
      recorded: ["none"],
      inline: true,
    },
  ];
  for (const { title, program, recorded: expected, inline = false } of styles) {
    it(`is taken as known or not, always alike, and never brings a false refusal in 100 runs: ${title}`, function () {
      this.timeout(180_000);
      const runs = runProgram(program, 100, { inline });
      assert.deepEqual(
        runs.flatMap(({ refused = [] }) => refused),
        [],
      );
      assert.deepEqual(
        runs.flatMap(({ notes }) => notes.filter((note) => /leave/.test(note) && !/not on record/.test(note))),
        [],
      );
      assert.deepEqual(recorded(runs), expected);
      assert.equal(new Set(runs.map(({ declared }) => declared)).size, 1, "the same bytes in every run");
    });
  }
});
