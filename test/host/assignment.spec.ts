import assert from "node:assert/strict";
import type { Data, Kind } from "../support/hostProcess";
import { HostStack } from "../support/hostStack";
import { serials, World } from "../support/world";

const keynote = { adamId: "361285480", pricingParam: "STDQ" };
const dockscan = { adamId: "409183694", pricingParam: "STDQ" };
const book = { adamId: "1000000001", pricingParam: "STDQ" };
const forPeople = { adamId: "1000000002", pricingParam: "STDQ" };

type Resources = Readonly<Record<string, Data>>;

describe("VppAssignment", () => {
  let world: World;
  let stack: HostStack;

  before(async () => {
    world = await World.start();
    stack = new HostStack({ env: world.env });
  });

  afterEach(async () => {
    await stack.end();
    await world.close();
    world = await World.start();
    stack = new HostStack({ env: world.env });
  });

  after(async () => {
    await stack.end();
    await world.close();
  });

  const declare = (resources: Resources): void => {
    const entries = Object.entries(resources).map(([name, props]): [string, readonly [Kind, Data]] => [
      name,
      ["users" in props ? "VppUserSet" : "VppAssignment", props],
    ]);
    stack.declare({ hq: ["VppToken", {}], ...Object.fromEntries(entries) });
  };
  /** Applies a program and gives all reasons of refusals. */
  const refusals = async (resources: Resources): Promise<string> => {
    declare(resources);
    const applied = await stack.up();
    return Object.values(applied)
      .flatMap(({ failures }) => failures.map(({ reason }) => reason))
      .join("\n");
  };
  const users = (...ids: string[]): Data => ({ users: ids.map((clientUserId) => ({ clientUserId })) });
  const holders = (): Promise<string[]> => world.holders(keynote.adamId);

  it("takes back what was to be uninstalled, could not be yet, and then leaves the program", async () => {
    const kiosk = (changes: Data): Resources => ({ kiosk: { apps: [keynote], serialNumbers: serials(3), ...changes } });
    declare(kiosk({}));
    await stack.up();
    const action = { type: "event-partly", done: 1, errorNumber: 9706 };
    await world.act("faults", { match: { event: "disassociate" }, times: "always", action });
    declare(kiosk({ intent: "uninstall" }));
    await stack.up();
    assert.equal((await holders()).length, 2);
    await world.simulator.control("DELETE", "faults");
    declare(kiosk({ intent: "uninstall", serialNumbers: [] }));
    await stack.begin();
    await stack.apply("hq");
    await stack.apply("kiosk", true);
    assert.deepEqual(await holders(), []);
  });

  describe("a program that can't be", () => {
    const on = (count: number, from = 0): Data => ({ apps: [keynote], serialNumbers: serials(count, from) });
    const cases: [string, Resources, RegExp[]][] = [
      ["no kind of target is given", { it: { apps: [keynote] } }, [/neither serialNumbers nor clientUserIds is given/]],
      [
        "an app stands twice",
        { it: { apps: [keynote, keynote], serialNumbers: serials(1) } },
        [/^apps\[1\] repeats apps\[0\]/],
      ],
      [
        "a serial stands twice in two spellings",
        { it: { apps: [keynote], serialNumbers: ["f9fw000001", " F9FW000001 "] } },
        [/^serialNumbers\[1\] repeats serialNumbers\[0\]/],
      ],
      [
        "a book goes to devices",
        { it: { apps: [book], serialNumbers: serials(1) } },
        [/1000000001.* can't be given to devices \(a book goes to people only\)/],
      ],
      [
        "an app for people goes to devices",
        { it: { apps: [forPeople], serialNumbers: serials(1) } },
        [/1000000002.* can't be given to devices/],
      ],
      [
        "a book is to be uninstalled and exclusive",
        { it: { apps: [book], clientUserIds: ["ada"], intent: "uninstall", exclusive: true } },
        [/can't be uninstalled: a book/, /can't be exclusive: a book/],
      ],
      [
        "the library lacks the app",
        { it: { apps: [{ adamId: "5", pricingParam: "STDQ" }], serialNumbers: serials(1) } },
        [/app 5 \(STDQ\) is not in the library \(VPP_INPUT_NOT_OWNED\)\. Buy it/],
      ],
      [
        "the library has the app under another pricing",
        { it: { apps: [{ ...keynote, pricingParam: "PLUS" }], serialNumbers: serials(1) } },
        [/The library has it as STDQ: set pricingParam/],
      ],
      [
        "a pair is required and uninstalled",
        { it: on(2), off: { ...on(1), intent: "uninstall" } },
        [/for 1 device \(F9FW000000\) is required here and uninstall in VppAssignment off/],
      ],
      [
        "others give an exclusive app",
        { it: { ...on(2), exclusive: true }, more: on(1, 5) },
        [/exclusive for devices in VppAssignment it, and VppAssignment more gives it to others/],
      ],
      [
        "users of a set are not taken from it",
        { people: users("ada", "bob"), it: { apps: [keynote], clientUserIds: ["ada"] } },
        [/1 of its users is registered by VppUserSet people, but not taken from it: ada /],
      ],
      [
        "more licences are needed than there are",
        { it: on(41) },
        [
          /^(Keynote|app 361285480): 41 licences needed, 40 free; asked for by it \(41\) \(VPP_LIMIT_NO_LICENSES\)\. Buy 1 more/,
        ],
      ],
      [
        "all together need more than there are",
        { it: on(30), more: on(20, 100) },
        [/50 licences needed, 40 free; asked for by it \(30\), more \(20\)/],
      ],
    ];
    for (const [what, resources, reasons] of cases) {
      it(`is refused before anything is given, when ${what}`, async () => {
        const text = await refusals(resources);
        for (const reason of reasons) assert.match(text, new RegExp(reason.source, "m"));
        assert.doesNotMatch(text, /@|\bbob\b/);
        assert.deepEqual((await world.truth()).assignments, []);
      });
    }

    it("is refused for lack of licences too, when there is no plan, and then names nobody", async () => {
      declare({});
      await stack.up();
      const inputs = {
        token: stack.ref(),
        apps: [keynote],
        serialNumbers: serials(41),
        intent: "required",
        exclusive: false,
        reclaim: true,
      };
      const { failures } = await stack.host.check("VppAssignment", {}, inputs);
      assert.match(failures[0]?.reason ?? "", /: 41 licences needed, 40 free \(VPP_LIMIT_NO_LICENSES\)/);
    });
  });

  describe("brake", () => {
    const fleet = (count: number, more: Data = {}): Resources => ({
      it: { apps: [keynote], serialNumbers: serials(count), ...more },
    });

    it("refuses an update that would take from too many, with the numbers, and changes nothing", async () => {
      await refusals(fleet(40));
      assert.match(
        await refusals(fleet(10)),
        /would take licences from 30 targets of 40, more than maxRevocations allows \(25\); nothing was changed/,
      );
      assert.equal((await holders()).length, 40);
    });

    it("lets the same through, when maxRevocations allows it", async () => {
      await refusals(fleet(40));
      assert.equal(await refusals(fleet(10, { maxRevocations: 30 })), "");
      assert.equal((await holders()).length, 10);
    });

    it("does not count what is left where it is, when reclaim is false", async () => {
      await refusals(fleet(40, { reclaim: false }));
      assert.equal(await refusals(fleet(1, { reclaim: false })), "");
      stack.declare({});
      await stack.begin();
      await stack.remove("it");
      assert.equal((await holders()).length, 40);
      assert.match(stack.notes.join("\n"), /reclaim is false: its 1 licence stays with 1 device \(F9FW000000\)\./);
    });

    it("holds back drift under exclusive too, in the run that would act on it", async () => {
      const exclusive = fleet(2, { exclusive: true });
      await refusals(exclusive);
      await world.act("assignments", { action: "assign", assets: [keynote], serialNumbers: serials(30, 100) });
      await stack.begin();
      assert.equal(await stack.refresh("it"), true);
      assert.equal(stack.outputs("it").surplusCount, 30);
      declare(exclusive);
      await assert.rejects(stack.up(), /take licences from 30 targets, more than maxRevocations allows \(25\)/);
      assert.equal((await holders()).length, 32);
    });
  });

  describe("drift", () => {
    it("is what is missing, and is made good by the next run", async () => {
      declare({ it: { apps: [keynote, dockscan], serialNumbers: serials(3) } });
      await stack.up();
      await world.act("assignments", { action: "unassign", assets: [keynote], serialNumbers: serials(2) });
      await stack.begin();
      assert.equal(await stack.refresh("it"), true);
      assert.deepEqual(
        stack.outputs("it").missing,
        serials(2).map((serialNumber) => ({ ...keynote, serialNumber })),
      );
      assert.deepEqual([stack.outputs("it").assignedCount, stack.outputs("it").missingCount], [4, 2]);
      assert.equal((await stack.up()).it?.op, "update");
      assert.deepEqual(await holders(), serials(3));
    });

    it("is what others hold of an exclusive app, and only on the kind of target in play", async () => {
      const exclusive = { it: { apps: [keynote], serialNumbers: serials(1), exclusive: true } };
      await refusals(exclusive);
      await world.act("users", { action: "create", users: [{ clientUserId: "ada" }] });
      await world.act("assignments", {
        action: "assign",
        assets: [keynote],
        serialNumbers: ["STRANGER001"],
        clientUserIds: ["ada"],
      });
      await stack.begin();
      assert.equal(await stack.refresh("it"), true);
      assert.deepEqual(stack.outputs("it").surplus, [{ ...keynote, serialNumber: "STRANGER001" }]);
      declare(exclusive);
      await stack.up();
      assert.deepEqual(await holders(), ["F9FW000000", "ada"]);
    });

    it("is what shows up again under uninstall", async () => {
      await world.act("assignments", { action: "assign", assets: [keynote], serialNumbers: serials(3) });
      const off = { it: { apps: [keynote], serialNumbers: serials(2), intent: "uninstall" } };
      assert.equal(await refusals(off), "");
      assert.deepEqual(await holders(), serials(1, 2));
      await world.act("assignments", { action: "assign", assets: [keynote], serialNumbers: serials(1) });
      await stack.begin();
      assert.equal(await stack.refresh("it"), true);
      declare(off);
      await stack.up();
      assert.deepEqual(await holders(), serials(1, 2));
      await stack.begin();
      await stack.remove("it");
      assert.deepEqual(await holders(), serials(1, 2));
    });
  });

  describe("books", () => {
    it("are given with a note that this is for good, stay when they are dropped, and are said to stay", async () => {
      const readers = (...ids: string[]): Resources => ({
        people: users("ada", "bob"),
        it: { apps: [book], clientUserIds: ids, sets: ["people"] },
      });
      declare(readers("ada", "bob"));
      await stack.up();
      assert.match(
        stack.notes.join("\n"),
        /Field Handbook \(1000000001\) can't be revoked once assigned: a book stays with its reader/,
      );
      declare(readers("ada"));
      await stack.up();
      assert.match(
        stack.notes.join("\n"),
        /Field Handbook \(1000000001\) left the program but stays with [^:]*: can't be revoked/,
      );
      stack.declare({});
      await stack.begin();
      await stack.remove("it");
      assert.match(
        stack.notes.join("\n"),
        /Field Handbook \(1000000001\) can't be revoked and stays with those who have it/,
      );
      assert.deepEqual(await world.holders(book.adamId), ["ada", "bob"]);
    });
  });
});
