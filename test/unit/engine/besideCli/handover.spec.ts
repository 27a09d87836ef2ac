import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { demoLibraries, type Ended, Quickstart } from "../../../../demo/quickstart";
import { readDevices, readPeople } from "../../../../examples/quickstart/lists";
import { root } from "../../../support/paths";
import { World } from "../../../support/world";
import { bench, cleanUp, command, engine, hasCli, skip, urn, type Workbench } from "../harness";

type Which = "local" | "cli";

// With VPP_ENGINE=cli it would be the same tests once more.
const runsBoth = hasCli() && engine === "local";

const deckLog = "1510284466";
const macApp = "1187652093";
const example = (file: string): string => join(root, "examples/quickstart", file);
const serialNumbers = readDevices(example("devices.csv")).map((device) => device.serialNumber);

/** What a preview is about: each change with the inputs it leads to, and how many there are of each kind. */
interface Preview {
  changes: { op: string; urn: string; inputs: unknown }[];
  summary: Record<string, number>;
}

function previewOf(text: string): Preview {
  type State = { inputs?: object };
  const { steps, changeSummary } = JSON.parse(text.slice(text.indexOf("{\n"), text.lastIndexOf("}") + 1)) as {
    steps: { op: string; urn: string; newState?: State }[];
    changeSummary: Record<string, number>;
  };
  // A replacement is one change; what it consists of is not.
  const kinds = ["create", "update", "replace", "delete"];
  const changes = steps
    .filter(({ op }) => kinds.includes(op))
    .map(({ op, urn, newState }) => ({ op, urn, inputs: { ...newState?.inputs, __provider: undefined } }))
    .sort((a, b) => (a.urn < b.urn ? -1 : 1));
  return { changes, summary: changeSummary };
}

/** The quickstart in one folder, with one stack, for both engines in turn. */
class Shared {
  private constructor(
    readonly world: World,
    private readonly bin: string,
    readonly quickstart: Quickstart,
  ) {}

  static async start(): Promise<Shared> {
    const world = await World.start(demoLibraries());
    // Whichever engine is next in turn is put here, as the only `pulumi` of the quickstart.
    const bin = mkdtempSync(join(tmpdir(), "engine-in-turn-"));
    const { VPP_ENDPOINT } = world.env;
    return new Shared(world, bin, new Quickstart({ name: "Pulumi CLI", folder: bin }, { VPP_ENDPOINT }));
  }

  run(which: Which, ...args: string[]): Promise<Ended> {
    rmSync(join(this.bin, "pulumi"), { force: true });
    symlinkSync(command(which), join(this.bin, "pulumi"));
    return this.quickstart.pulumi([...args, "--non-interactive"]);
  }

  async ok(which: Which, ...args: string[]): Promise<Ended> {
    const ended = await this.run(which, ...args);
    assert.equal(ended.code, 0, `pulumi ${args.join(" ")} failed:\n${ended.text}`);
    return ended;
  }

  /** Both engines' previews, which have to agree. */
  async previews(): Promise<Preview> {
    const [local, cli] = [await this.ok("local", "preview", "--json"), await this.ok("cli", "preview", "--json")];
    assert.deepEqual(previewOf(local.text), previewOf(cli.text));
    return previewOf(local.text);
  }

  get stateText(): string {
    return readFileSync(join(this.quickstart.folder, "backend/.pulumi/stacks/vpp-quickstart/dev.json"), "utf8");
  }

  async close(): Promise<void> {
    this.quickstart.dispose();
    rmSync(this.bin, { recursive: true });
    await this.world.close();
  }
}

const names = ({ changes }: Preview): string[] => changes.map(({ op, urn }) => `${op} ${urn.split("::").pop()}`);

const directions = [
  ["the CLI carries on from the local engine", "local", "cli"],
  ["the local engine carries on from the CLI", "cli", "local"],
] as const;

for (const [title, first, second] of directions) {
  describe(`handover of the quickstart: ${title} (both engines)`, function () {
    this.timeout(240_000);
    let shared: Shared;
    let token: string;

    before(async function () {
      if (!runsBoth) return this.skip();
      shared = await Shared.start();
      token = readFileSync(shared.world.tokenFile, "utf8").trim();
      await shared.ok(first, "stack", "init", "dev");
      await shared.ok(first, "config", "set", "--secret", "vpp:contentToken", token);
      await shared.ok(first, "config", "set", "macApps", "");
    });

    after(() => shared?.close());

    it("after a first up nothing is to be done, and what is secret opens and stays encrypted", async () => {
      await shared.ok(first, "up", ...skip);
      const { summary } = await shared.previews();
      assert.deepEqual(Object.keys(summary), ["same"]);
      assert.match((await shared.ok(second, "config", "get", "vpp:contentToken")).text, new RegExp(`^${token}$`, "m"));
      const people = readPeople(example("people.csv")).map(({ email }) => email!);
      const open = (await shared.ok(second, "stack", "export", "--show-secrets")).text;
      for (const secret of [token, ...people]) {
        assert.ok(open.includes(secret));
        assert.ok(!shared.stateText.includes(secret));
      }
    });

    it("after a refresh that found drift the same change is seen, and repaired", async () => {
      const assets = [{ adamId: deckLog }];
      const taken = serialNumbers.slice(0, 2);
      await shared.world.act("assignments", { action: "unassign", assets, serialNumbers: taken });
      await shared.ok(first, "refresh", ...skip);
      assert.deepEqual(names(await shared.previews()), ["update every-device"]);
      await shared.ok(second, "up", ...skip);
      const holders = await shared.world.holders(deckLog);
      assert.ok(taken.every((serialNumber) => holders.includes(serialNumber)));
      await shared.ok(first, "preview", "--expect-no-changes");
    });

    it("after a create that got half way the same rest is seen, and finished", async () => {
      const macs = readDevices(example("devices.csv")).filter(({ isMac }) => isMac).length;
      const rivals = Array.from({ length: 7 }, (_, i) => `F9FWRIVAL00${i}`);
      const behind = (action: string): object => ({ action, assets: [{ adamId: macApp }], serialNumbers: rivals });
      const grab = { path: "assignments", body: behind("assign") };
      await shared.world.act("hooks", { on: "associate", times: 1, do: [grab] });
      await shared.ok(first, "config", "set", "macApps", macApp);
      const failed = await shared.run(first, "up", ...skip);
      assert.notEqual(failed.code, 0);
      assert.match(failed.text, /1 of 14 devices got no licence/);
      assert.match(shared.stateText, /"initErrors":/);
      await shared.world.act("assignments", behind("unassign"));
      assert.deepEqual(names(await shared.previews()), ["update every-mac"]);
      await shared.ok(second, "up", ...skip);
      assert.equal((await shared.world.holders(macApp)).length, macs);
      await shared.ok(first, "preview", "--expect-no-changes");
    });

    it("what one has made the other takes away", async () => {
      await shared.ok(second, "destroy", ...skip);
      assert.deepEqual(await shared.world.holders(macApp), []);
      assert.doesNotMatch(shared.stateText, /"urn":/);
    });
  });
}

const program = `
const group = new Group("g");
const a = new R("a", { v: config.get("v") || "1", r: config.get("r") || "1", s: pulumi.secret({ k: ["hush"] }), n: null, deep: { list: [1.5, null, true, { t: pulumi.secret("x") }], "odd key": {} } }, { parent: group });
new R("b", { v: a.v, w: a.made, id: a.id }, { additionalSecretOutputs: ["made"], protect: config.getBoolean("protect"), aliases: [{ name: "old" }] });
new R("c", {}, { dependsOn: group });
group.registerOutputs({ made: a.made, s: a.s });
exports.id = a.id; exports.s = a.s; exports.deep = a.deep;
`;

describe("handover of every kind of resource", function () {
  this.timeout(240_000);
  afterEach(cleanUp);

  /** Runs both engines' previews, which have to agree, and leaves the second in place. */
  async function agree(work: Workbench, used: readonly Which[]): Promise<Preview> {
    const seen: Preview[] = [];
    for (const which of used) {
      work.command = command(which);
      seen.push(previewOf((await work.ok("preview", "--json")).stdout));
    }
    assert.deepEqual(seen[0], seen[1]);
    return seen[0]!;
  }

  for (const [title, first, second] of directions) {
    it(`${title}: secrets, copies that wait to be deleted, init errors, taints and changed configuration (both engines)`, async function () {
      if (!runsBoth) return this.skip();
      const work = await bench(program, command(first));
      await work.ok("config", "set", "--secret", "token", "hush");
      await work.ok("config", "set", "--path", "tree.branch[0]", "1");
      await work.ok("up", ...skip);
      assert.deepEqual((await agree(work, [first, second])).changes, []);
      await work.ok("refresh", ...skip, "--expect-no-changes");
      assert.equal((await work.ok("config", "get", "token")).stdout, "hush\n");
      const outputs = JSON.parse((await work.ok("stack", "output", "--json", "--show-secrets")).stdout) as object;
      const deep = { list: [1.5, null, true, { t: "x" }], "odd key": {} };
      assert.deepEqual(outputs, { id: "id-a", s: { k: ["hush"] }, deep });
      assert.doesNotMatch(readFileSync(work.stateFile, "utf8"), /hush/);
      work.command = command(first);
      await work.ok("config", "set", "r", "2");
      await work.ok("config", "set", "v", "2");
      // b fails, so a's old copy is not deleted (E34) and waits (E21).
      work.world({ "update b": { reasons: ["half"], properties: {} } });
      await work.failing("up", ...skip);
      await work.ok("state", "taint", urn("c"), "--yes");
      work.world({});
      assert.deepEqual(names(await agree(work, [first, second])), ["update b", "replace c"]);
      const { calls } = await work.ok("up", ...skip);
      assert.deepEqual(calls.slice(-2).sort(), ["delete a", "delete c"]);
      for (const call of ["update b", "create c"]) assert.ok(calls.includes(call), calls.join());
      work.command = command(first);
      await work.ok("preview", "--expect-no-changes");
      assert.equal((await work.ok("destroy", ...skip)).calls.length, 3);
      assert.deepEqual(work.resources(), []);
    });
  }

  it("both write the same state (both engines)", async function () {
    if (!runsBoth) return this.skip();
    const states: unknown[] = [];
    for (const used of [command("local"), command("cli")]) {
      const work = await bench(program, used);
      await work.ok("config", "set", "--secret", "token", "hush");
      await work.ok("up", ...skip);
      await work.ok("config", "set", "v", "2");
      await work.ok("config", "set", "protect", "true");
      await work.ok("up", ...skip);
      await work.ok("refresh", ...skip);
      await work.ok("stack", "export", "--show-secrets", "--file", "exported.json");
      states.push(work.comparable("exported.json"));
    }
    assert.deepEqual(states[0], states[1]);
  });
});
