import type { AssetRef } from "../../library/library";
import type { TokenRef } from "../tokenRef";

/** What the program says of a VppAssignment: every app goes to every target. */
export interface AssignmentInputs {
  readonly token: TokenRef;
  readonly apps: readonly AssetRef[];
  /** Upper case, each once. Absent: this kind of target is not in play. */
  readonly serialNumbers?: readonly string[];
  /** Each once. Absent: this kind of target is not in play. */
  readonly clientUserIds?: readonly string[];
  readonly intent: "required" | "uninstall";
  readonly exclusive: boolean;
  readonly reclaim: boolean;
  readonly maxRevocations?: number;
}

/** One licence of a list in the state: an app and one target. */
export interface ListedPair extends AssetRef {
  /** The device, if it is one. */
  readonly serialNumber?: string;
  /** The person, if it is one. */
  readonly clientUserId?: string;
}

/** How many licences of an app are free. */
export interface AppCount extends AssetRef {
  /** Licences that nobody holds; 2147483647 stands for unlimited. */
  readonly availableCount: number;
}

/** Licences that have left the program and are not yet seen taken back: every app with every target. */
export interface Releasing {
  /** The apps, each with its pricing kind, such as `361285480/STDQ`. */
  readonly apps: readonly string[];
  /** The devices, if the targets are devices. */
  readonly serialNumbers?: readonly string[];
  /** The people, if the targets are people. */
  readonly clientUserIds?: readonly string[];
}

/** What the state holds of a VppAssignment. Counts are licences (app and target), lists hold the first 100. */
export interface AssignmentState extends AssignmentInputs {
  readonly assignedCount: number;
  readonly missingCount: number;
  readonly missing: readonly ListedPair[];
  readonly surplusCount: number;
  readonly surplus: readonly ListedPair[];
  /** Targets among the surplus, which is what the brake counts. */
  readonly surplusTargetCount: number;
  /** Users who hold a licence and have not accepted the invitation yet. */
  readonly pendingCount: number;
  /** Of each app, in their order, as of `lastSyncedAt`, what was just assigned counted in. States of 0.1.0 have none. */
  readonly appCounts?: readonly AppCount[];
  readonly releasing?: readonly Releasing[];
  readonly lastSyncedAt: string;
}
