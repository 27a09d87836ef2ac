import type { ControlContext } from "./control";
import type { Input } from "./input";

/** GET clock: the simulator's time, and how far it is ahead of the machine's. */
export function showClock({ world }: ControlContext): object {
  return { now: new Date(world.clock.now()).toISOString(), offsetSeconds: Math.round(world.clock.offsetMs / 1000) };
}

/** POST clock: moves the simulator's time, on which the expiry of tokens depends. */
export function moveClock(context: ControlContext, input: Input): object {
  input.only("advanceSeconds", "now");
  const seconds = input.optionalNumber("advanceSeconds", Number.NEGATIVE_INFINITY, "any");
  const moment = input.optionalMoment("now");
  if ((seconds === undefined) === (moment === undefined)) {
    throw input.wrong("advanceSeconds", 'given, or else "now"');
  }
  if (moment !== undefined) {
    context.world.clock.set(moment);
  } else {
    context.world.clock.advance(seconds! * 1000);
  }
  return showClock(context);
}
