import { EVENT_TYPES, type ServiceEvent } from "../core/events";
import type { Library } from "../core/library";
import type { ControlContext } from "./control";
import type { Input } from "./input";

const MOMENTS = [...EVENT_TYPES.map((type) => type.toLowerCase()), "any"] as const;

interface Hook {
  readonly id: number;
  readonly on: string;
  /** The library whose events are meant; those of every library when left out. */
  readonly library?: string;
  readonly do: readonly { readonly path: string; readonly body: unknown }[];
  remaining: number;
  ran: number;
  readonly errors: string[];
}

/** Actions that wait for an event: they run just before it is processed, so a rival can act in mid-run every time. */
export class Hooks {
  /** Runs one action of the control interface; set by the interface itself. */
  perform: (path: string, body: unknown) => object | Promise<object> = () => ({});
  #hooks: Hook[] = [];
  #id = 0;

  /** Adds a hook. */
  add(hook: Pick<Hook, "on" | "library" | "do"> & { times: number }): object {
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
    for (const hook of this.#hooks) {
      const meant = hook.on === "any" || hook.on === event.eventType.toLowerCase();
      const here = hook.library === undefined || hook.library === library.identity.libraryId;
      if (meant && here && hook.remaining > 0) {
        hook.remaining -= 1;
        hook.ran += 1;
        for (const step of hook.do) {
          this.#runStep(hook, step);
        }
      }
    }
  }

  #runStep(hook: Hook, step: Hook["do"][number]): void {
    const note = (error: unknown) => hook.errors.push(error instanceof Error ? error.message : String(error));
    try {
      Promise.resolve(this.perform(step.path, step.body)).catch(note);
    } catch (error) {
      note(error);
    }
  }
}

/** GET hooks: all hooks with how often they ran and what went wrong. */
export function showHooks({ hooks }: ControlContext): object {
  return { hooks: hooks.list() };
}

/** POST hooks: runs actions just before the next matching events are processed. */
export function addHook({ world, hooks }: ControlContext, input: Input): object {
  input.only("on", "library", "times", "do");
  const on = input.choice("on", MOMENTS);
  const named = input.optionalText("library");
  const library = named === undefined ? undefined : input.library(world).identity.libraryId;
  const times = input.optionalNumber("times", 1) ?? 1;
  const steps = input.objects("do").map((step) => {
    step.only("path", "body");
    return {
      path: step.choice("path", ["assets", "assignments", "users", "accept", "holder", "clock", "settings", "tokens"]),
      body: step.raw("body") ?? {},
    };
  });
  return hooks.add({ on, times, do: steps, ...(library !== undefined && { library }) });
}

/** DELETE hooks: takes all hooks away. */
export function removeHooks({ hooks }: ControlContext): object {
  return { deleted: hooks.clear() };
}
