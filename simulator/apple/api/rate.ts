import { Refusal } from "../core/errors";
import { enforcedLimit } from "../core/limits";
import type { ContentToken } from "../core/tokens";
import type { World } from "../core/world";

const WINDOW_MS = 1000;
const recent = new WeakMap<object, number[]>();

/**
 * Lets at most `maxRequestPerSecond` requests through in a second of real time. How the service measures is not
 * documented; a window that slides never lets more through than the limit says.
 */
export function refuseTooFrequent(world: World, token: ContentToken): void {
  const { readings } = world.settings;
  const limit = enforcedLimit(world.settings, "maxRequestPerSecond");
  if (limit === undefined) {
    return;
  }
  const counted = readings["rate-scope"] === "token" ? token : token.library;
  const now = performance.now();
  const begun = readings["rate-window"] === "fixed" ? Math.floor(now / WINDOW_MS) * WINDOW_MS : now - WINDOW_MS;
  const times = (recent.get(counted) ?? []).filter((time) => time > begun);
  recent.set(counted, times);
  const refused = times.length >= limit;
  if (!refused || readings["rate-refused"] === "counted") {
    times.push(now);
  }
  if (refused) {
    const headers: Record<string, string> = readings["retry-after"] === "sent" ? { "Retry-After": "1" } : {};
    throw new Refusal(9646, { headers });
  }
}
