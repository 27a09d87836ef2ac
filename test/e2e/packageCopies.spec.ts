import assert from "node:assert/strict";
import { cpSync, mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { engines } from "../support/engines";
import { root } from "../support/paths";
import { TestStack } from "../support/stack";
import { World } from "../support/world";

for (const engine of engines()) {
  describe(`the package's place on ${engine.name}`, function () {
    this.timeout(120_000);
    let world: World;
    let stack: TestStack;

    beforeEach(async () => {
      world = await World.start();
      stack = await TestStack.create(engine, world.env);
      rmSync(join(stack.folder, "node_modules"));
      mkdirSync(join(stack.folder, "node_modules"));
      symlinkSync(join(root, "node_modules/@pulumi"), join(stack.folder, "node_modules/@pulumi"));
      mkdirSync(join(stack.folder, "library/node_modules"), { recursive: true });
      symlinkSync(root, join(stack.folder, "library/node_modules/pulumi-vpp"));
      writeFileSync(join(stack.folder, "library/index.js"), 'exports.vpp = require("pulumi-vpp");\n');
      writeFileSync(
        join(stack.folder, "index.js"),
        'const { vpp } = require("./library");\nprocess.chdir("/");\nnew vpp.VppToken("hq");\n',
      );
    });
    afterEach(async () => {
      stack.dispose();
      await world.close();
    });

    it("is refused with the cure, when only an inner library has it", async () => {
      const { code, text } = await stack.run("preview");
      assert.notEqual(code, 0);
      assert.match(
        text.replace(/\s+/g, " "),
        /package pulumi-vpp is not found from .* \(VPP_CONFIG_PACKAGE\)\. Install it there/,
      );
      assert.ok(text.includes(realpathSync(stack.folder)), text);
      assert.doesNotMatch(text, /Cannot find module|\n\s+at /);
    });

    it("is right, when the project has it, too, by a link or as a copy of the same version", async () => {
      symlinkSync(root, join(stack.folder, "node_modules/pulumi-vpp"));
      await stack.expect(0, "preview");
    });

    it("is refused with both, when the project has another version", async () => {
      const copy = join(stack.folder, "node_modules/pulumi-vpp");
      mkdirSync(copy);
      cpSync(join(root, "dist/provider"), join(copy, "dist/provider"), { recursive: true });
      const manifest = { name: "pulumi-vpp", version: "99.0.0", exports: { "./provider": "./dist/provider/index.js" } };
      writeFileSync(join(copy, "package.json"), JSON.stringify(manifest));
      const { code, text } = await stack.run("preview");
      assert.notEqual(code, 0);
      assert.match(
        text.replace(/\s+/g, " "),
        /the program uses version .* loads the provider from version 99\.0\.0 in .*VPP_CONFIG_PACKAGE/,
      );
    });
  });
}
