import { fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { History } from "./history";
import { ProviderProcess } from "./providerProcess";
import { runHistory } from "./run";
import type { Report, Task } from "./worker";

const { values } = parseArgs({
  options: {
    histories: { type: "string", default: "100" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    workers: { type: "string", default: String(availableParallelism()) },
    lanes: { type: "string", default: "4" },
    replay: { type: "string" },
    repeat: { type: "string", default: "1" },
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
  const seeds = Array.from({ length: count }, (_, index) => seed + index);
  const began = Date.now();
  const totals = { histories: 0, violations: 0, commands: 0, requests: 0 };
  process.stdout.write(`${count} histories, seeds ${seed} to ${seed + count - 1}\n`);
  await Promise.all(
    Array.from({ length: Math.min(workers, count) }, (_, worker) =>
      live({ seeds: seeds.filter((_each, index) => index % workers === worker), lanes }, (report) => {
        totals.histories++;
        totals.commands += report.commands;
        totals.requests += report.requests;
        if (report.violations.length > 0) {
          totals.violations++;
          tell(report);
        }
        if (totals.histories % 500 === 0)
          process.stdout.write(`${totals.histories} histories so far, ${totals.violations} violations\n`);
      }),
    ),
  );
  const seconds = Math.round((Date.now() - began) / 1000);
  process.stdout.write(`${totals.commands} commands, ${totals.requests} requests, ${seconds} s\n`);
  process.stdout.write(`${totals.histories} histories, ${totals.violations} violations\n`);
  return totals.violations + (count - totals.histories);
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
function tell({ seed, violations, shrunk }: Report): void {
  const lines = [
    `\nhistory ${seed} fails: npm run campaign -- --histories 1 --seed ${seed}`,
    ...violations.map((each) => `  ${each}`),
    ...(shrunk === undefined
      ? []
      : [
          `  a shorter one, with ${shrunk.history.steps.length} steps; put this line into a file for --replay FILE:`,
          JSON.stringify(shrunk.history),
          ...shrunk.result.story.map((line) => `    ${line}`),
          ...shrunk.result.violations.map((each) => `  ${each}`),
        ]),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

/** Lives one history of a file through, again and again until it fails: the engine's order of steps is left to chance. */
async function replay(file: string): Promise<number> {
  const provider = new ProviderProcess();
  try {
    const history = JSON.parse(readFileSync(file, "utf8")) as History;
    let result = await runHistory(history, provider);
    for (let turn = 1; turn < Number(values.repeat) && result.violations.length === 0; turn++)
      result = await runHistory(history, provider);
    const { violations, story } = result;
    process.stdout.write(
      `${[...story, ...violations.map((each) => `VIOLATION ${each}`)].join("\n")}\n1 histories, ${violations.length} violations\n`,
    );
    return violations.length;
  } finally {
    provider.dispose();
  }
}
