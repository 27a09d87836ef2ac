import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { root } from "../support/paths";
import { allPages, type Page, readPage } from "./pages";

const pages = new Map(allPages().map((path) => [path, readPage(path)]));
const folders = readdirSync(root).filter((name) => statSync(join(root, name)).isDirectory());

/** Links of a page that lead nowhere: to no file, or to no heading of a page. */
function deadLinks({ path, links }: Page): string[] {
  return links
    .filter(({ target }) => !/^[a-z]+:/.test(target))
    .filter(({ target }) => {
      const [file = "", anchor] = target.split("#");
      const found = file === "" ? path : normalize(join(dirname(path), file));
      if (!existsSync(join(root, found))) return true;
      return anchor !== undefined && pages.get(found)?.anchors.has(anchor) !== true;
    })
    .map(({ line, target }) => `${path}, line ${line}: ${target}`);
}

/** Files of this repository that a page names in code type and that are not there. */
function deadNames({ path, codes }: Page): string[] {
  return codes
    .filter(({ target }) => /^[\w.-]+(\/[\w.-]+)+\.[a-z]+$/.test(target) && folders.includes(target.split("/")[0]!))
    .filter(({ target }) => !existsSync(join(root, target)))
    .map(({ line, target }) => `${path}, line ${line}: ${target}`);
}

describe("pages", () => {
  it("link to files and headings that are there", () => {
    assert.deepEqual([...pages.values()].flatMap(deadLinks), []);
  });

  it("name files of the repository that are there", () => {
    assert.deepEqual([...pages.values()].flatMap(deadNames), []);
  });

  it("of docs/ are all in its table of contents, and in what is built", () => {
    const own = [...pages.keys()].filter((path) => path.startsWith("docs/"));
    const linked = pages.get("docs/README.md")!.links.map(({ target }) => `docs/${target}`);
    const settings = readFileSync(join(root, "typedoc.json"), "utf8");
    const built = (JSON.parse(settings) as { projectDocuments: string[] }).projectDocuments;
    assert.deepEqual(
      own.filter((path) => ![...linked, "docs/README.md"].includes(path)),
      [],
    );
    assert.deepEqual([...own].sort(), [...built].sort());
  });
});
