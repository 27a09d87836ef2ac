import { beforeEndingBy } from "../processes";

/** How the engine ends its provider host once nothing is left to do: on Windows, Node calls what it sends SIGBREAK. */
const endings = ["SIGINT", "SIGTERM", "SIGBREAK"] as const;

/** Calls `close` when the engine ends this process in order, and lets it end as it would have. */
export function closeWithEngine(close: () => void): void {
  beforeEndingBy(endings, close);
}

/**
 * Lets what is printed get lost once nobody listens any more: else the engine's host prints that it could not print, and so on without an end,
 * and never comes to look whether the engine is still there.
 */
export function bearClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
}
