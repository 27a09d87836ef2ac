import type { Asset } from "../provider/apple/library/readings/assets";
import type { Holder, TokenStatus } from "../provider/apple/resources/token/types";
import type { VppError } from "../provider/errors";

/** Which parts of a library are read beside its token and its apps; what is not wanted costs no request. */
export interface Wanted {
  /** The products and their counts; read unless this is false. */
  readonly apps?: boolean;
  /** The people and how they stand. */
  readonly users?: boolean;
  /** Who holds which app. */
  readonly licences?: boolean;
  /** With `licences`: only those of the products for which this holds, if that takes fewer requests; names are looked up before it is asked. */
  readonly licencesOf?: (app: InventoryApp) => boolean;
  /** Single devices and people, each asked about alone, whatever else is read. */
  readonly holdingsOf?: HoldingsOf;
  /** What the store calls the apps. */
  readonly names?: boolean;
}

/** Devices and people who are asked about one by one. */
export interface HoldingsOf {
  readonly serialNumbers: readonly string[];
  readonly clientUserIds: readonly string[];
}

/** One library as the service shows it at one time, read without changing anything. */
export interface Inventory {
  /** The key of the content token that opened it. */
  readonly contentTokenKey: string;
  /** How people call the library: its location's name, else its organization's, else its key. */
  readonly title: string;
  /** Absent where the token is dead and no state names the library. */
  readonly libraryId?: string;
  readonly locationName?: string;
  readonly organizationName: string;
  readonly countryCode?: string;
  readonly platform?: string;
  readonly token: InventoryToken;
  readonly apps: readonly InventoryApp[];
  /** Active people only; absent if they were not asked for. */
  readonly users?: readonly InventoryUser[];
  /** Absent if they were not asked for. */
  readonly licences?: Licences;
  /** What the single devices and people hold that were asked about, in the order in which they were named; absent if none were. */
  readonly holdings?: readonly Holding[];
  readonly readAt: Date;
}

/** How a library's content token stands. Its text is nowhere here. */
export interface InventoryToken {
  /** `refused`: the service does not know the token, and nothing tells that it ever did; `refusal` has the words. */
  readonly status: TokenStatus | "refused";
  readonly refusal?: VppError;
  readonly expiresAt: Date;
  /** Whole days that are left; below zero when it has run out. */
  readonly daysLeft: number;
  /** The service whose mark the library bears; absent when nobody's, or when a released one is there. */
  readonly holder?: Holder;
}

/** A product with its counts and, where names were asked for and found, its name. */
export interface InventoryApp extends Asset {
  readonly displayName?: string;
  readonly bundleId?: string;
  /** Address of the product's picture at the store, 128 pixels wide or what comes next to it. */
  readonly iconUrl?: string;
}

/** One person whom the service knows. */
export interface InventoryUser {
  readonly clientUserId: string;
  /** `Registered`: invited; `Associated`: accepted. */
  readonly status: string;
  readonly email?: string;
}

/** Who holds what, by app key (`adamId/pricingParam`). */
export interface Licences {
  readonly devices: ReadonlyMap<string, ReadonlySet<string>>;
  readonly users: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What one device or one person holds. */
export interface Holding {
  readonly kind: "device" | "user";
  /** The serial number or the clientUserId. */
  readonly target: string;
  /** Keys of the apps (`adamId/pricingParam`). */
  readonly apps: readonly string[];
  /** A person's standing; absent for a device, and for a person whom the service does not know. */
  readonly status?: string;
}
