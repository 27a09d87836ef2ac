import assert from "node:assert/strict";
import { control, raw, start, stopAll } from "./support";

describe("simulator: hooks", () => {
  afterEach(stopAll);

  it("runs actions just before the next matching event, so that a rival takes licences in mid-run", async () => {
    const client = await start({ eventDelayMs: 20 });
    const rival = { action: "assign", assets: [{ adamId: "200" }], serialNumbers: ["R1", "R2"] };
    await control(client, "hooks", { on: "associate", do: [{ path: "assignments", body: rival }] });
    await client.event("assets/disassociate", { assets: [{ adamId: "100" }], serialNumbers: ["SN1"] });
    assert.equal((await client.asset("200")).availableCount, 2);
    const status = await client.event("assets/associate", { assets: [{ adamId: "200" }], serialNumbers: ["SN1"] });
    assert.deepEqual([status.eventStatus, status.failures[0]!.errorNumber], ["FAILED", 9709]);
    const { hooks } = (await raw(client, "GET", "hooks")).body;
    assert.deepEqual([hooks[0]!.ran, hooks[0]!.remaining, hooks[0]!.errors], [1, 0, []]);
    await client.event("assets/disassociate", { assets: [{ adamId: "200" }], serialNumbers: ["R1", "R2"] });
    const later = await client.event("assets/associate", { assets: [{ adamId: "200" }], serialNumbers: ["SN1"] });
    assert.equal(later.eventStatus, "COMPLETE");
    assert.equal((await raw(client, "DELETE", "hooks")).body.deleted, 1);
  });

  it("leaves the first ones alone, when told how many", async () => {
    const client = await start();
    const mark = { id: "rival", name: "Rival", metadata: "" };
    await control(client, "hooks", {
      on: "request",
      match: { path: "assets" },
      after: 2,
      do: [{ path: "holder", body: { mdmInfo: mark } }],
    });
    const marks: (string | undefined)[] = [];
    for (let call = 0; call < 4; call += 1) {
      marks.push((await client.get("assets")).body.mdmInfo?.id);
    }
    assert.deepEqual(marks, [undefined, undefined, "rival", "rival"]);
    const [hook] = (await raw(client, "GET", "hooks")).body.hooks;
    assert.deepEqual([hook!.after, hook!.remaining, hook!.ran], [0, 0, 1]);
  });

  it("notes what went wrong in a hook, and processes the event all the same", async () => {
    const client = await start();
    const rival = { action: "assign", assets: [{ adamId: "555" }], serialNumbers: ["R1"] };
    await control(client, "hooks", { on: "any", times: 2, do: [{ path: "assignments", body: rival }] });
    const status = await client.event("assets/associate", { assets: [{ adamId: "100" }], serialNumbers: ["SN1"] });
    assert.equal(status.eventStatus, "COMPLETE");
    const [hook] = (await raw(client, "GET", "hooks")).body.hooks;
    assert.equal(hook!.remaining, 1);
    assert.match(hook!.errors[0]!, /does not own 555/);
  });
});
