import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type * as Pulumi from "@pulumi/pulumi";
import { Run } from "../../provider/apple/library/run";
import { forecast } from "../../provider/apple/resources/token/forecast";
import type { CheckContext } from "../../provider/engine/kind";
import type { PlanReference } from "../../provider/plan/planLines";
import type { ProgramRun } from "./programRuns";

/** Runs the program in the working directory so often, and prints what the check of its VppToken makes of each run, with the record of the one before. */
export async function main(runs: number): Promise<void> {
  const load = createRequire(join(process.cwd(), "index.js"));
  const pulumi = load("@pulumi/pulumi") as typeof Pulumi;
  const results: ProgramRun[] = [];
  for (let run = 0; run < runs; run++) {
    const declared = results.findLast((result) => result.declared !== undefined)?.declared;
    results.push(await runOnce(load, pulumi, declared));
  }
  process.stdout.write(JSON.stringify(results));
}

async function runOnce(load: NodeJS.Require, pulumi: typeof Pulumi, before: string | undefined): Promise<ProgramRun> {
  const file = load.resolve(process.cwd());
  delete load.cache[file];
  let checked: Promise<ProgramRun> | undefined;
  await pulumi.runtime.setMocks(
    {
      call: () => ({}),
      newResource: async ({ type, name, inputs }: Pulumi.runtime.MockResourceArgs) => {
        await delay(Math.random() * 2);
        if (type.endsWith(":VppToken")) checked = check(inputs as { plan: string }, before);
        const { plan: _, ...state } = inputs as { plan?: string };
        return { id: `${name}-id`, state: { ...state, libraryId: "L1", bindingId: "B1" } };
      },
    },
    "trial",
    "dev",
  );
  // Pulumi's command, too, loads the program from inside an async function, and calls what it exports.
  await Promise.resolve();
  const exported = load(`${process.cwd()}/`) as unknown;
  if (typeof exported === "function") await (exported as () => Promise<void>)();
  await delay(8);
  await pulumi.runtime.disconnect();
  if (checked === undefined) throw new Error("The program has no VppToken.");
  return checked;
}

async function check({ plan: input }: { plan: string }, before: string | undefined): Promise<ProgramRun> {
  const { file, entry } = JSON.parse(input) as PlanReference;
  const run = new Run();
  const plan = run.readPlan(file);
  const notes: string[] = [];
  const context = { plan, run, entry, name: "hq", note: (_: string, text: string) => notes.push(text) };
  const bound = { libraryId: "L1", key: "default", wasBound: before !== undefined };
  try {
    const declared = await forecast(context as unknown as CheckContext, bound, before);
    return { ...(declared !== undefined && { declared }), notes };
  } catch (error) {
    return { refused: String(error), notes };
  }
}
