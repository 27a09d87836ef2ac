import type { TokenRef } from "../tokenRef";

/** One person of a user set. */
export interface UserInput {
  readonly clientUserId: string;
  readonly email?: string;
  readonly managedAppleId?: string;
}

/** How the service knows one person. */
export interface Member {
  /** Your own id for the person. */
  readonly clientUserId: string;
  /** `Registered`: invited; `Associated`: accepted; `Missing`: the service has no active record; or another word of the service. */
  readonly status: string;
  /** Where the person accepts the invitation; only while invited. */
  readonly inviteUrl?: string;
  /** Whether this resource registered the person, and so may retire him. */
  readonly registeredByUs: boolean;
}

/** What the program says of a VppUserSet. */
export interface UserSetInputs {
  readonly token: TokenRef;
  readonly users: readonly UserInput[];
  readonly reclaim?: boolean;
  readonly maxRetirements?: number;
}

/** What the state holds of a VppUserSet. */
export interface UserSetState extends UserSetInputs {
  readonly invitedCount: number;
  readonly acceptedCount: number;
  readonly missingCount: number;
  readonly members: readonly Member[];
  /** Ids of people who left the program and are not seen retired yet. */
  readonly releasing?: readonly string[];
  /** Ids of people whose address and account the service has not confirmed to be as in `users`; absent if there is none. */
  readonly unconfirmed?: readonly string[];
  /** The people whom this resource has registered, each as a hash of the record and the id; absent in a state of 0.1.0. */
  readonly registered?: readonly string[];
  readonly lastSyncedAt: string;
}
