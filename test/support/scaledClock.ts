import { setTimeout as delay } from "node:timers/promises";
import { HostStack } from "./hostStack";
import { InsideHost } from "./insideHost";
import type { World } from "./world";

/** Time that passes so many times faster than the machine's: a wait of a minute takes a tenth of a second, under a scale of 600. */
export function scaledClock(scale: number): { sleep: (ms: number) => Promise<void>; now: () => number } {
  const begin = Date.now();
  const start = performance.now();
  return {
    now: () => begin + (performance.now() - start) * scale,
    sleep: (ms) => delay(ms / scale),
  };
}

/** A stack whose provider lives so many times faster than the service, all of its operations by one clock. */
export function hastyStack(
  world: World,
  scale: number,
  config: Readonly<Record<string, string>> = {},
): HostStack<InsideHost> {
  const clock = scaledClock(scale);
  return new HostStack({ env: world.env, config }, "dev", (options) => new InsideHost(options, { clock }));
}
