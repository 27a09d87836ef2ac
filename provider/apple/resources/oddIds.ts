import { oddCharactersIn } from "../../oddCharacters";

/**
 * Faults for ids with a blank at an end, or with a character that nobody sees. An id is compared as it is, so that it would never be found
 * under the id that is meant. What the state holds already stays as it is; the ids themselves are not told.
 */
export function oddIds(place: string, ids: unknown, olds: readonly string[] = [], field = ""): string[] {
  if (!Array.isArray(ids)) return [];
  let known: ReadonlySet<string> | undefined;
  const faults: string[] = [];
  for (const [index, id] of (ids as readonly unknown[]).entries()) {
    const odd = typeof id === "string" ? oddCharactersIn(id) : [];
    if (odd.length === 0 || faults.length >= 5) continue;
    known ??= new Set(olds);
    if (!known.has(id as string)) faults.push(faultOf(`${place}[${index}]${field}`, odd));
  }
  return faults;
}

/** The same for one id that is an input by itself. */
export function oddId(place: string, id: unknown, old: unknown): string[] {
  const odd = typeof id === "string" && id !== old ? oddCharactersIn(id) : [];
  return odd.length === 0 ? [] : [faultOf(place, odd)];
}

function faultOf(place: string, odd: readonly string[]): string {
  return `${place} must have no blank at its ends and no invisible character; it holds ${odd.slice(0, 5).join(", ")}`;
}
