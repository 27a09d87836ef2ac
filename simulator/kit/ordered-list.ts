const CHUNK_SIZE = 512;

interface Chunk<T> {
  items: T[];
  hidden: number;
}

/**
 * A list kept in ascending `seq`, cut into chunks so that appending, removing and reading a page anywhere stay cheap
 * with half a million items. Reading a page never sorts; the order of the items that stay never changes. Items can be
 * hidden: they are left out of one way of reading, whose pages are as cheap.
 */
export class OrderedList<T extends { readonly seq: number }> {
  readonly #chunks: Chunk<T>[] = [];
  readonly #isHidden: (item: T) => boolean;
  #size = 0;
  #hidden = 0;

  /** @param isHidden says whether an item is hidden; the list must be told when that changes. */
  constructor(isHidden: (item: T) => boolean = () => false) {
    this.#isHidden = isHidden;
  }

  /** How many items the list holds. */
  get size(): number {
    return this.#size;
  }

  /** The items that are not hidden. */
  get shown(): { readonly size: number; slice(offset: number, count: number): T[] } {
    return this.#hidden === 0
      ? this
      : { size: this.#size - this.#hidden, slice: (offset, count) => this.#slice(offset, count, false) };
  }

  /**
   * Adds an item at the end.
   *
   * @throws RangeError when its `seq` is not greater than the last one's.
   */
  append(item: T): void {
    let last = this.#chunks.at(-1);
    if (last !== undefined && last.items.at(-1)!.seq >= item.seq) {
      throw new RangeError("an ordered list only grows in ascending order");
    }
    if (last === undefined || last.items.length >= CHUNK_SIZE) {
      last = { items: [], hidden: 0 };
      this.#chunks.push(last);
    }
    last.items.push(item);
    this.#size += 1;
    if (this.#isHidden(item)) {
      this.#count(last, 1);
    }
  }

  /** Takes an item out; `false` when it was not in the list. Whether it is hidden must be as the list knows it. */
  remove(item: T): boolean {
    const at = this.#chunkOf(item);
    const chunk = this.#chunks[at];
    if (chunk === undefined) {
      return false;
    }
    const { items } = chunk;
    const position = lastAtMost(items.length, (index) => items[index]!.seq, item.seq);
    if (items[position] !== item) {
      return false;
    }
    items.splice(position, 1);
    if (this.#isHidden(item)) {
      this.#count(chunk, -1);
    }
    if (items.length === 0) {
      this.#chunks.splice(at, 1);
    }
    this.#size -= 1;
    return true;
  }

  /** Takes note that an item of the list is hidden from now on. */
  hide(item: T): void {
    this.#count(this.#chunks[this.#chunkOf(item)]!, 1);
  }

  /** Gives up to `count` items, the first of them being number `offset` (from 0). */
  slice(offset: number, count: number): T[] {
    return this.#slice(offset, count, true);
  }

  /** Walks the items in order. Do not change the list meanwhile. */
  *[Symbol.iterator](): IterableIterator<T> {
    for (const chunk of this.#chunks) {
      yield* chunk.items;
    }
  }

  #slice(offset: number, count: number, withHidden: boolean): T[] {
    const found: T[] = [];
    let skip = offset;
    for (const chunk of this.#chunks) {
      const readable = withHidden ? chunk.items.length : chunk.items.length - chunk.hidden;
      if (skip >= readable) {
        skip -= readable;
        continue;
      }
      const items = readable === chunk.items.length ? chunk.items : chunk.items.filter((item) => !this.#isHidden(item));
      for (let index = skip; index < items.length; index += 1) {
        if (found.length === count) {
          return found;
        }
        found.push(items[index]!);
      }
      skip = 0;
    }
    return found;
  }

  #chunkOf(item: T): number {
    return lastAtMost(this.#chunks.length, (index) => this.#chunks[index]!.items[0]!.seq, item.seq);
  }

  #count(chunk: Chunk<T>, hidden: number): void {
    chunk.hidden += hidden;
    this.#hidden += hidden;
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
