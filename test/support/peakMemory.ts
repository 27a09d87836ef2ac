import { readFileSync } from "node:fs";

/**
 * The most memory that this process has had, in megabytes. Of the system's own account, not `resourceUsage`: that one begins with what the
 * parent had when it started the process, and a parent here is often the larger of the two.
 */
export function peakMegabytes(): number {
  try {
    const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"));
    if (peak) return Number(peak[1]) / 1024;
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS / 1024;
}
