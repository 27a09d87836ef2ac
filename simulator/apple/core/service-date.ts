/** A date as the service writes it: ISO 8601 in UTC with an offset that has no colon, `2030-11-08T22:33:22+0000`. */
export function serviceDate(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}+0000`;
}
