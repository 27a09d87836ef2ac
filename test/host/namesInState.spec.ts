import assert from "node:assert/strict";
import { stackWithAnswers } from "../support/changedAnswers";
import type { HostStack } from "../support/hostStack";
import { serials, World } from "../support/world";

const keynote = { adamId: "361285480", pricingParam: "STDQ" };
const dockscan = { adamId: "409183694", pricingParam: "STDQ" };
const [a, b, c] = serials(3) as [string, string, string];

describe("names of apps that the state has", () => {
  let world: World;
  let stack: HostStack;
  let lookUps = 0;

  beforeEach(async () => {
    world = await World.start();
    stack = stackWithAnswers(world, (_, { results }) => {
      if (results !== undefined) lookUps++;
    });
    declare([a, b]);
    await stack.up();
    assert.equal(lookUps, 1);
    lookUps = 0;
  });

  afterEach(async () => {
    await stack.end();
    await world.close();
  });

  const declare = (serialNumbers: string[], apps = [keynote]): void =>
    stack.declare({
      hq: ["VppToken", {}],
      app: ["VppApp", keynote],
      kiosk: ["VppAssignment", { apps, serialNumbers }],
    });
  const unassign = (app: object): Promise<void> =>
    world.act("assignments", { action: "unassign", assets: [app], serialNumbers: [a] });

  it("are not looked up again in a refresh, which names what has drifted all the same", async () => {
    await unassign(keynote);
    await world.forget();
    await stack.begin();
    for (const name of ["hq", "app", "kiosk"]) await stack.refresh(name);
    assert.deepEqual(stack.notes, [`VppAssignment kiosk: 1 missing: Keynote on ${a}.`]);
    assert.equal(lookUps, 0);
    assert.equal((await world.requests("/client/config")).length, 1);
    // Nor in the preview and the update after it, which know the name as well.
    declare([a, b]);
    await stack.up();
    assert.deepEqual(stack.notes, [`VppAssignment kiosk: 1 missing: Keynote on ${a}.`]);
    assert.equal(lookUps, 0);
  });

  it("are not looked up again when an assignment is edited", async () => {
    declare([a, b, c]);
    await stack.up();
    assert.deepEqual([lookUps, await world.holders(keynote.adamId)], [0, [a, b, c]]);
  });

  it("are looked up once where the state lacks one", async () => {
    declare([a, b], [keynote, dockscan]);
    await stack.up();
    assert.equal(lookUps, 1);
    await unassign(dockscan);
    lookUps = 0;
    await stack.begin();
    for (const name of ["hq", "app", "kiosk"]) await stack.refresh(name);
    assert.deepEqual(stack.notes, [`VppAssignment kiosk: 1 missing: Dockscan on ${a}.`]);
    assert.equal(lookUps, 1);
  });
});
