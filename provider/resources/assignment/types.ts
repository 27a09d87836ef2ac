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
  readonly serialNumber?: string;
  readonly clientUserId?: string;
}

/** Licences that have left the program and are not yet seen taken back: every app with every target. */
export interface Releasing {
  readonly apps: readonly string[];
  readonly serialNumbers?: readonly string[];
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
  readonly releasing?: readonly Releasing[];
  readonly lastSyncedAt: string;
}
