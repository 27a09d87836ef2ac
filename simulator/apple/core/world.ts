import { Clock } from "../../kit/clock";
import type { Recorder } from "./changes";
import type { ApplyWork, EventTrouble, Outcome, ServiceEvent } from "./event";
import type { ListLags } from "./lag";
import { Library } from "./library";
import type { LibraryIdentity, NotificationSettings } from "./library-data";
import type { Limits } from "./limits";
import type { Readings } from "./readings";
import type { TaskWatch } from "./tasks";
import { Tokens } from "./tokens";

/** What can be set when the simulator starts and changed while it runs. */
export interface Settings {
  /** How long an accepted request waits before it is processed, in milliseconds. */
  eventDelayMs: number;
  /** How many records a page holds. */
  pageSize: number;
  /** The limits that service/config publishes. */
  limits: Limits;
  /** Limits that requests are held to although service/config does not say so (yet). */
  enforcedLimits: Limits;
  readings: Readings;
  /** How far each list lags behind what is true; set it with `setLags`. */
  lagMs: ListLags;
  notifications: NotificationBehaviour;
}

/** How notifications are sent. */
export interface NotificationBehaviour {
  /** How long to wait before a notification that was not taken is sent again, in milliseconds; three tries at most. */
  readonly retryMs: number;
  /** How long a receiver may take to answer, in milliseconds. */
  readonly timeoutMs: number;
  /** Whether each notification is sent twice, as can happen with the real service. */
  readonly duplicates: boolean;
  /** Whether receivers on this machine's loopback addresses may be without TLS, which the real service never allows. */
  readonly httpOnLoopback: boolean;
}

/** How notifications are sent when nobody chooses. */
export const DEFAULT_NOTIFICATIONS: NotificationBehaviour = {
  retryMs: 100,
  timeoutMs: 5000,
  duplicates: false,
  httpOnLoopback: false,
};

/** Shorter texts are likely to be part of something else. */
const SHORTEST_SECRET = 12;

/** Does what an event is asked to do. */
export type EventProcessor = (
  library: Library,
  event: ServiceEvent,
  work: unknown,
  readings: Readings,
  watch?: TaskWatch,
) => Outcome;

/** Everything a simulator knows: its libraries, tokens, time and settings. */
export class World {
  readonly clock = new Clock((offsetMs) => this.#recorder?.ofWorld(["clock", offsetMs]));
  readonly tokens = new Tokens(
    (change) => this.#recorder?.ofWorld(change()),
    () => this.settings.readings["token-comparison"],
  );
  readonly settings: Settings;
  readonly #libraries = new Map<string, Library>();
  readonly #process: EventProcessor;
  #recorder: Recorder | undefined;
  /** The address below which clients reach the simulator, known once it listens; it ends without a slash. */
  origin = "";
  /** Whether a proxy may tell in headers of a request that clients reach it elsewhere. */
  trustsForwarded = false;
  /** Is called just before an event is processed. */
  beforeEvent: (library: Library, event: ServiceEvent) => void = () => undefined;

  /** Says what is to go wrong with an event that was just accepted. */
  eventTrouble: (library: Library, event: ServiceEvent) => EventTrouble = () => ({});
  /** Applies the work of an event whose turn has come. */
  runEvent: (library: Library, event: ServiceEvent, apply: ApplyWork, trouble: EventTrouble) => Outcome = (
    _library,
    _event,
    apply,
  ) => apply();

  /** Says whether a test notification with new settings reaches its receiver; if not, they are refused with 9728. */
  testNotification: (library: Library, settings: NotificationSettings) => Promise<boolean> = async () => true;

  constructor(settings: Settings, process: EventProcessor) {
    this.settings = settings;
    this.#process = process;
  }

  /** Adds an empty library. */
  addLibrary(identity: LibraryIdentity): Library {
    const library: Library = new Library(identity, {
      now: () => this.clock.now(),
      delayMs: () => this.settings.eventDelayMs,
      lagMs: (list) => this.settings.lagMs[list],
      before: (event) => this.beforeEvent(library, event),
      trouble: (event) => this.eventTrouble(library, event),
      process: (event, work, trouble) => {
        const apply: ApplyWork = (watch) => this.#process(library, event, work, this.settings.readings, watch);
        return this.runEvent(library, event, apply, trouble);
      },
      after: () => this.#commitEvent(),
    });
    this.#libraries.set(identity.libraryId, library);
    return library;
  }

  /** All libraries, in the order in which they were added. */
  libraries(): Library[] {
    return [...this.#libraries.values()];
  }

  /** The library with an id, or the first one when no id is given. */
  library(libraryId?: string): Library | undefined {
    return libraryId === undefined ? this.libraries()[0] : this.#libraries.get(libraryId);
  }

  /** Replaces every secret in a JSON text: content tokens, and notification tokens unless they are too short to tell. */
  redact(json: string): string {
    let clean = this.tokens.redact(json);
    for (const { notifications } of this.libraries()) {
      const secret = JSON.stringify(notifications.authToken ?? "").slice(1, -1);
      if (secret.length >= SHORTEST_SECRET) {
        clean = clean.replaceAll(secret, "[token]");
      }
    }
    return clean;
  }

  /** Has every change from now on recorded; the libraries must all be there. */
  recordTo(recorder: Recorder): void {
    this.#recorder = recorder;
    for (const library of this.libraries()) {
      const { libraryId } = library.identity;
      library.recording.record = (change) => recorder.ofLibrary(libraryId, change);
    }
  }

  /**
   * Has everything kept that changed so far. Must be called before anybody is told of a change.
   *
   * @throws the system's error when it cannot be kept.
   */
  commit(): void {
    this.#recorder?.commit();
  }

  /** Has lists lag behind from now on. */
  setLags(lags: Partial<ListLags>): void {
    this.settings.lagMs = { ...this.settings.lagMs, ...lags };
    if (Object.values(this.settings.lagMs).some((lagMs) => lagMs > 0)) {
      for (const library of this.libraries()) {
        library.beginLag();
      }
    }
  }

  /** Stops all libraries from processing events. */
  stop(): void {
    for (const library of this.libraries()) {
      library.events.stop();
    }
  }

  #commitEvent(): void {
    try {
      this.commit();
    } catch (error) {
      // Nobody learns of the event before the next commit succeeds; its caller gets the error then.
      process.stderr.write(`simulator: the data cannot be kept (${(error as NodeJS.ErrnoException).code})\n`);
    }
  }
}
