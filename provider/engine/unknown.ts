/** The text that stands for a value that a preview does not know yet. The engine's wire format fixes it. */
export const unknownMarker = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether this value itself is not known yet. */
export function isUnknown(value: unknown): boolean {
  return value === unknownMarker;
}

/** Whether this value, or anything in it, is not known yet. */
export function hasUnknown(value: unknown): boolean {
  if (isUnknown(value)) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return typeof value === "object" && value !== null && Object.values(value).some(hasUnknown);
}
