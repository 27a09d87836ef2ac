import type { ServiceAnswer, ServiceRequest } from "../apple/service";

const REMEMBERED_REQUESTS = 100_000;
const REMEMBERED_IDS = 1_000_000;

interface Bodies {
  readonly assets?: readonly unknown[];
  readonly serialNumbers?: readonly unknown[];
  readonly clientUserIds?: readonly unknown[];
  readonly users?: readonly unknown[];
}

/** One request to the service's paths. Headers are never kept, nor are email addresses or notification tokens. */
export interface LoggedRequest {
  readonly seq: number;
  /** When it came, in the simulator's time (ISO 8601). */
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** The HTTP status; 0 when nothing was answered because of a fault. */
  readonly status: number;
  readonly errorNumber?: number;
  readonly durationMs: number;
  /** The id of the library whose token it bore. */
  readonly library?: string;
  /** The id of the fault it met. */
  readonly fault?: number;
  /** For writes: how long the lists of the body are, the event they led to, or the mark they wrote. */
  readonly body?: Readonly<Record<string, unknown>>;
}

/** The last requests to the service's paths, for tests to look at. */
export class RequestLog {
  #entries: LoggedRequest[] = [];
  readonly #bodies = new Map<number, Bodies>();
  #seq = 0;
  #ids = 0;

  /** Notes a request and its answer. */
  add(request: ServiceRequest, answer: ServiceAnswer, more: { at: number; durationMs: number; fault?: number }): void {
    this.#seq += 1;
    this.#entries.push({
      seq: this.#seq,
      at: new Date(more.at).toISOString(),
      method: request.method,
      path: request.path,
      query: request.query.all(),
      status: answer.status,
      ...(answer.errorNumber !== undefined && { errorNumber: answer.errorNumber }),
      durationMs: Math.round(more.durationMs * 100) / 100,
      ...(more.fault !== undefined && { fault: more.fault }),
      ...(answer.library !== undefined && { library: answer.library.identity.libraryId }),
      ...(answer.written !== undefined && { body: this.#summary(answer.written, answer) }),
    });
    if (this.#entries.length > 2 * REMEMBERED_REQUESTS) {
      this.#entries = this.#entries.slice(REMEMBERED_REQUESTS);
    }
  }

  /** The requests after a number, oldest first; with bodies, the lists that writes held as far as they are kept. */
  list(options: { since?: number; bodies?: boolean } = {}): object[] {
    const found = this.#entries.filter((entry) => entry.seq > (options.since ?? 0));
    return options.bodies === true ? found.map((entry) => ({ ...entry, ...this.#bodies.get(entry.seq) })) : found;
  }

  /** Empties the list and says how many requests it held; numbers go on. */
  clear(): number {
    const held = this.#entries.length;
    this.#entries = [];
    this.#bodies.clear();
    this.#ids = 0;
    return held;
  }

  #summary(written: Readonly<Record<string, unknown>>, answer: ServiceAnswer): Record<string, unknown> {
    const lists: Bodies = {
      ...(Array.isArray(written.assets) && { assets: written.assets as unknown[] }),
      ...(Array.isArray(written.serialNumbers) && { serialNumbers: written.serialNumbers as unknown[] }),
      ...(Array.isArray(written.clientUserIds) && { clientUserIds: written.clientUserIds as unknown[] }),
      ...(Array.isArray(written.users) && { users: (written.users as unknown[]).map(idOnly) }),
    };
    this.#keep(lists);
    const succeeded = answer.errorNumber === undefined;
    const eventId = (answer.body as { eventId?: string }).eventId;
    return {
      ...Object.fromEntries(Object.entries(lists).map(([name, list]: [string, unknown[]]) => [name, list.length])),
      ...(succeeded && eventId !== undefined && { eventId }),
      ...(succeeded && written.mdmInfo !== undefined && { mdmInfo: written.mdmInfo }),
      ...(succeeded && written.notificationUrl !== undefined && { notificationUrl: written.notificationUrl }),
      ...(succeeded && written.notificationTypes !== undefined && { notificationTypes: written.notificationTypes }),
    };
  }

  #keep(bodies: Bodies): void {
    this.#bodies.set(this.#seq, bodies);
    this.#ids += size(bodies);
    for (const [seq, oldest] of this.#bodies) {
      if (this.#ids <= REMEMBERED_IDS) {
        return;
      }
      this.#bodies.delete(seq);
      this.#ids -= size(oldest);
    }
  }
}

function size(bodies: Bodies): number {
  const lists = Object.values(bodies) as (readonly unknown[])[];
  return lists.reduce((sum, list) => sum + list.length, 0);
}

function idOnly(user: unknown): object {
  return { clientUserId: (user as { clientUserId?: unknown } | null)?.clientUserId };
}
