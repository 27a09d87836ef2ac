import { crc32 } from "node:zlib";

const NEWLINE = 10;
const CHECKSUM_LENGTH = 8;

/**
 * A value as one line: the CRC-32 of its JSON text in 8 hexadecimal digits, a space, the text, and a line feed, which
 * JSON text never holds. A line without a line feed was not written to its end.
 */
export function encodeLine(value: unknown): Buffer {
  const text = JSON.stringify(value);
  return Buffer.from(`${checksum(Buffer.from(text, "utf8"))} ${text}\n`, "utf8");
}

/** The value of a line (without its line feed), or nothing when the line is not as it was written. */
export function decodeLine(line: Buffer): unknown {
  const text = line.subarray(CHECKSUM_LENGTH + 1);
  if (line.toString("latin1", 0, CHECKSUM_LENGTH + 1) !== `${checksum(text)} `) {
    return undefined;
  }
  try {
    return JSON.parse(text.toString("utf8")) as unknown;
  } catch {
    return undefined;
  }
}

/** The whole lines of a file with the offset just after each; what follows the last line feed is left out. */
export function* wholeLines(bytes: Buffer): IterableIterator<{ line: Buffer; end: number }> {
  let begin = 0;
  for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, begin)) {
    yield { line: bytes.subarray(begin, end), end: end + 1 };
    begin = end + 1;
  }
}

function checksum(bytes: Buffer): string {
  return crc32(bytes).toString(16).padStart(CHECKSUM_LENGTH, "0");
}
