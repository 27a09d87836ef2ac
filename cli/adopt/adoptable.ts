import type { Inventory, InventoryApp } from "../../inventory/types";
import type { UserInput } from "../../provider/apple/resources/userSet/types";
import { faultsOf } from "../../provider/schema/validate";

/** What the service has and no program can declare, in numbers. */
export interface LeftOut {
  /** Products with a number or pricing kind that no resource takes. */
  readonly products: number;
  /** Active people whose id no resource takes. */
  readonly people: number;
  /** People whose e-mail address no resource takes; they are adopted without it. */
  readonly addresses: number;
  /** Licences that the service lists for people who are not active, or for devices and people that no resource takes. */
  readonly licences: number;
  /** Licences that retired people keep; the service counts them apart. */
  readonly retired: number;
  /** Products of which the service counts other numbers of licences than it lists. */
  readonly unlike: readonly { readonly app: InventoryApp; readonly listed: number }[];
}

/** What of a library can be declared. */
export interface Adoptable {
  readonly products: readonly InventoryApp[];
  readonly people: readonly UserInput[];
  /** Holders by app key: `d` and a serial number, or `u` and a person's id. */
  readonly held: ReadonlyMap<string, readonly string[]>;
  readonly leftOut: LeftOut;
}

const anyToken = { libraryId: "0", contentTokenKey: "any", bindingId: "0" };

/** Parts a library in what resources take, by the very rules that they check with, and the rest. */
export function adoptable({ apps, users = [], licences }: Inventory): Adoptable {
  const products = apps.filter(
    ({ adamId, pricingParam }) => faultsOf("VppApp", { token: anyToken, adamId, pricingParam }).length === 0,
  );
  const takesUser = (user: UserInput): boolean =>
    faultsOf("VppUserSet", { token: anyToken, users: [user] }).length === 0;
  const known = users.filter(({ clientUserId }) => takesUser({ clientUserId }));
  const people = known.map(({ clientUserId, email }): UserInput => {
    const full = { clientUserId, ...(email !== undefined && { email }) };
    return takesUser(full) ? full : { clientUserId };
  });
  people.sort((a, b) => (a.clientUserId < b.clientUserId ? -1 : 1));
  const ids = new Set(people.map(({ clientUserId }) => clientUserId));
  const isSerial = (serial: string): boolean => /^[A-Z0-9]{8,14}$/.test(serial);
  let left = 0;
  const held = new Map<string, string[]>();
  const unlike: { app: InventoryApp; listed: number }[] = [];
  for (const app of products) {
    const devices = [...(licences?.devices.get(app.key) ?? [])];
    const holders = [...(licences?.users.get(app.key) ?? [])];
    const listed = devices.length + holders.length;
    if (listed !== app.assignedCount) unlike.push({ app, listed });
    const taken = [
      ...devices.filter(isSerial).map((serial) => `d${serial}`),
      ...holders.filter((id) => ids.has(id)).map((id) => `u${id}`),
    ];
    left += listed - taken.length;
    held.set(app.key, taken);
  }
  const leftOut = {
    products: apps.length - products.length,
    people: users.length - people.length,
    addresses:
      known.filter(({ email }) => email !== undefined).length -
      people.filter(({ email }) => email !== undefined).length,
    licences: left,
    retired: products.reduce((sum, { retiredCount }) => sum + retiredCount, 0),
    unlike,
  };
  return { products, people, held, leftOut };
}
