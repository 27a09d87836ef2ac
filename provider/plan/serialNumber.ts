/** A serial number as it is kept and compared: the service and people write it in either case. */
export function normalizeSerialNumber(text: string): string {
  return text.trim().toUpperCase();
}
