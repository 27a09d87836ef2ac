import type { CheckContext } from "../../engine/kind";
import { hasUnknown } from "../../engine/unknown";
import { isVppError } from "../../errors";
import { oddCharactersIn } from "../../oddCharacters";
import type { TokenRef } from "./tokenRef";

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

/**
 * Those ids with such characters that somebody of the library has exactly so: whoever takes a living library over finds what others have written
 * there. Asks the service only where there is such an id.
 */
export async function oddIdsInUse(
  { libraries }: CheckContext,
  token: TokenRef,
  ids: unknown,
  olds: readonly string[] = [],
): Promise<string[]> {
  if (!Array.isArray(ids) || hasUnknown(token)) return [];
  const known = new Set(olds);
  const odd = (ids as readonly unknown[]).filter(
    (id): id is string => typeof id === "string" && !known.has(id) && oddCharactersIn(id).length > 0,
  );
  if (odd.length === 0) return [];
  try {
    const active = new Set((await libraries.open(token).activeUsers()).map(({ clientUserId }) => clientUserId));
    return odd.filter((id) => active.has(id));
  } catch (error) {
    if (!isVppError(error)) throw error;
    return [];
  }
}

/** Faults for one id that is an input by itself. */
export function oddId(place: string, id: unknown, old: unknown): string[] {
  const odd = typeof id === "string" && id !== old ? oddCharactersIn(id) : [];
  return odd.length === 0 ? [] : [faultOf(place, odd)];
}

function faultOf(place: string, odd: readonly string[]): string {
  return `${place} must have no blank at its ends and no invisible character; it holds ${odd.slice(0, 5).join(", ")}`;
}
