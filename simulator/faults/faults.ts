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

/** What a fault is made of. */
export interface NewFault {
  readonly match: FaultMatch;
  readonly times: number | "always";
  readonly action: FaultAction;
}

/** A fault with what became of it. */
export interface Fault extends NewFault {
  readonly id: number;
  /** How many requests or events matched so far. */
  seen: number;
  /** How often it ran. */
  ran: number;
}

/**
 * Faults that wait for requests and events. All that match count what they see; the oldest that is due runs, and no
 * request or event meets more than one.
 */
export class Faults {
  #faults: Fault[] = [];
  #id = 0;

  /** Adds a fault. */
  add(fault: NewFault): Fault {
    this.#id += 1;
    const added: Fault = { id: this.#id, ...fault, seen: 0, ran: 0 };
    this.#faults.push(added);
    return added;
  }

  /** All faults, those that are used up included. */
  list(): readonly Fault[] {
    return this.#faults;
  }

  /** Takes all faults away and says how many there were. */
  clear(): number {
    return this.#faults.splice(0).length;
  }

  /** The fault a request meets, if any. */
  forRequest(request: SeenRequest): { readonly id: number; readonly action: RequestAction | ListAction } | undefined {
    const fault = this.#take(
      ({ match, action }) =>
        !isEventAction(action) && (!isListAction(action) || readsList(request)) && matchesRequest(match, request),
    );
    return fault && { id: fault.id, action: fault.action as RequestAction | ListAction };
  }

  /** What goes wrong with an event that was just accepted. */
  forEvent(library: Library, event: ServiceEvent): EventTrouble {
    const fault = this.#take(
      ({ match, action }) =>
        isEventAction(action) &&
        [undefined, "any", event.eventType.toLowerCase()].includes(match.event) &&
        (match.library === undefined || match.library === library.identity.libraryId),
    );
    return fault === undefined ? {} : troubleOf(fault.action as EventAction);
  }

  #take(matches: (fault: Fault) => boolean): Fault | undefined {
    let due: Fault | undefined;
    for (const fault of this.#faults) {
      if (matches(fault)) {
        fault.seen += 1;
        const used = fault.times !== "always" && fault.ran >= fault.times;
        if (due === undefined && !used && fault.seen > (fault.match.after ?? 0)) {
          due = fault;
          fault.ran += 1;
        }
      }
    }
    return due;
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
