import assert from "node:assert/strict";
import { stackWithAnswers } from "../support/changedAnswers";
import type { HostStack } from "../support/hostStack";
import { serials, World } from "../support/world";

const keynote = { adamId: "361285480", pricingParam: "STDQ" };
const [a, b] = serials(2) as [string, string];

describe("a refresh", () => {
  let world: World;
  let stack: HostStack;
  let isListed = true;

  beforeEach(async () => {
    world = await World.start();
    isListed = true;
    stack = stackWithAnswers(world, (path, body) => {
      if (path === "assets" && !isListed) body.assets = [];
    });
  });

  afterEach(async () => {
    await stack.end();
    await world.close();
  });

  const refreshed = async (...names: string[]): Promise<string[]> => {
    await stack.begin();
    for (const name of names) await stack.refresh(name);
    return stack.notes;
  };

  it("calls a VppApp as a preview does, and its id stays its number", async () => {
    stack.declare({ hq: ["VppToken", {}], slides: ["VppApp", { ...keynote, minimumAvailable: 100 }] });
    await stack.up();
    assert.match(stack.notes.join("\n"), /^VppApp slides: 40 licences are free, fewer than/m);
    assert.equal(stack.kept("slides").id, "2049025000431439/app/361285480-STDQ");
    assert.match((await refreshed("slides")).join("\n"), /^VppApp slides: 40 licences are free/);
    isListed = false;
    const gone = "VppApp slides: the library no longer owns this app, so it leaves the stack's state.";
    assert.deepEqual(await refreshed("slides"), [gone]);
  });

  it("calls it by its number where the state has been written by 0.1.0", async () => {
    stack.declare({ hq: ["VppToken", {}], slides: ["VppApp", keynote] });
    await stack.up();
    delete stack.kept("slides").outputs.__declaredAs;
    isListed = false;
    assert.match((await refreshed("slides")).join("\n"), /^VppApp 361285480-STDQ: the library no longer owns/);
  });

  it("calls every resource as the last write did, also one that has been renamed, and keeps that", async () => {
    stack.declare({ hq: ["VppToken", {}], kiosk: ["VppAssignment", { apps: [keynote], serialNumbers: [a] }] });
    await stack.up();
    // As with an alias: the state of before under another name.
    const saved = stack.saved as Map<string, never>;
    stack.restore(new Map([...saved].map(([name, kept]) => [name === "kiosk" ? "lobby" : name, kept])));
    stack.declare({ hq: ["VppToken", {}], lobby: ["VppAssignment", { apps: [keynote], serialNumbers: [a, b] }] });
    await stack.up();
    await world.act("assignments", { action: "unassign", assets: [keynote], serialNumbers: [a] });
    for (let times = 0; times < 2; times++)
      assert.match((await refreshed("lobby")).join("\n"), /^VppAssignment lobby: 1 missing: Keynote on F9FW000000\.$/);
  });
});
