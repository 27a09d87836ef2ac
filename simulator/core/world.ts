import { Clock } from "./clock";
import type { ServiceEvent } from "./events";
import { Library, type LibraryIdentity, type NotificationSettings } from "./library";
import type { Limits } from "./limits";
import type { Readings } from "./readings";
import { Tokens } from "./tokens";

/** What can be set when the simulator starts and changed while it runs. */
export interface Settings {
  /** How long an accepted request waits before it is processed, in milliseconds. */
  eventDelayMs: number;
  /** How many records a page holds. */
  pageSize: number;
  limits: Limits;
  readings: Readings;
}

/** Everything a simulator knows: its libraries, tokens, time and settings. */
export class World {
  readonly clock = new Clock();
  readonly tokens = new Tokens();
  readonly settings: Settings;
  readonly #libraries = new Map<string, Library>();
  /** Where the simulator can be reached, known once it listens. */
  origin = "";
  /** Is called just before an event is processed. */
  beforeEvent: (library: Library, event: ServiceEvent) => void = () => undefined;

  /**
   * Says whether a test notification with new settings reaches its receiver; if not, they are refused with 9728. The
   * simulator sends none so far and takes every receiver to be reachable.
   */
  testNotification: (library: Library, settings: NotificationSettings) => Promise<boolean> = async () => true;

  constructor(settings: Settings) {
    this.settings = settings;
  }

  /** Adds an empty library. */
  addLibrary(identity: LibraryIdentity): Library {
    const library: Library = new Library(identity, {
      now: () => this.clock.now(),
      delayMs: () => this.settings.eventDelayMs,
      before: (event) => this.beforeEvent(library, event),
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

  /** Stops all libraries from processing events. */
  stop(): void {
    for (const library of this.libraries()) {
      library.events.stop();
    }
  }
}
