import fc from "fast-check";
import { cuts, type ForeignAct, peaceful, type Trouble } from "./history";
import { devices, people, products } from "./programs";

const number = fc.nat(9999);

/** What another service, a person or the shop does, of these kinds. */
export const act = (kinds: readonly ForeignAct["kind"][]): fc.Arbitrary<ForeignAct> =>
  fc.record({
    kind: fc.constantFrom(...kinds),
    library: fc.nat(1),
    picks: fc.array(number, { minLength: 1, maxLength: 5 }),
  });

const path = fc.constantFrom(
  "client/config",
  "service/config",
  "assets",
  "assignments",
  "users",
  "status",
  "assets/associate",
  "assets/disassociate",
  "users/create",
  "users/update",
  "users/retire",
);
const writePath = fc.constantFrom(
  "assets/associate",
  "assets/disassociate",
  "users/create",
  "users/update",
  "users/retire",
  "client/config",
  "status",
);
const retryAfter = fc.constantFrom<(number | string | undefined)[]>(
  undefined,
  1,
  20,
  86_400 * 400,
  "soon",
  "-3",
  "Wed, 21 Oct 2065 07:28:00 GMT",
  "1.5",
);
const withRetry = (fields: object): fc.Arbitrary<object> =>
  fc
    .tuple(retryAfter, fc.boolean())
    .map(([after, workDone]) => ({ ...fields, ...(after !== undefined && { retryAfter: after }), workDone }));

const answerAction = fc.oneof(
  fc.constantFrom<object[]>(
    { type: "reset" },
    { type: "lose-answer" },
    { type: "truncate" },
    { type: "delay", ms: 30 },
  ),
  fc.constantFrom(429, 503, 500, 502, 504, 401, 302, 404).chain((status) => withRetry({ type: "status", status })),
  fc
    .constantFrom(9603, 9644, 9646, 9729, 9621, 9622, 9625, 9637, 9602, 9709)
    .chain((errorNumber) => withRetry({ type: "errorNumber", errorNumber })),
  withRetry({ type: "non-json" }),
  withRetry({ type: "status", status: 200, body: "{}" }),
  withRetry({ type: "status", status: 200, body: "<html><body>Sign in</body></html>", contentType: "text/html" }),
);
const eventAction = fc.oneof(
  fc.constantFrom<object[]>(
    { type: "event-pending" },
    { type: "event-pending", forMs: 100 },
    { type: "event-late", ms: 60 },
    { type: "event-late", ms: 300 },
    { type: "event-forgotten" },
  ),
  fc.constantFrom(9603, 9609, 9709, 9644).map((errorNumber) => ({ type: "event-fails", errorNumber })),
  fc
    .tuple(fc.nat(4), fc.constantFrom(9603, 9709, 9706))
    .map(([done, errorNumber]) => ({ type: "event-partly", done, errorNumber })),
);

const at = fc.integer({ min: 1, max: 30 });
const faultOf = (paths: fc.Arbitrary<string>, action: fc.Arbitrary<object>): fc.Arbitrary<Trouble> =>
  fc.record({
    kind: fc.constant("fault" as const),
    path: paths,
    after: fc.nat(4),
    times: fc.constantFrom(1, 1, 1, 2, 7),
    action,
  });
/** A list lacks records or repeats them; those of one person or app, or what comes first. */
const listAction = fc.oneof(
  fc.constantFrom<object[]>({ type: "list-empty" }, { type: "list-moved" }, { type: "list-repeat" }),
  fc.constant({ type: "list-repeat", index: "repeated" }),
  fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.boolean())
    .map(([count, isMeant]) => ({ type: "list-drop", count, ...(isMeant && { size: "meant" }) })),
  fc.constantFrom(...products).map((adamId) => ({ type: "list-without", adamId })),
  fc.constantFrom(...people).map((clientUserId) => ({ type: "list-without", clientUserId })),
  fc.constantFrom(...devices).map((serialNumber) => ({ type: "list-without", serialNumber })),
);
/** Lists are odd once or twice: what they deny again and again nobody can know. */
export const oddList: fc.Arbitrary<Trouble> = fc.record({
  kind: fc.constant("fault" as const),
  path: fc.constantFrom("assets", "assignments", "assignments", "users"),
  after: fc.nat(4),
  times: fc.constantFrom(1, 1, 2),
  action: listAction,
});
/** Something cuts the run off. */
export const cut: fc.Arbitrary<Trouble> = fc.record({
  kind: fc.constantFrom("killHost" as const, ...cuts),
  at: fc.integer({ min: 1, max: 24 }),
  answered: fc.boolean(),
});
const trouble: fc.Arbitrary<Trouble> = fc.oneof(
  { weight: 4, arbitrary: faultOf(path, answerAction) },
  { weight: 5, arbitrary: faultOf(writePath, answerAction) },
  { weight: 4, arbitrary: faultOf(fc.constant("event"), eventAction) },
  { weight: 3, arbitrary: oddList },
  { weight: 4, arbitrary: cut },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("secondRun" as const), at }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("meanwhile" as const),
      at,
      act: act([...peaceful, "seize", "giveBack", "revokeToken", "shrinkLimits", "dropApp"]),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("jumpClock" as const), at }) },
);
/** A service that stops answering costs a minute of the provider's time, so it is rare. */
const rareTrouble: fc.Arbitrary<Trouble> = faultOf(path, fc.constant({ type: "hang" }));

/** What goes wrong in a command: nothing in most. */
export const troubles = fc.oneof(
  { weight: 60, arbitrary: fc.constant<Trouble[]>([]) },
  { weight: 38, arbitrary: fc.array(trouble, { minLength: 1, maxLength: 3 }) },
  { weight: 1, arbitrary: fc.array(rareTrouble, { minLength: 1, maxLength: 1 }) },
);
