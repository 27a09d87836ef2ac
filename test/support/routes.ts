import assert from "node:assert/strict";
import { type Engine, enginesFor } from "./engines";
import { tablesOf } from "./pages";
import { type CommandResult, TestStack } from "./stack";
import { js } from "./trial";
import { serials, type TrueLibrary, World } from "./world";

/** A row of the page's table: a route to a replacement, what the engine makes of it, and what that means at the service. */
export interface Row {
  readonly route: string;
  readonly engine: string;
  readonly service: string;
}

/** Routes that are gone down together, since a run of a whole program takes long. */
export interface Journey {
  readonly rows: readonly Row[];
  /** Only the CLI can do it. */
  readonly cliOnly?: true;
  /** Goes down the routes. Gives the program that the stack then has, if it is another than before. */
  readonly go: (stage: Stage) => Promise<string | undefined>;
}

/** What the engine makes of a route, in the page's words. */
export const createsFirst = "creates anew, then deletes the old one";
export const createsThenDeletes = "creates one, and deletes the other at the end";
export const deletesFirst = "deletes the old one, then creates anew";
export const keeps = "keeps it as it is";
export const refuses = "refuses: `VPP_AUTH_HELD_BY_ANOTHER`";

/** All but the VppToken, which is never replaced in silence. */
export const others = ["keynote", "people", "kiosk"] as const;
export const names = ["hq", ...others] as const;
export type Name = (typeof names)[number];

/** What each resource of the program is given, as program text; without it, what {@link program} says. */
export interface Changes {
  readonly args?: Partial<Record<Name, string>>;
  readonly options?: Partial<Record<Name, string>>;
  readonly renamed?: Partial<Record<Name, string>>;
  /** Makes a component `group` first, which can be a parent. */
  readonly withGroup?: true;
}

export const usualArgs: Readonly<Record<Name, string>> = {
  hq: 'displayName: "Head office"',
  keynote: 'token, adamId: "361285480"',
  people: 'token, users: [{ clientUserId: "ada" }, { clientUserId: "bob" }]',
  kiosk: `token, apps: [keynote], serialNumbers: ${js(serials(3))}, clientUserIds: people.clientUserIds`,
};

/** A program with one resource of each kind: three devices and two people get Keynote. */
export function program({ args = {}, options = {}, renamed = {}, withGroup }: Changes = {}): string {
  const made = (kind: string, name: Name): string =>
    `new vpp.${kind}("${renamed[name] ?? name}", { ${args[name] ?? usualArgs[name]} }, ${options[name] ?? "{}"});`;
  return `
    class Group extends pulumi.ComponentResource { constructor() { super("trial:Group", "group"); } }
    ${withGroup ? "const group = new Group();" : ""}
    const token = ${made("VppToken", "hq")}
    const keynote = ${made("VppApp", "keynote")}
    const people = ${made("VppUserSet", "people")}
    ${made("VppAssignment", "kiosk")}`;
}

/** The same for every resource. */
export function everywhere(text: (name: Name) => string): Record<Name, string> {
  return Object.fromEntries(names.map((name) => [name, text(name)])) as Record<Name, string>;
}

/** What the engine counts at the end of a command, the sum left out, which only the CLI gives. */
export function countsIn({ text }: CommandResult): string[] {
  const [, lines = ""] = /\nResources:\n((?: +.*\n)+)/.exec(text) ?? [];
  return lines
    .replace(/\d+ changes\. /, "")
    .trim()
    .split(/\n +/);
}

/** A stack that has been deployed once, and the service that it talks to. Every journey begins there. */
export class Stage {
  private constructor(
    readonly engine: Engine,
    readonly world: World,
    readonly stack: TestStack,
    private readonly truth: TrueLibrary,
    /** Puts the stack back to what it was at first. */
    readonly reset: () => void,
  ) {}

  static async set(engine: Engine): Promise<Stage> {
    const world = await World.start();
    const stack = await TestStack.create(engine, world.env);
    stack.program(program());
    await stack.up();
    return new Stage(engine, world, stack, await world.truth(), stack.keep());
  }

  /** The URNs of these resources of the program, or of all. */
  urns(of: readonly Name[] = names): string[] {
    return of.map((name) => this.stack.resource(name).urn);
  }

  /** What `up` needs to replace these by force. */
  replacing(of: readonly Name[] = names): string[] {
    return this.urns(of).flatMap((urn) => ["--target-replace", urn]);
  }

  /** What the VppToken is given if its binding may be taken over. */
  get takingOver(): Partial<Record<Name, string>> {
    return { hq: `${usualArgs.hq}, takeOverFrom: ${js(this.truth.mdmInfo?.id)}` };
  }

  /** How many resources of the state wait to be deleted, or to be created anew. */
  get waiting(): number {
    return this.stack.resources().filter((resource) => resource.delete || resource.pendingReplacement).length;
  }

  /** Nothing was written since the stage was set, so nobody lost anything at any moment, and the truth is what it was. */
  async assertUntouched(): Promise<void> {
    const writes = (await this.world.requests()).filter(({ method }) => method !== "GET");
    assert.deepEqual(
      writes.map(({ path, body }) => ({ path, body })),
      [],
    );
    const { mdmInfo, assignments, users, assets } = await this.world.truth();
    const { truth } = this;
    assert.deepEqual(
      [mdmInfo, assignments, users, assets],
      [truth.mdmInfo, truth.assignments, truth.users, truth.assets],
    );
  }

  /** A preview, and an `up` that skips it, refuse to bind the library once more, say this cure, and leave service and state as they are. */
  async assertRefused(cure: RegExp, ...args: string[]): Promise<void> {
    const bound = new RegExp(
      `VppToken resource '\\w+' has a problem: the library is bound already by a stack that has or had this name, “pulumi-vpp organization/trial/dev” \\(id ${this.truth.mdmInfo?.id}\\).*\\(VPP_AUTH_HELD_BY_ANOTHER\\)`,
    );
    const before = this.known();
    for (const run of ["failingPreview", "failingUp"] as const) {
      const { text } = await this.stack[run](...(run === "failingUp" ? ["--skip-preview"] : []), ...args);
      assert.match(text, bound);
      assert.match(text, cure);
    }
    assert.deepEqual(this.known(), before);
    await this.assertUntouched();
  }

  /** What the state has of this package's resources. */
  private known(): unknown[] {
    return this.stack.resources().flatMap(({ urn, type, id, inputs, outputs, ...rest }) => {
      const { delete: isOld, pendingReplacement } = rest;
      return /:Vpp/.test(type) ? [{ urn, id, inputs, outputs, isOld, pendingReplacement }] : [];
    });
  }

  /** One more run finds nothing to do, nothing waits any more, and the state tells the truth. On one engine an up shows it, on the other a preview. */
  async assertSettled(now: string): Promise<void> {
    this.stack.program(now);
    if (this.engine.name === "local engine") await this.stack.up("--expect-no-changes");
    else await this.stack.preview("--expect-no-changes");
    assert.equal(this.waiting, 0);
    const kinds = this.stack.resources().map(({ type, outputs = {} }) => [type.split(":").pop(), outputs] as const);
    const outputsOf = (kind: string): Record<string, unknown>[] =>
      kinds.flatMap(([each, outputs]) => (each === kind ? [outputs] : []));
    assert.deepEqual(
      outputsOf("VppToken").map(({ bindingId, status }) => [bindingId, status]),
      [[this.truth.mdmInfo?.id, "valid"]],
    );
    assert.equal(outputsOf("VppApp").length, 1);
    assert.deepEqual(
      outputsOf("VppUserSet").map(({ invitedCount, missingCount }) => [invitedCount, missingCount]),
      [[2, 0]],
    );
    assert.deepEqual(
      outputsOf("VppAssignment").map(({ assignedCount, missingCount }) => [assignedCount, missingCount]),
      [[5, 0]],
    );
  }

  async clear(): Promise<void> {
    this.stack.dispose();
    await this.world.close();
  }
}

/** Describes the journeys on every engine that is there; each begins with the same stack, and at the end nothing may have been touched. */
export function describeJourneys(title: string, journeys: readonly Journey[]): void {
  for (const engine of enginesFor("routes to a replacement")) {
    describe(`${title}, on the ${engine.name}`, () => {
      let stage: Stage | undefined;
      beforeEach(async () => {
        stage ??= await Stage.set(engine);
        stage.reset();
        stage.stack.program(program());
        await stage.world.forget();
      });
      afterEach(async function () {
        if (this.currentTest?.state !== "failed") return;
        await stage?.clear();
        stage = undefined;
      });
      after(() => stage?.clear());

      for (const { rows, cliOnly, go } of journeys) {
        const what = rows.map(({ route }) => route).join(" · ");
        it(`${what}${cliOnly ? " (the CLI only)" : ""}`, async function () {
          if (cliOnly && engine.name === "local engine") return this.skip();
          const now = await go(stage!);
          await stage!.assertUntouched();
          await stage!.assertSettled(now ?? program());
          await stage!.assertUntouched();
        });
      }
    });
  }
}

/** Describes that a table of the page has the routes that are tested, and no others. */
export function describeTable(index: number, journeys: readonly Journey[]): void {
  it(`holds the routes that are tested, and no others, in table ${index + 1}`, () => {
    const tested = journeys.flatMap(({ rows, cliOnly }) =>
      rows.map(({ route, engine, service }) => [route, engine, service, cliOnly ? "CLI" : "local, CLI"]),
    );
    assert.deepEqual(tablesOf("replacement.md")[index], tested);
  });
}
