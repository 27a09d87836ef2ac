import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { outputOf } from "../../test/support/childOutput";
import { pulumiVpp, stored, writeState } from "../../test/support/command";
import { root } from "../../test/support/paths";
import { serials, World } from "../../test/support/world";
import { Probe, requestsOf, type Sample, timed } from "../measure";
import { appsOfGroup, devicesOfGroup, groups } from "../programs";
import { engineJob, refreshWords } from "./engineJob";
import { type Job, sixteen } from "./job";

/** A hundred groups are 1,000 apps and 500,000 licences. */
const sizes = sixteen(100);
const quickSizes = [4];

interface Ready {
  readonly size: number;
  readonly world: World;
  /** A state that declares the half of it. */
  readonly state: string;
}

let kept: Ready | undefined;

async function ready(size: number): Promise<Ready> {
  if (kept?.size === size) return kept;
  await disposeLargeLibrary();
  const { libraries } = groups(size);
  const world = await World.start(libraries);
  const { libraryId, assets = [] } = libraries[0]!;
  const token = { libraryId, contentTokenKey: "default", bindingId: "ours" };
  const group = (index: number): object =>
    stored("VppAssignment", `group-${index}`, {
      token,
      apps: assets
        .slice(index * appsOfGroup, (index + 1) * appsOfGroup)
        .map(({ adamId }) => ({ adamId, pricingParam: "STDQ" })),
      serialNumbers: serials(devicesOfGroup, devicesOfGroup * index),
    });
  const declared = Array.from({ length: Math.ceil(size / 2) }, (_, index) => group(index));
  const state = writeState(world.path("state.json"), [stored("VppToken", "hq", token), ...declared]);
  kept = { size, world, state };
  return kept;
}

/** Gives up the library that is kept. */
export async function disposeLargeLibrary(): Promise<void> {
  await kept?.world.close();
  kept = undefined;
}

async function ours({ world }: Ready, words: readonly string[]): Promise<Sample> {
  await world.forget();
  const probe = new Probe();
  const { code, seconds, stderr } = await pulumiVpp(words, { ...world.env, ...probe.env });
  const processes = probe.read();
  if (code !== 0) throw new Error(`pulumi-vpp ${words.join(" ")} ended with ${code}:\n${stderr}`);
  return { seconds, requests: await requestsOf(world), processes };
}

/** Makes again, from a process that does nothing else, the requests that ours has just made. */
async function floor({ world }: Ready): Promise<Sample> {
  const paths = (await world.requests()).map(({ path, query }) => {
    const search = new URLSearchParams(query).toString();
    return search === "" ? path : `${path}?${search}`;
  });
  const asked = world.path("asked.json");
  writeFileSync(asked, JSON.stringify({ url: world.simulator.url, token: world.simulator.token(), paths }));
  const probe = new Probe();
  const script = join(root, "dist/bench/floor/reader.js");
  const options = { cwd: root, env: { ...process.env, ...probe.env } };
  const { result, seconds } = await timed(() => outputOf(process.execPath, [script, asked], options));
  const processes = probe.read();
  if (result.code !== 0) throw new Error(`The reader ended with ${result.code}:\n${result.stderr}`);
  return { seconds, requests: {}, processes };
}

/** A command of ours as a job; what it writes is removed before each run. */
function command(name: string, title: string, words: (ready: Ready) => readonly string[], written?: string): Job {
  return {
    name,
    title,
    sizes,
    quickSizes,
    hasEngine: false,
    prepare: async (size) => {
      const it = await ready(size);
      return {
        scale: groups(size).scale,
        ours: async () => {
          if (written !== undefined) rmSync(it.world.path(written), { recursive: true, force: true });
          return ours(it, words(it));
        },
        floor: () => floor(it),
      };
    },
  };
}

/** A library of up to 1,000 apps and 500,000 licences. */
export const largeLibraryJobs: readonly Job[] = [
  engineJob({
    name: "library-refresh",
    title: "one pass of refresh of a library that is declared in full; size: groups of 10 apps × 500 devices",
    program: groups,
    begins: "applied",
    sizes,
    quickSizes: [],
    words: refreshWords,
  }),
  command("library-status", "pulumi-vpp status --state FILE; size: groups", ({ state }) => [
    "status",
    "--state",
    state,
  ]),
  command(
    "library-report",
    "pulumi-vpp report --html FILE --state FILE; size: groups",
    ({ state, world }) => ["report", "--html", world.path("report.html"), "--state", state],
    "report.html",
  ),
  command(
    "library-adopt",
    "pulumi-vpp adopt DIR; size: groups",
    ({ world }) => ["adopt", world.path("adopted")],
    "adopted",
  ),
];
