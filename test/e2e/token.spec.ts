import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describeTrials, js } from "../support/trial";
import { serials, smallLibrary } from "../support/world";

const keynote = "361285480";
const other = "2049025000999999";
const program = (token = "{}") => `const token = new vpp.VppToken("hq", ${token});
  new vpp.VppApp("keynote", { token, adamId: "${keynote}" });
  new vpp.VppAssignment("kiosk", { token, apps: ["${keynote}"], serialNumbers: ${js(serials(2))} });`;
const libraries = [smallLibrary(), smallLibrary({ libraryId: other, locationName: "Branch" })];

interface Steps {
  readonly steps: readonly { readonly op: string; readonly urn: string }[];
}

describeTrials(
  "a content token",
  (trial) => {
    it("is renewed in place: the preview shows that alone, and no other resource is touched", async () => {
      trial.stack.program(program());
      await trial.stack.up("--skip-preview");
      const before = trial.stack.outputs("hq");
      await trial.world.act("tokens", { action: "issue", name: "renewed", file: trial.world.path("renewed.vpptoken") });
      trial.stack.env.VPP_CONTENT_TOKEN_FILE = trial.world.path("renewed.vpptoken");
      const { stdout } = await trial.stack.preview("--json");
      const changed = (JSON.parse(stdout) as Steps).steps.filter(({ op }) => op !== "same");
      assert.deepEqual(
        changed.map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`),
        ["update hq"],
      );
      await trial.world.forget();
      await trial.stack.up();
      const after = trial.stack.outputs("hq");
      assert.notEqual(after.tokenFingerprint, before.tokenFingerprint);
      assert.deepEqual([after.libraryId, after.bindingId], [before.libraryId, before.bindingId]);
      assert.deepEqual(
        (await trial.world.requests()).filter(({ method }) => method === "POST"),
        [],
      );
      await trial.stack.preview("--expect-no-changes");
    });

    it("that is dead lets the VppToken go on destroy, and says that the mark stays", async () => {
      trial.stack.program('new vpp.VppToken("hq");');
      await trial.stack.up("--skip-preview");
      await trial.world.act("tokens", { action: "revoke" });
      assert.match(
        (await trial.stack.destroy()).text,
        /the content token is dead, so this stack's mark stays on the library/,
      );
    });

    it("is warned of in its last 30 days", async () => {
      const soon = new Date(Date.now() + 20.5 * 24 * 3600 * 1000).toISOString();
      await trial.world.act("tokens", {
        action: "issue",
        name: "soon",
        expiresAt: soon,
        file: trial.world.path("soon.vpptoken"),
      });
      trial.stack.env.VPP_CONTENT_TOKEN_FILE = trial.world.path("soon.vpptoken");
      trial.stack.program(program());
      assert.match(
        (await trial.stack.up()).text,
        /VppToken hq: the content token expires on \d{4}-\d\d-\d\d, in 21 days/,
      );
      assert.equal(trial.stack.outputs("hq").status, "expiring");
      await trial.stack.preview("--expect-no-changes");
    });

    it("given as a secret setting works, and a stale one is explained", async () => {
      trial.stack.env.VPP_CONTENT_TOKEN_FILE = "";
      const text = readFileSync(trial.world.tokenFile, "utf8").trim();
      await trial.stack.expect(0, "config", "set", "--secret", "vpp:contentToken", text);
      trial.stack.program(program());
      await trial.stack.up("--skip-preview");
      assert.ok(!trial.stack.stateText().includes(text));
      await trial.world.act("tokens", { action: "issue", name: "renewed", file: trial.world.path("renewed.vpptoken") });
      await trial.world.act("tokens", { action: "revoke", name: (await trial.world.tokenNames())[0]! });
      await trial.stack.expect(
        0,
        "config",
        "set",
        "--secret",
        "vpp:contentToken",
        readFileSync(trial.world.path("renewed.vpptoken"), "utf8").trim(),
      );
      const stale = await trial.stack.failing("destroy", "--yes");
      assert.match(stale.text, /configuration as of the last `pulumi up`.*`pulumi destroy --run-program`/);
      await trial.stack.up("--skip-preview");
      await trial.stack.destroy();
    });

    it("appears in no state, output or request log, nor does the plan outlive the run", async () => {
      const text = readFileSync(trial.world.tokenFile, "utf8").trim();
      const secret = (JSON.parse(Buffer.from(text, "base64").toString()) as { token: string }).token;
      trial.stack.program(program());
      const outputs: string[] = [];
      for (const given of [{}, { VPP_CONTENT_TOKEN: text, VPP_CONTENT_TOKEN_FILE: "" }]) {
        for (const command of [
          ["preview", "--diff"],
          ["up", "--yes", "--diff"],
          ["refresh", "--yes"],
          ["up", "--yes", "--json"],
          ["destroy", "--yes"],
        ]) {
          const result = await trial.stack.runWith(given, ...command);
          assert.equal(result.code, 0, result.text);
          outputs.push(
            result.stdout,
            result.stderr,
            (await trial.stack.expect(0, "stack", "export", "--show-secrets")).stdout,
          );
        }
      }
      outputs.push(js(await trial.world.requests()), trial.stack.stateText());
      for (const output of outputs)
        assert.ok(!output.includes(text) && !output.includes(secret) && !output.includes(text.slice(0, 60)));
      assert.deepEqual(trial.stack.leftovers(), []);
    });
  },
  { libraries, contract: "secrets" },
);
