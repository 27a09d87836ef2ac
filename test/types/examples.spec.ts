import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as ts from "typescript";
import { root } from "../support/paths";

interface Settings {
  readonly compilerOptions: object;
  readonly files: readonly string[];
}

const folder = join(root, "examples");
const examples = readdirSync(folder).filter((name) => existsSync(join(folder, name, "package.json")));
const settingsOf = (name: string): Settings =>
  JSON.parse(readFileSync(join(folder, name, "tsconfig.json"), "utf8")) as Settings;

describe("the examples", function () {
  this.timeout(120_000);

  it("compile, each with its own settings, which are the same for all", () => {
    const [first, ...others] = examples.map(settingsOf);
    for (const { compilerOptions } of others) assert.deepEqual(compilerOptions, first!.compilerOptions);
    const { options, errors } = ts.convertCompilerOptionsFromJson(first!.compilerOptions, folder);
    assert.deepEqual(errors, []);
    // One program for all of them: most of its time goes into the types of Pulumi.
    const files = examples.flatMap((name) => settingsOf(name).files.map((file) => join(folder, name, file)));
    const program = ts.createProgram(files, options);
    const problems = ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
      const line = file ? file.getLineAndCharacterOfPosition(start).line + 1 : 0;
      return `${file?.fileName ?? ""}:${line}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
    });
    assert.deepEqual(problems, []);
    assert.ok(files.length >= 9);
  });

  it("name the versions of this repository, and no dependency that another example has in another version", () => {
    const versions = new Map<string, string>();
    const own = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Record<string, Record<string, string>>;
    for (const [name, version] of Object.entries({ ...own.dependencies, ...own.devDependencies }))
      versions.set(name, version);
    for (const name of examples) {
      const text = readFileSync(join(folder, name, "package.json"), "utf8");
      const { dependencies, devDependencies, ...rest } = JSON.parse(text) as Record<string, Record<string, string>>;
      assert.deepEqual([rest.name, rest.private], [`pulumi-vpp-${name}`, true]);
      for (const [wanted, version] of Object.entries({ ...dependencies, ...devDependencies })) {
        assert.equal(version, versions.get(wanted) ?? version, `${name} wants another ${wanted}`);
        assert.match(version, wanted === "pulumi-vpp" ? /^file:\.\.\/\.\.$/ : /^\d+\.\d+\.\d+$/);
        versions.set(wanted, version);
      }
    }
  });

  it("are listed, with a README for each", () => {
    const list = readFileSync(join(folder, "README.md"), "utf8");
    for (const name of examples) {
      assert.ok(list.includes(`[\`${name}\`](${name})`), `examples/README.md does not list ${name}`);
      assert.ok(existsSync(join(folder, name, "README.md")), `${name} has no README.md`);
    }
  });
});
