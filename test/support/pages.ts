import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths";

/** The cells of the tables of a page in `docs`, in order; the heading and the line below it are left out. */
export function tablesOf(page: string): string[][][] {
  const tables: string[][][] = [];
  let isTable = false;
  for (const line of readFileSync(join(root, "docs", page), "utf8").split("\n")) {
    const begins = line.startsWith("|") && !isTable;
    isTable = line.startsWith("|");
    if (begins) tables.push([]);
    if (isTable)
      tables.at(-1)!.push(
        line
          .split("|")
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );
  }
  return tables.map((rows) => rows.slice(2));
}
