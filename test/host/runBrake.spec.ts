import assert from "node:assert/strict";
import type { HostOptions } from "../support/hostProcess";
import { freshHost, type HostStack } from "../support/hostStack";
import {
  bigLibrary,
  deletes,
  departments,
  given,
  hq,
  keynote,
  type Program,
  people,
  preview,
} from "../support/runBrake";
import { rival, serials, type World } from "../support/world";

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

    it("counts nothing of what the engine retains, and counts what somebody took out of the state, saying so", async () => {
      await up({ ...hq(), kept: given(serials(60), { retained: true }), staff: people(0, 12, { retained: true }) });
      const { refused, notes } = await previewOf(hq());
      assert.equal(refused, "");
      assert.deepEqual(leaving(notes), []);
      const without = (gone: string): void =>
        stack.restore(new Map([...stack.saved].filter(([name]) => name !== gone)));
      without("staff");
      await up({ ...hq(), kept: given(serials(60)) });
      without("kept");
      assert.match(
        (await previewOf(hq())).refused,
        /out of the state yourself counts here, too, although nothing happens to it/,
      );
      await up(hq({ maxRevocations: 60 }));
      assert.equal(await holders(), 60, "as after a `state move` to another stack");
    });

    it("has nothing to say of a move into a component, which keeps or changes the name", async () => {
      await up({ ...hq(), apps: given(serials(60)) });
      const { notes, refused } = await previewOf({ ...hq(), "apps-in-team": given(serials(60)) });
      assert.deepEqual([refused, leaving(notes)], ["", []]);
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

    it("says so when a VppToken is new to the state and takes its own mark over", async () => {
      await up({ ...hq(), fleet: given(serials(60)) });
      const saved = stack.saved;
      stack.restore(new Map([...saved].filter(([name]) => name !== "hq")));
      const { refused, notes } = await previewOf({
        main: ["VppToken", { takeOverFrom: saved.get("hq")!.outputs.bindingId }],
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
});
