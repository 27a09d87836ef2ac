/**
 * How a content token stands: `expiring` in its last 30 days, `expired` or `revoked` when the service refuses it, and `heldByAnother` when it
 * opens a library that bears the mark of a service nobody has allowed.
 */
export type TokenStatus = "valid" | "expiring" | "expired" | "revoked" | "heldByAnother";

/** The service whose mark a library bears. */
export interface Holder {
  /** Its id, for `managedBy` or `takeOverFrom`. */
  readonly id: string;
  /** What it calls itself. */
  readonly name: string;
}

/** What the program says of a VppToken, and what `check` adds to it. */
export interface TokenInputs {
  readonly contentTokenKey: string;
  readonly displayName?: string;
  readonly appleAccount?: string;
  readonly takeOverFrom?: string;
  readonly managedBy?: string;
  /** The most devices and people who may lose licences in one run because assignments leave the program. */
  readonly maxRevocations?: number;
  /** The most people who may be retired in one run because user sets leave the program. */
  readonly maxRetirements?: number;
  /** Added: the library that the token opens. */
  readonly libraryId?: string;
  /** Added: the id of our mark. */
  readonly bindingId?: string;
  /** Added: first 12 hexadecimal digits of the token's SHA-256; `refused` in states of 0.1.0 after the service was seen to refuse it. */
  readonly tokenFingerprint?: string;
  /** Added: the holder from whom `takeOverFrom` has allowed to take the library, once. */
  readonly takenOver?: string;
  /** Added where another holder was seen and let be: the next check asks again, and an update writes no mark over his. */
  readonly holder?: Holder;
  /** Added where the token is dead, `expired` or `revoked`: the next check asks again, and an update writes nothing. */
  readonly status?: TokenStatus;
  /** Added: what the program declares of this library, as counts, for the next check to compare. Never an output. */
  readonly declared?: string;
}

/** What the state holds of a VppToken. Dates are ISO 8601 in UTC. */
export interface TokenState extends Omit<TokenInputs, "declared"> {
  readonly libraryId: string;
  readonly bindingId: string;
  readonly tokenFingerprint: string;
  readonly expiresAt: string;
  readonly status: TokenStatus;
  readonly locationName: string;
  readonly organizationName: string;
  readonly countryCode: string;
  readonly platform: string;
  /** When the token in place was last changed. */
  readonly lastUpdatedAt: string;
  readonly lastSyncedAt: string;
}
