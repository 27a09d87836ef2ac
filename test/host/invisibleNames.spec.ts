import assert from "node:assert/strict";
import { stackWithAnswers } from "../support/changedAnswers";
import { rival, smallLibrary, World } from "../support/world";

const invisible = /[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/;
const mark = "\u202e\u2066\u200b";

describe("names with invisible characters and marks of direction", () => {
  it("go without them into outputs and messages, whoever wrote them", async () => {
    const world = await World.start([
      smallLibrary({ locationName: `HQ${mark}North`, organizationName: `\ufeff${mark}Contoso` }),
    ]);
    const stack = stackWithAnswers(world, (_, { results }) => {
      for (const item of Object.values((results ?? {}) as Record<string, { name: string }>)) item.name += `${mark}!`;
    });
    try {
      const app = { adamId: "361285480", pricingParam: "STDQ" };
      stack.declare({
        hq: ["VppToken", {}],
        app: ["VppApp", app],
        kiosk: ["VppAssignment", { apps: [app], serialNumbers: ["F9FW00000001"] }],
      });
      await stack.up();
      const { locationName, organizationName } = stack.outputs("hq");
      assert.deepEqual([locationName, organizationName], ["HQ North", "Contoso"]);
      assert.equal(stack.outputs("app").displayName, "Keynote !");
      await world.act("holder", { mdmInfo: { ...rival, name: `Rival${mark}Device` } });
      await stack.begin();
      await stack.refresh("hq");
      assert.deepEqual(stack.outputs("hq").holder, { id: rival.id, name: "Rival Device" });
      assert.match(stack.notes.join("\n"), /Rival Device/);
      assert.doesNotMatch(stack.notes.join("\n"), invisible);
    } finally {
      await stack.end();
      await world.close();
    }
  });
});
