import assert from "node:assert/strict";
import { bindHq, describeTrials, js } from "../support/trial";

const keynote = "361285480";

describeTrials(
  "people",
  (trial) => {
    const people = (ids: readonly string[], licensed: readonly string[], rest = "") => `${bindHq}
    const people = new vpp.VppUserSet("people", { token, users: ${js(ids.map((id) => ({ clientUserId: id, email: `${id}@contoso.example` })))}, ${rest} });
    new vpp.VppAssignment("apps", { token, apps: ["${keynote}"], clientUserIds: people.clientUserIds.apply((ids) => ids.filter((id) => ${js(licensed)}.includes(id))) });
  `;

    it("are invited, licensed before they accept, and counted as pending until then", async () => {
      trial.stack.program(people(["ada", "bob"], ["ada", "bob"]));
      await trial.stack.up("--skip-preview");
      assert.deepEqual(await trial.world.holders(keynote), ["ada", "bob"]);
      const set = trial.stack.outputs("people");
      assert.deepEqual([set.invitedCount, set.acceptedCount, set.missingCount], [2, 0, 0]);
      assert.equal(trial.stack.outputs("apps").pendingCount, 2);
      const [ada] = trial.stack.outputs("people").members as {
        status: string;
        inviteUrl: string;
        registeredByUs: boolean;
      }[];
      assert.equal(ada?.status, "Registered");
      assert.equal(ada?.registeredByUs, true);
      assert.match(ada?.inviteUrl ?? "", /^https?:\/\/.*[0-9a-fA-F]{32}/);
      assert.doesNotMatch(trial.stack.stateText(), /@contoso\.example|inviteCode/);

      await trial.world.act("accept", { clientUserId: "ada" });
      const refresh = await trial.stack.run("refresh", "--preview-only", "--expect-no-changes");
      assert.equal(refresh.code, 0, refresh.text);
      await trial.stack.refresh();
      assert.equal(trial.stack.outputs("people").acceptedCount, 1);
      assert.equal(trial.stack.outputs("apps").pendingCount, 1);
    });
  },
  { contract: "refresh" },
);
