import type { AssetDescription } from "./asset";
import type { TargetId } from "./assignment";
import type { AcceptedEvent, ProcessedEvent } from "./event";
import type { LibraryIdentity, MdmInfo, NotificationSettings } from "./library-data";
import type { TokenRecord } from "./token-record";
import type { NewUser, UserChange } from "./user-record";

/** The three lists of a library that have versions of their own. */
export type Versioned = "assets" | "licences" | "users";

/**
 * One change of a library, as plain data: a kind and what is needed to make the change again. Assets go by the text
 * `ADAMID/PRICING`. Making the changes of a library again in their order leads to the same library, down to the order
 * of its lists and the numbers of its revisions.
 */
export type LibraryChange =
  | ["asset", AssetDescription, owned: number]
  | ["owned", asset: string, delta: number]
  | ["removed", asset: string]
  | ["give", asset: string, ...TargetId[]]
  | ["take", asset: string, ...TargetId[]]
  | ["retire", asset: string, ...TargetId[]]
  | ["user", NewUser]
  | ["change", user: number, UserChange]
  | ["touch", user: number]
  | ["mark", MdmInfo | null]
  | ["notifications", NotificationSettings]
  | ["accept", AcceptedEvent]
  | ["done", ProcessedEvent]
  | ["version", Versioned, versionId: string, behind?: number];

/** One change of what belongs to no library or to several; tokens go by the SHA-256 of their text. */
export type WorldChange =
  | ["library", LibraryIdentity]
  | ["token", libraryId: string, TokenRecord]
  | ["token-revoked", digest: string]
  | ["token-expiry", digest: string, expiresAt: number]
  | ["clock", offsetMs: number];

/** Where the parts of a library tell of their changes; nobody listens unless the simulator keeps its data. */
export interface Recording {
  record: ((change: LibraryChange) => void) | undefined;
}

/** Gets every change of a world just after it was made. */
export interface Recorder {
  readonly ofLibrary: (libraryId: string, change: LibraryChange) => void;
  readonly ofWorld: (change: WorldChange) => void;
  /**
   * Keeps everything recorded so far. Nothing that was changed may become known before.
   *
   * @throws the system's error when it cannot be kept; it is tried again with the next call.
   */
  readonly commit: () => void;
}
