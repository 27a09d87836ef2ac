import assert from "node:assert/strict";
import type { PlanLine } from "../../provider/plan/planLines";
import { assignmentLine, PlanFile, tokenLine, userSetLine } from "../support/hostPlan";
import type { Data, Kind } from "../support/hostProcess";
import { freshHost, HostStack } from "../support/hostStack";
import { serials, type World } from "../support/world";

const keynote = { adamId: "361285480", pricingParam: "STDQ" };
const [first, second] = serials(2) as [string, string];

describe("inputs that the engine changes after the constructor", () => {
  let world: World;
  let stack: HostStack;
  let plan: PlanFile | undefined;

  freshHost((...fresh) => {
    [world, stack] = fresh;
  });
  afterEach(() => plan?.dispose());

  const fleet = (...serialNumbers: string[]): readonly [Kind, Data] => [
    "VppAssignment",
    { apps: [keynote], serialNumbers },
  ];
  const people = (...ids: string[]): readonly [Kind, Data] => [
    "VppUserSet",
    { users: ids.map((clientUserId) => ({ clientUserId })) },
  ];
  const licensed = (...clientUserIds: string[]): readonly [Kind, Data] => [
    "VppAssignment",
    { apps: [keynote], clientUserIds },
  ];

  /** What was applied before; from then on the lines of the plan and the inputs of checks are given one by one. */
  async function begin(
    resources: Readonly<Record<string, readonly [Kind, Data]>>,
    ...lines: PlanLine[]
  ): Promise<void> {
    stack.declare({ hq: ["VppToken", {}], ...resources });
    await stack.up();
    plan = new PlanFile(tokenLine("hq"), ...lines);
    await stack.begin();
    await check("hq", ["VppToken", {}]);
    await world.forget();
  }
  async function check(name: string, [kind, inputs]: readonly [Kind, Data], token?: Data): Promise<string> {
    const given: Data = {
      ...(kind === "VppToken" ? { contentTokenKey: "default" } : { token: token ?? stack.ref() }),
      ...inputs,
      plan: JSON.stringify({ file: plan!.path, entry: name, name }),
    };
    const { failures, inputs: checked } = await stack.host.check(
      kind,
      stack.has(name) ? stack.kept(name).inputs : {},
      given,
    );
    last = checked;
    return failures.map(({ reason }) => reason).join("\n");
  }
  let last: Data = {};
  const line = (name: string, ...serialNumbers: string[]) => assignmentLine(name, { serialNumbers });
  const mayChange = true as const;

  it("are protected when another resource is deleted that holds the same, and so are the arguments, with one note", async () => {
    await begin({ kiosk: fleet(first), other: fleet(second) }, { ...line("kiosk", second), mayChange });
    assert.equal(await check("kiosk", fleet(first)), "");
    await stack.remove("other");
    assert.deepEqual(await world.holders(keynote.adamId), [first, second]);
    const notes = stack.notes.filter((note) => /ignoreChanges or a transform/.test(note));
    assert.equal(notes.length, 1);
    assert.match(
      notes[0]!,
      /^VppAssignment other: 1 licence that would be revoked stays: your program still gives it to VppAssignment kiosk, but Pulumi changed these inputs/,
    );
  });

  it("are counted once in that note, though an exclusive resource that loses them looks at them twice", async () => {
    const kiosk = fleet(first, second);
    const exclusive = (...serialNumbers: string[]): readonly [Kind, Data] => [
      "VppAssignment",
      { apps: [keynote], serialNumbers, exclusive: true },
    ];
    await begin(
      { kiosk },
      assignmentLine("kiosk", { serialNumbers: [first, second], exclusive: true, mayChange: true }),
    );
    assert.equal(await check("kiosk", exclusive(first)), "");
    assert.match(stack.notes.join("\n"), /VppAssignment kiosk: 1 licence that would be revoked stays/);
  });

  for (const order of [
    ["kiosk", "other"],
    ["other", "kiosk"],
  ]) {
    it(`leave alone what only the arguments have, and say so, when ${order[0]} is checked first`, async () => {
      await begin(
        { kiosk: fleet(first), other: fleet(second) },
        { ...line("kiosk", first, second), mayChange },
        line("other"),
      );
      for (const name of order) assert.equal(await check(name, name === "kiosk" ? fleet(first) : fleet()), "");
      await check("other", fleet());
      await stack.host.update("VppAssignment", stack.kept("other"), last);
      assert.deepEqual(await world.holders(keynote.adamId), [first, second]);
      assert.match(
        stack.notes.join("\n"),
        /your program still gives it to VppAssignment kiosk, but Pulumi changed these inputs/,
      );
    });

    it(`refuse licences that one gives up and another is given, and name both, when ${order[0]} is checked first`, async () => {
      await begin({ kiosk: fleet(first), other: fleet(second) }, line("kiosk", first), line("other"));
      const reasons: string[] = [];
      for (const name of order) reasons.push(await check(name, name === "kiosk" ? fleet(first, second) : fleet()));
      assert.equal(reasons[0], "");
      const rival = order[0] === "kiosk" ? "kiosk" : "other";
      assert.match(reasons[1]!, new RegExp(`for 1 device \\(${second}\\).*VppAssignment ${rival}.*VPP_INPUT_CONFLICT`));
    });

    it(`refuse people whom one set drops and another is given, when ${order[0]} is checked first`, async () => {
      await begin(
        { kiosk: people("ada"), other: people("bob") },
        userSetLine("kiosk", ["ada"]),
        userSetLine("other", []),
      );
      const reasons: string[] = [];
      for (const name of order) reasons.push(await check(name, name === "kiosk" ? people("ada", "bob") : people()));
      assert.equal(reasons[0], "");
      assert.match(reasons[1]!, new RegExp(`\\(bob\\).*VppUserSet ${order[0]}.*VPP_INPUT_CONFLICT`));
    });

    it(`refuse people whom a set drops and an assignment is given, when ${order[0]} is checked first`, async () => {
      await begin(
        { other: people("bob"), kiosk: licensed() },
        userSetLine("other", []),
        assignmentLine("kiosk", { clientUserIds: [], sets: ["other"] }),
      );
      const reasons: string[] = [];
      for (const name of order) reasons.push(await check(name, name === "kiosk" ? licensed("bob") : people()));
      assert.equal(reasons[0], "");
      assert.match(reasons[1]!, new RegExp(`(VppAssignment|VppUserSet) ${order[0]}.*VPP_INPUT_CONFLICT`));
    });

    it(`refuse a user in two sets, when ${order[0]} is checked first, and no user who is in one`, async () => {
      await begin({}, { ...userSetLine("kiosk", ["ada"]), mayChange }, userSetLine("other", ["bob"]));
      const reasons: string[] = [];
      for (const name of order)
        reasons.push(await check(name, name === "kiosk" ? people("ada", "bob") : people("bob")));
      assert.match(reasons.join("\n"), /1 of its users is also in VppUserSet/);
      plan!.append({ ...userSetLine("kiosk", ["ada", "bob"]), mayChange });
      await stack.begin();
      for (const name of order) assert.equal(await check(name, name === "kiosk" ? people("ada") : people("bob")), "");
    });
  }

  it("are protected even when the engine has put back what tells a check its place in the plan", async () => {
    await begin({ kiosk: fleet(first), other: fleet(second) }, line("kiosk", first));
    const { inputs } = stack.kept("kiosk");
    const old = { ...inputs, serialNumbers: [first, second] };
    const { failures } = await stack.host.check("VppAssignment", old, old);
    assert.deepEqual(failures, []);
    await stack.remove("other");
    assert.deepEqual(await world.holders(keynote.adamId), [first, second]);
  });

  it("are no others where nothing is known of them yet", async () => {
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    await begin({ kiosk: fleet(first), other: fleet(second) }, line("kiosk", first), line("other", second));
    assert.equal(await check("kiosk", ["VppAssignment", { apps: [keynote], serialNumbers: unknown }]), "");
    assert.match(await check("other", fleet(first, second)), /is declared twice: here and in VppAssignment kiosk/);
  });

  it("count in sums from their check on", async () => {
    await world
      .act("assets", { action: "buy", adamId: keynote.adamId, pricingParam: "STDQ", count: -39 })
      .catch(() => {});
    await begin({}, { ...line("kiosk", ...serials(41)), mayChange }, line("other", ...serials(20, 100)));
    assert.equal(await check("other", fleet(...serials(20, 100))), "");
    assert.equal(await check("kiosk", fleet(first)), "");
  });

  it("of two keys that open one library are held against each other, in whatever order", async () => {
    stack = new HostStack({ env: { ...world.env, VPP_CONTENT_TOKEN_TWIN_FILE: world.tokenFile } });
    for (const order of [
      ["kiosk", "other"],
      ["other", "kiosk"],
    ]) {
      await begin(
        {},
        assignmentLine("kiosk", { serialNumbers: [first, second] }),
        assignmentLine("other", { serialNumbers: [second], key: "twin" }),
      );
      const twin = { ...stack.ref(), contentTokenKey: "twin" };
      const reasons: string[] = [];
      for (const name of order)
        reasons.push(
          await (name === "kiosk" ? check("kiosk", fleet(first, second)) : check("other", fleet(second), twin)),
        );
      assert.match(
        reasons.join("\n"),
        new RegExp(`for 1 device \\(${second}\\) is declared twice: here and in VppAssignment (kiosk|other)`),
      );
      plan?.dispose();
    }
  });
});
