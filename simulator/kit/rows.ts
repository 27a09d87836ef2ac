const PIECE_LENGTH = 64 * 1024;

/** A list whose rows are only made while they are written, so that a long one never exists as a whole. */
export class Rows<T> {
  readonly #items: Iterable<T>;
  readonly #row: (item: T) => object;

  constructor(items: Iterable<T>, row: (item: T) => object) {
    this.#items = items;
    this.#row = row;
  }

  *[Symbol.iterator](): IterableIterator<object> {
    for (const item of this.#items) {
      yield this.#row(item);
    }
  }
}

/** The same value with all rows made. */
export function withRows(value: unknown): unknown {
  if (value instanceof Rows) {
    return [...(value as Rows<unknown>)];
  }
  if (Array.isArray(value)) {
    return value.map(withRows);
  }
  return isPlain(value)
    ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withRows(each)]))
    : value;
}

/**
 * A value as the bytes of its JSON text, in pieces.
 *
 * @param clean is applied to every piece. Pieces never end within a row or a field that is not a list.
 */
export function jsonPieces(value: unknown, clean: (text: string) => string): Buffer[] {
  const pieces: Buffer[] = [];
  let text = "";
  write(value, (part) => {
    text += part;
    if (text.length >= PIECE_LENGTH) {
      pieces.push(Buffer.from(clean(text), "utf8"));
      text = "";
    }
  });
  pieces.push(Buffer.from(clean(text), "utf8"));
  return pieces;
}

type Out = (part: string) => void;

function write(value: unknown, out: Out): void {
  if (value instanceof Rows) {
    writeList(value as Rows<unknown>, out, (row) => JSON.stringify(row));
  } else if (Array.isArray(value)) {
    writeList(value, out, (item) => {
      write(item, out);
      return "";
    });
  } else if (isPlain(value)) {
    let before = "{";
    for (const [name, each] of Object.entries(value)) {
      if (each !== undefined) {
        out(`${before}${JSON.stringify(name)}:`);
        write(each, out);
        before = ",";
      }
    }
    out(before === "{" ? "{}" : "}");
  } else {
    out(JSON.stringify(value));
  }
}

/** Writes a list; of each item, the text that `row` gives follows what `row` itself wrote. */
function writeList(list: Iterable<unknown>, out: Out, row: (item: unknown) => string): void {
  let before = "[";
  for (const item of list) {
    out(before);
    out(row(item));
    before = ",";
  }
  out(before === "[" ? "[]" : "]");
}

function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
