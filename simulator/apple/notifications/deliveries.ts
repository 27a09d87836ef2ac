import type { NotificationBehaviour } from "../core/world";
import { type Poster, succeeded, type TryResult } from "./post";
import type { Receiver } from "./types";

/** How often a notification is sent at most; Apple documents three tries. */
export const MOST_TRIES = 3;
const AT_ONCE = 4;
const REMEMBERED_DELIVERIES = 10_000;

/** What a notification is about, as far as the list of deliveries tells. */
export interface About {
  readonly notificationId: string;
  readonly notificationType: string;
  readonly library: string;
  readonly url: string;
  /** `notification` without its lists; these are counted in `elements`. */
  readonly notification: object;
  readonly elements: number;
}

/** One notification on its way or at its end. */
export interface Delivery extends About {
  readonly tries: ({ readonly at: string } & TryResult)[];
  outcome: "pending" | "delivered" | "failed";
}

interface Waiting {
  readonly delivery: Delivery;
  readonly receiver: Receiver;
  readonly body: string;
}

/**
 * Delivers notifications: a few at once, in about the order in which they were added, up to three tries each. What waits
 * for another try holds nothing up.
 */
export class Deliveries {
  readonly #poster: Poster;
  readonly #behaviour: () => NotificationBehaviour;
  readonly #now: () => number;
  readonly #retries = new Set<NodeJS.Timeout>();
  #waiting: Waiting[] = [];
  #list: Delivery[] = [];
  #sending = 0;
  #pending = 0;
  #stopped = false;
  #idle: (() => void)[] = [];

  constructor(poster: Poster, surroundings: { behaviour: () => NotificationBehaviour; now: () => number }) {
    this.#poster = poster;
    this.#behaviour = surroundings.behaviour;
    this.#now = surroundings.now;
  }

  /** Adds a notification, which is sent as soon as possible and again until it is taken or given up. */
  add(about: About, receiver: Receiver, body: string): void {
    this.#pending += 1;
    this.#waiting.push({ delivery: this.#note(about), receiver, body });
    this.#next();
  }

  /** Sends a notification once, ahead of all others, and says whether it was taken. */
  async once(about: About, receiver: Receiver, body: string): Promise<boolean> {
    const delivery = this.#note(about);
    const taken = await this.#try(delivery, receiver, body);
    delivery.outcome = taken ? "delivered" : "failed";
    return taken;
  }

  /** All deliveries still remembered, oldest first. */
  list(): readonly Delivery[] {
    return this.#list;
  }

  /** Empties the list and says how many it held; what is on its way is delivered all the same. */
  clear(): number {
    const held = this.#list.length;
    this.#list = [];
    return held;
  }

  /** Resolves once nothing is on its way. */
  async settled(): Promise<void> {
    if (this.#pending > 0) {
      await new Promise<void>((resolve) => this.#idle.push(resolve));
    }
  }

  /** Gives up everything that is on its way. */
  stop(): void {
    this.#stopped = true;
    this.#retries.forEach(clearTimeout);
    this.#retries.clear();
    this.#waiting = [];
    this.#poster.stop();
    this.#pending = 0;
    this.#wake();
  }

  #next(): void {
    while (this.#sending < AT_ONCE && this.#waiting.length > 0) {
      this.#sending += 1;
      void this.#send(this.#waiting.shift()!);
    }
  }

  #note(about: About): Delivery {
    const delivery: Delivery = { ...about, tries: [], outcome: "pending" };
    this.#list.push(delivery);
    if (this.#list.length > 2 * REMEMBERED_DELIVERIES) {
      this.#list = this.#list.slice(REMEMBERED_DELIVERIES);
    }
    return delivery;
  }

  async #try(delivery: Delivery, receiver: Receiver, body: string): Promise<boolean> {
    const at = new Date(this.#now()).toISOString();
    const result = await this.#poster.post(receiver, body, this.#behaviour().timeoutMs);
    delivery.tries.push({ at, ...result });
    return succeeded(result);
  }

  async #send(waiting: Waiting): Promise<void> {
    const { delivery, receiver, body } = waiting;
    const taken = await this.#try(delivery, receiver, body);
    this.#sending -= 1;
    if (this.#stopped) {
      return;
    }
    if (taken) {
      this.#end(delivery, "delivered");
    } else if (delivery.tries.length === MOST_TRIES) {
      this.#end(delivery, "failed");
    } else {
      const timer = setTimeout(() => {
        this.#retries.delete(timer);
        this.#waiting.push(waiting);
        this.#next();
      }, this.#behaviour().retryMs);
      this.#retries.add(timer);
    }
    this.#next();
  }

  #end(delivery: Delivery, outcome: "delivered" | "failed"): void {
    delivery.outcome = outcome;
    this.#pending -= 1;
    if (this.#pending === 0) {
      this.#wake();
    }
  }

  #wake(): void {
    for (const resolve of this.#idle.splice(0)) {
      resolve();
    }
  }
}
