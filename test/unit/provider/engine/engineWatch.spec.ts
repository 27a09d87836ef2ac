import assert from "node:assert/strict";
import { EngineWatch } from "../../../../provider/engine/engineWatch";
import { listen } from "../../../engine/listening";

const host = "/srv/app/node_modules/@pulumi/pulumi/cmd/dynamic-provider";

describe("engine watch", () => {
  for (const script of [host, `${host}/index.js`, "C:\\app\\@pulumi\\pulumi\\cmd\\dynamic-provider\\index.js"]) {
    it(`lets writes go out while the engine answers, and refuses them once it is gone, in ${script}`, async () => {
      const engine = await listen();
      const watch = EngineWatch.ofThisProcess(["node", script, engine.address]);
      await watch.refuseIfGone();
      engine.close();
      await assert.rejects(watch.refuseIfGone(), { code: "VPP_RUN_STOPPED", message: /Pulumi has ended/ });
    });
  }

  for (const argv of [
    ["node", "/srv/app/index.js", "127.0.0.1:1"],
    ["node", host],
    ["node", host, "engine"],
  ]) {
    it(`watches nothing in a process that is no provider host: ${argv.slice(1).join(" ")}`, async () => {
      await EngineWatch.ofThisProcess(argv).refuseIfGone();
    });
  }
});
