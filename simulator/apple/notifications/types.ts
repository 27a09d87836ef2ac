/** The types of notifications a service can subscribe to; the simulator sends the first five. */
export const NOTIFICATION_TYPES = [
  "TEST_NOTIFICATION",
  "ASSET_MANAGEMENT",
  "USER_MANAGEMENT",
  "USER_ASSOCIATED",
  "ASSET_COUNT",
  "SUBSCRIPTION_MANAGEMENT",
  "SUBSCRIPTION_COUNT",
  "UNLIMITED_ASSET",
] as const;
/** One of the types of notifications. */
export type NotificationType = (typeof NOTIFICATION_TYPES)[number];

/** What happened, before it is known who is told: the type and the part that depends on it. */
export interface Happening {
  readonly type: NotificationType;
  readonly notification: object;
}

/** Where notifications of a library go. */
export interface Receiver {
  readonly url: string;
  /** The secret sent along as bearer token; it is neither logged nor shown. */
  readonly authToken: string;
}
