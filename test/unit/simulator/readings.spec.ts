import assert from "node:assert/strict";
import { READING_CHOICES, startSimulator } from "../../../simulator";
import type { ControlBody } from "./bodies";
import { type Client, start, stopAll } from "./support";

const readingsOf = async (client: Client) =>
  ((await client.simulator.control("GET", "settings")) as ControlBody).readings;

describe("simulator: open questions", () => {
  afterEach(stopAll);

  it("answers each of them with its first value unless told otherwise", async () => {
    const readings = await readingsOf(await start());
    for (const [name, choice] of Object.entries(READING_CHOICES)) {
      assert.equal(readings[name], choice.values[0], name);
    }
  });

  it("answers each of them in the way least forgiving to clients in strict mode, unless one is chosen", async () => {
    const readings = await readingsOf(await start({ strict: true, readings: { "9709": "all-or-nothing" } }));
    for (const [name, choice] of Object.entries(READING_CHOICES)) {
      assert.ok((choice.values as readonly string[]).includes(choice.strict), name);
      assert.equal(readings[name], name === "9709" ? "all-or-nothing" : choice.strict, name);
    }
  });

  it("can still be worked with in strict mode", async () => {
    const client = await start({ strict: true });
    const written = await client.post("client/config", { mdmInfo: { id: "a", name: "b", metadata: "c" } });
    assert.equal(written.status, 200);
    const status = await client.event("assets/associate", {
      assets: [{ adamId: "200" }],
      serialNumbers: ["A", "B", "C"],
    });
    assert.deepEqual([status.eventStatus, status.numCompleted], ["FAILED", 2]);
    assert.deepEqual(await client.pairs(), ["200 A", "200 B"]);
  });

  it("refuses options that are not possible", async () => {
    await assert.rejects(startSimulator({ pageSize: 0 }), /pageSize must be a whole number from 1/);
    await assert.rejects(startSimulator({ eventDelayMs: 0.5 }), /eventDelayMs must be a whole number from 0/);
    await assert.rejects(startSimulator({ readings: { "9709": "half" as "fill-up" } }), RangeError);
    await assert.rejects(startSimulator({ limits: { maxAssets: 0 } }), /"maxAssets" must be a whole number from 1/);
  });
});
