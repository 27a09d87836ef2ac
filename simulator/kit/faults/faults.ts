/** What a fault is made of. */
export interface NewFault<Match, Action> {
  readonly match: Match;
  readonly times: number | "always";
  readonly action: Action;
}

/** A fault with what became of it. */
export interface Fault<Match, Action> extends NewFault<Match, Action> {
  readonly id: number;
  /** How many requests or events matched so far. */
  seen: number;
  /** How often it ran. */
  ran: number;
}

/** How many that match are left alone first. */
interface After {
  readonly after?: number;
}

/**
 * Faults that wait. All that match count what they see; the oldest that is due runs, and nothing meets more than one.
 */
export class FaultList<Match extends After, Action> {
  #faults: Fault<Match, Action>[] = [];
  #id = 0;

  /** Adds a fault. */
  add(fault: NewFault<Match, Action>): Fault<Match, Action> {
    this.#id += 1;
    const added = { id: this.#id, ...fault, seen: 0, ran: 0 };
    this.#faults.push(added);
    return added;
  }

  /** All faults, those that are used up included. */
  list(): readonly Fault<Match, Action>[] {
    return this.#faults;
  }

  /** Takes all faults away and says how many there were. */
  clear(): number {
    return this.#faults.splice(0).length;
  }

  /** The fault that is due among those that match, if any. */
  protected take(matches: (fault: Fault<Match, Action>) => boolean): Fault<Match, Action> | undefined {
    let due: Fault<Match, Action> | undefined;
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
