import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Result } from "./compare";
import { realCli } from "./fixture";
import type { Judged } from "./table";

/** What the file of results holds: nothing that names the machine. */
export interface ResultsFile {
  readonly date: string;
  readonly node: string;
  readonly cli: string;
  readonly cores: number;
  readonly results: readonly (Result & Pick<Judged, "verdicts" | "growth">)[];
}

const identity = ({ job, size, engine }: Result): string => `${job}/${size} ${engine}`;

/** The results of an earlier bench; none if there is no such file. */
export function readResults(file: string): Result[] {
  if (!existsSync(file)) return [];
  const { results } = JSON.parse(readFileSync(file, "utf8")) as ResultsFile;
  return results.map(({ verdicts: _, growth: __, ...result }) => result);
}

/** New results in place of older ones of the same job, size and engine. */
export function merge(older: readonly Result[], newer: readonly Result[]): Result[] {
  const fresh = new Map(newer.map((result) => [identity(result), result]));
  const seen = new Set(older.map(identity));
  return [
    ...older.map((result) => fresh.get(identity(result)) ?? result),
    ...newer.filter((result) => !seen.has(identity(result))),
  ];
}

/** Writes all results down. */
export function writeResults(file: string, rows: readonly Judged[]): void {
  const content: ResultsFile = {
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    cli: cliVersion(),
    cores: availableParallelism(),
    results: rows.map(({ result, verdicts, growth }) => ({ ...result, verdicts, ...(growth && { growth }) })),
  };
  // More digits than can be measured would only make every line differ from the last bench's.
  const short = (_key: string, value: unknown): unknown =>
    typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
  const { results, ...head } = content;
  const lines = results.map((result) => `    ${JSON.stringify(result, short)}`);
  const start = JSON.stringify(head, short, 2).slice(0, -2);
  writeFileSync(file, `${start},\n  "results": [\n${lines.join(",\n")}\n  ]\n}\n`);
}

function cliVersion(): string {
  const cli = realCli();
  return cli === undefined
    ? "none"
    : execFileSync(join(cli.folder, "pulumi"), ["version"], { encoding: "utf8" }).trim();
}
