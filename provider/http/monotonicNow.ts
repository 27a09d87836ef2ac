/**
 * Milliseconds since 1970 as the process's start had them, which nobody can set: a clock that is put back in mid-run must not make fresh
 * readings old, nor waits long.
 */
export function monotonicNow(): number {
  return performance.timeOrigin + performance.now();
}
