/** The mark that says which service manages a library. Advisory: the last writer wins. */
export interface MdmInfo {
  readonly id: string;
  readonly name: string;
  readonly metadata: string;
}

/** Where and about what the service is asked to send notifications. */
export interface NotificationSettings {
  readonly url?: string;
  /** A secret which the service sends along, and echoes in client/config. */
  readonly authToken?: string;
  readonly types?: readonly string[];
}

/** What is fixed about a library. */
export interface LibraryIdentity {
  readonly libraryId: string;
  readonly organizationName: string;
  readonly locationName: string;
  readonly countryCode: string;
  readonly platform: "enterprisestore" | "volumestore";
  readonly websiteURL: string;
  /** The mail domains whose managed Apple Accounts belong to the organization, in lower case. */
  readonly domains: readonly string[];
}
