import assert from "node:assert/strict";
import { stackWithAnswers } from "../support/changedAnswers";
import type { Data, Kind } from "../support/hostProcess";
import type { HostStack } from "../support/hostStack";
import { serials, World } from "../support/world";

const keynote = { adamId: "361285480", pricingParam: "STDQ" };
const dockscan = { adamId: "409183694", pricingParam: "STDQ" };
const [a, b, c] = serials(3) as [string, string, string];

describe("an app that changes at the service", () => {
  let world: World;
  let stack: HostStack;
  /** What the service says of Keynote from now on; undefined if its list lacks it. */
  let keynoteIs: Data | undefined;

  beforeEach(async () => {
    world = await World.start();
    keynoteIs = {};
    stack = stackWithAnswers(world, (path, body) => {
      if (path !== "assets") return;
      const assets = body.assets as Data[];
      body.assets = assets.flatMap((asset) =>
        asset.adamId !== keynote.adamId ? [asset] : keynoteIs === undefined ? [] : [{ ...asset, ...keynoteIs }],
      );
    });
  });

  afterEach(async () => {
    await stack.end();
    await world.close();
  });

  const declare = (resources: Readonly<Record<string, readonly [Kind, Data]>>): void =>
    stack.declare({ hq: ["VppToken", {}], ...resources });
  const kiosk = (props: Data): void => declare({ kiosk: ["VppAssignment", { apps: [keynote], ...props }] });
  /** Applies the program; gives what was refused and what failed. */
  const up = async (): Promise<string> => {
    const applied = await stack.up();
    return Object.values(applied)
      .flatMap(({ failures, initErrors = [] }) => [...failures.map(({ reason }) => reason), ...initErrors])
      .join("\n");
  };
  const holders = (): Promise<string[]> => world.holders(keynote.adamId);
  const gives = (): Promise<unknown[]> => world.requests("/mdm/v2/assets/associate");

  const changes: [string, Data | undefined, RegExp][] = [
    ["can't be given to devices any more", { deviceAssignable: false }, /361285480 can't be given to devices/],
    ["is not listed any more", undefined, /app 361285480 \(STDQ\) is not in the library/],
  ];
  for (const [what, now, refusal] of changes) {
    it(`that ${what} can be kept, shrunk, refreshed and deleted, and only what would be given is refused`, async () => {
      kiosk({ serialNumbers: [a, b, c] });
      assert.equal(await up(), "");
      keynoteIs = now;
      await stack.begin();
      assert.equal(await stack.refresh("kiosk"), false);
      kiosk({ serialNumbers: [a, b] });
      assert.equal(await up(), "");
      assert.deepEqual(await holders(), [a, b]);
      kiosk({ apps: [keynote, dockscan], serialNumbers: [a, b] });
      assert.equal(await up(), "");
      assert.deepEqual(await world.holders(dockscan.adamId), [a, b]);
      kiosk({ apps: [keynote, dockscan], serialNumbers: [a, b, c] });
      assert.match(await up(), refusal);
      // The same under another name: nothing would be given.
      declare({ moved: ["VppAssignment", { apps: [keynote, dockscan], serialNumbers: [a, b] }] });
      assert.equal(await up(), "");
      declare({ fresh: ["VppAssignment", { apps: [keynote], serialNumbers: [c] }] });
      assert.match(await up(), refusal);
      declare({ empty: ["VppAssignment", { apps: [keynote], serialNumbers: [] }] });
      assert.match(await up(), refusal);
      await stack.begin();
      await stack.remove("moved");
      assert.deepEqual(await holders(), []);
    });
  }

  it("that can't be given to devices any more is not asked for where a licence has gone, and the rest is done", async () => {
    kiosk({ apps: [keynote, dockscan], serialNumbers: [a, b, c] });
    await up();
    await world.act("assignments", { action: "unassign", assets: [keynote, dockscan], serialNumbers: [a] });
    keynoteIs = { deviceAssignable: false };
    await stack.begin();
    assert.equal(await stack.refresh("kiosk"), true);
    await world.forget();
    kiosk({ apps: [keynote, dockscan], serialNumbers: [a, b] });
    assert.match(
      await up(),
      /^Keynote: 1 of 1 device got no licence: it can no longer be given to devices, so no further one gets it \(VPP_INPUT_INVALID\): \S+\. Give it to people/,
    );
    assert.deepEqual([await holders(), await world.holders(dockscan.adamId)], [[b], [a, b]]);
    assert.equal((await gives()).length, 1);
    assert.equal(stack.outputs("kiosk").missingCount, 1);
    // To people it still goes.
    await world.act("users", { action: "create", users: [{ clientUserId: "ada" }] });
    declare({
      kiosk: ["VppAssignment", { apps: [keynote, dockscan], serialNumbers: [b] }],
      sales: ["VppAssignment", { apps: [keynote], clientUserIds: ["ada"] }],
    });
    assert.equal(await up(), "");
    assert.deepEqual(await holders(), [b, "ada"]);
  });

  it("can be taken from devices by uninstall, and given to people instead", async () => {
    await world.act("users", { action: "create", users: [{ clientUserId: "ada" }] });
    kiosk({ serialNumbers: [a, b], clientUserIds: ["ada"] });
    await up();
    keynoteIs = { deviceAssignable: false };
    declare({
      kiosk: ["VppAssignment", { apps: [keynote], serialNumbers: [a, b], intent: "uninstall" }],
      sales: ["VppAssignment", { apps: [keynote], clientUserIds: ["ada"] }],
    });
    assert.equal(await up(), "");
    assert.deepEqual(await holders(), ["ada"]);
  });

  it("that can't be revoked any more keeps its uninstall and its exclusive, which refuse only what is new", async () => {
    declare({
      off: ["VppAssignment", { apps: [keynote], serialNumbers: [a, b], intent: "uninstall" }],
      alone: ["VppAssignment", { apps: [dockscan, keynote], clientUserIds: [], exclusive: true }],
    });
    assert.equal(await up(), "");
    keynoteIs = { revocable: false };
    declare({
      off: ["VppAssignment", { apps: [keynote], serialNumbers: [a], intent: "uninstall" }],
      alone: ["VppAssignment", { apps: [keynote], clientUserIds: [], exclusive: true }],
    });
    assert.equal(await up(), "");
    declare({ off: ["VppAssignment", { apps: [keynote], serialNumbers: [a, c], intent: "uninstall" }] });
    assert.match(await up(), /361285480 can't be uninstalled/);
  });

  it("that is not listed any more lets what its VppApp says be changed", async () => {
    declare({ app: ["VppApp", keynote] });
    await up();
    keynoteIs = undefined;
    declare({ app: ["VppApp", { ...keynote, minimumAvailable: 5 }] });
    assert.equal(await up(), "");
    assert.match(
      stack.notes.join("\n"),
      /the library no longer owns this app; its counts are those of the last time\./,
    );
    assert.deepEqual([stack.outputs("app").minimumAvailable, stack.outputs("app").totalCount], [5, 40]);
  });
});
