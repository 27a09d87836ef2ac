// Runs the stacks of all regions, or of those that are named, some of them at the same time. A region that fails stops no other.
// Ends with 0 when all are done, with 1 when some are not, with 2 when it was not told what to do.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type EngineEvent, LocalWorkspace, type Stack } from "@pulumi/pulumi/automation/index.js";
import { parse } from "csv-parse/sync";

type Told = (event: EngineEvent) => void;
type Counts = Readonly<Record<string, number>> | undefined;
type Location = Readonly<Record<"Key" | "Region" | "Location", string>>;

const locations: Location[] = parse(readFileSync(`${import.meta.dirname}/locations.csv`), {
  columns: true,
  bom: true,
  trim: true,
});
const allRegions = [...new Set(locations.map(({ Region }) => Region))];

const commands: Readonly<Record<string, (stack: Stack, onEvent: Told) => Promise<Counts>>> = {
  preview: async (stack, onEvent) => (await stack.preview({ onEvent })).changeSummary,
  // Takes what it finds into the state, changes nothing at the service, and counts as not done where something has drifted.
  refresh: async (stack, onEvent) => (await stack.refresh({ onEvent, expectNoChanges: true })).summary.resourceChanges,
  async up(stack, onEvent) {
    // The Automation API's `up` makes no preview, and it is the preview that refuses before anything moves.
    await stack.preview({ onEvent });
    return (await stack.up({ onEvent })).summary.resourceChanges;
  },
};

/** Where the content tokens of a region are. Its run sees no others. */
function tokensOf(region: string): Record<string, string> {
  const own = locations.filter(({ Region }) => Region === region);
  const variable = (key: string): string => `VPP_CONTENT_TOKEN_${key.toUpperCase().replace(/[^A-Z0-9]/g, "_")}_FILE`;
  return Object.fromEntries(own.map(({ Key }) => [variable(Key), `${import.meta.dirname}/tokens/${Key}.vpptoken`]));
}

/** Runs a region's stack, which is made if there is none yet. Says what came of it, and gives whether it is done. */
async function run(region: string, command: string): Promise<boolean> {
  // What the provider has to say is said at once; Pulumi's own errors come at the end.
  const tell: Told = ({ diagnosticEvent: said }) => {
    if (said !== undefined && said.severity !== "info") console.error(`${region}: ${said.message.trimEnd()}`);
  };
  console.log(`${region}: begins`);
  try {
    const project = { stackName: region, workDir: import.meta.dirname };
    const stack = await LocalWorkspace.createOrSelectStack(project, { envVars: tokensOf(region) });
    console.log(`${region}: done ${JSON.stringify((await commands[command]!(stack, tell)) ?? {})}`);
    return true;
  } catch (error) {
    const [said = "it failed"] = /^error: .*/m.exec(String(error)) ?? [];
    console.log(`${region}: not done, ${said}`);
    return false;
  }
}

/** Runs all regions, so many at a time, and gives those that are not done. */
async function runAll(regions: readonly string[], command: string, atOnce: number): Promise<string[]> {
  const left = [...regions];
  const failed: string[] = [];
  const next = async (): Promise<void> => {
    for (let region = left.shift(); region !== undefined; region = left.shift())
      if (!(await run(region, command))) failed.push(region);
  };
  await Promise.all(Array.from({ length: atOnce }, next));
  return failed;
}

const { values, positionals } = parseArgs({
  options: { "at-once": { type: "string", default: "2" } },
  allowPositionals: true,
});
const [command = "", ...named] = positionals;
const atOnce = Number(values["at-once"]);
const unknown = named.filter((region) => !allRegions.includes(region));
if (command === "regions") {
  // For a pipeline that has a job for each.
  console.log(JSON.stringify(allRegions));
} else if (!Object.hasOwn(commands, command) || unknown.length > 0 || !(atOnce >= 1)) {
  console.error("Usage: node deploy.mts regions | preview | up | refresh [REGION…] [--at-once 2]");
  console.error(`The regions in locations.csv are ${allRegions.join(", ")}.`);
  process.exitCode = 2;
} else {
  const regions = named.length > 0 ? named : allRegions;
  const failed = await runAll(regions, command, atOnce);
  console.log(`done: ${regions.length - failed.length} of ${regions.length} regions`);
  if (failed.length > 0) console.log(`not done: ${failed.sort().join(", ")}`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}
