import assert from "node:assert/strict";
import { crash, crashAfterDelete } from "../support/crashes";
import {
  countsIn,
  createsFirst,
  createsThenDeletes,
  deletesFirst,
  describeJourneys,
  describeTable,
  everywhere,
  type Journey,
  keeps,
  names,
  program,
  refuses,
  type Stage,
} from "../support/routes";

const nothing = "nothing";
const byAlias = /If its name or its parent has changed in the program, give it `aliases` that name the old one/;
const byUntaint = /If it is tainted, run `pulumi state untaint`/;
const byLeavingOut = /if --target-replace names it, leave it out/;
const byTakeOver = /Only if this stack's state has lost it, set takeOverFrom: "[0-9a-f-]{36}" on the VppToken/;
const sayingHow =
  /VppToken \w+: the library already bears this stack's own mark, and takeOverFrom allows to bind it again/;

/** Where the VppToken's permission has done its work, it is removed, and nothing else changes. */
async function withoutPermission({ stack }: Stage): Promise<void> {
  stack.program(program());
  assert.deepEqual(countsIn(await stack.up()), ["~ 1 updated", "4 unchanged"]);
}

const journeys: readonly Journey[] = [
  {
    rows: [
      { route: "`pulumi up --target-replace`", engine: refuses, service: nothing },
      { route: "`pulumi up --target-replace`, with `takeOverFrom`", engine: createsFirst, service: nothing },
    ],
    async go(stage) {
      await stage.assertRefused(byLeavingOut, ...stage.replacing());
      stage.stack.program(program({ args: stage.takingOver }));
      const result = await stage.stack.up(...stage.replacing());
      assert.deepEqual(countsIn(result), ["+-4 replaced", "1 unchanged"]);
      assert.match(result.text, sayingHow);
      await withoutPermission(stage);
      return undefined;
    },
  },
  {
    rows: [
      { route: "`pulumi state taint`, then `up`", engine: refuses, service: nothing },
      { route: "`pulumi state taint`, then `pulumi state untaint` and `up`", engine: keeps, service: nothing },
    ],
    async go(stage) {
      await stage.stack.expect(0, "state", "taint", ...stage.urns(), "--yes");
      await stage.assertRefused(byUntaint);
      await stage.stack.expect(0, "state", "untaint", ...stage.urns(["hq"]), "--yes");
      assert.deepEqual(countsIn(await stage.stack.up()), ["+-3 replaced", "2 unchanged"]);
      return undefined;
    },
  },
  {
    rows: [
      { route: "`deleteBeforeReplace`, and a replacement is forced", engine: refuses, service: nothing },
      {
        route: "`deleteBeforeReplace`, and a replacement is forced, with `takeOverFrom`",
        engine: deletesFirst,
        service: nothing,
      },
    ],
    async go(stage) {
      const options = everywhere(() => "{ deleteBeforeReplace: true }");
      await stage.stack.expect(0, "state", "taint", ...stage.urns(), "--yes");
      stage.stack.program(program({ options }));
      await stage.assertRefused(byUntaint);
      stage.stack.program(program({ options, args: stage.takingOver }));
      assert.deepEqual(countsIn(await stage.stack.up()), ["+-4 replaced", "1 unchanged"]);
      await withoutPermission(stage);
      return undefined;
    },
  },
  {
    rows: [
      { route: "a new name, without `aliases`", engine: refuses, service: nothing },
      { route: "a new name, with `aliases`", engine: keeps, service: nothing },
    ],
    async go(stage) {
      const renamed = { hq: "headquarters" };
      stage.stack.program(program({ renamed }));
      await stage.assertRefused(byAlias);
      const changed = program({ renamed, options: { hq: '{ aliases: [{ name: "hq" }] }' } });
      stage.stack.program(changed);
      assert.deepEqual(countsIn(await stage.stack.up()), ["5 unchanged"]);
      return changed;
    },
  },
  {
    rows: [
      { route: "another parent, without `aliases`", engine: refuses, service: nothing },
      { route: "another parent, with `aliases`", engine: keeps, service: nothing },
    ],
    async go(stage) {
      stage.stack.program(program({ withGroup: true, options: { hq: "{ parent: group }" } }));
      await stage.assertRefused(/\[\{ parent: pulumi\.rootStackResource \}\] if it had no parent/);
      // The refused run has made the parent.
      stage.reset();
      const hq = "{ parent: group, aliases: [{ parent: pulumi.rootStackResource }] }";
      const changed = program({ withGroup: true, options: { hq } });
      stage.stack.program(changed);
      assert.deepEqual(countsIn(await stage.stack.up()), ["+ 1 created", "5 unchanged"]);
      return changed;
    },
  },
  {
    rows: [
      { route: "a new name, without `aliases`, with `takeOverFrom`", engine: createsThenDeletes, service: nothing },
      { route: "another parent, without `aliases`, with `takeOverFrom`", engine: createsThenDeletes, service: nothing },
    ],
    async go(stage) {
      const changes = { withGroup: true, args: stage.takingOver } as const;
      const renamed = { hq: "headquarters", kiosk: "ipads" };
      stage.stack.program(
        program({ ...changes, renamed, options: { keynote: "{ parent: group }", people: "{ parent: group }" } }),
      );
      assert.deepEqual(countsIn(await stage.stack.up()), ["+ 5 created", "- 4 deleted", "1 unchanged"]);
      const changed = program({ ...changes, options: everywhere(() => "{ parent: group }") });
      stage.stack.program(changed);
      assert.deepEqual(countsIn(await stage.stack.up()), ["+ 2 created", "- 2 deleted", "4 unchanged"]);
      return changed;
    },
  },
  {
    rows: [
      {
        route: "`pulumi stack rename`, and then it is replaced by force, or renamed without `aliases`",
        engine: `${refuses}, with the old stack's name and id`,
        service: nothing,
      },
    ],
    async go(stage) {
      const { stack } = stage;
      await stack.rename("prod");
      const isHeld =
        /held by another stack of pulumi-vpp, “organization\/trial\/dev” \(id [0-9a-f-]{36}\) \(VPP_AUTH_HELD_BY_ANOTHER\)/;
      assert.match((await stack.failingUp("--skip-preview", ...stage.replacing(["hq"]))).text, isHeld);
      stack.program(program({ renamed: { hq: "headquarters" } }));
      assert.match((await stack.failingPreview()).text, isHeld);
      return undefined;
    },
  },
  {
    rows: [
      {
        route: "a crash between create and delete, with `takeOverFrom`, then `up --refresh`",
        engine: "reads both copies, then deletes the old one",
        service: nothing,
      },
    ],
    async go(stage) {
      await crash(stage, names, { args: stage.takingOver });
      const { text } = await stage.stack.up("--refresh");
      assert.equal(text.match(/ -- .* delet(e|ed) original/g)?.length, names.length, text);
      await withoutPermission(stage);
      return undefined;
    },
  },
  {
    rows: [
      {
        route: "a crash between create and delete, then another replacement",
        engine: refuses,
        service: nothing,
      },
      {
        route: "a crash between create and delete, then another replacement, with `takeOverFrom`",
        engine: "creates anew, then deletes both old ones",
        service: nothing,
      },
    ],
    async go(stage) {
      await crash(stage, names, { args: stage.takingOver });
      stage.stack.program(program());
      await stage.assertRefused(byLeavingOut, ...stage.replacing());
      const changed = program({ args: stage.takingOver });
      stage.stack.program(changed);
      await stage.stack.up(...stage.replacing());
      return changed;
    },
  },
  {
    rows: [
      {
        route:
          "a crash between delete and create (`deleteBeforeReplace`), with `takeOverFrom`, then `up` with or without it",
        engine: "creates anew",
        service: nothing,
      },
    ],
    async go(stage) {
      const { takingOver: args, stack } = stage;
      const doomed = program({ args, options: { hq: "{ deleteBeforeReplace: true }" } });
      // The engine asks about the resource of before first, so that it is known to be this stack's own.
      for (const now of [program({ args }), program()]) {
        stage.reset();
        await crashAfterDelete(stage, "hq", doomed);
        stack.program(now);
        assert.deepEqual(countsIn(await stack.up()), ["+-1 replaced", "4 unchanged"]);
      }
      return undefined;
    },
  },
  {
    rows: [
      { route: "`pulumi state delete`, then `up`", engine: refuses, service: nothing },
      {
        route: "`pulumi state delete`, then `up` with `takeOverFrom`",
        engine: "creates anew",
        service: nothing,
      },
    ],
    async go(stage) {
      await stage.stack.expect(0, "state", "delete", ...stage.urns(), "--yes");
      await stage.assertRefused(byTakeOver);
      stage.stack.program(program({ args: stage.takingOver }));
      const result = await stage.stack.up();
      assert.deepEqual(countsIn(result), ["+ 4 created", "1 unchanged"]);
      assert.match(result.text, sayingHow);
      await withoutPermission(stage);
      return undefined;
    },
  },
  {
    rows: [
      {
        route: "`retainOnDelete`: everything leaves the program, and comes back",
        engine: refuses,
        service: nothing,
      },
      {
        route: "`retainOnDelete`: everything leaves the program, and comes back with `takeOverFrom`",
        engine: "forgets it, then creates anew",
        service: nothing,
      },
    ],
    async go(stage) {
      const options = everywhere(() => "{ retainOnDelete: true }");
      stage.stack.program(program({ options }));
      assert.deepEqual(countsIn(await stage.stack.up()), ["5 unchanged"]);
      stage.stack.program("");
      assert.deepEqual(countsIn(await stage.stack.up()), ["- 4 deleted", "1 unchanged"]);
      stage.stack.program(program({ options }));
      await stage.assertRefused(byTakeOver);
      const changed = program({ options, args: stage.takingOver });
      stage.stack.program(changed);
      assert.deepEqual(countsIn(await stage.stack.up()), ["+ 4 created", "1 unchanged"]);
      return changed;
    },
  },
];

describeJourneys("a route to a replacement of a VppToken is refused, and takes nothing away", journeys);

describe("docs/replacement.md", () => describeTable(1, journeys));
