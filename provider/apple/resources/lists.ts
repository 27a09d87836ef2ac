import type { Context, ReadResult } from "../../engine/kind";
import type { VppError } from "../../errors";
import { deadTokenStatus } from "../library/ownership/deadToken";

/**
 * The new list in the old one's order: what stays keeps its place, what is new fills the holes of what went, the rest follows. The engine
 * compares lists by position, so this is what keeps its diffs readable.
 */
export function inOldOrder<T>(olds: readonly T[] | undefined, news: readonly T[], keyOf: (item: T) => string): T[] {
  if (olds === undefined || olds.length === 0) return [...news];
  const incoming = new Map(news.map((item) => [keyOf(item), item]));
  const old = new Set(olds.map(keyOf));
  const fresh = news.filter((item) => !old.has(keyOf(item)));
  const kept: T[] = [];
  let placed = 0;
  for (const item of olds) {
    const next = incoming.get(keyOf(item)) ?? fresh[placed++];
    if (next !== undefined) kept.push(next);
  }
  return [...kept, ...fresh.slice(placed)];
}

/** Faults for values that stand twice in a list, by position; the values themselves are not told. Undefined ones don't count. */
export function repeats(place: string, keys: readonly (string | undefined)[]): string[] {
  const first = new Map<string, number>();
  const faults: string[] = [];
  keys.forEach((key, index) => {
    if (key === undefined) return;
    const before = first.get(key);
    if (before === undefined) first.set(key, index);
    else if (faults.length < 5) faults.push(`${place}[${index}] repeats ${place}[${before}]; name each only once`);
  });
  return faults;
}

/** The first few values and how many more there are: "A, B, C, D, E and 12 more". `count` says how many there are if the list is cut. */
export function someOf(values: readonly string[], count = values.length, most = 5): string {
  const shown = values.slice(0, most);
  const more = count - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}

/** A number with its noun: "1 licence", "3 licences", "2 people". */
export function plural(count: number, noun: string, many = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : many}`;
}

/**
 * Reads a resource; a content token that the service calls dead leaves the state as it was, with a note, because the VppToken shows that
 * drift and a refresh must not stop at it.
 */
export async function readUnlessDead<I, S>(
  context: Context,
  id: string,
  state: S,
  read: () => Promise<ReadResult<I, S>>,
): Promise<ReadResult<I, S>> {
  try {
    return await read();
  } catch (error) {
    if (deadTokenStatus(error) === undefined) throw error;
    const { reason } = error as VppError;
    context.note("dead", `not read, its state is as of the last time: ${reason}. Renew the token, then refresh again.`);
    return { id, state };
  }
}
