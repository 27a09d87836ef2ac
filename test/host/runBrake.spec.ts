import assert from "node:assert/strict";
import type { Data, HostOptions, Kind } from "../support/hostProcess";
import { freshHost, type HostStack } from "../support/hostStack";
import { bigLibrary, deletes, type Program, preview } from "../support/runBrake";
import { rival, serials, type World } from "../support/world";

const keynote = { adamId: "361285480", pricingParam: "STDQ" };
const dockscan = { adamId: "409183694", pricingParam: "STDQ" };

const hq = (more: Data = {}): Program => ({ hq: ["VppToken", more] });
const given = (serialNumbers: readonly string[], more: Data = {}): readonly [Kind, Data] => [
  "VppAssignment",
  { apps: [keynote], serialNumbers, ...more },
];
const people = (first: number, count: number, more: Data = {}): readonly [Kind, Data] => [
  "VppUserSet",
  { users: Array.from({ length: count }, (_, at) => ({ clientUserId: `user-${first + at}` })), ...more },
];

describe("the run's brake", () => {
  let world: World;
  let stack: HostStack;

  freshHost(
    (...fresh) => {
      [world, stack] = fresh;
    },
    [bigLibrary()],
  );

  async function up(program: Program): Promise<void> {
    stack.declare(program);
    const applied = await stack.up();
    const refused = Object.values(applied).flatMap(({ failures }) => failures);
    assert.deepEqual(refused, []);
    assert.deepEqual(await deletes(stack), []);
  }

  /** What a preview says and refuses; nothing is written. */
  async function previewOf(program: Program, changes?: HostOptions): Promise<{ refused: string; notes: string[] }> {
    stack.declare(program);
    await world.forget();
    const seen = await preview(stack, changes);
    assert.ok((await world.requests()).every(({ method }) => method === "GET"));
    return seen;
  }

  const leaving = (notes: readonly string[]): string[] => notes.filter((note) => /leaves? the program/.test(note));
  const holders = async (): Promise<number> => (await world.holders(keynote.adamId)).length;

  const departments = (): Program => ({
    a: given(serials(20), { apps: [keynote, dockscan] }),
    b: given(serials(30, 100), { apps: [keynote, dockscan] }),
    c: given(serials(30, 200), { apps: [keynote, dockscan] }),
  });

  describe("in a preview", () => {
    it("refuses half a list that leaves as whole resources, with numbers and names, and passes it where it is meant", async () => {
      await up({ ...hq(), ...departments() });
      const { a } = departments();
      const half = { a: a! };
      const { refused } = await previewOf({ ...hq(), ...half });
      assert.match(
        refused,
        /2 assignments leave the program \(b, c\): at least 120 licences of 60 devices would be revoked, more than one run may take licences from \(25 targets\); nothing was changed/,
      );
      assert.match(
        refused,
        /set maxRevocations: 60 on VppToken hq for this run, or run `pulumi config set vpp:maxRevocations 60`/,
      );
      assert.match(refused, /VPP_LIMIT_BRAKE/);
      assert.match((await previewOf({ ...hq({ maxRevocations: 59 }), ...half })).refused, /\(59 targets\)/);

      const config = { "vpp:maxRevocations": "60" };
      const allowed = await previewOf({ ...hq(), ...half }, { config });
      assert.equal(allowed.refused, "");
      assert.match(leaving(allowed.notes)[0]!, /at least 120 licences of 60 devices will be revoked \(b, c\)/);
      await up({ ...hq({ maxRevocations: 60 }), ...half });
      assert.equal(await holders(), 20);
      await up({ ...hq(), ...half });
      assert.deepEqual(leaving((await previewOf({ ...hq(), ...half })).notes), []);
    });

    it("says what leaves within the limit, in one line, and asks the service nothing for it", async () => {
      const many = Object.fromEntries(serials(7).map((serial, at) => [`room-${at}`, given([serial])]));
      await up({ ...hq(), ...many });
      const { refused, notes } = await previewOf(hq());
      assert.equal(refused, "");
      assert.deepEqual(leaving(notes), [
        "VppToken hq: 7 assignments leave the program: at least 7 licences of 7 devices will be revoked (room-0, room-1, room-2, room-3, room-4 and 2 more).",
      ]);
      assert.deepEqual(await world.requests(), []);
    });

    it("refuses a rename together with a shrink, of devices and of people", async () => {
      await up({ ...hq(), fleet: given(serials(130)), staff: people(0, 40) });
      const devices = await previewOf({ ...hq(), moved: given(serials(60)), staff: people(0, 40) });
      assert.match(
        devices.refused,
        /1 assignment leaves the program \(fleet\): at least 70 licences of 70 devices.*set maxRevocations: 70/s,
      );
      const users = await previewOf({ ...hq(), fleet: given(serials(130)), team: people(0, 20) });
      assert.match(
        users.refused,
        /1 user set leaves the program \(staff\): at least 20 people will be retired, as far as this stack registered them, more than one run may retire \(10\).*set maxRetirements: 20/s,
      );
      assert.equal(
        (await previewOf({ ...hq({ maxRetirements: 20 }), fleet: given(serials(130)), team: people(0, 20) })).refused,
        "",
      );
    });

    it("is silent about a rename, a split, a merge and a move under another token's key", async () => {
      const all = serials(130);
      await up({ ...hq(), fleet: given(all), staff: people(0, 40) });
      const steps: Program[] = [
        { ...hq(), renamed: given(all), team: people(0, 40) },
        {
          ...hq(),
          left: given(all.slice(0, 50)),
          right: given(all.slice(50)),
          some: people(0, 15),
          others: people(15, 25),
        },
        { ...hq(), whole: given(all), staff: people(0, 40) },
        { ...hq(), whole: given(all, { token: { ...stack.ref(), contentTokenKey: "again" } }), staff: people(0, 40) },
      ];
      for (const step of steps) {
        const env = { VPP_CONTENT_TOKEN_AGAIN_FILE: world.tokenFile };
        const { refused, notes } = await previewOf(step, { env });
        assert.equal(refused, "");
        assert.deepEqual(leaving(notes), []);
        if (step !== steps.at(-1)) await up(step);
      }
      assert.equal(await holders(), 130);
    });

    it("leaves to the assignment's own limit what an update that stays within it drops, beside a rename", async () => {
      await up({ ...hq(), fleet: given(serials(100)), kiosk: given(serials(60, 500)) });
      const swapped = given([...serials(10), ...serials(90, 1000)], { maxRevocations: 90 });
      const { refused, notes } = await previewOf({ ...hq(), fleet: swapped, stand: given(serials(60, 500)) });
      assert.equal(refused, "");
      assert.deepEqual(leaving(notes), []);
    });

    it("counts nothing of reclaim: false, of uninstall and of books", async () => {
      const book = { adamId: "1034950743", pricingParam: "STDQ" };
      const readers = Array.from({ length: 30 }, (_, at) => `reader-${at}`);
      await world.act("users", { action: "create", users: readers.map((clientUserId) => ({ clientUserId })) });
      await up({
        ...hq(),
        trial: given(serials(60), { reclaim: false }),
        off: given(serials(60, 300), { intent: "uninstall" }),
        reading: ["VppAssignment", { apps: [book], clientUserIds: readers }],
      });
      await up({ ...hq(), reading: ["VppAssignment", { apps: [book], clientUserIds: readers }] });
      assert.equal(await holders(), 60);
      const { refused, notes } = await previewOf(hq());
      assert.equal(refused, "", "the library says that books can't be taken back");
      assert.deepEqual(leaving(notes), []);
      assert.equal((await world.requests("/assets")).length, 1, "one reading, and only before a refusal");
      await up(hq());
      assert.equal((await world.holders(book.adamId)).length, 30);
    });

    it("lets what is set to reclaim: false shrink, beside a rename", async () => {
      await up({ ...hq(), fleet: given(serials(100)), kiosk: given(serials(60, 500)) });
      const { refused, notes } = await previewOf({
        ...hq(),
        fleet: given(serials(10), { reclaim: false }),
        stand: given(serials(60, 500)),
      });
      assert.equal(refused, "");
      assert.deepEqual(leaving(notes), []);
    });

    it("says that people's licences leave unless they are of books, where only the library knows", async () => {
      const readers = Array.from({ length: 8 }, (_, at) => `reader-${at}`);
      await world.act("users", { action: "create", users: readers.map((clientUserId) => ({ clientUserId })) });
      await up({ ...hq(), apps: ["VppAssignment", { apps: [keynote], clientUserIds: readers }] });
      const { notes } = await previewOf(hq());
      assert.match(leaving(notes)[0]!, /at least 8 licences of 8 people will be revoked, unless they are of books/);
    });
  });

  describe("without a record", () => {
    it("says so after a state of 0.1.0, which is no difference, and has one from then on", async () => {
      await up({ ...hq(), fleet: given(serials(60)) });
      const { inputs } = stack.kept("hq");
      assert.equal(typeof inputs.declared, "string");
      assert.equal("declared" in stack.outputs("hq"), false);
      delete inputs.declared;
      const first = await previewOf(hq());
      assert.equal(first.refused, "");
      assert.match(first.notes.join("\n"), /VppToken hq: what an earlier run declared here is not on record/);
      stack.declare({ ...hq(), fleet: given(serials(60)) });
      await world.forget();
      const applied = await stack.up();
      assert.deepEqual(
        Object.values(applied).map(({ op }) => op),
        ["same", "same"],
      );
      assert.deepEqual(await world.requests(), []);
      assert.match((await previewOf(hq())).refused, /at least 60 licences of 60 devices/);
    });

    it("says so when a VppToken is new to the state and its mark is there: tainted, imported, or renamed without an alias", async () => {
      await up({ ...hq(), fleet: given(serials(60)) });
      const saved = stack.saved;
      stack.restore(new Map([...saved].filter(([name]) => name !== "hq")));
      const { refused, notes } = await previewOf({
        main: ["VppToken", {}],
        fleet: given(serials(60), { token: saved.get("fleet")!.inputs.token }),
      });
      assert.equal(refused, "");
      assert.match(notes.join("\n"), /not on record/);
    });

    it("says nothing in the first run of a stack, and nothing where the end of a program is never known", async () => {
      stack.declare(hq());
      const first = await preview(stack);
      assert.doesNotMatch(first.notes.join("\n"), /record/);
      stack.isSeenToEnd = false;
      await up({ ...hq(), ...departments() });
      assert.equal("declared" in stack.kept("hq").inputs, false);
      const half = await previewOf(hq());
      assert.equal(half.refused, "");
      assert.deepEqual(
        half.notes.filter((note) => /record|leaves? the program/.test(note)),
        [],
      );
    });

    it("says so after a refresh that found the token dead or the library another's, whose answer has no record", async () => {
      await up({ ...hq(), fleet: given(serials(60)) });
      await world.act("holder", { mdmInfo: rival });
      await stack.begin();
      assert.equal(await stack.refresh("hq"), true);
      assert.equal("declared" in stack.kept("hq").inputs, false);
      await world.act("holder", { mdmInfo: { ...rival, id: stack.outputs("hq").bindingId } });
      const { refused, notes } = await previewOf(hq());
      assert.equal(refused, "");
      assert.match(notes.join("\n"), /not on record/);
    });
  });

  describe("in the deletes", () => {
    it("counts by target what is really taken, and stops before the first write of the one that is too many", async () => {
      stack.isSeenToEnd = false;
      await up({ ...hq(), ...departments() });
      stack.declare(hq());
      await stack.up();
      const [refused, ...others] = await deletes(stack, ["a", "b", "c"]);
      assert.match(
        refused!,
        /VppAssignment b: not deleted: deleting it would take licences from 30 targets \(F9FW000100, F9FW000101, F9FW000102, F9FW000103, F9FW000104 and 25 more\), after 20 targets have lost licences in this run with a, and one run may take licences from 25 because resources leave the program/,
      );
      assert.match(refused!, /VPP_LIMIT_BRAKE.*set maxRevocations: 50 on VppToken hq for this run/s);
      assert.equal(others.length, 1);
      assert.equal(await holders(), 60, "a has gone, b and c are as they were");
    });

    it("lets a run that failed half-way go on, as often as it is run, without counting what is gone already", async () => {
      await up({ ...hq(), ...departments() });
      await world.act("assignments", {
        action: "unassign",
        assets: [keynote, dockscan],
        serialNumbers: serials(30, 100),
      });
      await world.act("assignments", {
        action: "unassign",
        assets: [keynote, dockscan],
        serialNumbers: serials(10, 200),
      });
      // A check of another resource failed in the run before: its record has run ahead, and nothing was deleted.
      stack.declare({ ...hq({ maxRevocations: 60 }), a: departments().a! });
      await stack.up();
      stack.declare({ ...hq(), a: departments().a! });
      const { refused, notes } = await preview(stack);
      assert.equal(refused, "");
      assert.deepEqual(leaving(notes), [], "the record is of the run before");
      await stack.up();
      assert.deepEqual(await deletes(stack), [], "b has nothing any more, and c has 20");
      assert.equal(await holders(), 20);
    });

    it("holds without a check of the token: --target of others, --exclude of the token, a token under another name", async () => {
      await up({ ...hq(), ...departments() });
      stack.declare({ ...hq(), a: departments().a! });
      await stack.begin();
      assert.deepEqual((await stack.apply("a")).op, "same");
      const both = await deletes(stack, ["b", "c"]);
      assert.equal(both.length, 2);
      for (const refusal of both)
        assert.match(
          refusal,
          /would take licences from 30 targets \([^)]+ and 25 more\), and one run may take licences from 25/,
        );
      stack.declare({ ...hq({ maxRevocations: 60 }), a: departments().a! });
      await stack.begin();
      await stack.apply("a");
      assert.deepEqual(await deletes(stack, ["b", "c"]), [], "the plan's line of the token allows it");
    });

    it("does not hold in a destroy, nor where nothing but what has gone is targeted: there is no plan", async () => {
      await up({ ...hq(), ...departments() });
      stack.declare(hq());
      await stack.begin();
      assert.deepEqual(await deletes(stack, ["a", "b", "c"]), []);
      assert.equal(await holders(), 0);
    });

    it("goes by the configuration where the stack has no VppToken, and names it as the way", async () => {
      await up(hq());
      const token = stack.ref();
      const saved = stack.saved;
      await up({ ...hq(), a: given(serials(20)), b: given(serials(30, 100)) });
      stack.declare({ a: given(serials(20), { token }) });
      await stack.begin();
      assert.equal((await stack.apply("a")).op, "same");
      const [refused] = await deletes(stack, ["b"]);
      assert.match(
        refused!,
        /If it is meant, run `pulumi config set vpp:maxRevocations 30` for this run, and remove it afterwards/,
      );
      await stack.begin({ config: { "vpp:maxRevocations": "30" } });
      await stack.apply("a");
      assert.deepEqual(await deletes(stack, ["b"]), []);
      assert.ok(saved.has("hq"));
    });

    it("holds for people: as many as are really retired, by maxRetirements", async () => {
      stack.isSeenToEnd = false;
      await world.act("users", { action: "create", users: [{ clientUserId: "user-0" }] });
      await up({ ...hq(), staff: people(0, 12), team: people(20, 5), crew: people(30, 6) });
      stack.declare(hq());
      await stack.up();
      const [staff, crew] = await deletes(stack, ["staff", "team", "crew"]);
      assert.match(staff!, /would retire 11 users \([^)]+ and 6 more\), and one run may retire 10/);
      assert.match(
        crew!,
        /would retire 6 users \([^)]+ and 1 more\), after 5 users have been retired in this run with team, and one run may retire 10/,
      );
      await stack.begin();
      stack.declare(hq({ maxRetirements: 17 }));
      await stack.up();
      assert.deepEqual(await deletes(stack, ["staff", "crew"]), []);
      const active = (await world.truth()).users.filter(({ status }) => status !== "Retired");
      assert.deepEqual(
        active.map(({ clientUserId }) => clientUserId),
        ["user-0"],
      );
    });

    it("takes a tenth of plan and deletes together as the limit, where that is more", async () => {
      await up({ ...hq(), fleet: given(serials(400)), kiosk: given(serials(40, 1000)), hall: given(serials(5, 2000)) });
      stack.declare({ ...hq(), fleet: given(serials(400)) });
      await stack.up();
      assert.deepEqual(await deletes(stack, ["kiosk"]), [], "44 of 440 may go");
      const [hall] = await deletes(stack, ["hall"]);
      assert.match(hall!, /one run may take licences from 44/);
    });

    it("refuses a setting that is no number, in the preview", async () => {
      await up(hq());
      stack.declare(hq());
      const { refused } = await preview(stack, { config: { "vpp:maxRevocations": "many" } });
      assert.match(refused, /vpp:maxRevocations must be a whole number, 0 or more.*VPP_CONFIG_SETTING/s);
    });
  });
});
