import fc from "fast-check";
import {
  type commands,
  type Edit,
  editKinds,
  type ForeignAct,
  foreignKinds,
  type History,
  type Setting,
  type Step,
  type Trouble,
} from "./history";
import { scenes } from "./scenes";

const number = fc.nat(9999);
const picks = (maxLength: number): fc.Arbitrary<number[]> => fc.array(number, { minLength: 1, maxLength });

const anyEdit = (kinds: readonly Edit["kind"][], careless: fc.Arbitrary<boolean>): fc.Arbitrary<Edit> =>
  fc.record({ kind: fc.constantFrom(...kinds), which: number, other: number, picks: picks(8), careless });

const usualEdits = editKinds.filter((kind) => !["managedBy", "takeOver", "renameToken"].includes(kind));
const edit = fc.oneof(
  { weight: 18, arbitrary: anyEdit(usualEdits, fc.constant(false)) },
  { weight: 1, arbitrary: anyEdit(["managedBy", "takeOver", "renameToken"], fc.constant(false)) },
  { weight: 1, arbitrary: anyEdit(editKinds, fc.constant(true)) },
);

const act = (kinds: readonly ForeignAct["kind"][]): fc.Arbitrary<ForeignAct> =>
  fc.record({ kind: fc.constantFrom(...kinds), library: fc.nat(1), picks: picks(5) });

const peaceful = ["buy", "refund", "assign", "unassign", "registerPerson", "retirePerson", "accept"] as const;

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
const trouble: fc.Arbitrary<Trouble> = fc.oneof(
  { weight: 4, arbitrary: faultOf(path, answerAction) },
  { weight: 5, arbitrary: faultOf(writePath, answerAction) },
  { weight: 4, arbitrary: faultOf(fc.constant("event"), eventAction) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("killHost" as const), at, answered: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("killEngine" as const), at, answered: fc.boolean() }) },
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

const troubles = fc.oneof(
  { weight: 60, arbitrary: fc.constant<Trouble[]>([]) },
  { weight: 38, arbitrary: fc.array(trouble, { minLength: 1, maxLength: 3 }) },
  { weight: 1, arbitrary: fc.array(rareTrouble, { minLength: 1, maxLength: 1 }) },
);

const command = (kinds: readonly (typeof commands)[number][]): fc.Arbitrary<Step> =>
  fc.record({ do: fc.constantFrom(...kinds), picks: picks(2), trouble: troubles });

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 40, arbitrary: fc.record({ do: fc.constant("edit" as const), edit }) },
  { weight: 38, arbitrary: command(["up"]) },
  { weight: 12, arbitrary: command(["preview", "refresh", "upRefresh", "upTarget", "replace", "taint"]) },
  { weight: 2, arbitrary: command(["destroy"]) },
  { weight: 12, arbitrary: fc.record({ do: fc.constant("foreign" as const), act: act(peaceful) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("foreign" as const), act: act(foreignKinds) }) },
  { weight: 1, arbitrary: fc.constantFrom<Step[]>({ do: "copyState" }, { do: "useCopy" }) },
);

const setting: fc.Arbitrary<Setting> = fc.record({
  libraries: fc.constantFrom<(1 | 2)[]>(1, 1, 1, 2),
  totals: fc.array(fc.constantFrom(6, 30, 60, 60, 60), { minLength: 5, maxLength: 5 }),
  pageSize: fc.constantFrom(2, 5, 50),
  eventDelayMs: fc.constantFrom(0, 0, 25, 100, 100, 100, 6000, 10_000),
  strict: fc.boolean(),
  before: fc.array(act([...peaceful, "seize"]), { maxLength: 4 }),
  program: fc.array(
    anyEdit(
      ["addDevices", "addDevices", "addPeople", "addSet", "addBook", "toggleApp", "grow", "flipExclusive", "setBrake"],
      fc.constant(false),
    ),
    { minLength: 2, maxLength: 6, size: "max" },
  ),
});

/** Any history. */
export const histories: fc.Arbitrary<History> = fc.record({
  setting,
  steps: fc
    .array(fc.oneof({ weight: 110, arbitrary: step.map((each) => [each]) }, { weight: 6, arbitrary: scenes }), {
      minLength: 5,
      maxLength: 18,
      size: "max",
    })
    .map((parts) => parts.flat()),
});

/** Histories that are short enough to be lived as whole commands. */
export const shortHistories: fc.Arbitrary<History> = fc.record({
  setting,
  steps: fc.array(step, { minLength: 3, maxLength: 7, size: "max" }),
});
