// Sets up a fresh clone as far as needed: dependencies, then the build. Runs on any Node from 20 on, and then, if words are given, runs
// them as a command with the project's own Node and tools first on PATH:  node scripts/prepare.mjs node dist/demo/main.js
// (A second `node` on the same command line would still be the first one: shells remember where they found it.)
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = join(root, "node_modules", ".bin");
const env = { ...process.env, PATH: [bin, process.env.PATH].join(delimiter) };
const windows = process.platform === "win32";
const sources = ["sdk", "provider", "cli", "simulator", "demo", "examples", "test", "bench", "scripts"];
const stamp = join(root, "dist", ".built");

const changedAt = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

/** When anything in a folder was last changed, added or taken away. */
function newestIn(folder) {
  if (!existsSync(folder)) return 0;
  let newest = changedAt(folder);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === "node_modules") continue;
    const path = join(folder, entry.name);
    newest = Math.max(newest, entry.isDirectory() ? newestIn(path) : changedAt(path));
  }
  return newest;
}

/** Runs npm; what it prints is shown only if it fails. */
function npm(why, ...words) {
  process.stderr.write(`${why} …\n`);
  const { status, stdout, stderr, error } = spawnSync("npm", words, {
    cwd: root,
    env,
    encoding: "utf8",
    shell: windows,
    maxBuffer: 2 ** 28,
  });
  if (status === 0) return;
  process.stderr.write(
    `${stdout ?? ""}${stderr ?? ""}\nnpm ${words.join(" ")} failed${error ? `: ${error.message}` : "."}\n`,
  );
  process.exit(1);
}

const [major] = process.versions.node.split(".").map(Number);
if (major < 20) {
  process.stderr.write(`Node 20 or newer is needed to set the project up; this is Node ${process.versions.node}.\n`);
  process.exit(1);
}
const lock = changedAt(join(root, "package-lock.json"));
if (changedAt(join(root, "node_modules", ".package-lock.json")) < lock || !existsSync(join(bin, "node"))) {
  npm("Installing what the project needs", "ci", "--no-audit", "--no-fund");
}
const settings = ["tsconfig.json", "package.json", "package-lock.json"].map((file) => changedAt(join(root, file)));
const newest = Math.max(...settings, ...sources.map((folder) => newestIn(join(root, folder))));
if (changedAt(stamp) < newest) {
  const began = new Date();
  npm("Building", "run", "build");
  writeFileSync(stamp, "");
  utimesSync(stamp, began, began);
}

const [command, ...words] = process.argv.slice(2);
if (command !== undefined) {
  const child = spawn(command, words, { cwd: root, env, stdio: "inherit", shell: windows });
  // Ctrl-C reaches the command by itself; this process only waits for it to end in order.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("error", (error) => {
    process.stderr.write(`${command} can't be started: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? (signal === "SIGINT" ? 130 : 1);
  });
}
