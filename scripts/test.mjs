// Runs the test tiers one after another and ends with one line that adds them up. Words given are the tiers to run; none means all.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { factsOf, hasPassed, remember } from "./held.mjs";
import { tiers } from "./tiers.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const require = createRequire(import.meta.url);
const { engines, folderOfCli } = require("../dist/test/support/engines.js");
const { installChromium, whyNoBrowser } = require("../dist/test/support/chromium.js");

// What runs in the tests' own processes is measured; whole programs are not, since each of their thousand processes would write a report.
// Paths are compared after the source maps are applied, so they are those of the sources.
const measured = ["--exclude-after-remap", "--include", "provider/**", "--include", "sdk/**"];
const leastLines = 95;
// Every command of a whole program starts two or three processes that load the same modules; kept code saves a fifth of their time.
const compiled = join(root, "node_modules", ".cache", "compiled");

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in tiers));
if (unknown.length > 0) {
  console.error(`There is no tier ${unknown.join(", ")}; there are ${Object.keys(tiers).join(", ")}.`);
  process.exit(2);
}

const total = { passes: 0, failures: 0, pending: 0 };
const failed = [];
const folder = mkdtempSync(join(tmpdir(), "vpp-tally-"));
const [first, ...further] = engines().map(({ name }) => `the ${name}`);
const extent = process.env.VPP_ENGINE === "both" ? "" : ", the tests of what the provider needs of an engine";
console.log(`End-to-end tests run on: ${[first, ...further.map((name) => `${name}${extent}`)].join("; and on ")}.`);
const wantsBrowser = asked.length === 0 || asked.includes("e2e");
const hasBrowser = !wantsBrowser || installChromium();
const withCli = engines().some(({ name }) => name === "Pulumi CLI");
const times = join(folder, "times");
for (const name of asked.length > 0 ? asked : Object.keys(tiers)) {
  const { title, specs, coverage, isHeld, needsCli, env, ...tier } = tiers[name];
  if (needsCli && !withCli) continue;
  const facts = isHeld ? factsOf(name, needsCli ? folderOfCli() : undefined) : undefined;
  if (isHeld && !asked.includes(name) && hasPassed(name, facts)) {
    console.log(`\nNot run again: ${title}. These very tests have passed; \`npm test -- ${name}\` runs them.`);
    continue;
  }
  console.log(`\n== ${title} ==`);
  const tally = join(folder, `${name}.json`);
  const mocha = [
    "--reporter",
    "scripts/tallyReporter.cjs",
    "--require",
    "scripts/fileTimes.cjs",
    "--forbid-only",
    ...(tier.jobs ? ["--parallel", "--jobs", String(tier.jobs)] : []),
  ];
  const files = specs.map((spec) => `dist/test/${spec}/*.spec.js`);
  const command = coverage
    ? ["c8", ...measured, "--reporter", "text-summary", "--reporter", "json-summary", "mocha", ...mocha, ...files]
    : ["mocha", ...mocha, ...files];
  const { status } = spawnSync(command[0], command.slice(1), {
    cwd: root,
    stdio: "inherit",
    env: {
      ...process.env,
      VPP_TALLY_FILE: tally,
      VPP_TIMES_FILE: times,
      ...(!coverage && { NODE_COMPILE_CACHE: compiled }),
      ...env,
    },
  });
  const counts = readTally(tally);
  failed.push(...counts.failed);
  // A tier that broke off, or whose coverage is too low, is one failure more than its tests show.
  if (status !== 0 && counts.failures === 0) {
    counts.failures = 1;
    failed.push(`${title}: ended with code ${status} although no test failed`);
  }
  if (coverage && !isCovered()) {
    counts.failures++;
    failed.push(`${title}: less than ${leastLines} % of the lines are covered`);
  }
  for (const key of Object.keys(total)) total[key] += counts[key];
  if (isHeld && asked.includes(name) && counts.failures === 0 && counts.passes > 0) remember(name, facts);
}
const slowest = slowestFiles(5);
rmSync(folder, { recursive: true, force: true });
if (folderOfCli() === undefined && process.env.VPP_ENGINE !== "local") {
  console.log("\nNot run: every end-to-end test on the real Pulumi CLI, because there is none on PATH.");
}
if (!hasBrowser) console.log(`\nNot run: every test of the report's page in a browser, because ${whyNoBrowser}.`);
if (slowest.length > 0) console.log(["\nThe files that took longest:", ...slowest].join("\n  "));
if (failed.length > 0) console.log(["\nFailed:", ...failed].join("\n  - "));
const line = `${total.passes} passed, ${total.failures} failed`;
if (process.env.VPP_TEST_SUMMARY) writeFileSync(process.env.VPP_TEST_SUMMARY, `${total.passes} ${total.failures}\n`);
console.log(`\n${line}`);
process.exit(total.failures > 0 ? 1 : 0);

/** The files that took longest, a line each. */
function slowestFiles(count) {
  const lines = readText(times).split("\n").filter(Boolean);
  const files = lines.map((line) => JSON.parse(line)).sort((one, other) => other.seconds - one.seconds);
  return files.slice(0, count).map(({ file, seconds }) => `${seconds.toFixed(1).padStart(6)} s  ${file}`);
}

function isCovered() {
  const summary = readJson(join(root, "coverage", "coverage-summary.json"));
  const lines = summary?.total?.lines?.pct;
  const enough = typeof lines === "number" && lines >= leastLines;
  console.log(`Line coverage of provider/ and sdk/: ${lines} %${enough ? "" : `, and ${leastLines} % are wanted`}`);
  return enough;
}

function readTally(file) {
  return readJson(file) ?? { passes: 0, failures: 0, pending: 0, failed: [] };
}

function readJson(file) {
  try {
    return JSON.parse(readText(file));
  } catch {
    return undefined;
  }
}

function readText(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
