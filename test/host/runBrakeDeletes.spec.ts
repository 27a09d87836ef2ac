import assert from "node:assert/strict";
import { freshHost, type HostStack } from "../support/hostStack";
import {
  bigLibrary,
  deletes,
  departments,
  dockscan,
  given,
  hq,
  keynote,
  type Program,
  people,
  preview,
} from "../support/runBrake";
import { serials, type World } from "../support/world";

describe("the run's brake in deletes", () => {
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

  const leaving = (notes: readonly string[]): string[] => notes.filter((note) => /leaves? the program/.test(note));
  const holders = async (): Promise<number> => (await world.holders(keynote.adamId)).length;

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
