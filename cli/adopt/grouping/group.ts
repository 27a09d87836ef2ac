import { Bits } from "./bits";
import { type Block, eliminate, type Rest } from "./eliminate";
import { Matrix } from "./matrix";

/** Every one of `apps` is held by every one of `targets`. */
export interface Group {
  readonly apps: readonly string[];
  readonly targets: readonly string[];
}

/**
 * Puts what is held into groups that hold each pair exactly once, in as few groups as are found: the plan refuses a pair that two assignments
 * declare, so groups must not overlap. Targets with the same apps always stay together, and so do apps with the same targets. Where a
 * target's apps are those of several groups it is in all of them, if that makes fewer. The result depends on nothing but what is held; groups,
 * apps and targets come in the order of the apps that are given, and of the targets' own text.
 */
export function groupHoldings(apps: readonly string[], holders: ReadonlyMap<string, Iterable<string>>): Group[] {
  const byTarget = new Map<string, number[]>();
  apps.forEach((app, index) => {
    for (const target of holders.get(app) ?? []) {
      const held = byTarget.get(target);
      if (held === undefined) byTarget.set(target, [index]);
      else held.push(index);
    }
  });
  const targets = [...byTarget.keys()].sort();
  const rows = alike(targets, (target) => byTarget.get(target)!);
  const rowsOf = apps.map((): number[] => []);
  rows.forEach(({ key }, row) => {
    for (const app of key) rowsOf[app]!.push(row);
  });
  const held = [...apps.keys()].filter((app) => rowsOf[app]!.length > 0);
  const columns = alike(held, (app) => rowsOf[app]!);
  const columnOf = new Map(columns.flatMap(({ members }, column) => members.map((app) => [app, column] as const)));
  const matrix = new Matrix(
    rows.map(
      ({ key }, row) =>
        [
          row,
          Bits.of(
            columns.length,
            key.map((app) => columnOf.get(app)!),
          ),
        ] as const,
    ),
    rows.length,
    columns.length,
  );
  const found = solve(matrix).map((block) => ({
    indices: block.columns.members.flatMap((column) => columns[column]!.members).sort((a, b) => a - b),
    targets: block.rows.flatMap((row) => rows[row]!.members).sort(),
  }));
  found.sort((a, b) => compareLists(a.indices, b.indices) || (a.targets[0]! < b.targets[0]! ? -1 : 1));
  return found.map(({ indices, targets: members }) => ({
    apps: indices.map((index) => apps[index]!),
    targets: members,
  }));
}

/** Items with equal keys together, in the order in which they first occur. */
function alike<T>(
  items: readonly T[],
  keyOf: (item: T) => readonly number[],
): { key: readonly number[]; members: T[] }[] {
  const classes = new Map<string, { key: readonly number[]; members: T[] }>();
  for (const item of items) {
    const key = keyOf(item);
    const text = key.join(" ");
    const known = classes.get(text);
    if (known === undefined) classes.set(text, { key, members: [item] });
    else known.members.push(item);
  }
  return [...classes.values()];
}

const ways: readonly (readonly ["rows" | "columns", Rest])[] = [
  ["rows", "whole"],
  ["rows", "remainder"],
  ["columns", "whole"],
  ["columns", "remainder"],
];

/** Blocks that hold each mark once: for each part that stands alone, the best of several ways. Of equal ways the earlier one wins. */
function solve(matrix: Matrix): Block[] {
  return matrix.components.flatMap((part) => {
    const other = part.transposed;
    // One of the two sides always comes to this many, so that a way which needs more is not followed to its end.
    const most = Math.min(part.rows.size, other.rows.size);
    const found = ways.flatMap(([side, rest]) => {
      const blocks = eliminate(side === "rows" ? part : other, rest, most);
      return blocks === undefined ? [] : [side === "rows" ? blocks : flip(blocks, part)];
    });
    return merged(
      found.reduce((best, next) => (next.length < best.length ? next : best)),
      part,
    );
  });
}

/** Blocks of a transposed matrix as blocks of the matrix itself. */
function flip(blocks: readonly Block[], { columnCount }: Matrix): Block[] {
  return blocks.map(({ columns, rows }) => ({ columns: Bits.of(columnCount, rows), rows: columns.members }));
}

/** The same marks with blocks put together that have the same rows or the same columns, until there are no more. */
function merged(blocks: readonly Block[], matrix: Matrix): Block[] {
  const { columnCount } = matrix;
  const sorted = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b);
  const byRows = alike(blocks, ({ rows }) => sorted(rows)).map(({ key, members }) => ({
    rows: [...key],
    columns: Bits.of(
      columnCount,
      members.flatMap(({ columns }) => columns.members),
    ),
  }));
  const byColumns = alike(byRows, ({ columns }) => columns.members).map(({ key, members }) => ({
    rows: sorted(members.flatMap(({ rows }) => rows)),
    columns: Bits.of(columnCount, key),
  }));
  return byColumns.length < blocks.length ? merged(byColumns, matrix) : byColumns;
}

function compareLists(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? a.length - b.length : (a[at] ?? 0) - (b[at] ?? Number.POSITIVE_INFINITY);
}
