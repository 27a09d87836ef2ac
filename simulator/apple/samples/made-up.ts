import type { UserEntry } from "../library-file/types";

const SERIAL_LETTERS = "0123456789CDFGHJKLMNPQRTVWXY";
const SERIAL_LENGTH = 10;

/** Numbers that look random and are the same at every start. */
export class Chance {
  #state: number;

  /** @param seed a whole number from 1. */
  constructor(seed: number) {
    this.#state = seed % 2_147_483_647;
  }

  /** A whole number from 0 to below the given one. */
  below(count: number): number {
    this.#state = (this.#state * 48_271) % 2_147_483_647;
    return this.#state % count;
  }

  /** One of some items. */
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
}

/** Different serial numbers in the form devices bear since 2021: ten letters and digits without pattern. */
export function serialNumbers(seed: number, count: number): string[] {
  const chance = new Chance(seed);
  const found = new Set<string>();
  while (found.size < count) {
    let text = "";
    for (let length = 0; length < SERIAL_LENGTH; length += 1) {
      text += SERIAL_LETTERS[chance.below(SERIAL_LETTERS.length)];
    }
    found.add(text);
  }
  return [...found];
}

/** People with addresses of a domain; their ids are opaque, as the service's privacy rules ask for. */
export function people(
  seed: number,
  count: number,
  about: { readonly domain: string; readonly given: readonly string[]; readonly family: readonly string[] },
): UserEntry[] {
  const chance = new Chance(seed);
  const addresses = new Set<string>();
  return Array.from({ length: count }, () => {
    const name = `${chance.pick(about.given)}.${chance.pick(about.family)}`;
    let address = `${name}@${about.domain}`;
    for (let number = 2; addresses.has(address); number += 1) {
      address = `${name}${number}@${about.domain}`;
    }
    addresses.add(address);
    const part = () => chance.below(0x10000).toString(16).padStart(4, "0");
    return { clientUserId: `${part()}${part()}-${part()}-4${part().slice(1)}-a${part().slice(1)}`, email: address };
  });
}

/** Makes a user one whose managed Apple Account, the email address, is linked. */
export function managed(user: UserEntry): UserEntry {
  return { ...user, status: "Associated", managedAppleId: user.email! };
}
