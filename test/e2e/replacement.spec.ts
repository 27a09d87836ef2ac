import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { tablesOf } from "../support/pages";
import { describeJourneys, everywhere, type Journey, names, program, type Stage, usualArgs } from "../support/routes";
import type { CommandResult } from "../support/stack";

const nothing = "nothing";
const createsFirst = "creates anew, then deletes the old one";
const createsThenDeletes = "creates one, and deletes the other at the end";
const deletesFirst = "deletes the old one, then creates anew";
const keeps = "keeps it as it is";

/** What the engine counts at the end of a command, the sum left out, which only the CLI gives. */
function countsIn({ text }: CommandResult): string[] {
  const [, lines = ""] = /\nResources:\n((?: +.*\n)+)/.exec(text) ?? [];
  return lines
    .replace(/\d+ changes\. /, "")
    .trim()
    .split(/\n +/);
}

/** A program that stays alive when all is registered: the engine deletes only after it has ended, and is killed before. */
const staysAlive = `${program()} setTimeout(() => {}, 600_000);`;

/**
 * Tells when the state has said something for a while: the CLI does not write it at one stroke, so that a reader may see half a file, and a
 * kill at that moment leaves half a file behind.
 */
function forAWhile(isSo: () => boolean): () => boolean {
  let since: number | undefined;
  return () => {
    try {
      since = isSo() ? (since ?? Date.now()) : undefined;
    } catch {
      since = undefined;
    }
    return since !== undefined && Date.now() - since >= 300;
  };
}

/** Crashed stacks, by the stage that they belong to: what has crashed once is good for several routes. */
const crashed = new WeakMap<Stage, () => void>();

/** Forces a replacement of everything and kills the engine when all is created anew and nothing is deleted. */
async function crash(stage: Stage): Promise<void> {
  const { stack, urns } = stage;
  const again = crashed.get(stage);
  if (again) return again();
  await stack.expect(0, "state", "taint", ...urns, "--yes");
  stack.program(staysAlive);
  await stack.killedUp(forAWhile(() => stage.waiting === names.length));
  stack.program(program());
  crashed.set(stage, stack.keep());
}

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
    async go({ stack, urns }) {
      const result = await stack.up(...urns.flatMap((urn) => ["--target-replace", urn]));
      assert.deepEqual(countsIn(result), ["+-4 replaced", "1 unchanged"]);
      assert.match(result.text, /VppToken hq: the library already bears this stack's own mark/);
      return undefined;
    },
  },
  {
    rows: [
      { route: "`pulumi state taint`, then `up`", engine: createsFirst, service: nothing },
      { route: "`deleteBeforeReplace`, and a replacement is forced", engine: deletesFirst, service: nothing },
    ],
    async go({ stack, urns }) {
      await stack.expect(0, "state", "taint", ...urns, "--yes");
      stack.program(program({ options: everywhere(() => "{ deleteBeforeReplace: true }") }));
      assert.deepEqual(countsIn(await stack.up()), ["+-4 replaced", "1 unchanged"]);
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
        renamed: { hq: "headquarters", kiosk: "ipads" },
        options: { keynote: "{ parent: group }", people: "{ parent: group }" },
      });
      stack.program(changed);
      assert.deepEqual(countsIn(await stack.up()), ["+ 5 created", "- 4 deleted", "1 unchanged"]);
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
      { route: "`pulumi stack rename`", engine: keeps, service: "nothing; the mark stays as it was first written" },
      {
        route: "a `VppToken` is replaced by force, or renamed without `aliases`, after `pulumi stack rename`",
        engine: "refuses: `VPP_AUTH_HELD_BY_ANOTHER`, with the old stack's name and id",
        service: nothing,
      },
    ],
    async go({ stack }) {
      await stack.rename("prod");
      const { text } = await stack.failingUp("--skip-preview", "--target-replace", stack.resource("hq").urn);
      assert.match(
        text,
        /held by another stack of pulumi-vpp, “organization\/trial\/dev” \(id [0-9a-f-]{36}\) \(VPP_AUTH_HELD_BY_ANOTHER\)/,
      );
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
      await crash(stage);
      const { text } = await stage.stack.up("--refresh");
      assert.equal(text.match(/ -- .* delet(e|ed) original/g)?.length, names.length, text);
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
      await crash(stage);
      await stage.stack.up(...stage.urns.flatMap((urn) => ["--target-replace", urn]));
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
    async go({ stack, world }) {
      await world.act("faults", { match: { method: "GET" }, times: "always", action: { type: "delay", ms: 1000 } });
      stack.program(program({ options: { kiosk: "{ deleteBeforeReplace: true }" } }));
      const isDeleted = (): boolean => stack.resource("kiosk").pendingReplacement === true;
      await stack.killedUp(forAWhile(isDeleted), "--target-replace", stack.resource("kiosk").urn);
      assert.ok(isDeleted());
      await world.simulator.control("DELETE", "faults");
      await stack.up();
      return undefined;
    },
  },
  {
    rows: [{ route: "`pulumi state delete`, then `up`", engine: "creates anew", service: nothing }],
    async go({ stack, urns }) {
      await stack.expect(0, "state", "delete", ...urns, "--yes");
      assert.deepEqual(countsIn(await stack.up()), ["+ 4 created", "1 unchanged"]);
      return undefined;
    },
  },
  {
    rows: [
      {
        route: "`retainOnDelete`: everything leaves the program, and comes back",
        engine: "forgets it, then creates anew",
        service: nothing,
      },
    ],
    async go({ stack }) {
      const retained = program({ options: everywhere(() => "{ retainOnDelete: true }") });
      stack.program(retained);
      assert.deepEqual(countsIn(await stack.up()), ["5 unchanged"]);
      stack.program("");
      assert.deepEqual(countsIn(await stack.up()), ["- 4 deleted", "1 unchanged"]);
      stack.program(retained);
      await stack.up();
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

describe("docs/replacement.md", () => {
  it("holds the routes that are tested, and no others", () => {
    const tested = journeys.flatMap(({ rows, cliOnly }) =>
      rows.map(({ route, engine, service }) => [route, engine, service, cliOnly ? "CLI" : "local, CLI"]),
    );
    assert.deepEqual(tablesOf("replacement.md")[0], tested);
  });
});
