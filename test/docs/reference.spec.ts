import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../support/paths";

describe("npm run docs", () => {
  it("fails when anything that is exported has no documentation", function () {
    this.timeout(60_000);
    const folder = mkdtempSync(join(tmpdir(), "vpp-reference-"));
    try {
      const {
        readme: _,
        projectDocuments: __,
        plugin: ___,
        ...settings
      } = JSON.parse(readFileSync(join(root, "typedoc.json"), "utf8")) as Record<string, unknown>;
      const write = (name: string, content: object | string): string => {
        writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
        return join(folder, name);
      };
      write("index.ts", "/** Shown. */\nexport interface Shown {\n  hidden: string;\n}\n");
      write("tsconfig.json", { compilerOptions: { types: [], lib: ["es2022"] }, files: ["index.ts"] });
      const options = write("typedoc.json", {
        ...settings,
        entryPoints: ["index.ts"],
        tsconfig: "tsconfig.json",
        readme: "none",
      });
      const command = join(root, "node_modules/.bin/typedoc");
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [command, "--options", options, "--emit", "none"],
        {
          cwd: folder,
          encoding: "utf8",
        },
      );
      assert.match(`${stdout}${stderr}`, /Shown\.hidden.*does not have any documentation/);
      assert.notEqual(status, 0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
