import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as vpp from "../../../../sdk";
import { run } from "../run";

const counts = [
  { adamId: "1", pricingParam: "STDQ", availableCount: 447 },
  { adamId: "1", pricingParam: "PLUS", availableCount: 2 },
  { adamId: "2", pricingParam: "STDQ", availableCount: 2_147_483_647 },
];

/** What an assignment says of the free licences of a VppApp and of references, when its state has these outputs. */
async function answers(outputs: object): Promise<readonly (number | undefined)[]> {
  let found: Promise<readonly (number | undefined)[]> | undefined;
  await run(
    () => {
      const token = new vpp.VppToken("hq");
      const app = new vpp.VppApp("app", { token, adamId: "1" });
      const apps = [app, { adamId: "1", pricingParam: "PLUS" }, "2"];
      const it = new vpp.VppAssignment("it", { token, apps, serialNumbers: ["F9FW000001"] });
      const asked = [...apps, pulumi.output("2"), "3"].map((each) => it.availableCountOf(each));
      found = new Promise((resolve) => {
        pulumi.all(asked).apply(resolve);
      });
      return [token, app, it];
    },
    { outputs: { it: outputs } },
  );
  return found!;
}

describe("availableCountOf", () => {
  it("picks an app by its number and pricing kind, and knows nothing of an app that is not assigned", async () => {
    assert.deepEqual(await answers({ appCounts: counts }), [447, 2, 2_147_483_647, 2_147_483_647, undefined]);
  });

  it("is undefined for a state that has no counts, as 0.1.0 wrote it", async () => {
    assert.deepEqual(await answers({}), [undefined, undefined, undefined, undefined, undefined]);
  });
});
