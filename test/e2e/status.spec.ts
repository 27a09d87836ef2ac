import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pulumiVpp } from "../support/command";
import { bindHq, describeTrials, js } from "../support/trial";
import { serials } from "../support/world";

const keynote = "361285480";
const dockscan = "409183694";

describeTrials(
  "pulumi-vpp status of a stack",
  (trial) => {
    it("finds what no resource declares in the state that the engine wrote, and nothing where all is declared", async () => {
      const { world, stack, engine } = trial;
      stack.program(`
      ${bindHq}
      const sales = new vpp.VppUserSet("sales", { token, users: [{ clientUserId: "ada", email: "ada@contoso.example" }] });
      new vpp.VppAssignment("sales-apps", { token, apps: ["${keynote}"], clientUserIds: sales.clientUserIds });
      new vpp.VppAssignment("kiosk", { token, apps: ["${keynote}", "${dockscan}"], serialNumbers: ${js(serials(30))} });
      new vpp.VppAssignment("away", { token, apps: ["${dockscan}"], serialNumbers: ${js(serials(1, 500))}, intent: "uninstall" });`);
      await stack.up();
      const file = join(stack.folder, "state.json");
      writeFileSync(file, stack.stateText());
      const env = stack.env;

      const sealed = await pulumiVpp(["status", "--state", file], env, stack.folder);
      assert.equal(sealed.code, 0, sealed.stderr);
      assert.match(sealed.stdout, /Held by {2}pulumi-vpp .*\/trial\/dev\s+\(id [0-9a-f-]{36}\)\n/);
      assert.match(sealed.stdout, /Declared by no resource\n {4}no licence\n {4}no serial number\n/);
      assert.match(sealed.stdout, /people: not known, since the state holds those of sales\s+encrypted/);

      // Only the Pulumi CLI shows a stack's configuration as JSON, which --stack reads.
      const isCli = engine.name === "Pulumi CLI";
      if (!isCli) console.log("      not run on the local engine: pulumi-vpp status --stack");
      if (isCli) {
        const all = await pulumiVpp(["status", "--stack", "dev", "--expect-declared"], env, stack.folder);
        assert.equal(all.code, 0, all.stdout + all.stderr);
        assert.match(all.stdout, /no licence\n {4}no serial number\n {4}no person\n/);
      }

      const assets = [{ adamId: dockscan }];
      await world.act("assignments", { action: "assign", assets, serialNumbers: serials(2, 900) });
      const strict = await pulumiVpp(["status", "--state", file, "--expect-declared"], env, stack.folder);
      assert.equal(strict.code, 1, strict.stderr);
      assert.match(strict.stdout, /2 licences of 1 app\n {6}Dockscan: 2 \(F9FW000900, F9FW000901\)\n/);
      assert.match(strict.stdout, /no resource declares 2 licences\./);
    });
  },
  { contract: "import and state" },
);
