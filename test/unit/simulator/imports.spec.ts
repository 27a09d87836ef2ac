import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, normalize } from "node:path";
import { preProcessFile } from "typescript";

const ROOT = join(__dirname, "..", "..", "..", "..", "simulator");

/** The files of the simulator that a file imports, those it takes nothing but types from included. */
function importsOf(file: string): string[] {
  return preProcessFile(readFileSync(file, "utf8"))
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => name.startsWith("."))
    .map((name) => normalize(join(file, "..", name)))
    .map((path) => [`${path}.ts`, join(path, "index.ts")].find((each) => existsSync(each)))
    .filter((path) => path !== undefined);
}

/** The first circle that is found from a file on, as the files one after another; nothing when there is none. */
function circleFrom(
  file: string,
  graph: ReadonlyMap<string, string[]>,
  done: Set<string>,
  way: string[],
): string[] | undefined {
  if (way.includes(file)) {
    return [...way.slice(way.indexOf(file)), file];
  }
  if (done.has(file)) {
    return undefined;
  }
  done.add(file);
  for (const next of graph.get(file) ?? []) {
    const circle = circleFrom(next, graph, done, [...way, file]);
    if (circle !== undefined) {
      return circle;
    }
  }
  return undefined;
}

describe("simulator: imports", () => {
  const files = readdirSync(ROOT, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(ROOT, name));
  const graph = new Map(files.map((file) => [file, importsOf(file)]));

  it("go round in no circle, those of types included", () => {
    assert.ok(files.length > 80 && [...graph.values()].flat().length > 200);
    const done = new Set<string>();
    for (const file of files) {
      assert.equal(circleFrom(file, graph, done, [])?.join("\n"), undefined);
    }
  });

  it("stay within the simulator", () => {
    for (const [file, imported] of graph) {
      assert.deepEqual(
        imported.filter((path) => !path.startsWith(ROOT)),
        [],
        file,
      );
    }
  });

  it("lead from the service to the kit, which knows no service", () => {
    const ofKit = [...graph].filter(([file]) => file.startsWith(join(ROOT, "kit")));
    assert.ok(ofKit.length >= 15, `${ofKit.length} files`);
    for (const [file, imported] of ofKit) {
      assert.deepEqual(
        imported.filter((path) => !path.startsWith(join(ROOT, "kit"))),
        [],
        file,
      );
      assert.doesNotMatch(readFileSync(file, "utf8"), /apple|adamId|content token|\bmdm|licen[cs]e/i, file);
    }
  });
});
