import assert from "node:assert/strict";
import { InsideStack } from "../support/insideStack";
import { smallLibrary, World } from "../support/world";

const idOf = (index: number): string => String(5_000_000_000 + index);

/** Requests by library, as "GET assets", and those that all libraries share. */
interface Asked {
  readonly byLibrary: ReadonlyMap<string, string[]>;
  readonly shared: string[];
}

describe("requests of many libraries in one program", () => {
  let world: World;
  let stack: InsideStack;

  const open = async (count: number, change: (index: number) => object = () => ({})): Promise<void> => {
    world = await World.start(
      Array.from({ length: count }, (_, index) => smallLibrary({ libraryId: idOf(index), ...change(index) })),
    );
    const tokens = Array.from({ length: count }, (_, index) => [
      `VPP_CONTENT_TOKEN_L${index}`,
      world.simulator.token(idOf(index)),
    ]);
    stack = new InsideStack({ VPP_ENDPOINT: world.simulator.url, ...(Object.fromEntries(tokens) as object) });
    stack.program(`for (let index = 0; index < ${count}; index++) {
      const token = new vpp.VppToken("token" + index, { contentTokenKey: "l" + index });
      const keynote = new vpp.VppApp("keynote" + index, { token, adamId: "361285480" });
      new vpp.VppAssignment("ipads" + index, { token, apps: [keynote, "409183694"], serialNumbers: ["F9FW000001", "F9FW000002"] });
    }`);
  };

  const asked = async (work: () => Promise<unknown>): Promise<Asked> => {
    await world.forget();
    await work();
    const byLibrary = new Map<string, string[]>();
    const shared: string[] = [];
    for (const { method, path, ...request } of await world.requests()) {
      const { library } = request as { library?: string };
      const list = library === undefined ? shared : (byLibrary.get(library) ?? []);
      list.push(`${method} ${path.replace("/mdm/v2/", "")}`);
      if (library !== undefined) byLibrary.set(library, list);
    }
    return { byLibrary, shared };
  };

  afterEach(() => world.close());

  for (const count of [1, 20]) {
    it(`are as many for each of ${count} at a first up as for one, and none when nothing changes`, async () => {
      await open(count);
      const { byLibrary, shared } = await asked(() => stack.up());
      assert.equal(byLibrary.size, count);
      for (const requests of byLibrary.values()) {
        const apart = requests.filter((each) => each !== "GET status");
        assert.deepEqual(apart, [
          "GET client/config",
          "GET assets",
          // The look whose library it is, right before the first write.
          "GET client/config",
          "POST client/config",
          "POST assets/associate",
        ]);
      }
      assert.deepEqual(shared.sort(), ["GET /lookup", "GET service/config"]);
      for (let index = 0; index < count; index++)
        assert.equal((await world.truth(idOf(index))).assignments.length, 4, idOf(index));
      const again = await asked(() => stack.up("--expect-no-changes"));
      assert.deepEqual([again.byLibrary.size, again.shared], [0, []]);
    });

    it(`are as many for each of ${count} in a preview as for one`, async () => {
      await open(count);
      const { byLibrary, shared } = await asked(() => stack.preview());
      for (const requests of byLibrary.values()) assert.deepEqual(requests, ["GET client/config", "GET assets"]);
      assert.deepEqual([byLibrary.size, shared.sort()], [count, ["GET /lookup", "GET service/config"]]);
    });

    it(`are as many for each of ${count} in a refresh as for one`, async () => {
      await open(count);
      await stack.up();
      const { byLibrary, shared } = await asked(() => stack.refresh());
      assert.equal(byLibrary.size, count);
      for (const requests of byLibrary.values())
        assert.deepEqual(requests.sort(), ["GET assets", "GET assignments", "GET client/config"]);
      assert.deepEqual(shared, ["GET service/config"]);
    });
  }

  it("ask for the names of an app once for each country", async () => {
    await open(6, (index) => ({ countryCode: index % 2 === 0 ? "DE" : "FR" }));
    const { shared } = await asked(() => stack.up());
    assert.equal(shared.filter((each) => each === "GET /lookup").length, 2);
    for (let index = 0; index < 6; index++) assert.equal(stack.outputs(`keynote${index}`).displayName, "Keynote");
  });

  it("ask once more for names where the question that they had joined failed", async () => {
    await open(3);
    await world.act("faults", { match: { path: "/lookup" }, times: 1, action: { type: "reset" } });
    const { shared } = await asked(() => stack.up());
    const lookUps = shared.filter((each) => each === "GET /lookup").length;
    assert.ok(lookUps >= 2 && lookUps <= 3, `${lookUps} look-ups`);
    const named = [0, 1, 2].filter((index) => stack.outputs(`keynote${index}`).displayName === "Keynote");
    assert.ok(named.length >= 2, `${named.length} have a name`);
  });
});
