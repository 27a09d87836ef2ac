import assert from "node:assert/strict";
import { freshProcess, type ProcessStack } from "../support/hostStack";
import type { World } from "../support/world";

const users = ["ada", "bob"].map((clientUserId) => ({ clientUserId }));
const hq = ["VppToken", {}] as const;

describe("a VppUserSet that Pulumi takes for a new one", () => {
  let world: World;
  let stack: ProcessStack;

  freshProcess((...fresh) => {
    [world, stack] = fresh;
  });

  const status = async (): Promise<string[]> => (await world.truth()).users.map((user) => user.status);
  const ours = (name: string): boolean[] =>
    (stack.outputs(name).members as { registeredByUs: boolean }[]).map(({ registeredByUs }) => registeredByUs);

  beforeEach(async () => {
    stack.declare({ hq, staff: ["VppUserSet", { users }] });
    await stack.up();
  });

  it("says in the preview that it can't retire its people, when the old name has gone, and says nothing when nothing changed", async () => {
    // A run that changes nothing sees that the state has recorded whom the run before it registered.
    await stack.up();
    stack.declare({ hq, team: ["VppUserSet", { users }] });
    await stack.begin();
    await stack.check("hq");
    await stack.check("team");
    const note = stack.notes.find((line) => line.startsWith("VppUserSet team: VppUserSet staff"));
    assert.equal(
      note,
      "VppUserSet team: VppUserSet staff is gone from the program. If this is the same set under a new name, " +
        "name the old one in `aliases`; otherwise this set adopts the people and may not retire them.",
    );
    stack.declare({ hq, staff: ["VppUserSet", { users }] });
    await stack.up();
    assert.ok(stack.notes.every((line) => !line.includes("aliases")));
  });

  it("says nothing of it after a kill before the state was written: this machine remembers, and the set may retire them", async () => {
    const more = ["VppUserSet", { users: [{ clientUserId: "cyd" }] }] as const;
    stack.declare({ hq, staff: ["VppUserSet", { users }], more });
    stack.isStateLost = true;
    await stack.up();
    await stack.kill();
    stack.isStateLost = false;
    stack.restore(new Map([...stack.saved].filter(([name]) => name !== "more")));
    await stack.up();
    assert.ok(stack.notes.every((line) => !line.includes("aliases")));
    assert.deepEqual(ours("more"), [true]);
  });

  it("says so when it has only moved: it has its name, and no past", async () => {
    await stack.up();
    stack.declare({ hq, staff: ["VppUserSet", { users }] });
    const kept = stack.saved;
    stack.restore(new Map([...kept].filter(([name]) => name !== "staff")));
    await stack.begin();
    await stack.check("hq");
    await stack.check("staff");
    assert.ok(stack.notes.some((line) => line.startsWith("VppUserSet staff: Pulumi takes this set for a new one.")));
  });

  it("learns from the delete of the old one whom this stack has registered, and retires them when they go", async () => {
    // A run that changes nothing sees that the state has recorded whom the run before it registered.
    await stack.up();
    stack.declare({ hq, team: ["VppUserSet", { users }] });
    await stack.up();
    await stack.remove("staff");
    assert.deepEqual(await status(), ["Registered", "Registered"]);
    assert.deepEqual(ours("team"), [false, false]);
    await stack.begin();
    assert.equal(await stack.refresh("team"), false);
    assert.deepEqual(ours("team"), [true, true]);
    stack.declare({ hq, team: ["VppUserSet", { users: users.slice(1) }] });
    await stack.up();
    assert.deepEqual((await status()).sort(), ["Registered", "Retired"]);
  });

  it("leaves that to the set's own next run, and costs those in between no request", async () => {
    await stack.up();
    stack.declare({ hq, team: ["VppUserSet", { users }] });
    await stack.up();
    await stack.remove("staff");
    await stack.end();
    await world.forget();
    for (let run = 0; run < 2; run++) {
      await stack.up();
      await stack.end();
    }
    assert.deepEqual(await world.requests(), []);
    await stack.begin();
    await stack.refresh("team");
    assert.deepEqual(ours("team"), [true, true]);
  });
});
