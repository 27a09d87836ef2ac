// All linters, each to its end, so that one run shows everything: format and plain rules (biome), types and import directions (eslint), and
// whether the documentation can be built, which it can't where something has none (typedoc), and whether imports run in circles (depcruise).
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const linters = [
  ["biome", "ci", "--error-on-warnings", "."],
  ["eslint", "--max-warnings", "0", "."],
  ["tsc", "-p", "tsconfig.json", "--noEmit", "--incremental", "false"],
  ["typedoc", "--emit", "none"],
  [
    "depcruise",
    "--config",
    ".dependency-cruiser.cjs",
    "provider",
    "sdk",
    "inventory",
    "cli",
    "simulator",
    "bench",
    "demo",
  ],
];
let failed = 0;
for (const [command, ...words] of linters) {
  const { status } = spawnSync(command, words, { cwd: root, stdio: "inherit" });
  console.log(`${command}: ${status === 0 ? "clean" : "not clean"}`);
  if (status !== 0) failed++;
}
process.exit(failed > 0 ? 1 : 0);
