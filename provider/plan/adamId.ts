import { trimInvisible } from "../oddCharacters";

/** A product's number as it is kept and compared, without what spreadsheets leave at its ends. */
export function normalizeAdamId(text: string): string {
  return trimInvisible(text);
}
