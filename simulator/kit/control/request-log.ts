const REMEMBERED_REQUESTS = 100_000;
const REMEMBERED_IDS = 1_000_000;

/** The lists that a write held. */
export type Lists = Readonly<Record<string, readonly unknown[]>>;

/** One request to the service's paths. Headers are never kept. */
export interface LoggedRequest {
  readonly seq: number;
  /** When it came, in the simulator's time (ISO 8601). */
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** The HTTP status; 0 when nothing was answered because of a fault. */
  readonly status: number;
  readonly durationMs: number;
  /** The id of the fault it met. */
  readonly fault?: number;
}

/** A request that was answered; `at` in the simulator's time, in milliseconds since 1970. */
export type AnsweredRequest = Omit<LoggedRequest, "seq" | "at"> & { readonly at: number };

/** What a service tells of a request beside that: fields of its own, and lists that are shown when asked for. */
export interface RequestDetails {
  readonly fields: object;
  readonly lists?: Lists;
}

/** The last requests to the service's paths, for tests to look at. */
export class RequestLog {
  #entries: LoggedRequest[] = [];
  readonly #lists = new Map<number, Lists>();
  #seq = 0;
  #ids = 0;

  /** Notes a request and its answer. */
  add(request: AnsweredRequest, { fields, lists }: RequestDetails): void {
    this.#seq += 1;
    this.#entries.push({
      seq: this.#seq,
      ...request,
      at: new Date(request.at).toISOString(),
      durationMs: Math.round(request.durationMs * 100) / 100,
      ...fields,
    });
    if (this.#entries.length > 2 * REMEMBERED_REQUESTS) {
      this.#entries = this.#entries.slice(REMEMBERED_REQUESTS);
    }
    if (lists !== undefined) {
      this.#keep(lists);
    }
  }

  /** The requests after a number, oldest first; with bodies, the lists that writes held as far as they are kept. */
  list(options: { since?: number; bodies?: boolean } = {}): object[] {
    const found = this.#entries.filter((entry) => entry.seq > (options.since ?? 0));
    return options.bodies === true ? found.map((entry) => ({ ...entry, ...this.#lists.get(entry.seq) })) : found;
  }

  /** Empties the list and says how many requests it held; numbers go on. */
  clear(): number {
    const held = this.#entries.length;
    this.#entries = [];
    this.#lists.clear();
    this.#ids = 0;
    return held;
  }

  #keep(lists: Lists): void {
    this.#lists.set(this.#seq, lists);
    this.#ids += size(lists);
    for (const [seq, oldest] of this.#lists) {
      if (this.#ids <= REMEMBERED_IDS) {
        return;
      }
      this.#lists.delete(seq);
      this.#ids -= size(oldest);
    }
  }
}

function size(lists: Lists): number {
  return Object.values(lists).reduce((sum, list) => sum + list.length, 0);
}
