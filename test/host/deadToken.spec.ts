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
