import type { Bits } from "./bits";
import type { Matrix } from "./matrix";

/** Columns that are all marked in all of these rows. */
export interface Block {
  readonly columns: Bits;
  readonly rows: number[];
}

/** What becomes of a row that the blocks so far can't make up: it is a block by itself, or only what is left of it is one. */
export type Rest = "whole" | "remainder";

/** How long the search for a combination may take, in steps for each row. */
const patience = 400;

/**
 * Takes a matrix apart into blocks that hold each mark exactly once: every row becomes a combination of blocks of smaller rows where it can be
 * one, and a block of its own where it can't. There are never more blocks than different rows; undefined if there would be more than `most`.
 */
export function eliminate(matrix: Matrix, rest: Rest, most: number): Block[] | undefined {
  const blocks: Block[] = [];
  const sized = [...matrix.rows].map(([row, columns]) => ({ row, columns, size: columns.size }));
  for (const { row, columns } of sized.sort((a, b) => a.size - b.size || a.row - b.row)) {
    const inside = blocks.filter((block) => block.columns.isSubsetOf(columns));
    const exact = combine(inside, columns);
    if (exact !== undefined) {
      for (const block of exact) block.rows.push(row);
      continue;
    }
    let left = columns;
    for (const block of rest === "remainder" ? inside.toReversed() : []) {
      if (!block.columns.isSubsetOf(left)) continue;
      left = left.without(block.columns);
      block.rows.push(row);
    }
    if (!left.isEmpty) blocks.push({ columns: left, rows: [row] });
    if (blocks.length > most) return undefined;
  }
  return blocks;
}

/** Blocks that have nothing in common and together are these columns, if there are such and they are found in time. */
function combine(blocks: readonly Block[], columns: Bits): readonly Block[] | undefined {
  let steps = patience;
  const search = (left: Bits): Block[] | undefined => {
    const first = left.first;
    if (first < 0) return [];
    // What covers most is tried first; the newest blocks are the largest.
    for (const block of blocks.toReversed()) {
      if (!block.columns.has(first) || !block.columns.isSubsetOf(left)) continue;
      if (steps-- <= 0) return undefined;
      const others = search(left.without(block.columns));
      if (others !== undefined) return [block, ...others];
    }
    return undefined;
  };
  return search(columns);
}
