const prime = 1_000_003;

/**
 * The rank of a matrix of ones and zeros, counted modulo a prime and so never too high. Ones can't be put into fewer rectangles that don't
 * overlap than the rank, since each rectangle is a matrix of rank one.
 */
export function rankOf(rows: readonly ReadonlySet<number>[], columnCount: number): number {
  const left = rows.map((row) => Array.from({ length: columnCount }, (_, column): number => Number(row.has(column))));
  let rank = 0;
  for (let column = 0; column < columnCount; column++) {
    const pivot = left.findIndex((row, index) => index >= rank && row[column] !== 0);
    if (pivot < 0) continue;
    [left[rank], left[pivot]] = [left[pivot]!, left[rank]!];
    const inverse = power(left[rank]![column]!, prime - 2);
    for (let index = rank + 1; index < left.length; index++) {
      const factor = (left[index]![column]! * inverse) % prime;
      if (factor === 0) continue;
      for (let at = column; at < columnCount; at++)
        left[index]![at] = (left[index]![at]! + prime * prime - factor * left[rank]![at]!) % prime;
    }
    rank++;
  }
  return rank;
}

function power(base: number, exponent: number): number {
  let result = 1;
  for (let square = base % prime, left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = (result * square) % prime;
    square = (square * square) % prime;
  }
  return result;
}
