import { type Hook as AnyHook, HookList } from "../../kit/control/hooks";
import type { ServiceEvent } from "../core/event";
import type { Library } from "../core/library";
import { matchesRequest, type RequestMatch, type SeenRequest } from "../faults/match";

/** Actions of the control interface that wait for events or requests. */
export interface Hook extends AnyHook {
  /** The kind of event in small letters, `any` of them, or `request`. */
  readonly on: string;
  /** The library whose events are meant; those of every library when left out. */
  readonly library?: string;
  /** Which requests are meant, when it is about requests. */
  readonly match?: RequestMatch;
}

/**
 * Actions that wait for an event or a request: they run just before it is processed or looked at, so a rival can act in
 * mid-run every time.
 */
export class Hooks extends HookList<Hook> {
  /** Runs what waits for an event. An action that fails is noted with its hook and does not disturb the event. */
  run(library: Library, event: ServiceEvent): void {
    void this.runAll(({ on, library: named }) => {
      const meant = on === "any" || on === event.eventType.toLowerCase();
      return meant && (named === undefined || named === library.identity.libraryId);
    });
  }

  /** Runs what waits for a request, and resolves once it is done. */
  async runBefore(request: SeenRequest): Promise<void> {
    await this.runAll(({ on, library, match }) => {
      const more: RequestMatch = library === undefined ? {} : { library };
      return on === "request" && matchesRequest({ ...match, ...more }, request);
    });
  }
}
