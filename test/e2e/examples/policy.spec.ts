import assert from "node:assert/strict";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { engines } from "../../support/engines";
import { companyLibraries, Example } from "../../support/example";
import { root } from "../../support/paths";

const soon = new Date(Date.now() + 9.5 * 86_400_000).toISOString();

describe("the example policy", () => {
  const cli = engines().find(({ name }) => name === "Pulumi CLI");
  let example: Example | undefined;

  after(() => example?.close());

  before(async () => {
    if (cli === undefined) return;
    example = await Example.start(cli, "reclaim", companyLibraries);
    const { stack, world } = example;
    cpSync(join(root, "examples/policy"), join(stack.folder, "policy"), {
      recursive: true,
      filter: (path) => !path.endsWith("node_modules"),
    });
    await world.act("tokens", { action: "issue", name: "soon", expiresAt: soon, file: world.tokenFile });
    await example.newStack("dev");
    await example.type("pulumi config set maxRevocations 30");
    await example.type("pulumi up");
  });

  it("refuses an exclusive set without a brake, too few free licences and an old token (policies are CLI only)", async function () {
    if (example === undefined) return this.skip();
    const program = example.read("index.ts");
    example.edit("index.ts", (text) => text.replace(/ *maxRevocations: config.*\n/, ""));
    const { text } = await example.stack.failing("preview", "--policy-pack", "policy");
    assert.match(text, /\[mandatory\] +exclusive-has-a-brake +\(.*: surveyors\)/);
    assert.match(text, /Ledgerline Expenses has 2 of 400 licences free, less than 5 %\. Buy or free 18 more\./);
    assert.match(text, /Sitemap 3D has 0 of 50 licences free/);
    assert.match(text, new RegExp(`The content token of library runs out in 10 days, on ${soon.slice(0, 10)}`));
    example.edit("index.ts", () => program);
  });

  it("lets a renewal pass, and the counts of today, by the settings of the library (policies are CLI only)", async function () {
    if (example === undefined) return this.skip();
    const { stack, world } = example;
    await world.act("tokens", { action: "issue", name: "renewed", file: world.tokenFile });
    writeFileSync(join(stack.folder, "few.json"), '{"licences-left":{"percent":1}}');
    const options = ["--refresh", "--policy-pack", "policy", "--policy-pack-config", "few.json"];
    const { text } = await stack.preview(...options);
    assert.match(text, /apple-licences@v1\.0\.0/);
    assert.doesNotMatch(text, /\[mandatory\]/);
  });
});
