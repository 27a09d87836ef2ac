import { ControlError } from "../../kit/control/error";
import type { Fault } from "../../kit/faults/faults";
import { type FaultAction, isEventAction } from "../faults/actions";
import type { FaultMatch } from "../faults/faults";
import type { ControlContext } from "./context";

/** The body of POST faults. */
export interface FaultBody {
  readonly match?: FaultMatch;
  readonly times?: number | "always";
  readonly action: FaultAction;
}

/** POST faults: something goes wrong with the next requests or events that match. */
export function addFault({ world, faults }: ControlContext, body: FaultBody): Fault<FaultMatch, FaultAction> {
  const { match = {}, times = 1, action } = body;
  if (match.library !== undefined && world.library(match.library) === undefined) {
    throw new ControlError(400, `there is no library ${match.library}`);
  }
  if (isEventAction(action) && [match.method, match.path, match.query].some((each) => each !== undefined)) {
    throw new ControlError(400, `"${action.type}" is about events, which "match.event" names, not about requests`);
  }
  if (!isEventAction(action) && match.event !== undefined) {
    throw new ControlError(400, `"${action.type}" is about requests, which "match.path" names, not about events`);
  }
  return faults.add({ match, times, action });
}

/** GET faults: all faults with how often each ran. */
export function showFaults({ faults }: ControlContext): object {
  return { faults: faults.list() };
}

/** DELETE faults: takes all faults away. */
export function removeFaults({ faults }: ControlContext): object {
  return { deleted: faults.clear() };
}
