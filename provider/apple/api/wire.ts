/** The service's JSON, exactly as on the wire. Every array and most fields can be absent, so readers must not rely on them. */

/** The mark that a service leaves on a library to say that it manages it. Advisory: the last writer wins. */
export interface MdmInfo {
  readonly id: string;
  readonly name: string;
  readonly metadata: string;
}

/** What every authenticated answer carries. */
export interface CommonAnswer {
  readonly uId?: string;
  readonly tokenExpirationDate?: string;
  readonly mdmInfo?: MdmInfo | null;
  readonly errorNumber?: number;
  readonly errorMessage?: string;
}

/** Answer of `service/config`. Limits and addresses are the service's to change. */
export interface ServiceConfigAnswer {
  readonly limits?: Readonly<Record<string, number>>;
  readonly urls?: Readonly<Record<string, string>>;
}

/** Answer of `client/config`. The notification secret that it can hold is never read. */
export interface ClientConfigAnswer extends CommonAnswer {
  readonly countryISO2ACode?: string;
  readonly defaultPlatform?: string;
  readonly locationName?: string;
  readonly organizationName?: string;
}

/** A page of any list. `nextPageIndex` is there only if another page is. */
export interface PageAnswer extends CommonAnswer {
  readonly currentPageIndex?: number;
  readonly nextPageIndex?: number;
  readonly totalPages?: number;
  readonly size?: number;
  readonly versionId?: string;
}

/** What names an app or a book: both parts together. */
export interface AssetRef {
  /** The product's number in the store. */
  readonly adamId: string;
  /** The pricing kind, `STDQ` or `PLUS`. */
  readonly pricingParam: string;
}

/** One product of a library with its counts. 2147483647 stands for unlimited. */
export interface WireAsset extends AssetRef {
  readonly productType?: string;
  readonly deviceAssignable?: boolean;
  readonly revocable?: boolean;
  readonly supportedPlatforms?: readonly string[];
  readonly assignedCount?: number;
  readonly availableCount?: number;
  readonly retiredCount?: number;
  readonly totalCount?: number;
}

/** One licence: one of the two targets is there, or neither if it is held by something of a kind unknown to us. */
export interface WireAssignment extends AssetRef {
  readonly serialNumber?: string;
  readonly clientUserId?: string;
  readonly userStatus?: string;
}

/** One user record. `clientUserId` repeats when a user was retired and created again. */
export interface WireUser {
  readonly clientUserId: string;
  /** `Registered`, `Associated`, `Retired`, `Deleted`, or a word that came later. */
  readonly status: string;
  readonly email?: string;
  readonly inviteCode?: string;
  /** Stands for the Apple Account that is or was linked. */
  readonly idHash?: string;
}

/** What a user is created or updated with. `managedAppleId` can't be read back. */
export interface WireUserRequest {
  readonly clientUserId: string;
  readonly email?: string;
  readonly managedAppleId?: string;
}

/** Why a part of an accepted request failed, and which assets and targets it concerns. */
export interface WireFailure {
  readonly errorNumber?: number;
  readonly errorMessage?: string;
  readonly errorInfo?: {
    readonly assets?: readonly AssetRef[];
    readonly clientUserIds?: readonly string[];
    readonly serialNumbers?: readonly string[];
  };
}

/** Answer of a write: it was accepted, nothing more. */
export interface EventAnswer extends CommonAnswer {
  readonly eventId?: string;
}

/** How far an accepted write is. `numCompleted` counts successes; one failed task makes the whole event `FAILED`. */
export interface StatusAnswer extends CommonAnswer {
  readonly eventStatus?: string;
  readonly eventType?: string;
  readonly numRequested?: number;
  readonly numCompleted?: number;
  readonly failures?: readonly WireFailure[];
}

/** Body of `assets/associate` and `assets/disassociate`. One kind of target in one request. */
export interface ManageAssetsRequest {
  readonly assets: readonly AssetRef[];
  readonly serialNumbers?: readonly string[];
  readonly clientUserIds?: readonly string[];
}
