import assert from "node:assert/strict";
import { bindHq, describeTrials, js } from "../support/trial";
import { serials } from "../support/world";

const keynote = "361285480";

describeTrials(
  "an up that is killed",
  (trial) => {
    /** Starts `up` and kills the engine and all that it started as soon as the service has been sent the given request. */
    const killAt = (path: string): Promise<void> =>
      trial.stack.killedUp(async () => (await trial.world.requests(path)).length > 0);

    const program = `${bindHq}
      const people = new vpp.VppUserSet("people", { token, users: [{ clientUserId: "ada" }, { clientUserId: "bob" }] });
      new vpp.VppAssignment("kiosk", { token, apps: ["${keynote}"], serialNumbers: ${js(serials(10))}, clientUserIds: people.clientUserIds });`;

    for (const path of ["/client/config", "/users/create", "/assets/associate", "/status"]) {
      it(`right after ${path} is finished by the next up, and nobody holds what is not declared`, async () => {
        trial.stack.program(program);
        await killAt(path);
        await trial.world.simulator.settled();
        await trial.stack.up("--skip-preview");
        assert.deepEqual(await trial.world.holders(keynote), [...serials(10), "ada", "bob"]);
        await trial.stack.preview("--expect-no-changes");
        await trial.stack.destroy();
        assert.deepEqual(await trial.world.holders(keynote), []);
      });
    }

    it("while it takes back is finished by the next up", async () => {
      trial.stack.program(program);
      await trial.stack.up("--skip-preview");
      await trial.world.forget();
      trial.stack.program(program.replace(js(serials(10)), js(serials(5))));
      await killAt("/assets/disassociate");
      await trial.world.simulator.settled();
      await trial.stack.up("--skip-preview");
      assert.deepEqual(await trial.world.holders(keynote), [...serials(5), "ada", "bob"]);
      await trial.stack.preview("--expect-no-changes");
    });
  },
  { eventDelayMs: 150, contract: "failed and killed runs" },
);
