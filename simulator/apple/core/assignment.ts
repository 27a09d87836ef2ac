import { OrderedList } from "../../kit/ordered-list";
import { type AssetDescription, keyText, UNLIMITED } from "./asset";

/** The states of a user. `Deleted` is a retired user whose Apple Account was later linked to a newer one. */
export const USER_STATUSES = ["Registered", "Associated", "Retired", "Deleted"] as const;

/** One of the states of a user. */
export type UserStatus = (typeof USER_STATUSES)[number];

/** One user entry. Several entries may bear the same `clientUserId`, at most one of them active. */
export interface User {
  readonly kind: "user";
  readonly seq: number;
  readonly clientUserId: string;
  readonly inviteCode: string;
  assignments: Assignment[];
  revision: number;
  /** One of the known ones, or any other text that the control interface set. */
  status: string;
  email?: string;
  idHash?: string;
  managedAppleId?: string;
}

/** One device. The service does not know devices beyond their serial number, and accepts any. */
export interface Device {
  readonly kind: "device";
  readonly serialNumber: string;
  assignments: Assignment[];
}

/** Who holds a licence: the serial number of a device, or the number of a user entry, counted from 1. */
export type TargetId = string | number;

/** Who can hold a licence. */
export type Target = User | Device;

/** One licence: a pair of asset and target. */
export interface Assignment {
  readonly seq: number;
  readonly asset: Asset;
  readonly target: Target;
  /** When it last changed, for `sinceVersionId` reads. */
  revision: number;
  /** Retired licences stay with a retired user; removed ones were taken back and only live on in the change log. */
  state: "active" | "retired" | "removed";
}

/** How many licences of an asset there are. */
export interface AssetCounts {
  /** How many were bought, those stuck with retired users included. */
  readonly owned: number;
  /** Licences held by devices and active users. */
  readonly assignedCount: number;
  /** Irrevocable licences that stay with retired users. */
  readonly retiredCount: number;
}

/** How many licences can still be given; below 0 when licences were refunded that are held. */
export function availableCount({ owned, retiredCount, assignedCount }: AssetCounts): number {
  return owned - retiredCount - assignedCount;
}

/** One product of a library with its licences. Counts change only through the library. */
export class Asset implements AssetCounts {
  readonly seq: number;
  /** The text under which the asset is kept in maps. */
  readonly key: string;
  readonly description: AssetDescription;
  readonly assignments = new OrderedList<Assignment>(isRetired);
  readonly holders = new Map<Target, Assignment>();
  owned: number;
  assignedCount = 0;
  retiredCount = 0;

  constructor(seq: number, description: AssetDescription, owned: number) {
    this.seq = seq;
    this.description = description;
    this.key = keyText(description);
    this.owned = owned;
  }

  /** Whether the asset has no limit. */
  get unlimited(): boolean {
    return this.owned === UNLIMITED;
  }

  /** How many licences can still be given; below 0 when licences were refunded that are held. */
  get availableCount(): number {
    return availableCount(this);
  }
}

/** Whether a user can be given licences. */
export function isActive(user: User): boolean {
  return user.status === "Registered" || user.status === "Associated";
}

/** Whether a user has retired, so that only what is irrevocable stays with it. */
export function hasRetired(user: User): boolean {
  return user.status === "Retired" || user.status === "Deleted";
}

/** Whether a licence stays with a user who is not active any more. */
export function isRetired(assignment: Assignment): boolean {
  return assignment.state === "retired";
}

/** How a target is named in the data that is kept. */
export function targetId(target: Target): TargetId {
  return target.kind === "user" ? target.seq : target.serialNumber;
}
