/** How the engine ends its provider host once nothing is left to do: on Windows, Node calls what it sends SIGBREAK. */
const endings = ["SIGINT", "SIGTERM", "SIGBREAK"] as const;

/** Calls `close` when the engine ends this process in order, and lets it end as it would have. */
export function closeWithEngine(close: () => void): void {
  for (const signal of endings) {
    process.once(signal, () => {
      try {
        close();
      } finally {
        // Hearing a signal takes away its usual effect.
        if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
      }
    });
  }
}
