import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describeTrials, js } from "../support/trial";
import { serials } from "../support/world";

const keynote = "361285480";
/** Where a managed account can't be linked (9635): the organization of the tests does not own this domain. */
const elsewhere = "cyd@elsewhere.example";
const people = [
  { clientUserId: "u-1", email: "ada.lovelace@contoso.example" },
  { clientUserId: "u-2", email: "bob.cratchit@contoso.example", managedAppleId: "bob@contoso.example" },
  { clientUserId: "u-3", managedAppleId: elsewhere },
];
const program = (users: readonly object[]) => `
  const token = new vpp.VppToken("hq", { appleAccount: "buyer@contoso.example" });
  const people = new vpp.VppUserSet("people", { token, users: ${js(users)} });
  new vpp.VppAssignment("apps", { token, apps: ["${keynote}"], serialNumbers: ${js(serials(1))}, clientUserIds: ["u-9"] });
  exports.members = people.members;
  exports.users = people.users;`;

/** Everything in the way of debugging that Node, its HTTP libraries and Pulumi have. */
const debugging = {
  NODE_DEBUG: "pulumi-vpp,undici,fetch,http,https,net,tls",
  PULUMI_DEBUG_COMMANDS: "true",
};
const loud = ["-v=9", "--logtostderr"];

describeTrials(
  "secrets and people",
  (trial) => {
    it("show in nothing that is printed or kept, whatever fails and however loud the debugging", async () => {
      const { world, stack } = trial;
      const isCli = trial.engine.name === "Pulumi CLI";
      const grpcLog = join(stack.folder, "grpc.json");
      const token = readFileSync(world.tokenFile, "utf8").trim();
      const { token: inner } = JSON.parse(Buffer.from(token, "base64").toString()) as { token: string };
      const printed: string[] = [];
      const debugged: string[] = [];
      const run = async (isDebugged: boolean, ...args: string[]): Promise<number> => {
        const env = isDebugged ? { ...debugging, ...(isCli && { PULUMI_DEBUG_GRPC: grpcLog }) } : {};
        const { code, stdout, stderr } = await stack.runWith(env, ...args, ...(isDebugged && isCli ? loud : []));
        (isDebugged ? debugged : printed).push(stdout, stderr);
        return code;
      };

      await world.act("users", { action: "create", users: [{ clientUserId: "u-9" }] });
      stack.program(
        program([...people, { clientUserId: "u-4", email: "no address, dora@contoso.example" }, people[0]!]),
      );
      assert.notEqual(await run(false, "preview", "--diff"), 0, "an address that is none is let through");
      stack.program(program(people));
      assert.notEqual(await run(true, "up", "--yes", "--skip-preview"), 0, "an account of another domain is linked");
      assert.equal(stack.outputs("people").invitedCount, 1);
      await run(false, "up", "--yes", "--diff", "--skip-preview");
      await run(false, "preview", "--json");
      await run(false, "refresh", "--yes", "--skip-preview");
      await world.act("tokens", { action: "revoke" });
      assert.notEqual(await run(true, "destroy", "--yes", "--skip-preview"), 0, "a dead token takes licences back");

      const links = (stack.outputs("people").members as { inviteUrl?: string }[]).flatMap(
        ({ inviteUrl }) => inviteUrl ?? [],
      );
      assert.equal(links.length, 1);
      const codes = links.map((link) => link.slice(-20));
      const state = stack.stateText();
      const decrypted = js(stack.resources());
      const log = existsSync(grpcLog) ? readFileSync(grpcLog, "utf8") : "";
      assert.ok(!isCli || log.includes("VppUserSet"), "the engine's log of its calls is empty");
      assert.ok(
        debugged.join("").includes("sending request to POST") && printed.join("").includes("9635"),
        "nothing was debugged, or nothing failed",
      );
      const plans = stack
        .leftovers()
        .map((name) => readFileSync(join(stack.folder, "tmp", name, "plan.jsonl"), "utf8"));
      for (const text of [...printed, ...debugged, ...plans, state, decrypted, log]) {
        for (const secret of [token, token.slice(0, 40), token.slice(-40), inner, inner.slice(0, 30)])
          assert.ok(!text.includes(secret), `a content token shows in ${text.slice(0, 80)}`);
      }
      for (const text of [...printed, ...plans, state]) {
        assert.doesNotMatch(text, /[\w.]+@(contoso|elsewhere)\.example/);
        for (const code of codes) assert.ok(!text.includes(code), "an invitation shows");
      }

      // A program that doesn't hear the engine's signal in time is killed outright, and its plan stays for the next one to remove.
      const renewed = world.path("renewed.vpptoken");
      await world.act("tokens", { action: "issue", name: "renewed", file: renewed });
      stack.env.VPP_CONTENT_TOKEN_FILE = renewed;
      stack.program(program(people.slice(0, 2)));
      assert.equal(await run(false, "preview"), 0, printed.slice(-2).join(""));
      assert.deepEqual(stack.leftovers(), []);
    });
  },
  { contract: "secrets" },
);
