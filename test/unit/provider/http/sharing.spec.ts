import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Client } from "../../../../provider/apple/api/client";
import { undiciTransport } from "../../../../provider/http/transport";
import { World } from "../../../support/world";

describe("several processes on one library", () => {
  let world: World;
  const perSecond = 15;

  beforeEach(async () => {
    world = await World.start(undefined, { limits: { maxRequestPerSecond: perSecond } });
  });

  afterEach(() => world.close());

  it("all end their work without an error, none much later than the others, though each thinks it has the whole rate", async function () {
    this.timeout(60_000);
    const token = readFileSync(world.tokenFile, "utf8").trim();
    const work = 40;
    const begun = performance.now();
    const ends = await Promise.all(
      Array.from({ length: 3 }, async () => {
        const client = new Client({
          endpoint: `${world.simulator.url}/mdm/v2`,
          token,
          transport: undiciTransport({ timeoutMs: 5000 }),
        });
        await Promise.all(Array.from({ length: work }, () => client.clientConfig()));
        return performance.now() - begun;
      }),
    );
    const requests = await world.requests("/client/config");
    const refused = requests.filter(({ errorNumber }) => errorNumber === 9646).length;
    assert.equal(requests.length - refused, 3 * work);
    assert.ok(refused > 0, "the processes never met");
    assert.ok(refused <= work, `${refused} requests were too many`);
    const least = ((3 * work) / perSecond) * 1000;
    assert.ok(Math.max(...ends) <= 3 * least, `the last one ended after ${Math.round(Math.max(...ends))} ms`);
    assert.ok(Math.max(...ends) <= 2 * Math.min(...ends), `they ended after ${ends.map(Math.round).join(", ")} ms`);
  });
});
