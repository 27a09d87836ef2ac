import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { root } from "../support/paths";
import { readPage } from "./pages";

const kinds = { VppToken: "token", VppApp: "app", VppUserSet: "user-set", VppAssignment: "assignment" };

/** The properties of an interface or a class in a source file of the SDK; what is internal is left out. */
function propertiesOf(name: string, fileName: string): string[] {
  const file = join(root, "sdk/apple", `${fileName}.ts`);
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true);
  const found = source.statements
    .filter((node) => ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node))
    .find((node) => node.name?.text === name);
  assert.ok(found, `${fileName}.ts declares no ${name}`);
  const members: readonly ts.Node[] = found.members;
  return members
    .filter((member) => ts.isPropertySignature(member) || ts.isPropertyDeclaration(member))
    .filter((member) => ts.getJSDocTags(member).every(({ tagName }) => tagName.text !== "internal"))
    .map((member) => member.name.getText());
}

/** The names in the first column of a page's tables with a heading. */
function listed(page: string, heading: string): string[] {
  return readPage(page)
    .tables.filter(([head]) => head?.[0] === heading)
    .flatMap(([, ...rows]) => rows.map(([first = ""]) => first.replaceAll("`", "")));
}

describe("the pages of resources and look-ups", () => {
  for (const [kind, name] of Object.entries(kinds)) {
    it(`list every input and every output, and no other, of a ${kind}`, () => {
      const file = `${kind[0]!.toLowerCase()}${kind.slice(1)}`;
      const inputs = propertiesOf(`${kind}Args`, file);
      const outputs = propertiesOf(kind, file).filter((property) => !inputs.includes(property));
      const page = `docs/${name}.md`;
      assert.deepEqual(listed(page, "input").sort(), inputs.sort());
      assert.deepEqual(listed(page, "output").sort(), outputs.sort());
    });
  }

  it("list every filter, and no other, of each look-up", () => {
    for (const name of ["getVppApps", "getVppUsers", "getVppAssignments"]) {
      const given = propertiesOf(`G${name.slice(1)}Args`, name).filter((property) => property !== "token");
      assert.deepEqual(listed("docs/look-ups.md", `of \`${name}\``).sort(), given.sort());
    }
  });
});
