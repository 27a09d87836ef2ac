import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { RunError } from "@pulumi/pulumi";
import { CsvError, parse } from "csv-parse/sync";

/** One person: an id of your own, and how to reach him. */
export interface Person {
  clientUserId: string;
  email?: string;
  managedAppleId?: string;
}

/** One row of a file: its fields by column, and the line it is on. */
interface Row {
  line: number;
  fields: Record<string, string | undefined>;
}

/** Reads serial numbers from the column `serialNumber` of a CSV file beside this one. */
export function readDevices(file: string): string[] {
  const rows = readRows(file, "serialNumber").map(({ line, fields }) => {
    const serialNumber = fields.serialNumber!.toUpperCase();
    if (!/^[A-Z0-9]{8,14}$/.test(serialNumber))
      throw new RunError(`${file}, line ${line}: this is no serial number (8 to 14 letters or digits).`);
    return { line, serialNumber };
  });
  refuseRepeats(file, rows, ({ serialNumber }) => serialNumber);
  return rows.map(({ serialNumber }) => serialNumber);
}

/** Reads people from the columns `clientUserId`, `email` and `managedAppleId`; the last two may be absent or empty. */
export function readPeople(file: string): Person[] {
  const rows = readRows(file, "clientUserId");
  refuseRepeats(file, rows, ({ fields }) => fields.clientUserId!);
  return rows.map(({ line, fields }) => {
    const person: Person = { clientUserId: fields.clientUserId! };
    for (const column of ["email", "managedAppleId"] as const) {
      const address = fields[column];
      if (!address) continue;
      if (!/^[^@\s]+@[^@\s]+$/.test(address)) throw new RunError(`${file}, line ${line}: ${column} is no address.`);
      person[column] = address;
    }
    return person;
  });
}

/** Reads the ids of people from the column `clientUserId`. */
export function readIds(file: string): string[] {
  const rows = readRows(file, "clientUserId");
  refuseRepeats(file, rows, ({ fields }) => fields.clientUserId!);
  return rows.map(({ fields }) => fields.clientUserId!);
}

/** All rows that hold anything. Messages name lines and never what stands there, since that can be a person. */
function readRows(file: string, needed: string): Row[] {
  const rows: Row[] = [];
  let columns: string[] = [];
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(resolve(__dirname, file)));
    parse(text, {
      columns: (names: string[]) => {
        columns = names.map((name) => name.trim());
        return columns;
      },
      // Spreadsheets in many countries write semicolons.
      delimiter: [",", ";", "\t"],
      trim: true,
      skip_empty_lines: true,
      on_record: (record: Record<string, string>, { lines }) => {
        const fields = Object.entries(record).map(([name, field]) => [name, plain(field)] as const);
        if (fields.some(([, field]) => field !== "")) rows.push({ line: lines, fields: Object.fromEntries(fields) });
      },
    });
  } catch (error) {
    throw new RunError(`${file} can't be read: ${reasonOf(error)}`);
  }
  if (!columns.includes(needed))
    throw new RunError(`${file} has no column ${needed}; its first row must name the columns.`);
  // An empty list would take the licences from everybody; an assignment that nobody needs is taken out of the program instead.
  if (rows.length === 0) throw new RunError(`${file} holds nothing but its first row.`);
  const empty = rows.find(({ fields }) => !fields[needed]);
  if (empty !== undefined) throw new RunError(`${file}, line ${empty.line}: ${needed} is empty.`);
  return rows;
}

/** A spreadsheet takes a field that begins with =, +, - or @ for a formula; an apostrophe before it says that it is text. */
function plain(field: string): string {
  return field.startsWith("'") ? field.slice(1) : field;
}

function reasonOf(error: unknown): string {
  if (error instanceof CsvError) return `the rows and columns are not in order (${error.code}, line ${error.lines}).`;
  const { code } = error as NodeJS.ErrnoException;
  return code === "ERR_ENCODING_INVALID_ENCODED_DATA" ? 'it is not UTF-8; export it as "CSV UTF-8".' : `${code}.`;
}

function refuseRepeats<R extends { line: number }>(file: string, rows: readonly R[], keyOf: (row: R) => string): void {
  const lines = new Map<string, number>();
  for (const row of rows) {
    const before = lines.get(keyOf(row));
    if (before !== undefined) throw new RunError(`${file}, line ${row.line}: the same as in line ${before}.`);
    lines.set(keyOf(row), row.line);
  }
}
