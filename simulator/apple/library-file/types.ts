import type { PricingParam } from "../core/asset";
import type { UserStatus } from "../core/assignment";
import type { MdmInfo } from "../core/library-data";

/** What a library file holds; the JSON schema beside this file describes every field. */
export interface LibraryFile {
  readonly libraries: readonly LibraryEntry[];
}

/** One library of a file. */
export interface LibraryEntry {
  readonly libraryId: string;
  readonly organizationName: string;
  readonly locationName: string;
  readonly countryCode?: string;
  readonly platform?: "enterprisestore" | "volumestore";
  readonly domains?: readonly string[];
  readonly mdmInfo?: MdmInfo;
  readonly tokens?: readonly TokenEntry[];
  readonly assets?: readonly AssetEntry[];
  readonly users?: readonly UserEntry[];
  readonly assignments?: readonly AssignmentEntry[];
}

/** One token of a library; its text is made up when the simulator starts. */
export interface TokenEntry {
  readonly name: string;
  readonly expiresAt?: string;
  readonly status?: "active" | "revoked";
  readonly access?: "manage" | "read-only";
}

/** One asset of a library, with what the look-up tells about it. */
export interface AssetEntry {
  readonly adamId: string;
  readonly pricingParam?: PricingParam;
  readonly name: string;
  readonly productType?: "App" | "Book";
  readonly totalCount?: number;
  /** How many more are held than owned, since they were refunded. */
  readonly refundedCount?: number;
  readonly unlimited?: true;
  readonly deviceAssignable?: boolean;
  readonly revocable?: boolean;
  readonly supportedPlatforms?: readonly string[];
  readonly bundleId?: string;
  readonly artistName?: string;
  readonly genreNames?: readonly string[];
  readonly deviceFamilies?: readonly string[];
  readonly minimumOSVersion?: string;
  readonly version?: string;
  readonly custom?: boolean;
  readonly storefronts?: readonly string[];
}

/** One user entry of a library. */
export interface UserEntry {
  readonly clientUserId: string;
  readonly status?: UserStatus;
  /** Instead of `status`: a text that no page of Apple's names. */
  readonly otherStatus?: string;
  readonly email?: string;
  readonly inviteCode?: string;
  readonly idHash?: string;
  readonly managedAppleId?: string;
}

/** Who holds an asset. */
export interface AssignmentEntry {
  readonly adamId: string;
  readonly pricingParam?: PricingParam;
  readonly serialNumbers?: readonly string[];
  readonly clientUserIds?: readonly string[];
  /** Positions in `users`, from 0, for user entries that their `clientUserId` does not single out. */
  readonly userEntries?: readonly number[];
}
