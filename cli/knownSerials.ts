import { readFile } from "node:fs/promises";
import { parse } from "csv-parse/sync";
import { VppError } from "../provider/errors";
import { normalizeSerialNumber } from "../provider/plan/serialNumber";
import { redact } from "../provider/redact";

/** What the exports of device managements call the column, without anything but letters. */
const columnNames = new Set([
  "serial",
  "serials",
  "serialno",
  "serialnr",
  "serialnumber",
  "serialnumbers",
  "deviceserial",
  "deviceserialnumber",
  "hardwareserial",
  "hardwareserialnumber",
]);
const serialLike = /^[A-Z0-9]{8,14}$/;

/** Reads the serial numbers of a CSV file: those of its serial number column, or all of a file that has but one column. */
export async function readKnownSerials(file: string): Promise<ReadonlySet<string>> {
  const rows = rowsOf(await textOf(file), file);
  const header = rows[0] ?? [];
  const column = header.findIndex((name) => columnNames.has(name.toLowerCase().replace(/[^a-z]/g, "")));
  const isPlainList = column < 0 && rows.every((row) => row.length === 1);
  if (column < 0 && !isPlainList) {
    const names = header.slice(0, 8).map((name) => JSON.stringify(redact(name).slice(0, 30)));
    throw unusable(file, `none of its columns is called a serial number; the first line has ${names.join(", ")}`);
  }
  const values = isPlainList ? rows.map(([value]) => value) : rows.slice(1).map((row) => row[column]);
  const serials = new Set(values.map((value) => normalizeSerialNumber(value ?? "")).filter((value) => value !== ""));
  if (![...serials].some((serial) => serialLike.test(serial)))
    throw unusable(file, "nothing in it looks like a serial number, which has 8 to 14 letters and digits");
  return serials;
}

function rowsOf(text: string, file: string): string[][] {
  try {
    return parse(text, {
      bom: true,
      delimiter: delimiterOf(text),
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      trim: true,
    });
  } catch (error) {
    throw unusable(file, `it is no CSV file (${(error as { code?: string }).code ?? "it can't be read"})`);
  }
}

/** Whatever the first line has most of: spreadsheets of some countries part columns with semicolons, others are copied with tabs. */
function delimiterOf(text: string): string {
  const firstLine = text.slice(0, text.search(/[\r\n]|$/));
  const count = (mark: string): number => firstLine.split(mark).length;
  return [",", ";", "\t"].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}

async function textOf(file: string): Promise<string> {
  try {
    const bytes = await readFile(file);
    // Spreadsheets write “Unicode text” so.
    return bytes[0] === 0xff && bytes[1] === 0xfe ? bytes.toString("utf16le") : bytes.toString("utf8");
  } catch (error) {
    throw unusable(file, `it can't be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

function unusable(file: string, why: string): VppError {
  return new VppError("VPP_INPUT_INVALID", `the file ${file} can't be used for --known-serials: ${why}`, {
    remedy: "Give a CSV file with a column “Serial number”, or with serial numbers and nothing else.",
  });
}
