import { type Result, ratioOf } from "./compare";
import { type Figure, figureOf } from "./figures";
import type { Growth, Measured } from "./growth";
import type { Verdict } from "./guard";

/** A result with what is to be said about it. */
export interface Judged {
  readonly result: Result;
  readonly verdicts: readonly Verdict[];
  readonly growth?: Growth;
}

/** A time as people read it: three digits that mean something, and the unit that they fit. */
export function timeText(seconds: number): string {
  const digits = (value: number): string => value.toPrecision(value >= 100 ? Math.ceil(Math.log10(value + 1)) : 3);
  if (Math.abs(seconds) >= 1) return `${digits(seconds)} s`;
  if (Math.abs(seconds) >= 0.001) return `${digits(seconds * 1000)} ms`;
  return `${Math.round(seconds * 1_000_000)} µs`;
}

const spreadText = ({ median, min, max }: Measured): string =>
  `${timeText(median)} (${timeText(min)}–${timeText(max)})`;

const rounded = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(2));

const words: Readonly<Record<string, (value: string) => string>> = {
  ratio: (value) => `${value} ×`,
  seconds: (value) => `${value} s`,
  overMs: (value) => `${value} ms over floor`,
  hostCpu: (value) => `${value} s of host CPU over floor`,
  hostMemory: (value) => `${value} MB of host memory over floor`,
  requests: (value) => `${value} requests`,
  reads: (value) => `${value} reads`,
  growth: (value) => `growth ${value}`,
  "more:lists": (value) => `each list ${value} times in the state`,
  "more:targets": (value) => `${value} targets in writes`,
  "more:megabytes": (value) => `${value} MB`,
};

/** A figure with its name, such as `10 of assets/associate`. */
export function figureText(figure: Figure, value: number): string {
  return words[figure]?.(rounded(value)) ?? `${rounded(value)} of ${figure.replace(/^\w+:/, "")}`;
}

/** A budget in a few words. */
export const budgetText = ({ figure, limit, isExact }: Verdict): string =>
  `${isExact ? "" : "≤ "}${figureText(figure, limit)}`;

/** An exponent, and by which measure it is one. */
export function growthText({ by, value, ours, floor }: Growth): string {
  if (by === "own") return value.toFixed(2);
  return `${value.toFixed(2)} ${by} (${ours.toFixed(2)}, floor ${floor!.toFixed(2)})`;
}

/** The budgets that are not held, else those that people ask for first: times and memory before counts. */
function shownBudget(verdicts: readonly Verdict[]): string {
  const failed = verdicts.filter(({ ok }) => !ok);
  const shown = failed.length > 0 ? failed : verdicts.filter(({ figure }) => figure !== "growth");
  return shown.map(budgetText).join("; ");
}

const head = [
  "job",
  "engine",
  "ours",
  "floor",
  "ratio",
  "budget",
  "ok",
  "requests",
  "host memory over floor",
  "exponent",
];

function cells({ result, verdicts, growth }: Judged): string[] {
  const { job, size, engine, ours, floor } = result;
  const memory = figureOf("hostMemory", result, false);
  const ratio = ratioOf(result);
  return [
    `${job}/${size}`,
    engine,
    spreadText(ours.seconds),
    floor ? spreadText(floor.seconds) : "–",
    ratio === undefined ? "–" : ratio.toFixed(3),
    shownBudget(verdicts),
    verdicts.length === 0 ? "–" : verdicts.every(({ ok }) => ok) ? "yes" : "NO",
    String(figureOf("requests", result, false)),
    memory === undefined ? "–" : `${Math.round(memory)} MB`,
    growth ? growthText(growth) : "–",
  ];
}

/** All results as a table of plain text. */
export function tableOf(rows: readonly Judged[]): string {
  const lines = [head, ...rows.map(cells)];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  const format = (line: readonly string[]): string =>
    line
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join("  ")
      .trimEnd();
  return [format(head), widths.map((width) => "-".repeat(width)).join("  "), ...lines.slice(1).map(format)].join("\n");
}

/** Which budgets are not held, a line for each. */
export function failuresOf(rows: readonly Judged[]): string[] {
  return rows.flatMap(({ result: { job, size, engine }, verdicts }) =>
    verdicts
      .filter(({ ok }) => !ok)
      .map(
        (verdict) =>
          `${job}/${size} on ${engine}: ${figureText(verdict.figure, verdict.value)}, budget ${budgetText(verdict)}`,
      ),
  );
}
