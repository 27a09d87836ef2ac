import { readFileSync } from "node:fs";
import { RunError } from "@pulumi/pulumi";

/** One row of a table: its fields by column, and the line it begins on, for messages. */
export interface Row {
  readonly line: number;
  /** A field by its column's name; capitals, spaces and dots in names make no difference. Empty if there is no such column. */
  field(column: string): string;
}

/** Reads a table whose first row names the columns: commas, semicolons or tabs, quoted fields, any line ends, with or without a BOM. */
export function readTable(file: string, neededColumns: readonly string[]): Row[] {
  const [head, ...rows] = splitTable(file, readText(file));
  if (head === undefined) throw new RunError(`${file} is empty.`);
  const places = new Map(head.fields.map((name, place) => [plain(name), place]));
  for (const column of neededColumns) {
    if (places.has(plain(column))) continue;
    throw new RunError(`${file} has no column "${column}". Its first row must name the columns.`);
  }
  return rows.map(({ line, fields }) => {
    if (fields.length !== head.fields.length) {
      const widths = `${fields.length} fields, where the first row has ${head.fields.length}`;
      throw new RunError(`${file}, line ${line}: ${widths}. A separator inside a field needs quotes around the field.`);
    }
    return { line, field: (column) => fields[places.get(plain(column)) ?? -1]?.trim() ?? "" };
  });
}

function readText(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new RunError(`${file} can't be read (${(error as NodeJS.ErrnoException).code}).`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new RunError(`${file} is not UTF-8 text. Export it again as "CSV UTF-8".`);
  }
}

/** All rows that hold anything. */
function splitTable(file: string, given: string): { line: number; fields: string[] }[] {
  const text = given.replace(/[\r\n]*$/, "\n");
  const separator = separatorOf(text);
  // Each match is one field, quoted or bare, and what ends it.
  const quotedOrBare = `"([^"]*(?:""[^"]*)*)"|([^"${separator}\\r\\n][^${separator}\\r\\n]*|)`;
  const fieldAndEnd = new RegExp(`(?:${quotedOrBare})(${separator}|\\r\\n|\\n|\\r)`, "y");
  const rows: { line: number; fields: string[] }[] = [];
  let fields: string[] = [];
  let line = 1;
  let start = 1;
  while (fieldAndEnd.lastIndex < text.length) {
    const match = fieldAndEnd.exec(text);
    if (match === null)
      throw new RunError(`${file}, line ${line}: a quotation mark is open or stands in the wrong place.`);
    const [whole, quoted, bare = "", end] = match;
    fields.push(quoted?.replaceAll('""', '"') ?? bare);
    line += whole.match(/\r\n|\n|\r/g)?.length ?? 0;
    if (end === separator) continue;
    if (fields.some((field) => field.trim() !== "")) rows.push({ line: start, fields });
    fields = [];
    start = line;
  }
  return rows;
}

/** The separator that the first line has most of; spreadsheets in many countries write semicolons. */
function separatorOf(text: string): string {
  const head = text.split(/[\r\n]/, 1)[0] ?? "";
  const count = (separator: string) => head.split(separator).length;
  return [",", ";", "\t"].reduce((best, next) => (count(next) > count(best) ? next : best));
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}
