/** One asset of an answer or of the state. */
export interface AssetRow {
  readonly adamId: string;
  readonly pricingParam: string;
  readonly name: string;
  readonly assignedCount: number;
  readonly availableCount: number;
  readonly retiredCount: number;
  readonly totalCount: number;
}

/** One licence of an answer or of the state. */
export interface PairRow {
  readonly adamId: string;
  readonly pricingParam: string;
  readonly serialNumber?: string;
  readonly clientUserId?: string;
  readonly userStatus?: string;
  readonly idHash?: string;
}

/** One user of an answer or of the state. */
export interface UserRow {
  readonly clientUserId: string;
  readonly status: string;
  readonly email?: string;
  readonly inviteCode?: string;
  readonly idHash?: string;
  readonly managedAppleId?: string;
}

/** One error, as an answer or as a failure of an event. */
export interface ErrorRow {
  readonly errorNumber: number;
  readonly errorMessage: string;
  readonly errorInfo?: {
    readonly assets?: readonly { adamId: string; pricingParam: string }[];
    readonly clientUserIds?: readonly string[];
    readonly serialNumbers?: readonly string[];
  };
}

/** One token as the control interface describes it. */
export interface TokenRow {
  readonly name: string;
  readonly fingerprint: string;
  readonly status: string;
  readonly expiresAt: string;
  readonly file?: string;
}

/** Every field the service's answers can have; which of them there are depends on the path. */
export interface Body extends ErrorRow {
  readonly uId: string;
  readonly tokenExpirationDate: string;
  readonly mdmInfo: { readonly id: string; readonly name: string; readonly metadata: string };
  readonly eventId: string;
  readonly eventStatus: string;
  readonly eventType: string;
  readonly numRequested: number;
  readonly numCompleted: number;
  readonly failures: readonly ErrorRow[];
  readonly assets: readonly AssetRow[];
  readonly unlimitedAssets: readonly AssetRow[];
  readonly assignments: readonly PairRow[];
  readonly users: readonly UserRow[];
  readonly currentPageIndex: number;
  readonly nextPageIndex: number;
  readonly totalPages: number;
  readonly size: number;
  readonly versionId: string;
  readonly locationName: string;
  readonly notificationUrl: string;
  readonly notificationAuthToken: string;
  readonly subscribedNotificationTypes: readonly string[];
  readonly urls: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, number>>;
  readonly errorCodes: readonly ErrorRow[];
  readonly results: Readonly<Record<string, { readonly name: string; readonly bundleId?: string }>>;
}

/** Every field the control interface's answers can have. */
export interface ControlBody {
  readonly error: string;
  readonly now: string;
  readonly libraries: readonly LibraryState[];
  readonly requests: readonly RequestRow[];
  readonly tokens: readonly TokenRow[];
  readonly hooks: readonly {
    readonly after?: number;
    readonly ran: number;
    readonly remaining: number;
    readonly errors: readonly string[];
  }[];
  readonly faults: readonly FaultRow[];
  readonly notifications: readonly DeliveryRow[];
  readonly users: readonly UserRow[];
  readonly changed: number;
  readonly unchanged: number;
  readonly deleted: number;
  readonly offsetSeconds: number;
  readonly totalCount: number;
  readonly fingerprint: string;
  readonly file: string;
  readonly idHash: string;
  readonly eventDelayMs: number;
  readonly readings: Readonly<Record<string, string>>;
}

/** One fault as the control interface describes it. */
export interface FaultRow {
  readonly id: number;
  readonly seen: number;
  readonly ran: number;
}

/** One notification as the control interface describes it. */
export interface DeliveryRow {
  readonly notificationType: string;
  readonly library: string;
  readonly outcome: string;
  readonly tries: readonly { readonly status?: number; readonly error?: string }[];
}

/** The state of one library. */
export interface LibraryState {
  readonly libraryId: string;
  readonly mdmInfo: Body["mdmInfo"] | null;
  readonly assets: readonly AssetRow[];
  readonly assignments: readonly PairRow[];
  readonly users: readonly UserRow[];
  readonly tokens: readonly TokenRow[];
  readonly events: readonly Body[];
}

/** One request of the list of requests. */
export interface RequestRow {
  readonly seq: number;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly status: number;
  readonly errorNumber?: number;
  readonly library?: string;
  readonly durationMs: number;
  readonly fault?: number;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly serialNumbers?: readonly string[];
}
