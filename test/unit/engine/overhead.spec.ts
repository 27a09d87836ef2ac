import assert from "node:assert/strict";
import { bench, cleanUp, command, hasCli, skip, type Workbench } from "./harness";

const nothing = `exports.handler = () => ({
  check: async (_, inputs) => ({ inputs }),
  diff: async () => ({ changes: false }),
  create: async () => ({ id: "x", outs: {} }),
});`;
const program = `for (let i = 0; i < 100; i++) new R("r" + i, { __provider: ${JSON.stringify(nothing)} });`;
const commands = ["local", "cli"] as const;

/** How long an unchanged up takes, in seconds. */
async function unchanged(work: Workbench): Promise<number> {
  const start = performance.now();
  const { stdout } = await work.ok("up", ...skip);
  assert.match(stdout, /101 unchanged/);
  return (performance.now() - start) / 1000;
}

describe("local engine: its own cost", function () {
  this.timeout(240_000);
  afterEach(cleanUp);

  it("an unchanged up of 100 resources takes no longer than with the CLI (both engines)", async function () {
    if (!hasCli()) return this.skip();
    const benches = new Map<string, Workbench>();
    const seconds: Record<string, number[]> = { local: [], cli: [] };
    for (const used of commands) {
      const work = await bench(program, command(used));
      await work.ok("up", ...skip);
      benches.set(used, work);
    }
    // Taken in turn, so that whatever else the machine does meets both.
    for (let round = 0; round < 3; round++)
      for (const used of commands) seconds[used]!.push(await unchanged(benches.get(used)!));
    const [local, cli] = commands.map((used) => seconds[used]!.sort((a, b) => a - b)[1]!);
    console.log(
      `      unchanged up of 100: local engine ${local!.toFixed(2)} s, CLI ${cli!.toFixed(2)} s (medians of 3)`,
    );
    assert.ok(local! <= cli!, `local engine ${seconds.local!.join(", ")}; CLI ${seconds.cli!.join(", ")}`);
  });
});
