/** Actions of the control interface that wait, with what became of them. */
export interface Hook {
  readonly id: number;
  /** How many that match are still left alone first. */
  after?: number;
  readonly do: readonly { readonly path: string; readonly body?: unknown }[];
  remaining: number;
  ran: number;
  readonly errors: string[];
}

/** What a hook is made of: what a stand-in knows it by, and how often it runs. */
export type NewHook<H extends Hook> = Omit<H, "id" | "remaining" | "ran" | "errors"> & { times: number };

/** Actions that wait for something; what that may be is up to the stand-in. */
export class HookList<H extends Hook> {
  /** Runs one action of the control interface. */
  perform: (path: string, body: unknown) => object | Promise<object> = () => ({});
  #hooks: H[] = [];
  #id = 0;

  /** Adds a hook. */
  add(hook: NewHook<H>): object {
    this.#id += 1;
    const { times, ...rest } = hook;
    const added = { id: this.#id, ...rest, remaining: times, ran: 0, errors: [] } as unknown as H;
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

  /** Runs the hooks that are meant, and resolves once they are done. What fails is noted with its hook. */
  protected async runAll(meant: (hook: H) => boolean): Promise<void> {
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

  #leftAlone(hook: H): boolean {
    if (hook.after === undefined || hook.after === 0) {
      return false;
    }
    hook.after -= 1;
    return true;
  }

  async #runStep(hook: H, step: H["do"][number]): Promise<void> {
    try {
      await this.perform(step.path, step.body ?? {});
    } catch (error) {
      hook.errors.push(error instanceof Error ? error.message : String(error));
    }
  }
}
