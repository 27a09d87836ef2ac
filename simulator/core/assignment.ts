import type { Asset } from "./asset";
import type { TargetId } from "./changes";

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
  status: UserStatus;
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

/** Whether a user can be given licences. */
export function isActive(user: User): boolean {
  return user.status === "Registered" || user.status === "Associated";
}

/** Whether a licence stays with a user who is not active any more. */
export function isRetired(assignment: Assignment): boolean {
  return assignment.state === "retired";
}

/** How a target is named in the data that is kept. */
export function targetId(target: Target): TargetId {
  return target.kind === "user" ? target.seq : target.serialNumber;
}
