/** One question the service's documentation leaves open, with the answers the simulator can give. */
export interface ReadingChoice {
  /** The possible answers; the first is the default. */
  readonly values: readonly [string, ...string[]];
  /** The answer least forgiving to clients, chosen by strict mode. */
  readonly strict: string;
  /** What is being chosen, in one sentence. */
  readonly about: string;
}

/** Every matter with two readings. */
export const READING_CHOICES = {
  "9709": {
    values: ["all-or-nothing", "fill-up"],
    strict: "fill-up",
    about: "When licences do not suffice, an asset is given to nobody of the request, or to as many as there are.",
  },
  "9709-info": {
    values: ["full", "per-asset", "assets", "none"],
    strict: "none",
    about:
      "What a failure 9709 names: all assets and targets in one entry, one entry per asset, the assets only, nothing.",
  },
  "9609": {
    values: ["async", "mixed", "sync"],
    strict: "sync",
    about:
      "Unknown users: always failed later on, refused at once only if all are unknown, or refused at once if any is.",
  },
  "9622-status": {
    values: ["200", "401"],
    strict: "200",
    about: "The HTTP status with which an unknown token is answered.",
  },
  "9722-status": {
    values: ["401", "200"],
    strict: "200",
    about: "The HTTP status with which a malformed Authorization header is answered.",
  },
  "missing-header": {
    values: ["9722", "9601"],
    strict: "9601",
    about: "The error for a request without an Authorization header.",
  },
  "token-comparison": {
    values: ["text", "content"],
    strict: "text",
    about:
      "A token must be sent as the text that was downloaded, or any Base64 text will do whose JSON holds the same.",
  },
  "unknown-asset": {
    values: ["9602", "9709"],
    strict: "9709",
    about: "An asset the library does not own: refused at once with 9602, or failed later on with 9709.",
  },
  "default-pricing": {
    values: ["STDQ", "owned"],
    strict: "STDQ",
    about: "A pricingParam left out means STDQ, or the only one of that adamId which the library owns.",
  },
  "both-targets": {
    values: ["accepted", "9602"],
    strict: "9602",
    about: "Users and devices in one request are accepted or refused.",
  },
  "no-op": {
    values: ["counted", "uncounted"],
    strict: "uncounted",
    about: "Whether a task without effect (already given, not held) counts in numCompleted.",
  },
  "revoke-count": {
    values: ["licences", "targets"],
    strict: "licences",
    about: "What numRequested and numCompleted of a revoke count.",
  },
  "retired-count": {
    values: ["outside", "inside"],
    strict: "outside",
    about: "Whether licences that stay with retired users are part of totalCount.",
  },
  "negative-available": {
    values: ["negative", "zero"],
    strict: "negative",
    about: "The availableCount of an asset of which more licences are held than owned, as after a refund.",
  },
  "deleted-users": {
    values: ["relinked", "never"],
    strict: "relinked",
    about:
      "A retired user turns Deleted when its Apple Account is linked to a newer user of the same clientUserId, or never.",
  },
  "unknown-user-filter": {
    values: ["empty", "9609"],
    strict: "9609",
    about: "A list filtered by a clientUserId nobody ever had is empty or an error.",
  },
  "managed-apple-id-filter": {
    values: ["ignored", "honoured"],
    strict: "ignored",
    about: "Whether users?managedAppleId=, which one client sends and no page lists, leaves all other users out.",
  },
  "unknown-parameter": {
    values: ["ignored", "9602"],
    strict: "9602",
    about: "Query parameters an endpoint does not document are ignored or refused.",
  },
  "delta-removals": {
    values: ["omitted", "listed"],
    strict: "omitted",
    about: "Licences taken back since a version are left out of its delta, or listed like those that were given.",
  },
  "empty-total-pages": {
    values: ["1", "0"],
    strict: "0",
    about: "The totalPages of an empty list.",
  },
  "empty-arrays": {
    values: ["sent", "omitted"],
    strict: "omitted",
    about: "Whether a list without records is sent as an empty array or left out.",
  },
  "mdm-info-in-lists": {
    values: ["present", "omitted"],
    strict: "omitted",
    about: "Whether answers of the list endpoints and of status bear mdmInfo.",
  },
  "mdm-info-unset": {
    values: ["absent", "null"],
    strict: "null",
    about: "How an mdmInfo that nobody has set is written.",
  },
  "mdm-info-null": {
    values: ["ignored", "clears", "9723"],
    strict: "9723",
    about: "What an mdmInfo of null in a request does.",
  },
  "mdm-info-empty": {
    values: ["accepted", "9723"],
    strict: "9723",
    about: "Whether the fields of mdmInfo may be empty texts.",
  },
  "client-config-omitted": {
    values: ["kept", "cleared"],
    strict: "cleared",
    about: "What POST client/config does to the settings it leaves out.",
  },
  "client-config-answer": {
    values: ["full", "reduced"],
    strict: "reduced",
    about: "Whether POST client/config answers with all fields or without the location and the notification token.",
  },
  "test-notification": {
    values: ["with-url", "always"],
    strict: "always",
    about:
      "Whether only a POST client/config that names a receiver sends the test notification, or any while there is one.",
  },
  "no-notification-types": {
    values: ["unsubscribes", "ignored", "9602"],
    strict: "9602",
    about: "An empty list of notificationTypes ends all subscriptions, changes nothing, or is refused.",
  },
  "apn-token": {
    values: ["absent", "sent"],
    strict: "sent",
    about: "Whether client/config bears apnToken, a field of version 1 seen in one recorded answer.",
  },
  "mdm-info-scope": {
    values: ["library", "token"],
    strict: "library",
    about: "Whether all tokens of a library share one mdmInfo, or each token sees what was written with it alone.",
  },
  "empty-body": {
    values: ["9602", "accepted"],
    strict: "9602",
    about: "A write without a body is refused, or taken for one that names nothing.",
  },
  "retired-user": {
    values: ["as-unknown", "later"],
    strict: "later",
    about: "A retired user is treated like one nobody ever had, or its tasks always fail later on.",
  },
  "retire-retired": {
    values: ["9609", "success"],
    strict: "9609",
    about: "Retiring a user who is retired already fails, or succeeds without effect.",
  },
  "retire-licences": {
    values: ["returned", "kept"],
    strict: "kept",
    about: "Whether the revocable licences of a user who retires return or stay, as irrevocable ones do.",
  },
  "delta-filters": {
    values: ["combined", "ignored"],
    strict: "ignored",
    about: "Whether filters hold for reads with sinceVersionId.",
  },
  "false-filters": {
    values: ["complement", "ignored"],
    strict: "ignored",
    about: "deviceAssignable=false and revocable=false select the other assets, or all.",
  },
  "include-retired": {
    values: ["ignored", "honoured"],
    strict: "ignored",
    about: "Whether includeRetired=0, which only a guide of Apple's names, leaves retired users out.",
  },
  "event-scope": {
    values: ["library", "token"],
    strict: "token",
    about: "Whether the status of an event can be read with every token of its library, or with the one that made it.",
  },
  "serial-case": {
    values: ["kept", "capitals"],
    strict: "capitals",
    about: "Serial numbers are kept as they were given, or in capital letters, so that two spellings are one device.",
  },
  "rate-window": {
    values: ["sliding", "fixed"],
    strict: "sliding",
    about: "The limit of requests holds for any second, or for each second of the clock.",
  },
  "rate-scope": {
    values: ["library", "token"],
    strict: "library",
    about: "Whether the tokens of a library share the limit of requests.",
  },
  "rate-refused": {
    values: ["uncounted", "counted"],
    strict: "counted",
    about: "Whether a request that is refused for the rate counts towards it, so that asking on prolongs the refusal.",
  },
  "error-status": {
    values: ["documented", "200"],
    strict: "200",
    about: "Whether errors of clients come with the documented HTTP status or all with 200; 9622, 429 and 5xx stay.",
  },
  "length-unit": {
    values: ["characters", "bytes"],
    strict: "bytes",
    about: "What the length limits count.",
  },
  "token-expiration": {
    values: ["always", "last-15-days"],
    strict: "last-15-days",
    about: "When answers bear tokenExpirationDate.",
  },
  "retry-after": {
    values: ["sent", "omitted"],
    strict: "omitted",
    about: "Whether an answer to too many requests bears Retry-After.",
  },
} as const satisfies Record<string, ReadingChoice>;

/** The name of a matter with two readings. */
export type ReadingName = keyof typeof READING_CHOICES;

/** The chosen answer to every open question. */
export type Readings = { [Name in ReadingName]: (typeof READING_CHOICES)[Name]["values"][number] };

/** The answers that hold when nobody chooses: the defaults, or in strict mode those least forgiving to clients. */
export function defaultReadings(strict = false): Readings {
  const entries = Object.entries(READING_CHOICES).map(([name, choice]) => [
    name,
    strict ? choice.strict : choice.values[0],
  ]);
  return Object.fromEntries(entries) as Readings;
}

/**
 * Takes over chosen answers.
 *
 * @throws RangeError in plain words when a name or an answer does not exist; nothing is changed then.
 */
export function withReadings(readings: Readings, chosen: Readonly<Record<string, unknown>>): Readings {
  for (const [name, value] of Object.entries(chosen)) {
    if (!Object.hasOwn(READING_CHOICES, name)) {
      throw new RangeError(
        `there is no reading named "${name}"; the names are ${Object.keys(READING_CHOICES).join(", ")}`,
      );
    }
    const values: readonly string[] = READING_CHOICES[name as ReadingName].values;
    if (typeof value !== "string" || !values.includes(value)) {
      throw new RangeError(`the reading "${name}" can be ${values.join(" or ")}`);
    }
  }
  return { ...readings, ...chosen };
}
