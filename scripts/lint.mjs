// All linters, each to its end, so that one run shows everything: format and plain rules (biome), types and import directions (eslint).
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const linters = [
  ["biome", "ci", "--error-on-warnings", "."],
  ["eslint", "--max-warnings", "0", "."],
  ["tsc", "-p", "tsconfig.json", "--noEmit", "--incremental", "false"],
];
let failed = 0;
for (const [command, ...words] of linters) {
  const { status } = spawnSync(command, words, { cwd: root, stdio: "inherit" });
  console.log(`${command}: ${status === 0 ? "clean" : "not clean"}`);
  if (status !== 0) failed++;
}
process.exit(failed > 0 ? 1 : 0);
