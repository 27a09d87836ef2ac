import { fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { History } from "./history";
import { runHistory } from "./run";
import { providerAlone, wholeCommands } from "./ways";
import type { Report, Task } from "./worker";

const { values } = parseArgs({
  options: {
    histories: { type: "string", default: "100" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    workers: { type: "string", default: String(availableParallelism()) },
    lanes: { type: "string", default: "4" },
    replay: { type: "string" },
    repeat: { type: "string", default: "1" },
    commands: { type: "string" },
    "until-failure": { type: "boolean", default: false },
  },
});

void (values.replay === undefined ? campaign() : replay(values.replay)).then((count) => {
  process.exitCode = count === 0 ? 0 : 1;
});

/** Lives all histories through, side by side, and ends with one line that counts them. */
async function campaign(): Promise<number> {
  const [count, seed, workers, lanes] = [values.histories, values.seed, values.workers, values.lanes].map(Number) as [
    number,
    number,
    number,
    number,
  ];
  const commands = values.commands === undefined ? Math.floor(count / 50) : Number(values.commands);
  process.stdout.write(
    `${count} histories against the provider's process and ${commands} as whole commands; seeds from ${seed} on\n`,
  );
  const began = Date.now();
  const every = Math.min(100, Math.max(10, Math.ceil(count / 10)));
  const totals = { histories: 0, violations: 0, commands: 0, requests: 0 };
  const codes = new Map<string, number>();
  const onReport = (report: Report, asCommands: boolean): void => {
    totals.histories++;
    totals.commands += report.commands;
    totals.requests += report.requests;
    for (const [code, times] of Object.entries(report.codes)) codes.set(code, (codes.get(code) ?? 0) + times);
    if (report.violations.length > 0) {
      totals.violations++;
      tell(report, asCommands);
      if (values["until-failure"]) process.exit(1);
    }
    if (totals.histories % every === 0)
      process.stdout.write(`${totals.histories} histories so far, ${totals.violations} violations\n`);
  };
  const round = async (size: number, asCommands: boolean): Promise<void> => {
    const seeds = Array.from({ length: size }, (_, index) => seed + index);
    const shares = Array.from({ length: Math.min(workers, size) }, (_, worker) =>
      seeds.filter((_each, index) => index % workers === worker),
    );
    const width = asCommands ? 1 : lanes;
    await Promise.all(
      shares.map((share) => live({ seeds: share, lanes: width, asCommands }, (report) => onReport(report, asCommands))),
    );
  };
  await round(count, false);
  await round(commands, true);
  const seconds = Math.round((Date.now() - began) / 1000);
  const met = [...codes].sort(([, a], [, b]) => b - a).map(([code, times]) => `${code} ${times}`);
  process.stdout.write(`error codes met, in commands: ${met.join(", ") || "none"}\n`);
  process.stdout.write(`${totals.commands} commands, ${totals.requests} requests, ${seconds} s\n`);
  process.stdout.write(`${totals.histories} histories, ${totals.violations} violations\n`);
  return totals.violations + (count + commands - totals.histories);
}

function live(task: Task, onReport: (report: Report) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = fork(join(__dirname, "worker.js"), { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    child.on("message", (report: Report) => onReport(report));
    child.once("exit", (code) => (code === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`))));
    child.send(task);
  });
}

/** Prints what failed, and how to see it again. */
function tell({ seed, violations, shrunk }: Report, asCommands: boolean): void {
  const again = asCommands ? "--histories 0 --commands 1" : "--histories 1";
  const lines = [
    `\nhistory ${seed} fails: npm run campaign -- ${again} --seed ${seed}`,
    ...violations.map((each) => `  ${each}`),
    ...(shrunk === undefined
      ? []
      : [
          `  a shorter one, with ${shrunk.history.steps.length} steps; put this line into a file for --replay FILE${asCommands ? " --commands 1" : ""}:`,
          JSON.stringify(shrunk.history),
          ...shrunk.result.story.map((line) => `    ${line}`),
          ...shrunk.result.violations.map((each) => `  ${each}`),
        ]),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

/** Lives one history of a file through, again and again until it fails: the engine's order of steps is left to chance. */
async function replay(file: string): Promise<number> {
  const way = Number(values.commands ?? "0") > 0 ? wholeCommands() : providerAlone();
  try {
    const history = JSON.parse(readFileSync(file, "utf8")) as History;
    let result = await runHistory(history, way.makeStack);
    for (let turn = 1; turn < Number(values.repeat) && result.violations.length === 0; turn++)
      result = await runHistory(history, way.makeStack);
    const { violations, story } = result;
    const lines = [...story, ...violations.map((each) => `VIOLATION ${each}`)];
    process.stdout.write(`${lines.join("\n")}\n1 histories, ${violations.length > 0 ? 1 : 0} violations\n`);
    return violations.length;
  } finally {
    way.dispose();
  }
}
