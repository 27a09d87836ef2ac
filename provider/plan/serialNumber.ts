import { trimInvisible } from "../oddCharacters";

/** A serial number as it is kept and compared: the service and people write it in either case, and spreadsheets leave blanks at its ends. */
export function normalizeSerialNumber(text: string): string {
  return trimInvisible(text).toUpperCase();
}
