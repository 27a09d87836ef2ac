import type { Asset } from "./asset";

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
  readonly assignments: Assignment[];
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
  readonly assignments: Assignment[];
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
  /** Whether it was taken back; such a licence only lives on in the change log. */
  removed: boolean;
}

/** Whether a user can be given licences. */
export function isActive(user: User): boolean {
  return user.status === "Registered" || user.status === "Associated";
}
