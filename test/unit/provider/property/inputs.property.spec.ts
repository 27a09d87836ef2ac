import assert from "node:assert/strict";
import fc from "fast-check";
import { unknownMarker } from "../../../../provider/engine/unknown";
import type { Transport } from "../../../../provider/http/transport";
import { assertCleanText, assertPlain } from "../../../support/clean";
import { assignmentLine, tokenLine, userSetLine } from "../../../support/hostPlan";
import type { Kind } from "../../../support/hostProcess";
import { InProcessStack } from "../../../support/inProcess";
import { runs } from "../../../support/runs";

const oddText = fc.oneof(
  fc.constantFrom(
    "",
    " ",
    "__proto__",
    "constructor",
    "\u0000",
    "a\nb",
    "a/b",
    "%2e%2e",
    unknownMarker,
    "ada@contoso.example",
  ),
  fc.constantFrom(
    "x".repeat(300),
    "A".repeat(40),
    "F9FW000001",
    " f9fw000001 ",
    "361285480",
    "STDQ",
    "\u202e\ufeff",
    "9".repeat(400),
  ),
  fc.string({ unit: "binary", maxLength: 20 }),
);
const oddNumber = fc.oneof(
  fc.constantFrom(0, -1, 0.5, 1e308, -1e308, 2 ** 53, 1e21),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
/** Nested so deep that whoever walks down it without thought falls. */
const deepest = Array.from({ length: 500 }).reduce<unknown>(
  (inner, _, depth) => (depth % 2 ? [inner] : { inner }),
  unknownMarker,
);
const odd: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: oddText },
  { weight: 2, arbitrary: oddNumber },
  {
    weight: 3,
    arbitrary: fc.constantFrom<unknown>(null, true, false, [], {}, [[]], [null], [{}], unknownMarker, [unknownMarker]),
  },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.constant(deepest) },
);
const most = <T>(good: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 5, arbitrary: good }, { weight: 3, arbitrary: odd });
const mostList = (good: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => most(fc.array(most(good), { maxLength: 4 }));

const adamId = fc.constantFrom("361285480", "409183694");
const ids = fc.constantFrom("ada", "bob", "cyd");
const token = most(
  fc.record({
    libraryId: most(fc.constant("1")),
    contentTokenKey: most(fc.constant("default")),
    bindingId: most(fc.constant("b")),
  }),
);
const app = most(fc.record({ adamId: most(adamId), pricingParam: most(fc.constantFrom("STDQ", "PLUS")) }));
const user = fc.record(
  {
    clientUserId: most(ids),
    email: most(fc.constant("ada@contoso.example")),
    managedAppleId: most(fc.constant("a@b.example")),
  },
  { requiredKeys: ["clientUserId"] },
);
const flag = most(fc.boolean());
const count = most(fc.nat());

/** For each kind what it can be given, sound and unsound mixed, with anything left out and anything added. */
const arguments_: Readonly<Record<Kind, Readonly<Record<string, fc.Arbitrary<unknown>>>>> = {
  VppToken: {
    contentTokenKey: most(fc.constantFrom("default", "branch", "a.file")),
    displayName: most(fc.constant("Head office")),
    appleAccount: odd,
    takeOverFrom: odd,
    managedBy: odd,
  },
  VppApp: { token, adamId: most(adamId), pricingParam: most(fc.constant("STDQ")), minimumAvailable: count },
  VppUserSet: { token, users: mostList(user), reclaim: flag, maxRetirements: count },
  VppAssignment: {
    token,
    apps: mostList(app),
    serialNumbers: mostList(fc.constantFrom("F9FW000001", "F9FW000002")),
    clientUserIds: mostList(ids),
    intent: most(fc.constantFrom("required", "uninstall")),
    exclusive: flag,
    reclaim: flag,
    maxRevocations: count,
  },
};

/** No request may be made: there is no content token. */
const nowhere: Transport = () => assert.fail("a request was made");

describe("provider", () => {
  describe("given anything at all as arguments", () => {
    for (const [kind, fields] of Object.entries(arguments_) as [Kind, (typeof arguments_)[Kind]][]) {
      it(`refuses a ${kind} in plain words, or takes it as it should be`, async () => {
        const given = fc.tuple(fc.record(fields, { requiredKeys: [] }), fc.dictionary(oddText, odd, { maxKeys: 1 }));
        const property = fc.asyncProperty(given, async ([known, more]) => {
          const stack = new InProcessStack({ env: {}, transport: nowhere });
          const plan = [
            tokenLine("hq"),
            userSetLine("sales", ["ada"]),
            assignmentLine("other", { serialNumbers: ["F9FW000001"] }),
          ];
          stack.begin(...plan);
          try {
            const { inputs, failures } = await stack.check("it", kind, { ...more, ...known });
            for (const { property: named, reason } of failures) {
              assert.equal(named, "");
              assertCleanText(reason);
              assert.ok(!/[\r\n]/.test(reason), "it is more than one line");
            }
            for (const note of stack.notes) assertCleanText(note);
            assert.ok(failures.length <= 100, `${failures.length} failures`);
            if (failures.length === 0) assertPlain(inputs, "inputs");
          } finally {
            stack.end();
          }
        });
        await fc.assert(property, runs(400));
      }).timeout(0);
    }
  });
});
