import { type Failure, Failures } from "./failures";
import { timeUuid } from "./ids";

const REMEMBERED_EVENTS = 20_000;

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
}

/** What an event does when its turn comes, and how many tasks were asked for. */
export interface EventWork {
  readonly eventType: EventType;
  readonly numRequested: number;
  readonly apply: () => Outcome;
}

interface Waiting {
  readonly event: ServiceEvent;
  readonly apply: () => Outcome;
  readonly dueAt: number;
}

/** What a queue needs from its surroundings. */
export interface EventSurroundings {
  /** The simulator's time in milliseconds. */
  readonly now: () => number;
  /** How long an accepted request waits before it is processed, in milliseconds of real time. */
  readonly delayMs: () => number;
  /** Is called just before an event is processed. */
  readonly before: (event: ServiceEvent) => void;
}

/**
 * The events of one library. Each is due a fixed delay after its request was accepted, and never before those accepted
 * earlier are done: they are processed one after another, in order.
 */
export class EventQueue {
  readonly #events = new Map<string, ServiceEvent>();
  readonly #waiting: Waiting[] = [];
  readonly #surroundings: EventSurroundings;
  #timer: NodeJS.Timeout | undefined;
  #idle: (() => void)[] = [];

  constructor(surroundings: EventSurroundings) {
    this.#surroundings = surroundings;
  }

  /** Accepts a request: gives it an id and puts it at the end of the queue. */
  accept(work: EventWork): ServiceEvent {
    const acceptedAt = this.#surroundings.now();
    const event: ServiceEvent = {
      eventId: timeUuid(acceptedAt),
      eventType: work.eventType,
      acceptedAt,
      eventStatus: "PENDING",
      numRequested: work.numRequested,
      numCompleted: 0,
      failures: [],
    };
    this.#events.set(event.eventId, event);
    this.#forget();
    this.#waiting.push({ event, apply: work.apply, dueAt: performance.now() + this.#surroundings.delayMs() });
    this.#schedule();
    return event;
  }

  /** The event with an id, if this library has one. */
  find(eventId: string): ServiceEvent | undefined {
    return this.#events.get(eventId);
  }

  /** All events still known, oldest first. */
  list(): ServiceEvent[] {
    return [...this.#events.values()];
  }

  /** Resolves once no event waits any more. */
  async settled(): Promise<void> {
    if (this.#waiting.length > 0) {
      await new Promise<void>((resolve) => this.#idle.push(resolve));
    }
  }

  /** Stops processing; what waits is never processed. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#waiting.length = 0;
    this.#resolveIdle();
  }

  #schedule(): void {
    const next = this.#waiting[0];
    if (next === undefined) {
      this.#resolveIdle();
    } else if (this.#timer === undefined) {
      this.#timer = setTimeout(() => this.#processNext(), Math.max(0, next.dueAt - performance.now()));
    }
  }

  #processNext(): void {
    this.#timer = undefined;
    const next = this.#waiting[0];
    if (next !== undefined) {
      const outcome = this.#process(next);
      this.#waiting.shift();
      Object.assign(next.event, {
        ...outcome,
        processedAt: this.#surroundings.now(),
        eventStatus: outcome.failures.length > 0 ? "FAILED" : "COMPLETE",
      });
    }
    this.#schedule();
  }

  /** Processes one event. A fault of the simulator itself shows as an internal error and does not stop the queue. */
  #process({ event, apply }: Waiting): Outcome {
    try {
      this.#surroundings.before(event);
      return apply();
    } catch (error) {
      process.stderr.write(`simulator: ${error instanceof Error ? (error.stack ?? error.message) : "failed"}\n`);
      const failures = new Failures();
      failures.add(9603, {});
      return { numRequested: event.numRequested, numCompleted: 0, failures: failures.list() };
    }
  }

  #forget(): void {
    for (const [eventId, event] of this.#events) {
      if (this.#events.size <= REMEMBERED_EVENTS || event.eventStatus === "PENDING") {
        return;
      }
      this.#events.delete(eventId);
    }
  }

  #resolveIdle(): void {
    const waiting = this.#idle;
    this.#idle = [];
    for (const resolve of waiting) {
      resolve();
    }
  }
}
