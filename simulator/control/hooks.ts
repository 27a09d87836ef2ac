import type { ServiceEvent } from "../core/event";
import type { Library } from "../core/library";
import { matchesRequest, type RequestMatch, type SeenRequest } from "../faults/match";

/** Actions of the control interface that wait, with what became of them. */
export interface Hook {
  readonly id: number;
  /** The kind of event in small letters, `any` of them, or `request`. */
  readonly on: string;
  /** The library whose events are meant; those of every library when left out. */
  readonly library?: string;
  /** Which requests are meant, when it is about requests. */
  readonly match?: RequestMatch;
  /** How many that match are still left alone first. */
  after?: number;
  readonly do: readonly { readonly path: string; readonly body?: unknown }[];
  remaining: number;
  ran: number;
  readonly errors: string[];
}

/**
 * Actions that wait for an event or a request: they run just before it is processed or looked at, so a rival can act in
 * mid-run every time.
 */
export class Hooks {
  /** Runs one action of the control interface; set by the interface itself. */
  perform: (path: string, body: unknown) => object | Promise<object> = () => ({});
  #hooks: Hook[] = [];
  #id = 0;

  /** Adds a hook. */
  add(hook: Pick<Hook, "on" | "library" | "match" | "after" | "do"> & { times: number }): object {
    this.#id += 1;
    const { times, ...rest } = hook;
    const added: Hook = { id: this.#id, ...rest, remaining: times, ran: 0, errors: [] };
    this.#hooks.push(added);
    return added;
  }

  /** All hooks, those that are used up included. */
  list(): readonly object[] {
    return this.#hooks;
  }

  /** Takes all hooks away and says how many there were. */
  clear(): number {
    const held = this.#hooks.length;
    this.#hooks = [];
    return held;
  }

  /** Runs what waits for an event. An action that fails is noted with its hook and does not disturb the event. */
  run(library: Library, event: ServiceEvent): void {
    void this.#runAll(({ on, library: named }) => {
      const meant = on === "any" || on === event.eventType.toLowerCase();
      return meant && (named === undefined || named === library.identity.libraryId);
    });
  }

  /** Runs what waits for a request, and resolves once it is done. */
  async runBefore(request: SeenRequest): Promise<void> {
    await this.#runAll(({ on, library, match }) => {
      const more: RequestMatch = library === undefined ? {} : { library };
      return on === "request" && matchesRequest({ ...match, ...more }, request);
    });
  }

  async #runAll(meant: (hook: Hook) => boolean): Promise<void> {
    const running: Promise<void>[] = [];
    for (const hook of this.#hooks) {
      if (hook.remaining > 0 && meant(hook) && !this.#leftAlone(hook)) {
        hook.remaining -= 1;
        hook.ran += 1;
        for (const step of hook.do) {
          running.push(this.#runStep(hook, step));
        }
      }
    }
    await Promise.all(running);
  }

  #leftAlone(hook: Hook): boolean {
    if (hook.after === undefined || hook.after === 0) {
      return false;
    }
    hook.after -= 1;
    return true;
  }

  async #runStep(hook: Hook, step: Hook["do"][number]): Promise<void> {
    try {
      await this.perform(step.path, step.body ?? {});
    } catch (error) {
      hook.errors.push(error instanceof Error ? error.message : String(error));
    }
  }
}
