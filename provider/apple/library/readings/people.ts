import type { Client } from "../../api/client";
import type { WireUser } from "../../api/wire";
import { SharedAnswer } from "./sharedAnswer";

/** So many people are asked for one by one; for more, the whole list costs no more. */
export const askOneByOneUpTo = 5;

const retired = new Set(["Retired", "Deleted"]);

/**
 * Whether a record is that of somebody who can hold licences. Only the two words for people who have left say that he is not: one that came
 * later says that he is there, and no more.
 */
export function isActive({ status }: WireUser): boolean {
  return !retired.has(status);
}

/** The statuses of people who are there that this version knows: invited, and accepted. */
export function isKnownStatus(status: string): boolean {
  return status === "Registered" || status === "Associated";
}

/** The people of whom some record is active. */
export function activeIds(records: readonly WireUser[]): Set<string> {
  return new Set(records.filter(isActive).map(({ clientUserId }) => clientUserId));
}

/** Who is known to a library, as far as this run has read it. */
export class PeopleReadings {
  private readonly active: SharedAnswer<{ readonly items: WireUser[]; readonly requests: number }>;
  private readonly every: SharedAnswer<{ readonly items: WireUser[] }>;

  constructor(private readonly client: Pick<Client, "users" | "userRecords">) {
    this.active = new SharedAnswer(() => client.users());
    this.every = new SharedAnswer(() => client.userRecords());
  }

  /** Those whom the service takes for active. */
  async all(fresh = false): Promise<WireUser[]> {
    if (fresh) this.every.forget();
    return (await (fresh ? this.active.renew() : this.active.get())).items;
  }

  /** All records of each, retired ones included. */
  async byId(ids: readonly string[]): Promise<WireUser[]> {
    const answers = await Promise.all(ids.map((clientUserId) => this.client.users({ clientUserId })));
    return answers.flatMap(({ items }) => items);
  }

  /** The same, in the way that costs fewer requests; the list of all records is read once for all who ask since the last fresh one. */
  async recordsOf(ids: readonly string[], oneByOneUpTo = askOneByOneUpTo): Promise<WireUser[]> {
    if (ids.length <= oneByOneUpTo) return this.byId(ids);
    const asked = new Set(ids);
    return (await this.every.get()).items.filter(({ clientUserId }) => asked.has(clientUserId));
  }

  /** Those of whom there is no active record, after a second look at whom the list lacks. */
  async unknown(ids: readonly string[]): Promise<Set<string>> {
    const missingFrom = (wanted: readonly string[], records: readonly WireUser[]): string[] => {
      const active = activeIds(records);
      return wanted.filter((id) => !active.has(id));
    };
    const { items, requests } = await this.active.get();
    const missing = missingFrom(ids, items);
    if (missing.length === 0) return new Set();
    // The list may be old: this run itself may have registered people since.
    this.every.forget();
    return new Set(missingFrom(missing, await this.recordsOf(missing, Math.min(askOneByOneUpTo, requests))));
  }

  /** From now on the lists are read anew. */
  forget(): void {
    this.active.forget();
    this.every.forget();
  }
}
