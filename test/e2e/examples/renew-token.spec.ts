import assert from "node:assert/strict";
import { describeExample } from "../../support/example";

interface Preview {
  readonly steps: readonly { readonly op: string; readonly urn: string }[];
}

describeExample(
  "renew-token",
  (example) => {
    it("shows the new token of the same library alone, and takes it in place without a write or a licence moving", async () => {
      const { world, stack } = example();
      // The example is about a path in the configuration, and the environment would come first.
      delete stack.env.VPP_CONTENT_TOKEN_FILE;
      await world.act("tokens", { action: "issue", name: "this-year", file: `${stack.folder}/simulator.vpptoken` });
      await example().type("pulumi config set --plaintext vpp:contentTokenFile $PWD/simulator.vpptoken");
      await example().type("pulumi up");
      const before = stack.outputs("library");
      const truth = await world.truth();

      await world.act("tokens", { action: "issue", name: "next-year", file: `${stack.folder}/simulator.vpptoken` });
      await world.act("tokens", { action: "revoke", name: "this-year" });
      const { steps } = JSON.parse((await stack.preview("--json")).stdout) as Preview;
      const changes = steps.filter(({ op }) => op !== "same").map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`);
      assert.deepEqual(changes, ["update library"]);

      await world.forget();
      await example().type("pulumi up");
      const after = stack.outputs("library");
      assert.notEqual(after.tokenFingerprint, before.tokenFingerprint);
      assert.deepEqual([after.libraryId, after.bindingId], [before.libraryId, before.bindingId]);
      assert.ok((await world.requests()).every(({ method }) => method === "GET"));
      const now = await world.truth();
      assert.deepEqual([now.assignments, now.mdmInfo], [truth.assignments, truth.mdmInfo]);
      const outputs = stack.outputs("vpp-renew-token-dev");
      assert.deepEqual([outputs.tokenStatus, outputs.tokenFingerprint], ["valid", after.tokenFingerprint]);
    });
  },
  { contract: "life of a stack" },
);
