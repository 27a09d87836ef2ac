import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { HostStack } from "../support/hostStack";
import { serials, World } from "../support/world";

const keynote = { adamId: "361285480", pricingParam: "STDQ" };

describe("VppToken", () => {
  let world: World;
  let stack: HostStack;

  afterEach(async () => {
    await stack.end();
    await world.close();
  });

  describe("a dead token", () => {
    beforeEach(async () => {
      world = await World.start();
      stack = new HostStack({ env: world.env });
      stack.declare({
        hq: ["VppToken", {}],
        app: ["VppApp", keynote],
        it: ["VppAssignment", { apps: [keynote], serialNumbers: serials(2) }],
      });
      await stack.up();
    });

    for (const [action, status] of [
      ["revoke", "revoked"],
      ["expire", "expired"],
    ] as const) {
      it(`is a status and drift in a refresh, and leaves the others as they were, when the service calls it ${status}`, async () => {
        await world.act("tokens", { action });
        await stack.begin();
        const before = [stack.outputs("app"), stack.outputs("it")];
        assert.deepEqual(
          [await stack.refresh("hq"), await stack.refresh("app"), await stack.refresh("it")],
          [true, false, false],
        );
        assert.equal(stack.outputs("hq").status, status);
        assert.deepEqual([stack.outputs("app"), stack.outputs("it")], before);
        assert.match(
          stack.notes.join("\n"),
          new RegExp(
            `VppAssignment it: not read, its state is as of the last time: the content token has .*${status === "expired" ? "expired" : "been revoked"}`,
          ),
        );
      });
    }

    it("is no status and lets nothing go, when it is another than the one that was bound and the service never knew it", async () => {
      const stranger = Buffer.from(
        JSON.stringify({ token: "nobody-made-this", expDate: "2030-01-01T00:00:00+0000", orgName: "Contoso" }),
      ).toString("base64");
      const unknown = /the service does not know this content token, which was never used here before.*9622/;
      await stack.begin({ env: { VPP_CONTENT_TOKEN: stranger } });
      await assert.rejects(stack.refresh("hq"), unknown);
      await assert.rejects(stack.remove("hq"), unknown);
      assert.equal(stack.outputs("hq").status, "valid");
      const { hq } = await stack.up({ env: { VPP_CONTENT_TOKEN: stranger } });
      assert.match(hq?.failures[0]?.reason ?? "", unknown);
      assert.doesNotMatch(hq?.failures[0]?.reason ?? "", /revoked|expired/);
    });

    it("is a status, when the service does not know any more what it once accepted", async () => {
      const fault = {
        match: { path: "client/config" },
        times: "always",
        action: { type: "errorNumber", errorNumber: 9622 },
      };
      await world.act("faults", fault);
      await stack.begin();
      assert.equal(await stack.refresh("hq"), true);
      assert.equal(stack.outputs("hq").status, "revoked");
    });

    it("is asked about again after a refresh has seen it, though it is the same text", async () => {
      await world.act("tokens", { action: "revoke" });
      await stack.begin();
      await stack.refresh("hq");
      await world.forget();
      const { hq, app, it: fleet } = await stack.up();
      assert.deepEqual([hq?.op, app?.op, fleet?.op], ["update", "same", "same"]);
      assert.match(
        stack.notes.join("\n"),
        /VppToken hq: the content token has been revoked, so nothing can be read or written\. Download/,
      );
      assert.equal(stack.outputs("hq").status, "revoked");
      assert.equal((await world.requests("client/config")).length, 1);
      assert.equal((await world.requests()).filter(({ method }) => method === "POST").length, 0);
    });

    it("is data in an up that changes nothing, also when it has run out by its own date", async () => {
      const file = world.path("short.vpptoken");
      await world.act("tokens", {
        action: "issue",
        name: "short",
        file,
        expiresAt: new Date(Date.now() + 3000).toISOString(),
      });
      const env = { VPP_CONTENT_TOKEN_FILE: file };
      await stack.up({ env });
      assert.equal(stack.outputs("hq").status, "expiring");
      await delay(3100);
      await world.forget();
      const { hq } = await stack.up({ env });
      assert.deepEqual([hq?.op, stack.outputs("hq").status, await world.requests()], ["update", "expired", []]);
      assert.match(
        stack.notes.join("\n"),
        /VppToken hq: the content token expired on .* nothing can be read or written/,
      );
    });

    it("stops what needs a living one by itself, and nothing is written", async () => {
      await world.act("tokens", { action: "revoke" });
      await stack.begin();
      await stack.refresh("hq");
      await world.forget();
      stack.declare({
        hq: ["VppToken", { displayName: "Head office" }],
        it: ["VppAssignment", { apps: [keynote], serialNumbers: serials(3) }],
      });
      const { hq, it: fleet } = await stack.up();
      assert.equal(hq?.op, "update");
      assert.equal(stack.outputs("hq").displayName, "Head office");
      assert.equal(fleet?.op, "refused");
      assert.match(fleet?.failures[0]?.reason ?? "", /has been revoked \(VPP_AUTH_TOKEN_REVOKED/);
      assert.equal((await world.requests()).filter(({ method }) => method === "POST").length, 0);
    });

    it("is refused with another permission, and when it is in place for the first time", async () => {
      await world.act("tokens", { action: "revoke" });
      await stack.begin();
      await stack.refresh("hq");
      stack.declare({ hq: ["VppToken", { takeOverFrom: "rival-mdm-1" }] });
      assert.match((await stack.up()).hq?.failures[0]?.reason ?? "", /has been revoked/);
      const other = new HostStack({ env: world.env }, "other");
      other.declare({ hq: ["VppToken", {}] });
      assert.match((await other.up()).hq?.failures[0]?.reason ?? "", /has been revoked/);
      await other.end();
    });

    it("is asked about again in a state of 0.1.0, which has its fingerprint as refused", async () => {
      await world.act("tokens", { action: "revoke" });
      stack.kept("hq").inputs = { ...stack.kept("hq").inputs, tokenFingerprint: "refused" };
      assert.match((await stack.up()).hq?.failures[0]?.reason ?? "", /has been revoked/);
    });

    it("is over with a new one of the same library", async () => {
      await world.act("tokens", { action: "revoke" });
      await stack.begin();
      await stack.refresh("hq");
      await stack.up();
      const file = world.path("new.vpptoken");
      await world.act("tokens", { action: "issue", name: "new", file });
      const env = { VPP_CONTENT_TOKEN_FILE: file };
      assert.equal((await stack.up({ env })).hq?.op, "update");
      assert.equal(stack.outputs("hq").status, "valid");
      assert.equal(stack.kept("hq").inputs.status, undefined);
      assert.equal((await stack.up({ env })).hq?.op, "same");
    });

    it("lets its library go with a note, when it comes from the environment", async () => {
      await world.act("tokens", { action: "revoke" });
      await stack.begin();
      await stack.remove("hq");
      assert.match(
        stack.notes.join("\n"),
        /token is dead, so this stack's mark stays on the library; it is let go all the same/,
      );
    });

    it("does not let its library go and tells why, when its text comes from what may be old configuration", async () => {
      await world.act("tokens", { action: "revoke" });
      const config = { "vpp:contentToken": readFileSync(world.tokenFile, "utf8") };
      await stack.begin({ config, env: { VPP_CONTENT_TOKEN_FILE: "" } });
      await assert.rejects(stack.remove("hq"), /has been revoked.*destroy --run-program/s);
      assert.equal(stack.has("hq"), true);
    });
  });
});
