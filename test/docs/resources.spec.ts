import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { root } from "../support/paths";
import { readPage } from "./pages";

const kinds = { VppToken: "token", VppApp: "app", VppUserSet: "user-set", VppAssignment: "assignment" };

/** What a class of the SDK takes and gives, as its source declares it; what is internal is left out. */
function membersOf(kind: string): { inputs: string[]; outputs: string[] } {
  const file = join(root, "sdk", `${kind[0]!.toLowerCase()}${kind.slice(1)}.ts`);
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true);
  const named = (members: readonly ts.Node[]): string[] =>
    members
      .filter((member) => ts.isPropertySignature(member) || ts.isPropertyDeclaration(member))
      .filter((member) => ts.getJSDocTags(member).every(({ tagName }) => tagName.text !== "internal"))
      .map((member) => member.name.getText());
  const args = source.statements.find((node) => ts.isInterfaceDeclaration(node) && node.name.text === `${kind}Args`);
  const type = source.statements.find((node) => ts.isClassDeclaration(node) && node.name?.text === kind);
  const inputs = named((args as ts.InterfaceDeclaration).members);
  const outputs = named((type as ts.ClassDeclaration).members).filter((name) => !inputs.includes(name));
  return { inputs, outputs };
}

/** The names in the first column of a page's tables with a heading. */
function listed(page: string, heading: string): string[] {
  return readPage(page)
    .tables.filter(([head]) => head?.[0] === heading)
    .flatMap(([, ...rows]) => rows.map(([first = ""]) => first.replaceAll("`", "")));
}

describe("the pages of resources", () => {
  for (const [kind, name] of Object.entries(kinds)) {
    it(`list every input and every output, and no other, of a ${kind}`, () => {
      const { inputs, outputs } = membersOf(kind);
      const page = `docs/${name}.md`;
      assert.deepEqual(listed(page, "input").sort(), inputs.sort());
      assert.deepEqual(listed(page, "output").sort(), outputs.sort());
    });
  }
});
