import type { LibraryEntry, SimulatorOptions } from "../../../simulator";
import { smallLibrary } from "./support";

/** One raw request below `/mdm/v2`. */
export interface RawRequest {
  readonly path: string;
  /** GET when left out, POST with a body. */
  readonly method?: string;
  /** Sent as JSON; a text is sent as it is. */
  readonly body?: unknown;
  /** Headers instead of, or beside, the token and the content type of JSON; `null` leaves one out. */
  readonly headers?: Readonly<Record<string, string | null>>;
}

/** How one error number is provoked. */
export interface ErrorRow {
  readonly errorNumber: number;
  /** The rule it rests on, with its section in the reference of Apple's API. */
  readonly rule: string;
  /** Whether the request itself is refused, or its event fails later on. */
  readonly when: "sync" | "async";
  /** The HTTP status of the answer to the request. */
  readonly status: number;
  /** What the message must speak of. */
  readonly message: RegExp;
  readonly request: RawRequest;
  /** Requests to the control interface that come first: path and body. */
  readonly control?: readonly (readonly [string, object])[];
  /** Requests of the service that come first and must succeed. */
  readonly before?: readonly RawRequest[];
  readonly options?: SimulatorOptions;
  readonly library?: Partial<LibraryEntry>;
}

const DEVICES = { assets: [{ adamId: "100" }], serialNumbers: ["SN1"] };
const ASSETS: RawRequest = { path: "assets" };
const GIVE: RawRequest = { path: "assets/associate", body: DEVICES };
const MARK = { id: "a", name: "b", metadata: "c" };
const RECEIVER = { notificationUrl: "https://127.0.0.1:1/hook", notificationAuthToken: "t" };

type Details = Partial<Pick<ErrorRow, "control" | "before" | "options" | "library">>;

function sync(
  errorNumber: number,
  status: number,
  message: RegExp,
  rule: string,
  request: RawRequest,
  more: Details = {},
) {
  return { errorNumber, status, message, rule, request, when: "sync" as const, ...more };
}

function later(errorNumber: number, message: RegExp, rule: string, request: RawRequest, more: Details = {}) {
  return { errorNumber, status: 200, message, rule, request, when: "async" as const, ...more };
}

/** No rule of the service that the simulator knows leads to this number, so a fault does. */
function byFault(errorNumber: number, status: number, message: RegExp, rule: string, request = ASSETS): ErrorRow {
  const action = { type: "errorNumber", errorNumber };
  return sync(errorNumber, status, message, `${rule} (by a fault)`, request, { control: [["faults", { action }]] });
}

const give = (body: object): RawRequest => ({ path: "assets/associate", body });
const config = (body: object): RawRequest => ({ path: "client/config", body });
const users = (kind: string, ...list: object[]): RawRequest => ({ path: `users/${kind}`, body: { users: list } });
const long = (length: number) => "x".repeat(length);
const dora = { clientUserId: "dora", managedAppleId: "dora@beispiel.example" };

const TOKENS: readonly ErrorRow[] = [
  sync(
    9601,
    401,
    /login/i,
    "6.2: without a login nothing is answered",
    { ...ASSETS, headers: { authorization: null } },
    {
      options: { readings: { "missing-header": "9601" } },
    },
  ),
  sync(9621, 401, /expired/, "6.2: a token past its date", ASSETS, { control: [["tokens", { action: "expire" }]] }),
  sync(9622, 200, /not valid/, "6.2: an unknown token is told with status 200", {
    ...ASSETS,
    headers: { authorization: "Bearer eyJ9" },
  }),
  sync(
    9622,
    401,
    /not valid/,
    "6.2: an unknown token, in the reading that it is told with 401",
    {
      ...ASSETS,
      headers: { authorization: "Bearer eyJ9" },
    },
    { options: { readings: { "9622-status": "401" } } },
  ),
  sync(9625, 401, /revoked/, "1.2 and 6.2: a revoked token", ASSETS, { control: [["tokens", { action: "revoke" }]] }),
  sync(9637, 403, /not allowed/, "1.4: a token that may only read cannot manage", GIVE, {
    library: { tokens: [{ name: "reader", access: "read-only" }] },
  }),
  sync(9646, 429, /too many requests/i, "6.3: more requests in a second than the limit", ASSETS, {
    before: [ASSETS],
    options: { limits: { maxRequestPerSecond: 1 } },
  }),
  sync(9722, 401, /malformed/, "6.2: a header that is not Bearer and a token", {
    ...ASSETS,
    headers: { authorization: "Basic YTpi" },
  }),
  sync(
    9722,
    200,
    /malformed/,
    "13.9: a header that is not Bearer and a token, in the reading that it is told with 200",
    { ...ASSETS, headers: { authorization: "Basic YTpi" } },
    { options: { readings: { "9722-status": "200" } } },
  ),
];

const REQUESTS: readonly ErrorRow[] = [
  sync(9602, 400, /argument/, "6.4: a field of a wrong type", give({ ...DEVICES, assets: [{ adamId: 100 }] })),
  sync(9650, 400, /page/, "2.12: a page beyond the last one", { path: "assets?pageIndex=5" }),
  sync(9708, 400, /event/, "2.11: the status of an event nobody knows", { path: "status?eventId=nothing" }),
  sync(9721, 400, /version/, "2.13: a version that was never given out", { path: "users?sinceVersionId=nothing" }),
  sync(9726, 405, /method/, "2.0: a method the path does not have", { ...ASSETS, method: "DELETE" }),
  sync(9727, 415, /content type/, "2.0: a write that is not JSON", {
    ...GIVE,
    headers: { "content-type": "text/xml" },
  }),
];

const WRITES: readonly ErrorRow[] = [
  sync(
    9609,
    400,
    /user/,
    "4.3: every user of the request is unknown, in the reading that refuses it at once",
    give({ ...DEVICES, serialNumbers: [], clientUserIds: ["zoe"] }),
    { options: { readings: { "9609": "mixed" } } },
  ),
  later(
    9609,
    /user/,
    "13.1: every user of the request is unknown",
    give({ ...DEVICES, serialNumbers: [], clientUserIds: ["zoe"] }),
  ),
  later(
    9609,
    /user/,
    "4.3: some users of the request are unknown",
    give({ ...DEVICES, clientUserIds: ["anna", "zoe"] }),
  ),
  sync(
    9700,
    400,
    /too many assets/,
    "2.7: more assets than maxAssets",
    give({ ...DEVICES, assets: [{ adamId: "100" }, { adamId: "200" }] }),
    {
      options: { limits: { maxAssets: 1 } },
    },
  ),
  sync(
    9701,
    400,
    /too many client user/,
    "2.7: more users than maxClientUserIds",
    give({ ...DEVICES, clientUserIds: ["anna", "beat"] }),
    {
      options: { limits: { maxClientUserIds: 1 } },
    },
  ),
  sync(
    9702,
    400,
    /too many serial/,
    "2.7: more devices than maxSerialNumbers",
    give({ ...DEVICES, serialNumbers: ["A", "B"] }),
    {
      options: { limits: { maxSerialNumbers: 1 } },
    },
  ),
  sync(
    9703,
    400,
    /duplicate assets/,
    "2.7: an asset named twice",
    give({ ...DEVICES, assets: [{ adamId: "100" }, { adamId: "100" }] }),
  ),
  sync(
    9704,
    400,
    /duplicate client user/,
    "2.7: a user named twice",
    give({ ...DEVICES, clientUserIds: ["anna", "anna"] }),
  ),
  sync(9705, 400, /duplicate serial/, "2.7: a device named twice", give({ ...DEVICES, serialNumbers: ["A", "A"] })),
  sync(9706, 400, /revocable/, "4.3: a book cannot be taken back", {
    path: "assets/disassociate",
    body: { assets: [{ adamId: "900" }], clientUserIds: ["anna"] },
  }),
  sync(
    9707,
    400,
    /device assignable/,
    "4.3: a book cannot be given to a device",
    give({ ...DEVICES, assets: [{ adamId: "900" }] }),
  ),
  later(
    9709,
    /licenses/,
    "4.3: more targets than licences",
    give({ assets: [{ adamId: "200" }], serialNumbers: ["A", "B", "C"] }),
  ),
  sync(9718, 400, /asset/, "2.7: no asset", give({ serialNumbers: ["A"] })),
  sync(9719, 400, /serial number/, "2.7: neither users nor devices", give({ assets: [{ adamId: "100" }] })),
];

const USERS: readonly ErrorRow[] = [
  later(
    9635,
    /linked/,
    "5.2: a managed account of another organization",
    users("create", { ...dora, managedAppleId: "d@other.example" }),
  ),
  later(
    9641,
    /already linked/,
    "5.2: an account another user has",
    users("create", { ...dora, clientUserId: "emil" }),
    {
      control: [["users", { action: "create", users: [dora] }]],
    },
  ),
  sync(
    9714,
    400,
    /too many users/,
    "2.10: more users than maxUsers",
    users("create", { clientUserId: "a" }, { clientUserId: "b" }),
    {
      options: { limits: { maxUsers: 1 } },
    },
  ),
  sync(
    9715,
    400,
    /duplicate users/,
    "2.10: a user named twice",
    users("create", { clientUserId: "a" }, { clientUserId: "a" }),
  ),
  later(9716, /already an active user/, "5.2: a user who is active already", users("create", { clientUserId: "anna" })),
  sync(9717, 400, /email/, "2.10: no email address", users("create", { clientUserId: "a", email: "nobody" })),
  sync(9720, 400, /user is required/, "2.10: no users", users("create")),
];

const CONFIGURATION: readonly ErrorRow[] = [
  sync(
    9710,
    400,
    /together/,
    "2.3: a receiver without its secret",
    config({ notificationUrl: RECEIVER.notificationUrl }),
  ),
  sync(
    9711,
    400,
    /too long/,
    "2.3: a secret longer than maxNotificationLength",
    config({ ...RECEIVER, notificationAuthToken: long(513) }),
  ),
  sync(
    9712,
    400,
    /HTTPS/,
    "2.3: a receiver without TLS",
    config({ ...RECEIVER, notificationUrl: "http://127.0.0.1:1/" }),
  ),
  sync(
    9713,
    400,
    /metadata/,
    "2.3: metadata longer than maxMdmMetadataLength",
    config({ mdmInfo: { ...MARK, metadata: long(256) } }),
  ),
  sync(9723, 400, /mdmInfo/, "2.3: a mark without a name", config({ mdmInfo: { id: "a", metadata: "c" } })),
  sync(
    9724,
    400,
    /id .*too long/,
    "2.3: an id longer than maxMdmIdLength",
    config({ mdmInfo: { ...MARK, id: long(101) } }),
  ),
  sync(
    9725,
    400,
    /name .*too long/,
    "2.3: a name longer than maxMdmNameLength",
    config({ mdmInfo: { ...MARK, name: long(101) } }),
  ),
  sync(9728, 400, /reached/, "2.3: the test notification does not reach the receiver", config(RECEIVER)),
];

const TROUBLES: readonly ErrorRow[] = [
  byFault(9603, 500, /internal/, "4.3: internal trouble, told at once", GIVE),
  later(9603, /internal/, "4.3: internal trouble while an event is processed (by a fault)", GIVE, {
    control: [["faults", { action: { type: "event-fails", errorNumber: 9603 } }]],
  }),
  byFault(9623, 400, /push token/, "6.2: the push token is not valid"),
  byFault(9634, 410, /removed/, "6.2: the service was removed"),
  later(9644, /maintenance/, "6.2: maintenance while an event is processed (by a fault)", GIVE, {
    control: [["faults", { action: { type: "event-fails", errorNumber: 9644 } }]],
  }),
  byFault(9647, 403, /legacy/, "6.2: not for legacy tokens"),
  byFault(9729, 503, /unavailable/, "6.2: temporarily unavailable"),
  byFault(9811, 400, /association/, "6.2: subscriptions"),
  byFault(9812, 400, /cursor/, "2.14: subscriptions are read with cursors"),
  byFault(9813, 400, /Adam ID/, "6.2: subscriptions"),
  byFault(9814, 400, /associated user/, "6.2: subscriptions are for users with an account"),
  byFault(9815, 400, /does not hold/, "6.2: subscriptions"),
  byFault(9816, 400, /too many subscriptions/, "6.2: more than maxSubscriptions"),
  byFault(9817, 400, /group/, "6.2: subscriptions"),
  byFault(9818, 400, /disabled/, "2.14: no disabling while there are subscriptions"),
];

/** All ways in which the error numbers of the reference's tables are provoked. */
export const ERROR_ROWS: readonly ErrorRow[] = [
  ...TOKENS,
  ...REQUESTS,
  ...WRITES,
  ...USERS,
  ...CONFIGURATION,
  ...TROUBLES,
];

/** The small library with what a row changes about it. */
export function libraryOf(row: ErrorRow): LibraryEntry {
  return smallLibrary(row.library);
}
