import { writeFileSync } from "node:fs";
import { assignmentLine, PlanFile, runLine, tokenLine } from "../../test/support/hostPlan";
import { HostStack } from "../../test/support/hostStack";
import { serials, World } from "../../test/support/world";
import type { Subject } from "../inside/calls";
import { fleet } from "../programs";
import { runInside } from "./inside";
import { type Job, sixteen } from "./job";

const appCount = 20;

interface Ready {
  readonly size: number;
  readonly world: World;
  readonly file: string;
}

let kept: Ready | undefined;

/** A fleet that has its licences, as the engine would hold it, in a file; one is kept for the three operations. */
async function ready(size: number): Promise<Ready> {
  if (kept?.size === size) return kept;
  await disposeCalls();
  const { libraries } = fleet(appCount, size);
  const world = await World.start(libraries);
  const stack = new HostStack({ env: world.env });
  const apps = libraries[0]!.assets!.map(({ adamId }) => adamId);
  const props = { apps: apps.map((adamId) => ({ adamId, pricingParam: "STDQ" })), serialNumbers: serials(size) };
  stack.declare({ hq: ["VppToken", {}], fleet: ["VppAssignment", props] });
  await stack.up();
  const { id, inputs, outputs } = stack.kept("fleet");
  await stack.end();
  const line = assignmentLine("fleet", {
    apps: apps.map((adamId) => [adamId, "STDQ"]),
    serialNumbers: props.serialNumbers,
  });
  const subject: Subject = { id, inputs, outputs, plan: [runLine, tokenLine("hq"), line], entry: "fleet" };
  const file = world.path("subject.json");
  writeFileSync(file, JSON.stringify(subject));
  kept = { size, world, file };
  return kept;
}

/** Gives up the service that is kept. */
export async function disposeCalls(): Promise<void> {
  await kept?.world.close();
  kept = undefined;
}

const call = (operation: "check" | "diff" | "read"): Job => ({
  name: `one-${operation}`,
  title: `one ${operation} of an assignment of ${appCount} apps, after the first; size: devices`,
  sizes: sixteen(10_000),
  quickSizes: [500],
  hasEngine: false,
  prepare: async (size) => {
    const { world, file } = await ready(size);
    return {
      scale: { apps: appCount, devices: size },
      ours: () => runInside("calls", [operation, file], { env: world.env, world }),
    };
  },
});

const planApps = 50;

const plan: Job = {
  name: "plan",
  title: `reading a plan of ${planApps} apps and asking for each of its licences; size: devices`,
  sizes: sixteen(30_000),
  quickSizes: [30_000],
  hasEngine: false,
  prepare: async (size) => {
    const apps = fleet(planApps, size).libraries[0]!.assets!.map(({ adamId }) => [adamId, "STDQ"] as const);
    const file = new PlanFile(
      runLine,
      tokenLine("hq"),
      assignmentLine("fleet", { apps, serialNumbers: serials(size) }),
    );
    return {
      scale: { apps: planApps, devices: size },
      ours: () => runInside("plan", [file.path, String(planApps), String(size)]),
      dispose: () => file.dispose(),
    };
  },
};

/** What the provider does by itself, without an engine. */
export const callJobs: readonly Job[] = [call("check"), call("diff"), call("read"), plan];
