import assert from "node:assert/strict";
import type { SchemaName } from "../../../../provider/schema/schemas";
import { faultsOf } from "../../../../provider/schema/validate";

const token = {
  libraryId: "2049025000431439",
  contentTokenKey: "default",
  bindingId: "6e98fd96-091f-5714-9ffc-be3da677bc60",
};
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const good: Record<SchemaName, object> = {
  VppToken: { contentTokenKey: "default" },
  VppApp: { token, adamId: "361285480", pricingParam: "STDQ" },
  VppUserSet: { token, users: [{ clientUserId: "ada" }] },
  VppAssignment: {
    token,
    apps: [{ adamId: "1", pricingParam: "PLUS" }],
    intent: "required",
    exclusive: false,
    reclaim: true,
  },
};

describe("input schemas", () => {
  for (const kind of Object.keys(good) as SchemaName[]) {
    it(`find no fault in the least that a ${kind} needs`, () => assert.deepEqual(faultsOf(kind, good[kind]), []));

    it(`say what is missing, when a ${kind} is given nothing`, () => {
      const faults = faultsOf(kind, {});
      assert.ok(faults.length > 0 && faults.every((fault) => / is missing$/.test(fault)), faults.join("\n"));
    });

    it(`name an input that a ${kind} does not have`, () => {
      assert.deepEqual(faultsOf(kind, { ...good[kind], colour: "red" }), [`colour is not an input of ${kind}`]);
    });
  }

  describe("faults in plain words", () => {
    const cases: [SchemaName, object, string[]][] = [
      [
        "VppToken",
        { contentTokenKey: "a b" },
        ['contentTokenKey must be 1 to 63 letters, digits, dots, hyphens or underscores, got "a b"'],
      ],
      ["VppToken", { displayName: "" }, ['displayName must be a text of 1 to 255 characters, got ""']],
      ["VppToken", { displayName: 7 }, ["displayName must be a text of 1 to 255 characters, got 7"]],
      ["VppToken", { appleAccount: "" }, ["appleAccount must be a text of 1 to 255 characters"]],
      ["VppToken", { takeOverFrom: null }, ["takeOverFrom must be a text of 1 to 255 characters, got null"]],
      [
        "VppApp",
        { adamId: "keynote" },
        [`adamId must be an app's number in the store, as text of digits, got "keynote"`],
      ],
      [
        "VppApp",
        { adamId: 361285480 },
        ["adamId must be an app's number in the store, as text of digits, got 361285480"],
      ],
      ["VppApp", { pricingParam: "PLU" }, ['pricingParam must be "STDQ" or "PLUS", got "PLU"']],
      ["VppApp", { minimumAvailable: -1 }, ["minimumAvailable must be a whole number, 0 or more, got -1"]],
      ["VppApp", { minimumAvailable: 1.5 }, ["minimumAvailable must be a whole number, 0 or more, got 1.5"]],
      [
        "VppApp",
        { token: {} },
        ["token.libraryId is missing", "token.contentTokenKey is missing", "token.bindingId is missing"],
      ],
      ["VppApp", { token: "hq" }, ['token must be a VppToken, or { libraryId, contentTokenKey, bindingId }, got "hq"']],
      [
        "VppUserSet",
        { users: "ada" },
        ['users must be a list of { clientUserId, email?, managedAppleId? }, got "ada"'],
      ],
      ["VppUserSet", { users: ["ada"] }, ['users[0] must be { clientUserId, email?, managedAppleId? }, got "ada"']],
      ["VppUserSet", { users: [{ email: "ada@contoso.example" }] }, ["users[0].clientUserId is missing"]],
      ["VppUserSet", { users: [{ clientUserId: "ada", email: "ada" }] }, ["users[0].email must be an e-mail address"]],
      [
        "VppUserSet",
        { users: [{ clientUserId: "a\u0007b" }] },
        ["users[0].clientUserId must be a text of 1 to 255 characters without control characters; it holds \\u0007"],
      ],
      ["VppAssignment", { apps: [] }, ["apps must be a list of one or more apps, got a list of 0"]],
      [
        "VppAssignment",
        { serialNumbers: ["F9FW000001", "C0"] },
        ['serialNumbers[1] must be 8 to 14 letters or digits, got "C0"'],
      ],
      [
        "VppAssignment",
        { serialNumbers: [{ serial: 1 }] },
        ["serialNumbers[0] must be 8 to 14 letters or digits, got a value of type object"],
      ],
      ["VppAssignment", { intent: "wanted" }, ['intent must be "required" or "uninstall", got "wanted"']],
      ["VppAssignment", { exclusive: "yes" }, ['exclusive must be true or false, got "yes"']],
      ["VppAssignment", { maxRevocations: "all" }, ['maxRevocations must be a whole number, 0 or more, got "all"']],
    ];
    for (const [kind, change, faults] of cases) {
      it(`read “${faults[0]}”`, () => assert.deepEqual(faultsOf(kind, { ...good[kind], ...change }), faults));
    }

    const seen: [string, string][] = [
      ["151028 4466", '"151028 4466"'],
      [" 1510284466", '"\\u00201510284466"'],
      ["1510284466\r", '"1510284466\\r"'],
      ["\ufeff1510284466", '"\\ufeff1510284466"'],
      ["15102\u200b84466", '"15102\\u200b84466"'],
      ["1510284466\u00a0", '"1510284466\\u00a0"'],
      ["1510\u202e284466", '"1510\\u202e284466"'],
      ["１５１０", '"\\uff11\\uff15\\uff11\\uff10"'],
      ["15\ud83c\udf8910", '"15\\u{1f389}10"'],
      ['a"b\\c', '"a\\"b\\\\c"'],
      ["keynote ".repeat(9), '"keynote keynote keynote keynote keynote …"'],
    ];
    for (const [adamId, shown] of seen) {
      it(`show what is wrong with ${shown}`, () =>
        assert.deepEqual(faultsOf("VppApp", { ...good.VppApp, adamId }), [
          `adamId must be an app's number in the store, as text of digits, got ${shown}`,
        ]));
    }

    it("show a letter of another alphabet that looks like one of ours", () => {
      const serialNumbers = ["\u0421021234567"];
      assert.match(faultsOf("VppAssignment", { ...good.VppAssignment, serialNumbers })[0]!, /got "\\u0421021234567"$/);
    });

    it("show letters of every alphabet where they are allowed, and what can't be seen there", () => {
      assert.match(
        faultsOf("VppToken", { ...good.VppToken, displayName: `Größe\u200b${" x".repeat(150)}` })[0] ?? "",
        /got "Größe\\u200b( x)+…"$/,
      );
    });

    it("tell every fault at once", () => {
      assert.equal(faultsOf("VppAssignment", { ...good.VppAssignment, apps: [], intent: "x", exclusive: 1 }).length, 3);
    });

    it("never show more than the start of a long value, nor anything of a private one", () => {
      const [long] = faultsOf("VppToken", { contentTokenKey: "x ".repeat(500) });
      assert.ok(long!.length < 200);
      const users = [{ clientUserId: "x".repeat(256), email: "secret", managedAppleId: "secret" }];
      assert.doesNotMatch(faultsOf("VppUserSet", { token, users }).join("\n"), /secret|xxx/);
    });
  });

  describe("values that are not known yet", () => {
    const cases: [string, SchemaName, object][] = [
      ["the library", "VppAssignment", { token: { ...token, libraryId: unknown } }],
      ["a whole reference", "VppAssignment", { token: unknown }],
      ["a whole list", "VppAssignment", { serialNumbers: unknown }],
      ["one of a list", "VppAssignment", { serialNumbers: ["F9FW000001", unknown] }],
      ["an app of the list", "VppAssignment", { apps: [{ adamId: unknown, pricingParam: unknown }] }],
      ["a choice", "VppAssignment", { intent: unknown }],
      ["a number", "VppApp", { minimumAvailable: unknown }],
      ["a user", "VppUserSet", { users: [unknown, { clientUserId: unknown, email: unknown }] }],
    ];
    for (const [what, kind, change] of cases) {
      it(`are let through, for ${what}`, () => assert.deepEqual(faultsOf(kind, { ...good[kind], ...change }), []));
    }

    it("do not hide the faults beside them, nor move their places", () => {
      const faults = faultsOf("VppAssignment", { ...good.VppAssignment, serialNumbers: [unknown, "C0"] });
      assert.deepEqual(faults, ['serialNumbers[1] must be 8 to 14 letters or digits, got "C0"']);
    });
  });
});
