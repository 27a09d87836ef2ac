import type { Failure } from "./error-info";
import type { TaskWatch } from "./tasks";

/** What kinds of events there are. */
export const EVENT_TYPES = ["ASSOCIATE", "DISASSOCIATE", "REVOKE", "CREATE", "UPDATE", "RETIRE"] as const;
/** One of the kinds of events. */
export type EventType = (typeof EVENT_TYPES)[number];

/** What processing an event led to. */
export interface Outcome {
  readonly numRequested: number;
  readonly numCompleted: number;
  readonly failures: readonly Failure[];
}

/** One accepted request and its fate. */
export interface ServiceEvent {
  readonly eventId: string;
  readonly eventType: EventType;
  /** In milliseconds of the simulator's time. */
  readonly acceptedAt: number;
  processedAt?: number;
  eventStatus: "PENDING" | "COMPLETE" | "FAILED";
  numRequested: number;
  numCompleted: number;
  failures: readonly Failure[];
  /** Whether the service knows nothing of it any more, although it was processed. */
  forgotten?: true;
  /** The text that GET status gives as its status once it was processed, if it is another. */
  told?: string;
}

/** What goes differently with one event than it should. */
export interface EventTrouble {
  /** It alone stays pending this long, in milliseconds of real time, while later ones go on; `Infinity` is for good. */
  readonly holdMs?: number;
  /** It is due so many milliseconds later, and those behind it wait. */
  readonly lateMs?: number;
  /** Tasks fail with this error number instead of being done. */
  readonly failWith?: number;
  /** How many tasks are done before they fail; when left out, the whole event fails and nothing is done. */
  readonly failAfter?: number;
  /** Nobody finds it any more once it was processed. */
  readonly forgotten?: boolean;
  /** The text that is told as its status once it was processed. */
  readonly told?: string;
}

/** What an event is asked to do, and how many tasks that is. */
export interface EventWork<Work = unknown> {
  readonly eventType: EventType;
  readonly numRequested: number;
  /** The checked request as plain data, for whoever processes events. */
  readonly work: Work;
}

/** Does what one event is asked to do, while somebody may look on. */
export type ApplyWork = (watch?: TaskWatch) => Outcome;

/** What has to be kept of an event that was accepted. */
export type AcceptedEvent = EventWork & Pick<ServiceEvent, "eventId" | "acceptedAt">;

/** What has to be kept of an event that was processed. */
export type ProcessedEvent = Required<
  Pick<ServiceEvent, "eventId" | "processedAt" | "eventStatus" | "numRequested" | "numCompleted" | "failures">
> &
  Pick<ServiceEvent, "forgotten" | "told">;
