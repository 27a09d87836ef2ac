import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describeExample } from "../../support/example";
import { root } from "../../support/paths";
import { workflowJobs } from "../../support/pipelines";

const inspect = "1438820951";
const phone = "7Y231MDGK6";
const knowsStatus = readFileSync(join(root, "dist/cli/main.js"), "utf8").includes('case "status"');

describeExample(
  "ci",
  (example, isLast) => {
    const messages: string[] = [];
    let chat: Server;

    before(async () => {
      chat = createServer((request, response) => {
        request.setEncoding("utf8").on("data", (text: string) => messages.push(text));
        request.on("end", () => response.end());
      }).listen(0, "127.0.0.1");
      await once(chat, "listening");
      const { stack, world } = example();
      // What the workflow has in its environment, and nothing else: the token's text, as a secret holds it.
      stack.env.VPP_CONTENT_TOKEN = readFileSync(world.tokenFile, "utf8");
      delete stack.env.VPP_CONTENT_TOKEN_FILE;
      stack.env.NOTIFY_URL = `http://127.0.0.1:${(chat.address() as AddressInfo).port}/hook`;
      stack.env.RUN_URL = "https://git.example/run/7";
    });
    after(() => chat.close());

    /**
     * Runs a job's commands as a runner does, the installation apart: the copy has its packages already. Those of the pipeline for GitLab are
     * the same, which a test of the two files holds.
     */
    async function job(name: string): Promise<{ code: number; text: string }> {
      const { commands, notice } = workflowJobs(example().read(".github/workflows/licences.yml"))[name]!;
      const run = (command: string) => example().stack.execute("bash", ["-e", "-c", command]);
      for (const command of commands) {
        const { code, text } = await run(command);
        if (code === 0) continue;
        if (notice !== undefined) assert.equal((await run(notice)).code, 0);
        return { code, text };
      }
      return { code: 0, text: "" };
    }

    it("previews a change request, and does it when it is merged", async () => {
      const { world } = example();
      const before = await world.truth();
      assert.deepEqual(await job("preview"), { code: 0, text: "" });
      assert.deepEqual(await world.truth(), before);
      assert.deepEqual(await job("deploy"), { code: 0, text: "" });
      assert.match((await world.truth()).mdmInfo?.name ?? "", /vpp-ci\/prod/);
      assert.ok((await world.holders(inspect)).includes(phone));
    });

    it("syncs in silence while nothing has drifted, and tells the chat when something has, without touching it", async () => {
      const { world, stack } = example();
      assert.deepEqual(await job("sync"), { code: 0, text: "" });
      assert.deepEqual(messages, []);
      await world.act("assignments", { action: "unassign", assets: [{ adamId: inspect }], serialNumbers: [phone] });
      const { code, text } = await job("sync");
      assert.notEqual(code, 0);
      assert.match(text, /site-phones/);
      assert.match(text, new RegExp(phone));
      assert.deepEqual(
        messages.map((message) => JSON.parse(message) as object),
        [{ text: "Licences have drifted, or could not be looked at. See https://git.example/run/7" }],
      );
      assert.ok(!(await world.holders(inspect)).includes(phone));
      assert.equal(stack.outputs("site-phones").missingCount, 1);
      if (!isLast) return;
      // It is in the state now, and told again all the same.
      assert.notEqual((await job("sync")).code, 0);
      assert.equal(messages.length, 2);
    });

    it("warns of a token that runs out (`pulumi-vpp status --stack` reads the configuration, which is CLI only)", async function () {
      const { world, engine, stack } = example();
      if (!knowsStatus || engine.name === "local engine") return this.skip();
      assert.deepEqual(await job("expiry"), { code: 0, text: "" });
      const expiresAt = new Date(Date.now() + 20 * 86_400_000).toISOString();
      const file = world.path("soon.vpptoken");
      await world.act("tokens", { action: "issue", name: "soon", expiresAt, file });
      stack.env.VPP_CONTENT_TOKEN = readFileSync(file, "utf8");
      assert.equal((await job("expiry")).code, 1);
      assert.match(messages.at(-1) ?? "", /The content token needs somebody/);
    });
  },
  { stack: "prod", contract: "refresh" },
);
