import { isDead, pendingOf } from "../../inventory/read";
import type { Inventory } from "../../inventory/types";
import { isUnlimited, nameOf, type Summary } from "../status/summary";
import { printable } from "../terminal";

/** A product: name, App Store id, pricing kind, product type, bought (-1: no end), used, free, users who have not accepted, licences that no resource declares. */
export type AppRow = readonly [string, string, string, string, number, number, number, number, number];
/** A device: serial number, which set of apps it holds, how many of those no resource declares. */
export type DeviceRow = readonly [string, number, number];
/** A person: id, whether the invitation is accepted (1) or not (0), or another status (2), which set of apps, how many of those no resource declares, whether a resource names this person (1), none does (0), or nobody knows (-1). */
export type PersonRow = readonly [string, 0 | 1 | 2, number, number, -1 | 0 | 1];

/** One library as the page has it: rows without keys, and every set of apps once, since thousands of devices hold the same. */
export interface LibraryData {
  readonly title: string;
  readonly isCompared: boolean;
  readonly apps: readonly AppRow[];
  /** Sets of apps, as positions in `apps`. */
  readonly sets: readonly (readonly number[])[];
  readonly devices: readonly DeviceRow[];
  readonly people: readonly PersonRow[];
}

/** Numbers of one library that the page shows without its script. */
export interface LibraryTotals {
  readonly used: number;
  /** Licences whose holders were read. */
  readonly held: number;
  readonly devices: number;
  readonly undeclared: number;
  /** How many devices hold so many licences, from one licence on. */
  readonly devicesByLicences: ReadonlyMap<number, number>;
}

/** What a page shows of one library. */
export interface LibraryReport {
  readonly summary: Summary;
  readonly data: LibraryData;
  readonly totals: LibraryTotals;
}

/** Makes of one library what a page shows of it. Addresses are left out: whoever gets the page sees ids and serial numbers only. */
export function reportOf(summary: Summary): LibraryReport {
  const { inventory, undeclared } = summary;
  const { apps, licences } = inventory;
  const pending = pendingOf(inventory) ?? (() => 0);
  const isCompared = undeclared !== undefined && undeclared.unreadable.length === 0;
  const sets = new AppSets(apps.map(({ key }) => key));
  const held = { device: sets.byTarget(licences?.devices), user: sets.byTarget(licences?.users) };
  const strange = { device: countByTarget(undeclared?.devices), user: countByTarget(undeclared?.users) };
  const strangers = undeclared?.clientUserIds && new Set(undeclared.clientUserIds);
  const devices = [...held.device].map(([serial, set]): DeviceRow => [serial, set, strange.device.get(serial) ?? 0]);
  const people = (inventory.users ?? []).map(({ clientUserId, status }): PersonRow => {
    const isDeclared = strangers === undefined ? -1 : strangers.has(clientUserId) ? 0 : 1;
    const set = held.user.get(clientUserId) ?? sets.indexOf([]);
    const standing = status === "Associated" ? 1 : status === "Registered" ? 0 : 2;
    return [clientUserId, standing, set, strange.user.get(clientUserId) ?? 0, isDeclared];
  });
  const rows = apps.map((app): AppRow => {
    const total = isUnlimited(app) ? -1 : app.totalCount;
    const unwanted = (undeclared?.devices.get(app.key)?.length ?? 0) + (undeclared?.users.get(app.key)?.length ?? 0);
    const counts = [total, app.assignedCount, app.availableCount, pending(app.key), unwanted] as const;
    return [printable(nameOf(app)), app.adamId, app.pricingParam, app.productType, ...counts];
  });
  const data = { title: printable(inventory.title), isCompared, apps: rows, sets: sets.all, devices, people };
  return { summary, data, totals: totalsOf(inventory, data, undeclared?.count ?? 0) };
}

function totalsOf(inventory: Inventory, { devices, sets }: LibraryData, undeclared: number): LibraryTotals {
  const devicesByLicences = new Map<number, number>();
  for (const [, set] of devices) {
    const count = sets[set]!.length;
    devicesByLicences.set(count, (devicesByLicences.get(count) ?? 0) + 1);
  }
  const used = isDead(inventory) ? 0 : inventory.apps.reduce((sum, { assignedCount }) => sum + assignedCount, 0);
  const { licences } = inventory;
  const sizes = [...(licences?.devices.values() ?? []), ...(licences?.users.values() ?? [])].map(({ size }) => size);
  const held = sizes.reduce((sum, size) => sum + size, 0);
  return { used, held, devices: devices.length, undeclared, devicesByLicences };
}

function countByTarget(byApp: ReadonlyMap<string, readonly string[]> = new Map()): Map<string, number> {
  const counts = new Map<string, number>();
  for (const targets of byApp.values()) for (const target of targets) counts.set(target, (counts.get(target) ?? 0) + 1);
  return counts;
}

/** Numbers sets of apps, so that each is kept once however many hold it. */
class AppSets {
  readonly all: (readonly number[])[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly positions: ReadonlyMap<string, number>;

  constructor(keys: readonly string[]) {
    this.positions = new Map(keys.map((key, position) => [key, position]));
  }

  indexOf(positions: readonly number[]): number {
    const signature = positions.join();
    const known = this.numbers.get(signature);
    if (known !== undefined) return known;
    this.numbers.set(signature, this.all.length);
    return this.all.push(positions) - 1;
  }

  /** Which set each target holds. */
  byTarget(byApp: ReadonlyMap<string, ReadonlySet<string>> = new Map()): Map<string, number> {
    const held = new Map<string, number[]>();
    for (const [key, targets] of byApp) {
      const position = this.positions.get(key)!;
      for (const target of targets) {
        const positions = held.get(target);
        if (positions) positions.push(position);
        else held.set(target, [position]);
      }
    }
    return new Map([...held].map(([target, positions]) => [target, this.indexOf(positions)]));
  }
}
