import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
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
  others,
  program,
  usualArgs,
} from "../support/routes";

const nothing = "nothing";

const journeys: readonly Journey[] = [
  {
    rows: [
      { route: "an input that replaces is changed (`adamId` of a `VppApp`)", engine: createsFirst, service: nothing },
      {
        route: '`replaceOnChanges: ["*"]`, and other inputs are changed',
        engine: "updates in place, since the provider names no changed properties",
        service: "only what the change itself asks for",
      },
    ],
    async go({ stack }) {
      const changed = program({
        args: {
          hq: 'displayName: "Headquarters"',
          keynote: 'token, adamId: "409183694"',
          people: `${usualArgs.people}, maxRetirements: 5`,
          kiosk: `${usualArgs.kiosk.replace("keynote", '"361285480"')}, maxRevocations: 5`,
        },
        options: everywhere((name) => (name === "keynote" ? "{}" : '{ replaceOnChanges: ["*"] }')),
      });
      stack.program(changed);
      assert.deepEqual(countsIn(await stack.up()), ["~ 3 updated", "+-1 replaced", "1 unchanged"]);
      return changed;
    },
  },
  {
    rows: [{ route: "`pulumi up --target-replace`", engine: createsFirst, service: nothing }],
    async go(stage) {
      assert.deepEqual(countsIn(await stage.stack.up(...stage.replacing(others))), ["+-3 replaced", "2 unchanged"]);
      return undefined;
    },
  },
  {
    rows: [
      { route: "`pulumi state taint`, then `up`", engine: createsFirst, service: nothing },
      { route: "`deleteBeforeReplace`, and a replacement is forced", engine: deletesFirst, service: nothing },
    ],
    async go(stage) {
      await stage.stack.expect(0, "state", "taint", ...stage.urns(others), "--yes");
      stage.stack.program(program({ options: everywhere(() => "{ deleteBeforeReplace: true }") }));
      assert.deepEqual(countsIn(await stage.stack.up()), ["+-3 replaced", "2 unchanged"]);
      return undefined;
    },
  },
  {
    rows: [
      { route: "a new name, without `aliases`", engine: createsThenDeletes, service: nothing },
      { route: "another parent, without `aliases`", engine: createsThenDeletes, service: nothing },
    ],
    async go({ stack }) {
      const changed = program({
        withGroup: true,
        renamed: { kiosk: "ipads" },
        options: { keynote: "{ parent: group }", people: "{ parent: group }" },
      });
      stack.program(changed);
      assert.deepEqual(countsIn(await stack.up()), ["+ 4 created", "- 3 deleted", "2 unchanged"]);
      return changed;
    },
  },
  {
    rows: [
      { route: "a new name, with `aliases`", engine: keeps, service: nothing },
      { route: "another parent, with `aliases`", engine: keeps, service: nothing },
    ],
    async go({ stack }) {
      const moved = "{ parent: group, aliases: [{ parent: pulumi.rootStackResource }] }";
      const changed = program({
        withGroup: true,
        renamed: { hq: "headquarters", kiosk: "ipads" },
        options: {
          hq: '{ aliases: [{ name: "hq" }] }',
          keynote: moved,
          people: moved,
          kiosk: '{ aliases: [{ name: "kiosk" }] }',
        },
      });
      stack.program(changed);
      assert.deepEqual(countsIn(await stack.up()), ["+ 1 created", "5 unchanged"]);
      return changed;
    },
  },
  {
    rows: [
      { route: "`pulumi stack rename`", engine: keeps, service: "nothing; the next write gives the mark the new name" },
    ],
    async go({ stack }) {
      await stack.rename("prod");
      assert.deepEqual(countsIn(await stack.up()), ["5 unchanged"]);
      return undefined;
    },
  },
  {
    rows: [{ route: "another provider text in the state, of another version", engine: keeps, service: nothing }],
    async go({ stack }) {
      const text = "exports.handler = () => ";
      assert.equal(stack.stateText().split(text).length, 1 + 2 * names.length);
      stack.editState((state) => state.replaceAll(text, "exports.handler = function () { return "));
      stack.editState((state) => state.replace(/(pulumi-vpp\/provider\\"\)\.\w+;)/g, "$1 };"));
      assert.equal(stack.stateText().split("{ return ").length, 1 + 2 * names.length);
      assert.deepEqual(countsIn(await stack.up()), ["5 unchanged"]);
      return undefined;
    },
  },
  {
    rows: [
      {
        route: "a crash between create and delete, then `up --refresh`",
        engine: "reads both copies, then deletes the old one",
        service: nothing,
      },
    ],
    async go(stage) {
      await crash(stage, others);
      const { text } = await stage.stack.up("--refresh");
      assert.equal(text.match(/ -- .* delet(e|ed) original/g)?.length, others.length, text);
      return undefined;
    },
  },
  {
    rows: [
      {
        route: "a crash between create and delete, then another replacement",
        engine: "creates anew, then deletes both old ones",
        service: nothing,
      },
    ],
    async go(stage) {
      await crash(stage, others);
      await stage.stack.up(...stage.replacing(others));
      return undefined;
    },
  },
  {
    rows: [
      {
        route: "a crash between delete and create (`deleteBeforeReplace`), then `up`",
        engine: "creates anew",
        service: nothing,
      },
    ],
    async go(stage) {
      await crashAfterDelete(stage, "kiosk", program({ options: { kiosk: "{ deleteBeforeReplace: true }" } }));
      await stage.stack.up();
      return undefined;
    },
  },
  {
    rows: [{ route: "`pulumi state delete`, then `up`", engine: "creates anew", service: nothing }],
    async go(stage) {
      await stage.stack.expect(0, "state", "delete", ...stage.urns(others), "--yes");
      assert.deepEqual(countsIn(await stage.stack.up()), ["+ 3 created", "2 unchanged"]);
      return undefined;
    },
  },
  {
    rows: [
      {
        route: "`retainOnDelete`: everything but the `VppToken` leaves the program, and comes back",
        engine: "forgets it, then creates anew",
        service: nothing,
      },
    ],
    async go({ stack }) {
      const retained = program({ options: everywhere(() => "{ retainOnDelete: true }") });
      stack.program(retained);
      assert.deepEqual(countsIn(await stack.up()), ["5 unchanged"]);
      stack.program(`new vpp.VppToken("hq", { ${usualArgs.hq} }, { retainOnDelete: true });`);
      assert.deepEqual(countsIn(await stack.up()), ["- 3 deleted", "2 unchanged"]);
      stack.program(retained);
      assert.deepEqual(countsIn(await stack.up()), ["+ 3 created", "2 unchanged"]);
      return retained;
    },
  },
  {
    cliOnly: true,
    rows: [
      { route: "`pulumi import` of what the stack has already, with the same id", engine: keeps, service: nothing },
      {
        route: "`pulumi import` of what the stack has already, with another id",
        engine: "refuses: the resource already exists",
        service: nothing,
      },
    ],
    async go({ stack }) {
      const options = ["--yes", "--skip-preview", "--protect=false", "--generate-code=false"];
      const importAll = (idOf: (id: string) => string): string[] => {
        const resources = names.map((name) => {
          const { type, id = "", inputs, outputs } = stack.resource(name);
          return { type, name, id: idOf(id), inputs, outputs };
        });
        writeFileSync(join(stack.folder, "import.json"), JSON.stringify({ resources }));
        return ["import", "--file", "import.json", ...options];
      };
      assert.deepEqual(countsIn(await stack.expect(0, ...importAll((id) => id))), ["5 unchanged"]);
      const { text } = await stack.failing(...importAll((id) => `${id}-2`));
      assert.match(text, /resource 'urn:pulumi:dev::trial::pulumi-nodejs:dynamic\/vpp:VppToken::hq' already exists/);
      return undefined;
    },
  },
];

describeJourneys("a route to a replacement takes nothing away", journeys);

describe("docs/replacement.md", () => describeTable(0, journeys));
