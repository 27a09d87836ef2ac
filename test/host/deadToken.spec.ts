import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
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
      assert.match((await stack.up()).hq?.failures[0]?.reason ?? "", /has been revoked/);
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
