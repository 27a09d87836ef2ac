/**
 * Loaded first in a campaign's provider host: its time runs many times faster, and its clock jumps an hour when the process gets SIGUSR2. A service
 * that stops answering for a minute, or an event that stays pending for half an hour, then costs seconds. Nothing of the provider is changed:
 * its clock and its timers are, below it.
 */
import timers from "node:timers/promises";

// Whole commands pass this file on to all of their processes, and it is meant for one of them.
const isHost = process.argv.some((argument) => argument.includes("dynamic-provider"));
const scale = isHost ? Number(process.env.CAMPAIGN_TIME_SCALE ?? "1") : 1;
const begin = Date.now();
const realNow = Date.now.bind(Date);
const realSince = performance.now.bind(performance);
let jumps = 0;
performance.now = () => realSince() * scale;
Date.now = () => begin + Math.round((realNow() - begin) * scale) + jumps * 3_600_000;
if (isHost)
  process.on("SIGUSR2", () => {
    jumps = jumps > 0 ? -1 : 1;
  });

const realTimeout = globalThis.setTimeout;
const scaled = (ms: number | undefined): number => (ms ?? 0) / scale;
const patched = Object.assign(
  (callback: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) =>
    realTimeout(callback, scaled(ms), ...args),
  realTimeout,
);
globalThis.setTimeout = patched;
const realInterval = globalThis.setInterval;
globalThis.setInterval = Object.assign(
  (callback: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) =>
    realInterval(callback, scaled(ms), ...args),
  realInterval,
);
const realDelay = timers.setTimeout;
Object.assign(timers, { setTimeout: (ms: number, ...rest: [unknown?, object?]) => realDelay(scaled(ms), ...rest) });
const realAbort = AbortSignal.timeout.bind(AbortSignal);
AbortSignal.timeout = (ms: number) => realAbort(Math.ceil(scaled(ms)));
