import { readFileSync } from "node:fs";
import { RunError } from "@pulumi/pulumi";
import { parse } from "csv-parse/sync";
import { departments } from "./departments";

/** The rows of a list, by department. */
export type ByDepartment = ReadonlyMap<string, readonly Readonly<Record<string, string>>[]>;

/**
 * Reads a list whose first row names the columns, one of which is `department`. Serial numbers and addresses are checked by the provider;
 * only what it can't know is checked here.
 */
export function readByDepartment(file: string, idColumn: string): ByDepartment {
  const rows: { record: Record<string, string>; info: { lines: number } }[] = parse(readFileSync(file), {
    columns: true,
    bom: true,
    trim: true,
    skip_empty_lines: true,
    info: true,
  });
  // A list that came out empty would be taken for everybody having left.
  if (rows.length === 0) throw new RunError(`${file} is empty but for its first row.`);
  const found = new Map<string, Record<string, string>[]>(Object.keys(departments).map((name) => [name, []]));
  for (const { record, info } of rows) {
    const of = found.get(record.department ?? "");
    if (of === undefined) {
      throw new RunError(`${file}, line ${info.lines}: departments.ts has no department "${record.department ?? ""}".`);
    }
    if (!record[idColumn]) throw new RunError(`${file}, line ${info.lines}: the column "${idColumn}" is empty.`);
    of.push(record);
  }
  return found;
}
