import { stringify } from "csv-stringify/sync";
import type { UserInput } from "../../provider/apple/resources/userSet/types";

/** Serial numbers as a file of the project. */
export function devicesCsv(serialNumbers: readonly string[]): string {
  return table(
    ["serialNumber"],
    serialNumbers.map((serial) => [serial]),
  );
}

/** People as a file of the project. */
export function peopleCsv(people: readonly UserInput[]): string {
  return table(
    ["clientUserId", "email"],
    people.map(({ clientUserId, email = "" }) => [clientUserId, email]),
  );
}

/** Ids of people as a file of the project. */
export function idsCsv(ids: readonly string[]): string {
  return table(
    ["clientUserId"],
    ids.map((id) => [id]),
  );
}

/** What the project's own reader gives back unchanged: it takes commas, semicolons and tabs, and trims what is not quoted. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return stringify([head, ...rows.map((row) => row.map(guarded))], { quoted_match: [/^\s|\s$|[;\t]/] });
}

/** A spreadsheet would run what begins like a formula; the apostrophe makes it text, there as in the reader. */
function guarded(field: string): string {
  return /^['=+\-@＝＋－＠]/.test(field) ? `'${field}` : field;
}
