import assert from "node:assert/strict";
import { engines } from "../support/engines";
import { TestStack } from "../support/stack";
import { serials, World } from "../support/world";

for (const engine of engines()) {
  describe(`a content token that died, on ${engine.name}`, function () {
    this.timeout(180_000);
    let world: World;
    let stack: TestStack;

    const program = (count: number): void =>
      stack.program(`
        const token = new vpp.VppToken("hq");
        new vpp.VppAssignment("ipads", { token, apps: ["361285480"], serialNumbers: ${JSON.stringify(serials(count))} });
        exports.status = token.status;`);
    const status = async (): Promise<unknown> =>
      (JSON.parse((await stack.expect(0, "stack", "output", "--json")).stdout) as { status: unknown }).status;

    before(async () => {
      world = await World.start();
      stack = await TestStack.create(engine, world.env);
      program(2);
      await stack.expect(0, "up", "--yes", "--skip-preview");
      await world.act("tokens", { action: "revoke" });
    });
    after(async () => {
      stack.dispose();
      await world.close();
    });

    it("is told by its status in a refresh, which leaves the stack's outputs as they were", async () => {
      const { text } = await stack.expect(0, "refresh", "--yes");
      assert.match(text, /VppToken hq: the content token has been revoked/);
      assert.doesNotMatch(text, /tokenFingerprint/);
      assert.equal(await status(), "valid");
    });

    it("is told by a preview in words, and shows there as drift", async () => {
      const { text } = await stack.expect(0, "preview", "--diff");
      assert.match(text, /the content token has been revoked, so nothing can be read or written/);
      assert.doesNotMatch(text, /[~+-] tokenFingerprint/);
      assert.notEqual((await stack.run("preview", "--expect-no-changes")).code, 0);
    });

    it("does not stop an up that needs nothing of the service, writes nothing, and shows in the stack's outputs", async () => {
      await world.forget();
      const { text } = await stack.expect(0, "up", "--yes", "--skip-preview");
      assert.match(text, /nothing can be read or written/);
      assert.equal(await status(), "revoked");
      assert.ok((await world.requests()).every(({ method }) => method === "GET"));
    });

    it("stops what needs the service, by itself", async () => {
      program(3);
      const { code, text } = await stack.run("up", "--yes", "--skip-preview");
      assert.notEqual(code, 0);
      assert.match(text, /ipads.*problem: the content token has been revoked \(VPP_AUTH_TOKEN_REVOKED/s);
    });

    const itOnCli = engine.name === "Pulumi CLI" ? it : it.skip;
    itOnCli("is told in the stack's outputs by a refresh that runs the program (only the CLI has that)", async () => {
      await world.act("tokens", { action: "issue", name: "renewed", file: world.path("renewed.vpptoken") });
      const env = { VPP_CONTENT_TOKEN_FILE: world.path("renewed.vpptoken") };
      assert.equal((await stack.runWith(env, "up", "--yes", "--skip-preview")).code, 0);
      assert.equal(await status(), "valid");
      await world.act("tokens", { action: "revoke", name: "renewed" });
      assert.equal((await stack.runWith(env, "refresh", "--yes", "--run-program")).code, 0);
      assert.equal(await status(), "revoked");
    });
  });
}
