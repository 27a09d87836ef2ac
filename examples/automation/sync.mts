// "Sync now", for a button in an admin page, a bot, or a job: looks at the library, tells what has drifted, and puts it right.
// Ends with 0 when all is as the program says, with 1 when --look-only has found drift, with 2 when it could not be done.
import { type EngineEvent, LocalWorkspace } from "@pulumi/pulumi/automation/index.js";

/** A resource for which the service has something else than the program wants. */
interface Drift {
  readonly resource: string;
  readonly what: string;
}

/** Reads the drift from the events of a refresh: what a refresh would have to change in the state is what somebody changed at the service. */
function driftIn(event: EngineEvent): Drift[] {
  const { op, urn, new: now } = event.resOutputsEvent?.metadata ?? {};
  if (op !== "update" && op !== "delete") return [];
  const { missingCount = 0, surplusCount = 0, status } = (now?.outputs ?? {}) as Record<string, number | string>;
  const counts = status === undefined ? `${missingCount} missing, ${surplusCount} too many` : `the token is ${status}`;
  return [{ resource: urn?.split("::").at(-1) ?? "", what: op === "delete" ? "gone" : counts }];
}

/** Shows what the provider has to say: a token that runs out soon, a brake that refuses. */
function tell({ diagnosticEvent: said }: EngineEvent): void {
  if (said?.severity === "warning" || said?.severity === "error") console.error(said.message.trimEnd());
}

async function sync(stackName: string, isLookOnly: boolean): Promise<number> {
  // The project beside this file, run with the `pulumi` on PATH, just as by hand: the same state, the same locks, the same settings.
  const stack = await LocalWorkspace.selectStack({ stackName, workDir: import.meta.dirname });
  const drift: Drift[] = [];
  // What is found goes into the state. At the service, nothing is changed yet.
  await stack.refresh({
    onEvent: (event) => {
      drift.push(...driftIn(event));
      tell(event);
    },
  });
  for (const { resource, what } of drift) console.log(`drift: ${resource}: ${what}`);
  if (drift.length === 0) console.log("no drift");
  if (isLookOnly) return drift.length > 0 ? 1 : 0;
  // If this would take back more than the brakes allow, it is refused, and a person has to decide.
  const { summary } = await stack.up({ onEvent: tell });
  const { same = 0, ...changes } = summary.resourceChanges ?? {};
  console.log(`put right: ${JSON.stringify(changes)}, ${same} as they were`);
  return 0;
}

const [stackName, ...words] = process.argv.slice(2);
if (stackName === undefined || words.some((word) => word !== "--look-only")) {
  console.error("Usage: node sync.mts STACK [--look-only]");
  process.exit(2);
}
try {
  process.exitCode = await sync(stackName, words.includes("--look-only"));
} catch (error) {
  // The errors of Pulumi carry all that the command printed; what the provider said has been shown already.
  const [said = "it failed"] = /^error: .*/m.exec(String(error)) ?? [];
  console.error(`sync of ${stackName}: ${said}`);
  process.exitCode = 2;
}
