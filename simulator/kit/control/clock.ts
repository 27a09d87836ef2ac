import type { Clock } from "../clock";

interface Context {
  readonly world: { readonly clock: Clock };
}

/** GET clock: the simulator's time, and how far it is ahead of the machine's. */
export function showClock({ world }: Context): object {
  return { now: new Date(world.clock.now()).toISOString(), offsetSeconds: Math.round(world.clock.offsetMs / 1000) };
}

/** POST clock: moves the simulator's time, on which the expiry of tokens depends. */
export function moveClock(context: Context, body: { advanceSeconds?: number; now?: string }): object {
  const { clock } = context.world;
  if (body.now !== undefined) {
    clock.set(Date.parse(body.now));
  } else {
    clock.advance((body.advanceSeconds ?? 0) * 1000);
  }
  return showClock(context);
}
