import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../support/paths";

/**
 * What the Pulumi engine does with dynamic resources, measured on the CLI, in a few words each. A test that proves one begins with its
 * number, as `E12: …` or `E12, E31: …`, and is in one of the specs of this folder.
 */
const facts: Readonly<Record<string, string>> = {
  E1: "a preview and an update have a provider host each",
  E2: "refresh runs twice over",
  E3: "where the host runs and finds the provider",
  E4: "which configuration and environment the provider gets",
  E5: "secret configuration",
  E6: "what the host prints on stderr",
  E10: "undefined properties",
  E11: "failures and throws, and where they are shown",
  E12: "errors with an id",
  E13: "a create that throws",
  E14: "a read that finds nothing, or other inputs",
  E15: "drift is what diff says it is",
  E16: "exit codes of --expect-no-changes",
  E17: "secret outputs follow the inputs of the same name",
  E18: "unknown values",
  E19: "--json",
  E20: "the file backend",
  E21: "copies that wait to be deleted",
  E22: "additionalSecretOutputs",
  E23: "killed commands and hosts",
  E24: "what is known in a preview",
  E25: "configuration objects and keys",
  E26: "the order of registrations",
  E27: "--target and --exclude",
  E28: "the first failure in a preview",
  E29: "check may add and drop inputs",
  E30: "a check failure shows the whole value",
  E31: "later calls see outputs only",
  E32: "refresh, initErrors and old copies",
  E33: "destroy --run-program",
  E34: "no delete after a failure",
  E35: "diff says no although inputs differ",
  E36: "names and URNs",
  E37: "notes in read and delete",
  E38: "after an import",
  E39: "deleteBeforeReplace and dependents",
  E40: "lists in --diff",
  E41: "Ctrl-C",
  E47: "other inputs in check than in the constructor",
};

/** The situations whose calls are told one after another; a test that proves one goes on `calls: ` and these words. */
const situations = [
  "a first preview",
  "a first up",
  "an unchanged up or preview",
  "a change",
  "a replacement checks",
  "a replacement by the option deleteBeforeReplace",
  "--target-replace and taint",
  "a protected resource",
  "refresh reads",
  "up --refresh and preview --refresh",
  "refresh --run-program",
  "destroy",
  "what the program has no more",
  "import --file",
  "checks and diffs run one after another",
];

/** What matches in the specs of this folder. */
function matches(pattern: RegExp): string[] {
  const folder = join(root, "test/unit/engine");
  const sources = readdirSync(folder).filter((name) => name.endsWith(".spec.ts") && name !== "facts.spec.ts");
  return sources.flatMap((name) =>
    [...readFileSync(join(folder, name), "utf8").matchAll(pattern)].map((match) => match[2]!),
  );
}

/** The facts that a title names, and what it says after them. */
function parts(title: string): { numbers: string[]; rest: string } {
  const found = /^(E\d+(?:, E\d+)*)(, calls)?: /.exec(title);
  if (!found) return { numbers: [], rest: title };
  return { numbers: found[1]!.split(", "), rest: `${found[2] ? "calls: " : ""}${title.slice(found[0].length)}` };
}

describe("local engine: the facts", () => {
  // A test that is written as `it.skip` is none.
  const titles = matches(/\b(?:it|cliOnly)\(\s*(["'`])(.+?)\1,/g).map(parts);

  it("have a test each, and titles name no others", () => {
    const named = new Set(titles.flatMap(({ numbers }) => numbers));
    const missing = Object.entries(facts).filter(([number]) => !named.has(number));
    assert.deepEqual(missing, []);
    assert.deepEqual(
      [...named].filter((number) => !(number in facts)),
      [],
    );
  });

  it("have a test for the calls of each situation", () => {
    const told = titles
      .filter(({ rest }) => rest.startsWith("calls: "))
      .flatMap(({ rest }) => rest.slice("calls: ".length).split("; "));
    assert.deepEqual(
      situations.filter((situation) => !told.some((words) => words.startsWith(situation))),
      [],
    );
  });

  it("that are tested on the CLI alone are about what the README leaves to the CLI", () => {
    const readme = readFileSync(join(root, "test/engine/README.md"), "utf8");
    const left = readme.split("## What only the CLI does")[1]!.split("\n## ")[0]!;
    const named = matches(/\bcliOnly\(\s*".+?",\s*(")(.+?)",/g);
    assert.deepEqual(named.sort(), ["`--continue-on-error`", "`import --file`"]);
    for (const what of named) assert.ok(left.includes(what), what);
  });
});
