const CHUNK_SIZE = 512;

/**
 * A list kept in ascending `seq`, cut into chunks so that appending, removing and reading a page anywhere stay cheap
 * with half a million items. Reading a page never sorts; the order of the items that stay never changes.
 */
export class OrderedList<T extends { readonly seq: number }> {
  readonly #chunks: T[][] = [];
  #size = 0;

  /** How many items the list holds. */
  get size(): number {
    return this.#size;
  }

  /**
   * Adds an item at the end.
   *
   * @throws RangeError when its `seq` is not greater than the last one's.
   */
  append(item: T): void {
    const last = this.#chunks.at(-1);
    if (last !== undefined && last.at(-1)!.seq >= item.seq) {
      throw new RangeError("an ordered list only grows in ascending order");
    }
    if (last === undefined || last.length >= CHUNK_SIZE) {
      this.#chunks.push([item]);
    } else {
      last.push(item);
    }
    this.#size += 1;
  }

  /** Takes an item out; `false` when it was not in the list. */
  remove(item: T): boolean {
    const at = lastAtMost(this.#chunks.length, (index) => this.#chunks[index]![0]!.seq, item.seq);
    const chunk = this.#chunks[at];
    if (chunk === undefined) {
      return false;
    }
    const position = lastAtMost(chunk.length, (index) => chunk[index]!.seq, item.seq);
    if (chunk[position] !== item) {
      return false;
    }
    chunk.splice(position, 1);
    if (chunk.length === 0) {
      this.#chunks.splice(at, 1);
    }
    this.#size -= 1;
    return true;
  }

  /** Gives up to `count` items, the first of them being number `offset` (from 0). */
  slice(offset: number, count: number): T[] {
    const found: T[] = [];
    let skip = offset;
    for (const chunk of this.#chunks) {
      if (skip >= chunk.length) {
        skip -= chunk.length;
        continue;
      }
      for (let index = skip; index < chunk.length; index += 1) {
        if (found.length === count) {
          return found;
        }
        found.push(chunk[index]!);
      }
      skip = 0;
    }
    return found;
  }

  /** Walks the items in order. Do not change the list meanwhile. */
  *[Symbol.iterator](): IterableIterator<T> {
    for (const chunk of this.#chunks) {
      yield* chunk;
    }
  }
}

function lastAtMost(length: number, seqAt: (index: number) => number, seq: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (seqAt(middle) <= seq) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low - 1;
}
