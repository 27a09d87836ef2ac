// Runs the test tiers one after another and ends with one line that adds them up. Words given are the tiers to run; none means all.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";

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

// A command waits for its processes and for the service now and then: one job more than there are cores uses that.
const jobs = availableParallelism() + 1;

const tiers = {
  fast: {
    title: "unit, host and types",
    specs: [
      "unit/provider/**",
      "unit/sdk/**",
      "unit/inventory/**",
      "unit/cli/**",
      "unit/bench/**",
      "messages/**",
      "host/**",
      "types/**",
    ],
    coverage: true,
    jobs,
  },
  e2e: {
    title: "whole programs, the commands, the campaign, the simulator, the packed package and the documentation",
    specs: ["campaign/**", "unit/simulator/**", "unit/examples/**", "package/**", "e2e/**", "cli/**", "docs/**"],
    jobs,
  },
  // Whole programs go through every engine by themselves; the tests of the local engine have to be started for each.
  engine: { title: "the local engine", specs: ["unit/engine"], jobs, isHeld: true, env: { VPP_ENGINE: "local" } },
  cli: {
    title: "what the local engine is held to, on the Pulumi CLI",
    specs: ["unit/engine"],
    jobs,
    isHeld: true,
    needsCli: true,
    env: { VPP_ENGINE: "cli" },
  },
  beside: {
    title: "the local engine beside the Pulumi CLI",
    specs: ["unit/engine/besideCli"],
    jobs,
    isHeld: true,
    needsCli: true,
  },
};

/**
 * These tests ask the CLI and the local engine alone how they behave, and the provider's code is only what they carry: the same tests on the
 * same two give the same answer, so what has passed is remembered. `npm test -- engine cli beside` runs them anyway, and remembers.
 */
const heldFile = join(root, "test/unit/engine/held.json");

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in tiers));
if (unknown.length > 0) {
  console.error(`There is no tier ${unknown.join(", ")}; there are ${Object.keys(tiers).join(", ")}.`);
  process.exit(2);
}

const total = { passes: 0, failures: 0, pending: 0 };
const failed = [];
const folder = mkdtempSync(join(tmpdir(), "vpp-tally-"));
console.log(
  `End-to-end tests run on: ${engines()
    .map(({ name }) => `the ${name}`)
    .join(" and ")}.`,
);
const wantsBrowser = asked.length === 0 || asked.includes("e2e");
const hasBrowser = !wantsBrowser || installChromium();
const withCli = engines().some(({ name }) => name === "Pulumi CLI");
const held = readJson(heldFile) ?? {};
for (const name of asked.length > 0 ? asked : Object.keys(tiers)) {
  const { title, specs, coverage, isHeld, needsCli, env, ...tier } = tiers[name];
  if (needsCli && !withCli) continue;
  const facts = isHeld ? engineFacts(needsCli) : undefined;
  if (isHeld && !asked.includes(name) && isDeepStrictEqual(held[name], facts)) {
    console.log(
      `\nNot run again: ${title}. These very tests have passed${needsCli ? ` with the CLI ${facts.cli}` : ""}; \`npm test -- ${name}\` runs them.`,
    );
    continue;
  }
  console.log(`\n== ${title} ==`);
  const tally = join(folder, `${name}.json`);
  const mocha = [
    "--reporter",
    "scripts/tallyReporter.cjs",
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
  if (isHeld && asked.includes(name) && counts.failures === 0) {
    held[name] = facts;
    writeFileSync(heldFile, `${JSON.stringify(held, null, 2)}\n`);
  }
}
rmSync(folder, { recursive: true, force: true });
if (folderOfCli() === undefined && process.env.VPP_ENGINE !== "local") {
  console.log("\nNot run: every end-to-end test on the real Pulumi CLI, because there is none on PATH.");
}
if (!hasBrowser) console.log(`\nNot run: every test of the report's page in a browser, because ${whyNoBrowser}.`);
if (failed.length > 0) console.log(["\nFailed:", ...failed].join("\n  - "));
const line = `${total.passes} passed, ${total.failures} failed`;
if (process.env.VPP_TEST_SUMMARY) writeFileSync(process.env.VPP_TEST_SUMMARY, `${total.passes} ${total.failures}\n`);
console.log(`\n${line}`);
process.exit(total.failures > 0 ? 1 : 0);

/** What the local engine, its tests and what they run on are; with the CLI's version where it has a part. */
function engineFacts(withCli) {
  const hash = createHash("sha256");
  for (const folder of ["test/engine", "test/unit/engine"])
    for (const file of readdirSync(join(root, folder), { recursive: true }).sort())
      if (/\.(ts|js|mjs)$/.test(file)) hash.update(file).update(readFileSync(join(root, folder, file)));
  for (const name of ["@pulumi/pulumi", "@grpc/grpc-js"]) hash.update(require(`${name}/package.json`).version);
  const facts = { node: process.version, engine: hash.digest("hex") };
  if (!withCli) return facts;
  const { stdout } = spawnSync(join(folderOfCli(), "pulumi"), ["version"], { encoding: "utf8" });
  return { cli: stdout.trim(), ...facts };
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
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
