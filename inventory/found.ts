import type { Holder, TokenStatus } from "../provider/apple/resources/token/types";

/** What a look-up finds out about a content token and its library. */
export interface FoundToken {
  /** The key under which the content token was found. */
  readonly contentTokenKey: string;
  /** First 12 hexadecimal digits of the token's SHA-256. */
  readonly tokenFingerprint: string;
  /** When the token runs out, ISO 8601 in UTC. */
  readonly expiresAt: string;
  /**
   * How the token stands; `expiring` in its last 30 days. Whether the library is `heldByAnother` shows only if the look-up was given a
   * VppToken or its reference: a key alone doesn't say whose mark should be there.
   */
  readonly status: TokenStatus;
  /** The service whose mark the library bears; absent if none. */
  readonly holder?: Holder;
  /** The service's id of the library; absent if the token is dead and only its key was given. */
  readonly libraryId?: string;
  /** The organizational unit's name; absent if the token is dead, or if it has none. */
  readonly locationName?: string;
  /** The organization's name. */
  readonly organizationName: string;
  /** The organization's country, two letters; absent if the token is dead. */
  readonly countryCode?: string;
  /** `enterprisestore` or `volumestore` (education); absent if the token is dead. */
  readonly platform?: string;
}

/** A product of a library, app or book, as a look-up finds it. 2147483647 licences stand for unlimited. */
export interface FoundApp {
  /** The product's number in the store. */
  readonly adamId: string;
  /** The pricing kind, `STDQ` or `PLUS`. */
  readonly pricingParam: string;
  /** The product's name in the organization's store; absent if it could not be looked up, or is not sold any more. */
  readonly displayName?: string;
  /** The app's bundle identifier; absent where `displayName` is, and for books. */
  readonly bundleId?: string;
  /** Address of the product's picture at the store, about 128 pixels wide; absent where `displayName` is. */
  readonly iconUrl?: string;
  /** `App` or `Book`. */
  readonly productType: string;
  /** Whether it can be given to devices. */
  readonly deviceAssignable: boolean;
  /** Whether licences can be taken back; those of books can't. */
  readonly revocable: boolean;
  /** Such as `iOS`, `macOS`. */
  readonly supportedPlatforms: readonly string[];
  /** Licences owned. */
  readonly totalCount: number;
  /** Licences assigned, whoever assigned them. */
  readonly assignedCount: number;
  /** Licences free. */
  readonly availableCount: number;
  /** Licences held by retired users. */
  readonly retiredCount: number;
}

/** A person whom the service knows: invited or accepted, not retired. */
export interface FoundUser {
  /** Your own id for the person. */
  readonly clientUserId: string;
  /** `Registered`: invited; `Associated`: accepted. Another word is the service's own; the person is there. */
  readonly status: string;
  /** The person's e-mail address, if the service has one and `personalData` is not false. */
  readonly email?: string;
  /** Where the person accepts the invitation; only while invited, and if `personalData` is not false. */
  readonly inviteUrl?: string;
}

/** One licence that is assigned, to a device or to a person. */
export interface FoundAssignment {
  /** The product's number in the store. */
  readonly adamId: string;
  /** The pricing kind, `STDQ` or `PLUS`. */
  readonly pricingParam: string;
  /** The device that holds it, if a device does. */
  readonly serialNumber?: string;
  /** The person who holds it, if a person does. */
  readonly clientUserId?: string;
}

/** Which products are looked for; every filter that is given must hold. */
export interface AppFilter {
  readonly adamIds?: readonly string[];
  readonly name?: string;
  readonly platform?: string;
  readonly productType?: "App" | "Book";
  readonly deviceAssignable?: boolean;
  readonly freeBelow?: number;
  readonly names?: boolean;
}

/** Which people are looked for. */
export interface UserFilter {
  readonly clientUserIds?: readonly string[];
  readonly status?: "Registered" | "Associated";
  readonly personalData?: boolean;
}

/** Which licences are looked for; one target at most. */
export interface AssignmentFilter {
  readonly adamId?: string;
  readonly serialNumber?: string;
  readonly clientUserId?: string;
}

/** Which library a look-up is about: its token's key and, as far as they are known, its id and whose mark it should bear. */
export interface Wherein {
  readonly contentTokenKey: string;
  readonly libraryId?: string;
  readonly bindingId?: string;
  readonly managedBy?: string;
}
