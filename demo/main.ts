import { describeEngine, engines } from "../test/support/engines";
import { World } from "../test/support/world";
import { demoLibraries, Quickstart } from "./quickstart";
import { Stage } from "./stage";
import { prepare, steps } from "./steps";

const options = ["--full", "--help"];
const usage = `Usage: npm run demo [-- --full]

Runs examples/quickstart against a simulator of Apple's service, through the command pulumi, and checks every step.

  --full   show all that pulumi prints, not only the lines that matter
`;

async function demo(isFull: boolean): Promise<number> {
  const engine = engines().at(-1)!;
  process.stdout.write(`This demo runs on ${describeEngine(engine)}.\n`);
  const world = await World.start(demoLibraries(), { eventDelayMs: 150, limits: {} });
  const quickstart = new Quickstart(engine, world.env);
  process.once("exit", () => quickstart.dispose());
  let interrupted = 0;
  const onSignal = (signal: NodeJS.Signals): void => {
    interrupted++;
    quickstart.stop(interrupted === 1 ? signal : "SIGKILL");
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, onSignal);
  const stage = new Stage(quickstart, world, isFull, () => interrupted > 0);
  const started = Date.now();
  try {
    stage.say(
      `The service is a simulator at ${world.simulator.url} with the libraries of demo/library.json; the program is examples/quickstart.`,
    );
    await prepare(stage);
    await stage.showTable();
    for (const [index, step] of steps.entries()) await stage.show(step, `${index + 1}/${steps.length}`);
    stage.say();
    stage.say(
      `All ${steps.length} steps did what they say, in ${Math.round((Date.now() - started) / 1000)} s.`,
      "bold",
    );
    return 0;
  } catch (error) {
    stage.say();
    if (interrupted > 0) {
      stage.say("Stopped. The simulator and its files are gone; nothing else was touched.");
      return 130;
    }
    stage.say(`This step did not do what it says: ${error instanceof Error ? error.message : String(error)}`, "red");
    if (!isFull) stage.say("npm run demo -- --full shows all that pulumi prints.");
    return 1;
  } finally {
    quickstart.dispose();
    await world.close();
  }
}

const words = process.argv.slice(2);
if (words.some((word) => !options.includes(word)) || words.includes("--help")) {
  process.stdout.write(usage);
  process.exitCode = words.includes("--help") ? 0 : 2;
} else {
  demo(words.includes("--full")).then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 1;
    },
  );
}
