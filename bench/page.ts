import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../test/support/paths";
import { type Result, ratioOf } from "./compare";
import { figureOf } from "./figures";
import type { ResultsFile } from "./results";
import { growthText, timeText } from "./table";

/** The page for people, whose tables are these results. */
export const pageFile = join(root, "docs/performance.md");

type Row = ResultsFile["results"][number];

const marks = { begin: "<!-- figures -->", end: "<!-- end of figures -->" } as const;

const table = (lines: readonly (readonly string[])[]): string => {
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  const format = (line: readonly string[]): string =>
    `| ${line.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")} |`;
  const [head, ...rows] = lines;
  return [format(head!), `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...rows.map(format)].join("\n");
};

/** The results of the largest size of each job, since budgets are about that. */
function atFullSize(rows: readonly Row[]): Row[] {
  const largest = new Map<string, number>();
  for (const { job, size } of rows) largest.set(job, Math.max(largest.get(job) ?? 0, size));
  return rows.filter(({ job, size }) => size === largest.get(job));
}

const jobName = ({ job, size }: Result): string => `\`${job}/${size}\``;

function besideFloor(row: Row | undefined): string {
  if (row === undefined) return "–";
  const { ours, floor } = row;
  if (floor === undefined) return timeText(ours.seconds.median);
  return `${timeText(ours.seconds.median)} / ${timeText(floor.seconds.median)} = ${ratioOf(row)!.toFixed(2)}`;
}

const memoryOf = (row: Row): string => {
  const megabytes = figureOf("hostMemory", row, false);
  return megabytes === undefined ? "–" : `${Math.round(megabytes)} MB`;
};

const cpuOf = (row: Row): string => {
  const seconds = figureOf("hostCpu", row, false);
  return seconds === undefined ? "–" : timeText(Math.max(0, seconds));
};

/** The tables of the page: what stands beside its floor on each engine, and what runs by itself. */
export function tablesOf({ results }: Pick<ResultsFile, "results">): string {
  const full = atFullSize(results);
  const jobs = [...new Set(full.map(({ job }) => job))];
  const on = (job: string, engine: string): Row | undefined =>
    full.find((row) => row.job === job && row.engine === engine);
  const engineHead = ["job/size", "local engine", "Pulumi CLI", "requests", "host CPU", "host memory", "growth"];
  const engineRows = jobs.flatMap((job): string[][] => {
    const local = on(job, "local engine");
    const cli = on(job, "Pulumi CLI");
    const row = cli ?? local;
    if (row === undefined) return [];
    const growth = row.growth ? growthText(row.growth) : "–";
    const requests = String(figureOf("requests", row, false));
    return [[jobName(row), besideFloor(local), besideFloor(cli), requests, cpuOf(row), memoryOf(row), growth]];
  });
  const aloneHead = ["job/size", "ours / floor", "requests", "growth"];
  const aloneRows = jobs.flatMap((job): string[][] => {
    const row = on(job, "none");
    if (row === undefined) return [];
    const growth = row.growth ? growthText(row.growth) : "–";
    return [[jobName(row), besideFloor(row), String(figureOf("requests", row, false)), growth]];
  });
  return `${table([engineHead, ...engineRows])}\n\n${table([aloneHead, ...aloneRows])}`;
}

/** A page with its figures in place of those that it has. */
export function withFigures(page: string, file: ResultsFile): string {
  const [before, rest] = page.split(marks.begin);
  const after = rest?.split(marks.end)[1];
  if (after === undefined) throw new Error(`The page has no place for figures, from ${marks.begin} to ${marks.end}.`);
  const failed = file.results.flatMap(({ verdicts }) => verdicts).filter(({ ok }) => !ok).length;
  const cli = file.cli === "none" ? "no Pulumi CLI" : `the Pulumi CLI ${file.cli}`;
  const source = `Measured on ${file.date} with Node ${file.node}, ${cli} and ${file.cores} cores; budgets not held: ${failed}.`;
  return `${before}${marks.begin}\n\n${source}\n\n${tablesOf(file)}\n\n${marks.end}${after}`;
}

/** Writes the figures of a file of results into the page. */
export function writePage(resultsFile: string): void {
  const file = JSON.parse(readFileSync(resultsFile, "utf8")) as ResultsFile;
  writeFileSync(pageFile, withFigures(readFileSync(pageFile, "utf8"), file));
}
