// Runs the test tiers one after another and ends with one line that adds them up. Words given are the tiers to run; none means all.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const require = createRequire(import.meta.url);
const { engines, folderOfCli } = require("../dist/test/support/engines.js");

// What runs in the tests' own processes is measured; whole programs are not, since each of their thousand processes would write a report.
// Paths are compared after the source maps are applied, so they are those of the sources.
const measured = ["--exclude-after-remap", "--include", "provider/**", "--include", "sdk/**"];
const leastLines = 95;
// Every command of a whole program starts two or three processes that load the same modules; kept code saves a fifth of their time.
const compiled = join(root, "node_modules", ".cache", "compiled");

// A command waits for its processes and for the service now and then: one job more than there are cores uses that.
const jobs = availableParallelism() + 1;

const tiers = {
  fast: {
    title: "unit, host and types",
    specs: ["unit/provider", "unit/sdk", "host", "types"],
    coverage: true,
    jobs,
  },
  e2e: {
    title: "whole programs, the simulator, the packed package, and the local engine",
    specs: ["unit/simulator", "package", "e2e", "unit/engine"],
    jobs,
  },
  // Whole programs go through every engine by themselves; the tests of the local engine have to be started for each.
  cli: { title: "what the local engine is held to, on the Pulumi CLI", specs: ["unit/engine"], jobs, cli: true },
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in tiers));
if (unknown.length > 0) {
  console.error(`There is no tier ${unknown.join(", ")}; there are ${Object.keys(tiers).join(", ")}.`);
  process.exit(2);
}

const total = { passes: 0, failures: 0, pending: 0 };
const folder = mkdtempSync(join(tmpdir(), "vpp-tally-"));
console.log(
  `End-to-end tests run on: ${engines()
    .map(({ name }) => `the ${name}`)
    .join(" and ")}.`,
);
const withCli = engines().some(({ name }) => name === "Pulumi CLI");
for (const name of asked.length > 0 ? asked : Object.keys(tiers)) {
  const { title, specs, coverage, cli, ...tier } = tiers[name];
  if (cli && !withCli) continue;
  console.log(`\n== ${title} ==`);
  const tally = join(folder, `${name}.json`);
  const mocha = [
    "--reporter",
    "scripts/tallyReporter.cjs",
    "--forbid-only",
    ...(tier.jobs ? ["--parallel", "--jobs", String(tier.jobs)] : []),
  ];
  const files = specs.map((spec) => `dist/test/${spec}/**/*.spec.js`);
  const command = coverage
    ? ["c8", ...measured, "--reporter", "text-summary", "--reporter", "json-summary", "mocha", ...mocha, ...files]
    : ["mocha", ...mocha, ...files];
  const { status } = spawnSync(command[0], command.slice(1), {
    cwd: root,
    stdio: "inherit",
    env: {
      ...process.env,
      VPP_TALLY_FILE: tally,
      ...(!coverage && { NODE_COMPILE_CACHE: compiled }),
      ...(cli && { VPP_ENGINE: "cli" }),
    },
  });
  const counts = readTally(tally);
  // A tier that broke off, or whose coverage is too low, is one failure more than its tests show.
  if (status !== 0 && counts.failures === 0) counts.failures = 1;
  if (coverage && !isCovered()) counts.failures++;
  for (const key of Object.keys(total)) total[key] += counts[key];
}
rmSync(folder, { recursive: true, force: true });
if (folderOfCli() === undefined && process.env.VPP_ENGINE !== "local") {
  console.log("\nNot run: every end-to-end test on the real Pulumi CLI, because there is none on PATH.");
}
const line = `${total.passes} passed, ${total.failures} failed`;
if (process.env.VPP_TEST_SUMMARY) writeFileSync(process.env.VPP_TEST_SUMMARY, `${total.passes} ${total.failures}\n`);
console.log(`\n${line}`);
process.exit(total.failures > 0 ? 1 : 0);

function isCovered() {
  const summary = readJson(join(root, "coverage", "coverage-summary.json"));
  const lines = summary?.total?.lines?.pct;
  const enough = typeof lines === "number" && lines >= leastLines;
  console.log(`Line coverage of provider/ and sdk/: ${lines} %${enough ? "" : `, and ${leastLines} % are wanted`}`);
  return enough;
}

function readTally(file) {
  return readJson(file) ?? { passes: 0, failures: 0, pending: 0 };
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
