import assert from "node:assert/strict";
import { control, fileOf, smallLibrary, start, stopAll } from "./support";

const GIVEN = fileOf(
  smallLibrary({
    assignments: [
      { adamId: "100", serialNumbers: ["SN1", "SN2"], clientUserIds: ["beat"] },
      { adamId: "300", serialNumbers: ["SN1"] },
      { adamId: "900", clientUserIds: ["beat"] },
    ],
  }),
);

describe("simulator: disassociate and revoke", () => {
  afterEach(stopAll);

  it("takes licences back, which are then available again", async () => {
    const client = await start({ library: GIVEN });
    const status = await client.event("assets/disassociate", {
      assets: [{ adamId: "100" }],
      serialNumbers: ["SN1", "SN2"],
    });
    assert.deepEqual([status.eventType, status.eventStatus, status.numCompleted], ["DISASSOCIATE", "COMPLETE", 2]);
    assert.deepEqual(await client.pairs("?adamId=100"), ["100 beat"]);
    const { assignedCount, availableCount, totalCount } = await client.asset("100");
    assert.deepEqual([assignedCount, availableCount, totalCount], [1, 9, 10]);
  });

  it("takes taking back what is not held as done", async () => {
    const client = await start({ library: GIVEN });
    const status = await client.event("assets/disassociate", { assets: [{ adamId: "100" }], serialNumbers: ["SN7"] });
    assert.deepEqual([status.eventStatus, status.numRequested, status.numCompleted], ["COMPLETE", 1, 1]);
    assert.equal((await client.asset("100")).assignedCount, 3);
  });

  it("revokes everything revocable from its targets and skips books", async () => {
    const client = await start({ library: GIVEN });
    const status = await client.event("assets/revoke", { clientUserIds: ["beat"], serialNumbers: ["SN1"] });
    assert.deepEqual([status.eventType, status.eventStatus], ["REVOKE", "COMPLETE"]);
    assert.deepEqual([status.numRequested, status.numCompleted], [3, 3]);
    assert.deepEqual(await client.pairs(), ["100 SN2", "900 beat"]);
  });

  it("can count targets instead of licences in a revoke", async () => {
    const client = await start({ library: GIVEN, readings: { "revoke-count": "targets" } });
    const status = await client.event("assets/revoke", { clientUserIds: ["beat"], serialNumbers: ["SN1", "SN7"] });
    assert.deepEqual([status.numRequested, status.numCompleted], [3, 3]);
  });

  it("fails a revoke for the unknown ones of several users", async () => {
    const client = await start({ library: GIVEN });
    const status = await client.event("assets/revoke", { clientUserIds: ["beat", "zoe"] });
    assert.deepEqual([status.eventStatus, status.numRequested, status.numCompleted], ["FAILED", 2, 1]);
    assert.deepEqual(status.failures[0]!.errorInfo, { clientUserIds: ["zoe"] });
  });

  it("gives a licence that came back to the next one in the same queue", async () => {
    const client = await start({ library: GIVEN, eventDelayMs: 5 });
    await control(client, "assignments", { action: "assign", assets: [{ adamId: "200" }], serialNumbers: ["X", "Y"] });
    await client.post("assets/disassociate", { assets: [{ adamId: "200" }], serialNumbers: ["X"] });
    const status = await client.event("assets/associate", { assets: [{ adamId: "200" }], serialNumbers: ["Z"] });
    assert.equal(status.eventStatus, "COMPLETE");
    assert.deepEqual(await client.pairs("?adamId=200"), ["200 Y", "200 Z"]);
  });
});
