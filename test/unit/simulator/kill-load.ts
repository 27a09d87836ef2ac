import type { Body } from "./bodies";
import type { Effect, Expected } from "./kill-model";

/** One write of a worker: where it goes, what it says, and what it does. */
interface Write {
  readonly path: string;
  readonly body: object;
  readonly effect: Effect;
}

/** An event a client was told of, with the last answer about its status when that said it was processed. */
export interface Told {
  readonly eventId: string;
  processed?: Body;
}

/** Where workers have files written to, and notifications sent to. */
export interface Places {
  readonly folder: string;
  readonly receiver: string;
}

/** Random numbers that can be had again by their seed. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed % 2_147_483_646) + 1;
  }

  /** A whole number from 0 to below the given one. */
  below(count: number): number {
    this.#state = (this.#state * 48_271) % 2_147_483_647;
    return this.#state % count;
  }
}

/**
 * A client that writes one thing after another over a connection of its own until the simulator is gone. Clients do not
 * touch each other's devices, users, assets and settings, so each knows what its writes do.
 */
export class Worker {
  readonly told: Told[] = [];
  /** The write that was sent and not answered. */
  onItsWay: Effect | undefined;
  readonly #number: number;
  readonly #random: Random;
  readonly #places: Places;
  readonly #assets: readonly string[];
  /** The users that were there when the simulator started: those of pending events are not known to it yet. */
  #users: readonly string[] = [];
  #count = 0;

  constructor(number: number, random: Random, places: Places) {
    this.#number = number;
    this.#random = random;
    this.#places = places;
    this.#assets = [`${100 + number}`, `${200 + number}`, `${300 + number}`];
  }

  /** Writes until a request fails; says what was acknowledged by changing the expectation. */
  async run(url: string, token: string, expected: Expected): Promise<void> {
    this.told.length = 0;
    this.onItsWay = undefined;
    this.#users = [...expected.users.keys()].filter((user) => user.startsWith(`U${this.#number}-`));
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    for (;;) {
      const write = this.#next(expected);
      this.onItsWay = write.effect;
      try {
        const response = await fetch(`${url}/${write.path}`, {
          method: "POST",
          headers,
          body: JSON.stringify(write.body),
        });
        const answer = (await response.json()) as Body;
        if (response.status !== 200) {
          throw new RangeError(`${write.path}: ${JSON.stringify(answer)}`);
        }
        write.effect.apply(expected);
        this.onItsWay = undefined;
        if (answer.eventId !== undefined) {
          this.told.push({ eventId: answer.eventId });
        }
        await this.#look(url, headers);
      } catch (error) {
        if (error instanceof RangeError) {
          throw error;
        }
        return;
      }
    }
  }

  /** Asks for the status of the last event now and then; once it was told to be processed, it must stay so. */
  async #look(url: string, headers: Record<string, string>): Promise<void> {
    const last = this.told.at(-1);
    if (last !== undefined && this.#random.below(3) === 0) {
      const response = await fetch(`${url}/mdm/v2/status?eventId=${last.eventId}`, { headers });
      const answer = (await response.json()) as Body;
      if (answer.eventStatus !== "PENDING") {
        last.processed = answer;
      }
    }
  }

  #next(expected: Expected): Write {
    this.#count += 1;
    const id = `${this.#number}-${this.#count}`;
    const mine = [...expected.pairs].filter((pair) => pair.split(" ")[1]!.startsWith(`D${this.#number}-`));
    const active = this.#users.filter((user) => expected.users.get(user) === "Registered");
    const kinds = [
      () => this.#associate(id),
      () => this.#associate(id),
      () => (mine.length === 0 ? this.#associate(id) : this.#disassociate(mine)),
      () => (mine.length < 40 ? this.#associate(id) : this.#revoke(mine)),
      () => createUsers(id, 1 + this.#random.below(3)),
      () => (active.length === 0 ? createUsers(id, 2) : retireUsers(active.slice(0, 2))),
      () => this.#special(id),
    ];
    return kinds[this.#random.below(kinds.length)]!();
  }

  /** What only one of the workers does, as its effects would not be known otherwise. */
  #special(id: string): Write {
    const count = 1 + this.#random.below(5);
    switch (this.#number) {
      case 0:
        return configure(id, this.#places.receiver);
      case 1:
        return moveClock(count);
      case 2:
        return issueToken(`token-${id}`, `${this.#places.folder}/issued.vpptoken`);
      default:
        return buy(this.#assets[0]!, count);
    }
  }

  #associate(id: string): Write {
    const adamIds = this.#assets.slice(0, 1 + this.#random.below(3));
    const serialNumbers = Array.from({ length: 1 + this.#random.below(8) }, (_, index) => `D${id}-${index}`);
    const pairs = adamIds.flatMap((adamId) => serialNumbers.map((serialNumber) => `${adamId} ${serialNumber}`));
    return {
      path: "mdm/v2/assets/associate",
      body: { assets: adamIds.map((adamId) => ({ adamId, pricingParam: "STDQ" })), serialNumbers },
      effect: { name: `associate ${id}`, apply: (truth) => each(pairs, (pair) => truth.pairs.add(pair)) },
    };
  }

  #disassociate(mine: readonly string[]): Write {
    const [adamId] = mine[this.#random.below(mine.length)]!.split(" ");
    const pairs = mine.filter((pair) => pair.startsWith(`${adamId} `)).slice(0, 20);
    return {
      path: "mdm/v2/assets/disassociate",
      body: { assets: [{ adamId, pricingParam: "STDQ" }], serialNumbers: pairs.map((pair) => pair.split(" ")[1]) },
      effect: { name: `disassociate ${adamId}`, apply: (truth) => each(pairs, (pair) => truth.pairs.delete(pair)) },
    };
  }

  #revoke(mine: readonly string[]): Write {
    const serialNumbers = [...new Set(mine.map((pair) => pair.split(" ")[1]!))].slice(0, 20);
    const pairs = mine.filter((pair) => serialNumbers.includes(pair.split(" ")[1]!));
    return {
      path: "mdm/v2/assets/revoke",
      body: { serialNumbers },
      effect: { name: "revoke", apply: (truth) => each(pairs, (pair) => truth.pairs.delete(pair)) },
    };
  }
}

function createUsers(id: string, count: number): Write {
  const users = Array.from({ length: count }, (_, index) => `U${id}-${index}`);
  return {
    path: "mdm/v2/users/create",
    body: { users: users.map((clientUserId) => ({ clientUserId, email: `${clientUserId}@example.com` })) },
    effect: { name: `create ${id}`, apply: (truth) => each(users, (user) => truth.users.set(user, "Registered")) },
  };
}

function retireUsers(users: readonly string[]): Write {
  return {
    path: "mdm/v2/users/retire",
    body: { users: users.map((clientUserId) => ({ clientUserId })) },
    effect: { name: `retire ${users}`, apply: (truth) => each(users, (user) => truth.users.set(user, "Retired")) },
  };
}

function configure(id: string, notificationUrl: string): Write {
  return {
    path: "mdm/v2/client/config",
    body: {
      mdmInfo: { id, name: "Kill test", metadata: "" },
      notificationUrl,
      notificationAuthToken: `secret ${id}`,
    },
    effect: { name: `configure ${id}`, apply: (truth) => Object.assign(truth, { mark: id, secret: `secret ${id}` }) },
  };
}

function moveClock(advanceSeconds: number): Write {
  const apply = (truth: Expected) => {
    truth.offsetSeconds += advanceSeconds;
  };
  return { path: "_control/clock", body: { advanceSeconds }, effect: { name: "clock", apply } };
}

function issueToken(name: string, file: string): Write {
  const effect: Effect = { name: `issue ${name}`, apply: (truth) => truth.tokens.add(`${name} active`) };
  return { path: "_control/tokens", body: { action: "issue", name, file }, effect };
}

function buy(adamId: string, count: number): Write {
  const apply = (truth: Expected) => truth.owned.set(adamId, truth.owned.get(adamId)! + count);
  return { path: "_control/assets", body: { action: "buy", adamId, count }, effect: { name: `buy ${adamId}`, apply } };
}

function each<T>(items: readonly T[], change: (item: T) => unknown): void {
  for (const item of items) {
    change(item);
  }
}
