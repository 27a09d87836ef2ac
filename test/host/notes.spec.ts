import assert from "node:assert/strict";
import type { Data, Kind } from "../support/hostProcess";
import { freshHost, type HostStack } from "../support/hostStack";
import { rival, serials, type World } from "../support/world";

const keynote = { adamId: "361285480", pricingParam: "STDQ" };
const dockscan = { adamId: "409183694", pricingParam: "STDQ" };
const book = { adamId: "1000000001", pricingParam: "STDQ" };
const [a, b, c, d] = serials(4) as [string, string, string, string];
const people = (...ids: string[]): Data => ({ users: ids.map((clientUserId) => ({ clientUserId })) });

describe("notes", () => {
  let world: World;
  let stack: HostStack;

  freshHost((...fresh) => {
    [world, stack] = fresh;
  });

  const declare = (resources: Readonly<Record<string, readonly [Kind, Data]>>): void =>
    stack.declare({ hq: ["VppToken", {}], ...resources });
  const assign = (it: Data): void => declare({ it: ["VppAssignment", { apps: [keynote], ...it }] });
  const behind = (action: "assign" | "unassign", ...serialNumbers: string[]): Promise<void> =>
    world.act("assignments", { action, assets: [keynote], serialNumbers });
  const users = (body: object): Promise<void> => world.act("users", body);

  /** A refresh, which names no plan. Gives what it says. */
  async function refreshed(...names: string[]): Promise<string[]> {
    stack.declare({});
    await stack.begin();
    for (const name of names) await stack.refresh(name);
    return stack.notes;
  }

  /** What a preview says: checks and comparisons, and nothing after them. */
  async function previewed(...names: string[]): Promise<string[]> {
    await stack.begin();
    for (const name of names) {
      const { inputs, failures } = await stack.check(name);
      assert.deepEqual(failures, []);
      if (stack.has(name)) await stack.host.diff(stack.kept(name).kind, stack.kept(name), inputs);
    }
    return stack.notes;
  }

  describe("on drift of licences", () => {
    it("name app and target in a refresh, in the preview after it, and in the up that mends it; then no more", async () => {
      const it = { serialNumbers: [a, b, c], exclusive: true };
      assign(it);
      await stack.up();
      await behind("unassign", a, b);
      await behind("assign", "STRANGER01");
      await world.forget();
      const told = `2 missing: Keynote on ${a}, ${b}; 1 surplus: Keynote on STRANGER01.`;
      assert.deepEqual(await refreshed("hq", "it"), [`VppAssignment it: ${told}`]);
      assert.equal((await world.requests("/client/config")).length, 1);
      assert.equal((await world.requests("/mdm/v2/assets")).length, 1);

      assign(it);
      await world.forget();
      // A comparison sends no request, so it has only the app's number.
      assert.deepEqual(await previewed("hq", "it"), [
        `VppAssignment it: ${told.replaceAll("Keynote", "app 361285480")}`,
      ]);
      assert.deepEqual(await world.requests(), []);

      await stack.up();
      assert.deepEqual(stack.notes, [`VppAssignment it: ${told.replaceAll("Keynote", "app 361285480")}`]);
      assert.deepEqual(await world.holders(keynote.adamId), [a, b, c]);
      assert.deepEqual(await refreshed("hq", "it"), []);
      assign(it);
      await world.forget();
      assert.deepEqual(await previewed("hq", "it"), []);
      assert.deepEqual(await world.requests(), []);
    });

    it("come once, with the name, when a preview refreshes first, also for a resource that bears another name now", async () => {
      assign({ serialNumbers: [a, b] });
      await stack.up();
      await behind("unassign", a);
      assign({ serialNumbers: [a, b] });
      await stack.begin();
      await stack.refresh("it");
      const saved = stack.saved;
      stack.restore(new Map([...saved].map(([name, kept]) => [name === "it" ? "renamed" : name, kept])));
      declare({ renamed: ["VppAssignment", { apps: [keynote], serialNumbers: [a, b] }] });
      const { inputs } = await stack.host.check("VppAssignment", stack.kept("renamed").inputs, {
        ...stack.kept("renamed").inputs,
        plan: stack.planInput("renamed"),
      });
      const { changes } = await stack.host.diff("VppAssignment", stack.kept("renamed"), inputs);
      assert.equal(changes, true);
      assert.deepEqual(stack.notes, [`VppAssignment it: 1 missing: Keynote on ${a}.`]);
    });

    it("name the first five and count the rest, over several apps and people", async () => {
      declare({
        crew: ["VppUserSet", people("ada")],
        it: [
          "VppAssignment",
          { apps: [keynote, dockscan], serialNumbers: serials(4), clientUserIds: ["ada"], sets: ["crew"] },
        ],
      });
      await stack.up();
      await world.act("assignments", { action: "unassign", assets: [keynote, dockscan], serialNumbers: serials(4) });
      await world.act("assignments", { action: "unassign", assets: [keynote], clientUserIds: ["ada"] });
      const shown = `Keynote on ${a}, ${b}, ${c}, Dockscan on ${a}, ${b} and 4 more`;
      assert.deepEqual(await refreshed("hq", "crew", "it"), [`VppAssignment it: 9 missing: ${shown}.`]);
    });

    it("cost one look-up of names for the whole library, however many resources have drifted", async () => {
      declare({
        one: ["VppAssignment", { apps: [keynote], serialNumbers: [a] }],
        two: ["VppAssignment", { apps: [dockscan], serialNumbers: [a] }],
      });
      await stack.up();
      await world.act("assignments", { action: "unassign", assets: [keynote, dockscan], serialNumbers: [a] });
      await world.forget();
      assert.deepEqual(await refreshed("hq", "one", "two"), [
        `VppAssignment one: 1 missing: Keynote on ${a}.`,
        `VppAssignment two: 1 missing: Dockscan on ${a}.`,
      ]);
      const { requests } = (await world.simulator.control("GET", "requests")) as { requests: { path: string }[] };
      const lookUps = requests.filter(({ path }) => !path.startsWith("/mdm/"));
      assert.equal(lookUps.length, 1, JSON.stringify(lookUps));
    });

    it("name what is still to be revoked", async () => {
      assign({ serialNumbers: [a, b] });
      await stack.up();
      assign({ serialNumbers: [a] });
      const action = { type: "event-partly", done: 0, errorNumber: 9706 };
      await world.act("faults", { match: { event: "disassociate" }, times: 1, action });
      const applied = await stack.up();
      assert.ok((applied.it?.initErrors ?? []).length > 0, JSON.stringify(applied));
      assert.deepEqual(await refreshed("hq", "it"), [`VppAssignment it: 1 still to be revoked: Keynote on ${b}.`]);
    });
  });

  describe("on drift of people", () => {
    it("name who is missing, once in a refresh and once in the run that mends it", async () => {
      declare({ crew: ["VppUserSet", people("ada", "bob", "cyd")] });
      await stack.up();
      await users({ action: "retire", users: [{ clientUserId: "ada" }, { clientUserId: "cyd" }] });
      assert.deepEqual(await refreshed("hq", "crew"), ["VppUserSet crew: 2 missing: ada, cyd."]);
      declare({ crew: ["VppUserSet", people("ada", "bob", "cyd")] });
      await stack.up();
      assert.deepEqual(stack.notes, ["VppUserSet crew: 2 missing: ada, cyd."]);
      assert.deepEqual(await refreshed("hq", "crew"), []);
    });
  });

  describe("on an edit", () => {
    it("count what is added, and name the first five who lose a licence", async () => {
      assign({ serialNumbers: serials(9) });
      await stack.up();
      assert.deepEqual(stack.notes, ["VppAssignment it: 9 devices added. 9 licences to assign."]);
      await behind("assign", "C02ZK001HJ2K");
      assign({ serialNumbers: ["C02ZK001HJ2K", a] });
      const losing = `${serials(5, 1).join(", ")} and 3 more`;
      assert.deepEqual(await previewed("hq", "it"), [
        `VppAssignment it: 1 device added, 8 devices removed. 0 licences to assign, 8 to revoke (${losing}), 1 already assigned and now managed here.`,
      ]);
    });

    it("name strangers who lose theirs to exclusive, and people by their ids", async () => {
      declare({
        crew: ["VppUserSet", people("ada", "bob")],
        it: ["VppAssignment", { apps: [keynote], clientUserIds: ["ada", "bob"], sets: ["crew"] }],
      });
      await stack.up();
      await behind("assign", "STRANGER01");
      declare({
        crew: ["VppUserSet", people("ada", "bob")],
        it: [
          "VppAssignment",
          { apps: [keynote], serialNumbers: [a], clientUserIds: ["bob"], exclusive: true, sets: ["crew"] },
        ],
      });
      assert.deepEqual(await previewed("hq", "crew", "it"), [
        "VppAssignment it: 1 device added, 1 person removed, exclusive from now on. " +
          "1 licence to assign, 2 to revoke (STRANGER01, ada).",
      ]);
    });

    it("say that a book stays and with whom, in the preview too, and that one is for good before it is assigned", async () => {
      const set = people("ada", "bob");
      const books = (...apps: Data[]): void =>
        declare({
          crew: ["VppUserSet", set],
          it: ["VppAssignment", { apps, clientUserIds: ["ada", "bob"], sets: ["crew"] }],
        });
      books(keynote, book);
      await stack.up();
      const lasting =
        "VppAssignment it: Field Handbook (1000000001) can't be revoked once assigned: a book stays with its reader.";
      assert.equal(stack.notes.filter((note) => note === lasting).length, 1);
      books(keynote);
      const staying = [
        "VppAssignment it: 1 app removed. 0 licences to assign.",
        "VppAssignment it: Field Handbook (1000000001) left the program but stays with 2 people (ada, bob): " +
          "can't be revoked, as a book can't.",
      ];
      assert.deepEqual(await previewed("hq", "crew", "it"), staying);
      await stack.up();
      assert.deepEqual(stack.notes, staying);
    });

    it("say that nothing is revoked under reclaim: false", async () => {
      assign({ serialNumbers: [a, b], reclaim: false });
      await stack.up();
      assign({ serialNumbers: [a], reclaim: false });
      assert.deepEqual(await previewed("hq", "it"), [
        "VppAssignment it: 1 device removed. 0 licences to assign. reclaim is false: what was removed keeps its licences.",
      ]);
    });

    it("name who is retired, and count only those whom the set has registered", async () => {
      await users({ action: "create", users: [{ clientUserId: "bob" }] });
      declare({ crew: ["VppUserSet", people("ada", "bob", "cyd")] });
      await stack.up();
      assert.deepEqual(stack.notes, [
        "VppUserSet crew: 3 people added. 3 to invite or adopt.",
        "VppUserSet crew: 1 of its users was registered before and will never be retired by this resource: bob.",
      ]);
      declare({ crew: ["VppUserSet", people("cyd", "dan", "eve")] });
      assert.deepEqual(await previewed("hq", "crew"), [
        "VppUserSet crew: 2 people added, 2 people removed. 2 to invite or adopt, 1 to retire (ada), 1 stays registered (bob).",
      ]);
    });
  });

  it("of a brake name the first five who would lose something", async () => {
    assign({ serialNumbers: serials(40) });
    await stack.up();
    assign({ serialNumbers: serials(10) });
    await stack.begin();
    const { failures } = await stack.check("it");
    assert.match(
      failures[0]!.reason,
      new RegExp(
        `take licences from 30 targets of 40, more than maxRevocations allows \\(25\\); nothing was changed. It would be ${serials(5, 10).join(", ")} and 25 more`,
      ),
    );
  });

  describe("of a delete", () => {
    it("name those who lost a licence, and those who keep one since the program requires it", async () => {
      const both = { apps: [keynote, dockscan], serialNumbers: [a, b, c] };
      declare({ it: ["VppAssignment", both] });
      await stack.up();
      declare({ other: ["VppAssignment", { apps: [keynote], serialNumbers: [a, d] }] });
      await stack.up();
      await stack.remove("it");
      const ofTheDelete = stack.notes.filter((note) => note.startsWith("VppAssignment it:"));
      assert.deepEqual(ofTheDelete, [
        `VppAssignment it: 5 licences revoked from 3 devices (${a}, ${b}, ${c}); ` +
          `1 licence stays with 1 device (${a}), since the program still requires it.`,
      ]);
      assert.deepEqual(await world.holders(keynote.adamId), [a, d]);
    });

    it("name who was retired, what was revoked with that, and who stays registered", async () => {
      await users({ action: "create", users: [{ clientUserId: "bob" }] });
      declare({ crew: ["VppUserSet", people("ada", "bob", "cyd")] });
      await stack.up();
      await world.act("assignments", { action: "assign", assets: [keynote], clientUserIds: ["ada"] });
      await stack.destroy();
      assert.deepEqual(stack.notes, [
        "VppUserSet crew: 2 people retired (ada, cyd); 1 licence of people who leave revoked; " +
          "1 person not registered by this resource, so still registered (bob).",
      ]);
    });
  });

  describe("free licences", () => {
    it("count what the same run has assigned, by app, where a VppApp is a step behind", async () => {
      declare({
        keynote: ["VppApp", { adamId: keynote.adamId }],
        it: [
          "VppAssignment",
          { apps: [keynote, { adamId: "409201541", pricingParam: "STDQ" }], serialNumbers: [a, b, c] },
        ],
      });
      await stack.up();
      assert.equal(stack.outputs("keynote").availableCount, 40);
      const pages = { adamId: "409201541", pricingParam: "STDQ", availableCount: 2_147_483_647 };
      assert.deepEqual(stack.outputs("it").appCounts, [{ ...keynote, availableCount: 37 }, pages]);
      await behind("assign", d);
      await refreshed("hq", "it");
      assert.deepEqual(stack.outputs("it").appCounts, [{ ...keynote, availableCount: 36 }, pages]);
    });

    it("are no difference to a state that has none, as 0.1.0 wrote it", async () => {
      assign({ serialNumbers: [a] });
      await stack.up();
      const { appCounts: _, ...outputs } = stack.kept("it").outputs;
      stack.restore(new Map([...stack.saved, ["it", { ...stack.kept("it"), outputs }]]));
      await world.forget();
      assert.equal((await stack.up()).it?.op, "same");
      assert.deepEqual(await world.requests(), []);
    });
  });

  it("tell of another service that comes while a write is waited for, once for the library", async () => {
    declare({
      one: ["VppAssignment", { apps: [keynote], serialNumbers: [a] }],
      again: ["VppApp", { adamId: dockscan.adamId }],
    });
    await stack.begin();
    await stack.apply("hq");
    await world.act("hooks", { on: "associate", do: [{ path: "holder", body: { mdmInfo: rival } }] });
    assert.deepEqual(await stack.apply("one"), { op: "create", failures: [] });
    await stack.apply("again");
    assert.deepEqual(await world.holders(keynote.adamId), [a]);
    assert.deepEqual(stack.notes.slice(1), [
      "VppAssignment one: the library now bears the mark of another service, “Rival Device Management” (id rival-mdm-1). " +
        "What was written is done; the next write is refused. " +
        'If that service goes on installing the apps, set managedBy: "rival-mdm-1" on the VppToken. ' +
        'If it is to give the library up, stop it there first, then set takeOverFrom: "rival-mdm-1" on the VppToken.',
    ]);
  });
});
