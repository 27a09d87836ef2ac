import assert from "node:assert/strict";
import { describeInside } from "../../support/insideStack";
import { js } from "../../support/trial";
import { serials, smallLibrary } from "../../support/world";

const keynote = "361285480";
const other = "2049025000999999";
const program = (token = "{}") => `const token = new vpp.VppToken("hq", ${token});
  new vpp.VppApp("keynote", { token, adamId: "${keynote}" });
  new vpp.VppAssignment("kiosk", { token, apps: ["${keynote}"], serialNumbers: ${js(serials(2))} });`;
const libraries = [smallLibrary(), smallLibrary({ libraryId: other, locationName: "Branch" })];

describeInside(
  "a content token",
  (trial) => {
    it("of another library is refused in preview, and never replaces the bound one", async () => {
      trial.stack.program(program());
      await trial.stack.up();
      await trial.world.act("tokens", { library: other, action: "issue", file: trial.world.path("branch.vpptoken") });
      trial.stack.env.VPP_CONTENT_TOKEN_FILE = trial.world.path("branch.vpptoken");
      const refused = await trial.stack.failingPreview();
      assert.match(
        refused.text,
        new RegExp(`opens library ${other}, but this resource is bound to library ${libraries[0]!.libraryId}`),
      );
      assert.match(refused.text, /A bound token is never replaced/);
      const up = await trial.stack.failingUp();
      assert.match(up.text, /opens library|belong to library/);
      assert.equal((await trial.world.truth(other)).mdmInfo, null);
    });

    it("keeps its account unless it is renewed too", async () => {
      trial.stack.program(program('{ appleAccount: "vpp@contoso.example" }'));
      await trial.stack.up();
      trial.stack.program(program('{ appleAccount: "apps@contoso.example" }'));
      const refused = await trial.stack.failingPreview();
      assert.match(refused.text, /appleAccount changes, but the content token is still the same/);
      assert.doesNotMatch(refused.text, /@contoso\.example/);
      await trial.world.act("tokens", { action: "issue", name: "renewed", file: trial.world.path("renewed.vpptoken") });
      trial.stack.env.VPP_CONTENT_TOKEN_FILE = trial.world.path("renewed.vpptoken");
      await trial.stack.up();
    });

    for (const [action, status] of [
      ["expire", "expired"],
      ["revoke", "revoked"],
    ] as const) {
      it(`that is ${status} shows so after a plain refresh, with assignments in the stack, and the renewed one repairs it`, async () => {
        trial.stack.program(program());
        await trial.stack.up();
        await trial.world.act("tokens", { action });
        assert.notEqual((await trial.stack.run("refresh", "--preview-only", "--expect-no-changes")).code, 0);
        await trial.stack.refresh();
        assert.equal(trial.stack.outputs("hq").status, status);
        assert.equal(trial.stack.outputs("kiosk").assignedCount, 2);
        assert.match(
          (await trial.stack.preview()).text,
          new RegExp(`has (been )?${status}, so nothing can be read or written`),
        );
        await trial.world.act("tokens", {
          action: "issue",
          name: "renewed",
          file: trial.world.path("renewed.vpptoken"),
        });
        trial.stack.env.VPP_CONTENT_TOKEN_FILE = trial.world.path("renewed.vpptoken");
        await trial.stack.up();
        assert.equal(trial.stack.outputs("hq").status, "valid");
        await trial.stack.preview("--expect-no-changes");
      });
    }

    it("that is dead lets the VppToken go on destroy, and says that the mark stays", async () => {
      trial.stack.program('new vpp.VppToken("hq");');
      await trial.stack.up();
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
  },
  { libraries },
);
