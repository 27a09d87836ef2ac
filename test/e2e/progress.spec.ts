import assert from "node:assert/strict";
import { bindHq, describeTrials, js } from "../support/trial";
import { serials } from "../support/world";

/** Thirteen requests, four at a time, each of which is done when it is asked about after 3.5 seconds: work of fourteen seconds. */
const slow = { eventDelayMs: 3000, limits: { maxSerialNumbers: 1, maxRequestPerSecond: 100_000 } };

describeTrials(
  "long work in an up",
  (trial) => {
    it("shows how far it is while it goes on, after its first ten seconds", async () => {
      const { stack } = trial;
      stack.program(`${bindHq}
        new vpp.VppAssignment("fleet", { token, apps: ["361285480"], serialNumbers: ${js(serials(13))} });`);
      const { text } = await stack.up();
      const line =
        /VppAssignment fleet: (\d+) of 13 requests done, \1 of 13 licences given; what the service has accepted goes on/;
      assert.match(text.slice(0, text.indexOf("Diagnostics:")), line);
      assert.match(text.slice(text.indexOf("Diagnostics:")), line);
    });
  },
  { ...slow, contract: "notes and refusals" },
);
