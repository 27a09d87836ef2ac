import { Refusal } from "../core/errors";
import type { Library } from "../core/library";
import type { World } from "../core/world";

const WINDOW_MS = 1000;
const recent = new WeakMap<Library, number[]>();

/**
 * Lets at most `maxRequestPerSecond` requests per library through in any second of real time. Refused requests do not
 * count. How the service measures is not documented; a sliding window never lets more through than the limit says.
 */
export function refuseTooFrequent(world: World, library: Library): void {
  const limit = world.settings.limits.maxRequestPerSecond;
  if (limit === undefined) {
    return;
  }
  const now = performance.now();
  const times = (recent.get(library) ?? []).filter((time) => now - time < WINDOW_MS);
  recent.set(library, times);
  if (times.length >= limit) {
    const headers: Record<string, string> =
      world.settings.readings["retry-after"] === "sent" ? { "Retry-After": "1" } : {};
    throw new Refusal(9646, { headers });
  }
  times.push(now);
}
