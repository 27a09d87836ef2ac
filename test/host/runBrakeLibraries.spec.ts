import assert from "node:assert/strict";
import type { Data, Kind } from "../support/hostProcess";
import { HostStack } from "../support/hostStack";
import { bigLibrary, deletes, type Program, preview } from "../support/runBrake";
import { serials, World } from "../support/world";

const keynote = { adamId: "361285480", pricingParam: "STDQ" };
const keys = ["bergen", "oslo", "tromso"] as const;
type Key = (typeof keys)[number];

describe("the run's brake, for a library whose VppToken leaves the program", () => {
  let world: World;
  let stack: HostStack;

  beforeEach(async () => {
    const [first, second, third] = keys.map((key, at) => ({
      ...bigLibrary(),
      libraryId: `900000000000000${at}`,
      locationName: key,
    }));
    world = await World.start([first!, second!, third!]);
    const env: NodeJS.ProcessEnv = { VPP_ENDPOINT: world.simulator.url };
    for (const [at, name] of keys.entries()) {
      const file = world.path(`${name}.vpptoken`);
      await world.act("tokens", { action: "issue", name, file, library: `900000000000000${at}` });
      env[`VPP_CONTENT_TOKEN_${name.toUpperCase()}_FILE`] = file;
    }
    stack = new HostStack({ env });
    await bindAll();
  });

  afterEach(async () => {
    await stack.end();
    await world.close();
  });

  const bound = (key: Key, more: Data = {}): readonly [Kind, Data] => ["VppToken", { contentTokenKey: key, ...more }];
  const fleet = (key: Key, count = 30): readonly [Kind, Data] => [
    "VppAssignment",
    { token: stack.ref(key), apps: [keynote], serialNumbers: serials(count, 100 * keys.indexOf(key)) },
  ];

  function program(...of: readonly Key[]): Program {
    return {
      ...Object.fromEntries(of.map((key) => [key, bound(key)])),
      ...(stack.has("tromso") && Object.fromEntries(of.map((key) => [`${key}-ipads`, fleet(key)]))),
    };
  }

  async function bindAll(): Promise<void> {
    stack.declare(program(...keys));
    await stack.up();
    stack.declare(program(...keys));
    await stack.up();
  }

  it("refuses it in the preview of the others, once, with numbers", async () => {
    stack.declare(program("bergen", "tromso"));
    const { refused } = await preview(stack);
    assert.match(
      refused,
      /VppToken oslo leaves the program with what was declared of its library: at least 30 targets will lose licences, more than one run may do \(25\); nothing was changed/,
    );
    assert.match(refused, /run `pulumi config set vpp:maxRevocations 30` for this run/);
    const allowed = await preview(stack, { config: { "vpp:maxRevocations": "30" } });
    assert.equal(allowed.refused, "");
    assert.equal(allowed.notes.filter((note) => /VppToken oslo leaves the program/.test(note)).length, 1);
  });

  it("holds its deletes, too, and lets them pass by the configuration", async () => {
    stack.declare(program("bergen", "tromso"));
    await stack.begin();
    for (const name of ["bergen-ipads", "tromso-ipads"]) await stack.apply(name);
    assert.match(
      (await deletes(stack, ["oslo-ipads"]))[0]!,
      /would take licences from 30 targets \([^)]+\), and one run may take licences from 25/,
    );
    stack.declare(program("bergen", "tromso"));
    await stack.begin({ config: { "vpp:maxRevocations": "30" } });
    for (const name of ["bergen-ipads", "tromso-ipads"]) await stack.apply(name);
    assert.deepEqual(await deletes(stack, ["oslo-ipads"]), []);
  });

  it("is silent about a VppToken under another name, where another key comes in its place, and where nothing was declared", async () => {
    const { oslo: _, ...others } = program(...keys);
    const silent = async (declared: Program): Promise<void> => {
      stack.declare(declared);
      const seen = await preview(stack);
      assert.equal(seen.refused, "");
      assert.deepEqual(
        seen.notes.filter((note) => /VppToken oslo leaves/.test(note)),
        [],
      );
    };
    const takeOverFrom = stack.kept("oslo").outputs.bindingId;
    await silent({ ...others, east: bound("oslo", { takeOverFrom }) });
    // The library may be the same, under another name and another key: nobody knows before that key's own check.
    const { "oslo-ipads": __, ...without } = others;
    await silent({
      bergen: without.bergen!,
      tromso: without.tromso!,
      "bergen-ipads": without["bergen-ipads"]!,
      "tromso-ipads": without["tromso-ipads"]!,
      aaa: bound("oslo", { takeOverFrom }),
    });
  });

  it("says nothing when the only VppToken of a program goes, since nothing is checked: protect it", async () => {
    stack.declare({});
    await stack.begin();
    assert.deepEqual(await deletes(stack, ["tromso-ipads", "oslo-ipads", "bergen-ipads"]), []);
  });
});
