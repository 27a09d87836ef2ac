import assert from "node:assert/strict";
import { LookUps } from "../../inventory/lookUps";
import type { Data, Kind } from "../support/hostProcess";
import { HostStack } from "../support/hostStack";
import { serials, World } from "../support/world";

const keynote = { adamId: "361285480", pricingParam: "STDQ" };
const [a, b, c] = serials(3) as [string, string, string];

describe("serial numbers that the service has in small letters", () => {
  let world: World;
  let stack: HostStack;

  beforeEach(async () => {
    world = await World.start();
    stack = new HostStack({ env: world.env });
    const serialNumbers = [a.toLowerCase(), "stranger01"];
    await world.act("assignments", { action: "assign", assets: [keynote], serialNumbers });
  });

  afterEach(async () => {
    await stack.end();
    await world.close();
  });

  const kiosk = (props: Data): void =>
    stack.declare({
      hq: ["VppToken", {}],
      kiosk: ["VppAssignment", { apps: [keynote], ...props }] as [Kind, Data],
    });
  const holders = (): Promise<string[]> => world.holders(keynote.adamId);

  it("are those that the program means: nothing is given twice, refreshed as missing or left behind", async () => {
    kiosk({ serialNumbers: [a, b] });
    await stack.up();
    assert.match(stack.notes.join("\n"), /1 licence to assign, 1 already assigned and now managed here/);
    assert.deepEqual(await holders(), [b, a.toLowerCase(), "stranger01"]);
    await stack.begin();
    assert.equal(await stack.refresh("kiosk"), false);
    kiosk({ serialNumbers: [b, c] });
    await stack.up();
    assert.deepEqual(await holders(), [b, c, "stranger01"]);
  });

  it("are no strangers under exclusive, and strangers lose their licence", async () => {
    kiosk({ serialNumbers: [a], exclusive: true });
    const applied = await stack.up();
    assert.deepEqual(applied.kiosk, { op: "create", failures: [] });
    assert.deepEqual(await holders(), [a.toLowerCase()]);
  });

  it("are taken back by a delete", async () => {
    kiosk({ serialNumbers: [a] });
    await stack.up();
    await stack.begin();
    await stack.remove("kiosk");
    assert.deepEqual(await holders(), ["stranger01"]);
  });

  it("are found by look-ups in either spelling once they are listed, and given in capitals", async () => {
    const lookUps = new LookUps({ config: () => undefined, note: () => undefined, env: world.env });
    const all = await lookUps.getVppAssignments({ token: { contentTokenKey: "default" } });
    assert.deepEqual(
      all.assignments.map(({ serialNumber }) => serialNumber),
      [a, "STRANGER01"],
    );
    for (const serialNumber of [a, a.toLowerCase()]) {
      const { assignments } = await lookUps.getVppAssignments({ token: { contentTokenKey: "default" }, serialNumber });
      assert.deepEqual(assignments, [{ ...keynote, serialNumber: a }]);
    }
  });
});
