import type { Recording } from "./changes";
import type { AcceptedEvent, EventTrouble, EventWork, Outcome, ProcessedEvent, ServiceEvent } from "./event";
import { Failures } from "./failures";
import { timeUuid } from "./ids";

const REMEMBERED_EVENTS = 20_000;

interface Waiting {
  readonly event: ServiceEvent;
  readonly dueAt: number;
  readonly trouble: EventTrouble;
}

/** What a queue needs from its surroundings. */
export interface EventSurroundings {
  /** The simulator's time in milliseconds. */
  readonly now: () => number;
  /** How long an accepted request waits before it is processed, in milliseconds of real time. */
  readonly delayMs: () => number;
  /** Is called just before an event is processed. */
  readonly before: (event: ServiceEvent) => void;
  /** Says what is to go wrong with an event that was just accepted; nothing does when left out. */
  readonly trouble?: (event: ServiceEvent) => EventTrouble;
  /** Does what an event is asked to do, with what is to go wrong. */
  readonly process: (event: ServiceEvent, work: unknown, trouble: EventTrouble) => Outcome;
  /** Is called when an event was processed with all its effects, before anybody else's turn. */
  readonly after: (event: ServiceEvent) => void;
}

/**
 * The events of one library. Each is due a fixed delay after its request was accepted, and never before those accepted
 * earlier are done: they are processed one after another, in order.
 */
export class EventQueue {
  readonly #events = new Map<string, ServiceEvent>();
  readonly #waiting: Waiting[] = [];
  readonly #works = new Map<string, unknown>();
  readonly #surroundings: EventSurroundings;
  readonly #recording: Recording;
  #timer: NodeJS.Timeout | undefined;
  #idle: (() => void)[] = [];
  readonly #held = new Set<NodeJS.Timeout>();

  constructor(surroundings: EventSurroundings, recording: Recording) {
    this.#surroundings = surroundings;
    this.#recording = recording;
  }

  /** Accepts a request: gives it an id and puts it at the end of the queue. */
  accept(work: EventWork): ServiceEvent {
    const acceptedAt = this.#surroundings.now();
    const accepted: AcceptedEvent = { eventId: timeUuid(acceptedAt), acceptedAt, ...work };
    const event = this.restoreAccepted(accepted);
    this.#recording.record?.(["accept", accepted]);
    this.#wait(event, work.work, this.#surroundings.trouble?.(event) ?? {});
    return event;
  }

  /** Makes an event known that was accepted before. It does not wait to be processed until it is resumed. */
  restoreAccepted({ eventId, eventType, acceptedAt, numRequested }: AcceptedEvent): ServiceEvent {
    const event: ServiceEvent = {
      eventId,
      eventType,
      acceptedAt,
      eventStatus: "PENDING",
      numRequested,
      numCompleted: 0,
      failures: [],
    };
    this.#events.set(eventId, event);
    this.#forget();
    return event;
  }

  /** Puts a pending event at the end of the queue. */
  resume(event: ServiceEvent, work: unknown): void {
    this.#wait(event, work, {});
  }

  /** What a pending event is asked to do, or nothing once it was processed. */
  workOf(event: ServiceEvent): unknown {
    return this.#works.get(event.eventId);
  }

  /** The event with an id, if this library has one. */
  find(eventId: string): ServiceEvent | undefined {
    const event = this.#events.get(eventId);
    return event?.forgotten ? undefined : event;
  }

  /** All events still known, oldest first. */
  list(): ServiceEvent[] {
    return [...this.#events.values()];
  }

  /** Resolves once no event waits any more; those that stay pending for good do not count. */
  async settled(): Promise<void> {
    if (this.#waiting.length + this.#held.size > 0) {
      await new Promise<void>((resolve) => this.#idle.push(resolve));
    }
  }

  /** Stops processing; what waits is never processed. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#held.forEach(clearTimeout);
    this.#held.clear();
    this.#waiting.length = 0;
    this.#resolveIdle();
  }

  #wait(event: ServiceEvent, work: unknown, trouble: EventTrouble): void {
    const { holdMs } = trouble;
    const dueAt = performance.now() + this.#surroundings.delayMs() + (trouble.lateMs ?? 0);
    const waiting: Waiting = { event, dueAt, trouble };
    this.#works.set(event.eventId, work);
    if (holdMs === undefined) {
      this.#waiting.push(waiting);
      this.#schedule();
    } else if (holdMs !== Number.POSITIVE_INFINITY) {
      const timer = setTimeout(() => {
        this.#held.delete(timer);
        this.#waiting.push({ ...waiting, dueAt: performance.now() });
        this.#schedule();
      }, holdMs);
      this.#held.add(timer);
    }
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
        ...(next.trouble.forgotten === true && { forgotten: true }),
        ...(next.trouble.told !== undefined && { told: next.trouble.told }),
      });
      this.#works.delete(next.event.eventId);
      this.#recording.record?.(["done", processedRecord(next.event)]);
      this.#surroundings.after(next.event);
    }
    this.#schedule();
  }

  /** Processes one event. A fault of the simulator itself shows as an internal error and does not stop the queue. */
  #process({ event, trouble }: Waiting): Outcome {
    try {
      this.#surroundings.before(event);
      return this.#surroundings.process(event, this.workOf(event), trouble);
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
    if (this.#held.size > 0) {
      return;
    }
    const waiting = this.#idle;
    this.#idle = [];
    for (const resolve of waiting) {
      resolve();
    }
  }
}

/** What has to be kept of an event that was processed. */
export function processedRecord(event: ServiceEvent): ProcessedEvent {
  const { eventId, eventStatus, numRequested, numCompleted, failures, forgotten, told } = event;
  const { processedAt = event.acceptedAt } = event;
  return {
    eventId,
    processedAt,
    eventStatus,
    numRequested,
    numCompleted,
    failures,
    ...(forgotten === true && { forgotten }),
    ...(told !== undefined && { told }),
  };
}
