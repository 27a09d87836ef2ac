import type { RequestLog } from "./request-log";

interface Context {
  readonly log: RequestLog;
}

/** GET requests: what the service was asked, oldest first. */
export function showRequests({ log }: Context, query: { since?: string | number; bodies?: "0" | "1" }): object {
  return { requests: log.list({ since: Number(query.since ?? 0), bodies: query.bodies === "1" }) };
}

/** DELETE requests: empties the list. */
export function removeRequests({ log }: Context): object {
  return { deleted: log.clear() };
}
