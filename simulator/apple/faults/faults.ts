import { FaultList } from "../../kit/faults/faults";
import type { EventTrouble, ServiceEvent } from "../core/event";
import type { Library } from "../core/library";
import {
  type EventAction,
  type FaultAction,
  isEventAction,
  isListAction,
  type ListAction,
  type RequestAction,
} from "./actions";
import { readsList } from "./list-answer";
import { matchesRequest, type RequestMatch, type SeenRequest } from "./match";

/** When a fault runs. */
export interface FaultMatch extends RequestMatch {
  /** How many that match are left alone first. */
  readonly after?: number;
  /** For faults of events: the kind of event in small letters, or `any`. */
  readonly event?: string;
}

/** Faults that wait for requests and events. No request or event meets more than one. */
export class Faults extends FaultList<FaultMatch, FaultAction> {
  /** The fault a request meets, if any. */
  forRequest(request: SeenRequest): { readonly id: number; readonly action: RequestAction | ListAction } | undefined {
    const fault = this.take(
      ({ match, action }) =>
        !isEventAction(action) && (!isListAction(action) || readsList(request)) && matchesRequest(match, request),
    );
    return fault && { id: fault.id, action: fault.action as RequestAction | ListAction };
  }

  /** What goes wrong with an event that was just accepted. */
  forEvent(library: Library, event: ServiceEvent): EventTrouble {
    const fault = this.take(
      ({ match, action }) =>
        isEventAction(action) &&
        [undefined, "any", event.eventType.toLowerCase()].includes(match.event) &&
        (match.library === undefined || match.library === library.identity.libraryId),
    );
    return fault === undefined ? {} : troubleOf(fault.action as EventAction);
  }
}

function troubleOf(action: EventAction): EventTrouble {
  switch (action.type) {
    case "event-pending":
      return { holdMs: action.forMs ?? Number.POSITIVE_INFINITY };
    case "event-late":
      return { lateMs: action.ms };
    case "event-fails":
      return { failWith: action.errorNumber };
    case "event-partly":
      return { failWith: action.errorNumber, failAfter: action.done };
    case "event-forgotten":
      return { forgotten: true };
    case "event-status":
      return { told: action.status };
  }
}
