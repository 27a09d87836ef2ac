import { Bits } from "./bits";

/** Which rows have a mark in which columns. Rectangles and matrices of one grouping share their numbers of rows and columns. */
export class Matrix {
  /** The rows that have a mark, with their columns; none is empty. */
  readonly rows: ReadonlyMap<number, Bits>;

  constructor(
    rows: Iterable<readonly [number, Bits]>,
    readonly rowCount: number,
    readonly columnCount: number,
  ) {
    this.rows = new Map([...rows].filter(([, columns]) => !columns.isEmpty));
  }

  /** The same with rows and columns exchanged. */
  get transposed(): Matrix {
    const columns = new Map<number, number[]>();
    for (const [row, marked] of this.rows)
      for (const column of marked.members) {
        const rows = columns.get(column);
        if (rows === undefined) columns.set(column, [row]);
        else rows.push(row);
      }
    const sorted = [...columns].sort(([a], [b]) => a - b);
    const bits = sorted.map(([column, rows]) => [column, Bits.of(this.rowCount, rows)] as const);
    return new Matrix(bits, this.columnCount, this.rowCount);
  }

  /** The parts that share neither a row nor a column. */
  get components(): Matrix[] {
    const byColumn = this.transposed.rows;
    const seen = new Set<number>();
    const parts: Matrix[] = [];
    for (const start of this.rows.keys()) {
      if (seen.has(start)) continue;
      seen.add(start);
      const part = [start];
      const columns = new Set<number>();
      // The list grows while it is walked.
      for (const row of part)
        for (const column of this.rows.get(row)!.members) {
          if (columns.has(column)) continue;
          columns.add(column);
          for (const other of byColumn.get(column)!.members) {
            if (seen.has(other)) continue;
            seen.add(other);
            part.push(other);
          }
        }
      part.sort((a, b) => a - b);
      parts.push(
        new Matrix(
          part.map((row) => [row, this.rows.get(row)!] as const),
          this.rowCount,
          this.columnCount,
        ),
      );
    }
    return parts;
  }
}
