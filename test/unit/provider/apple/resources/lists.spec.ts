import assert from "node:assert/strict";
import { type LimitName, limitOf, refuseOverBrake } from "../../../../../provider/apple/resources/changeLimit";
import { inOldOrder, plural, repeats, someOf } from "../../../../../provider/apple/resources/lists";
import { bindingIdOf } from "../../../../../provider/apple/resources/token/bindingId";
import { variableOf } from "../../../../../provider/apple/resources/token/check";
import { nameInId } from "../../../../../provider/apple/resources/tokenRef";
import { sameValue } from "../../../../../provider/engine/kind";
import { providerText } from "../../../../../sdk/apple/providerText";

const self = (value: string): string => value;

describe("lists", () => {
  describe("inOldOrder", () => {
    const cases: [string, string, string, string][] = [
      ["there was none", "", "CAB", "CAB"],
      ["only the order differs", "ABC", "CBA", "ABC"],
      ["one is put first", "ABC", "XABC", "ABCX"],
      ["one is taken out", "ABCD", "ACD", "ACD"],
      ["one takes another's place", "ABCD", "AXCD", "AXCD"],
      ["more come than go", "ABCD", "DXYA", "AXYD"],
      ["all are others", "ABC", "XY", "XY"],
      ["nothing is left", "ABC", "", ""],
    ];
    for (const [what, olds, news, expected] of cases) {
      it(`keeps what stays in its place and fills the holes, when ${what}`, () => {
        const ordered = inOldOrder([...olds], [...news], self);
        assert.equal(ordered.join(""), expected);
        assert.deepEqual([...ordered].sort(), [...news].sort());
      });
    }

    it("changes one line of the engine's diff, when one is put first among 10,000", () => {
      const olds = Array.from({ length: 10_000 }, (_, index) => `S${index}`);
      const ordered = inOldOrder(olds, ["NEW", ...olds], self);
      assert.equal(ordered.filter((value, index) => value !== olds[index]).length, 1);
    });

    it("takes the new value of what stays", () => {
      const ordered = inOldOrder([{ id: "ada", email: "old" }], [{ id: "ada", email: "new" }], ({ id }) => id);
      assert.deepEqual(ordered, [{ id: "ada", email: "new" }]);
    });
  });

  describe("repeats", () => {
    it("names places and not values, and at most five of them", () => {
      assert.deepEqual(repeats("users", ["ada", "bob", "ada"]), ["users[2] repeats users[0]; name each only once"]);
      assert.equal(
        repeats(
          "users",
          Array.from({ length: 99 }, () => "ada"),
        ).length,
        5,
      );
    });
  });

  describe("words", () => {
    it("count and shorten", () => {
      assert.deepEqual(
        [plural(1, "licence"), plural(0, "licence"), plural(2, "licence")],
        ["1 licence", "0 licences", "2 licences"],
      );
      assert.deepEqual([plural(1, "person", "people"), plural(2, "person", "people")], ["1 person", "2 people"]);
      assert.equal(someOf([..."ABCDE"]), "A, B, C, D, E");
      assert.equal(someOf(["A", "B"], 14), "A, B and 12 more");
      assert.equal(someOf(["A", "B"]), "A, B");
      assert.equal(someOf([..."ABCDEFG"]), "A, B, C, D, E and 2 more");
    });
  });

  describe("sameValue", () => {
    const cases: [unknown, unknown, boolean][] = [
      [{ a: 1, b: [2] }, { b: [2], a: 1 }, true],
      [{ a: 1 }, { a: 1, b: undefined }, false],
      [[1, 2], [2, 1], false],
      [[1], { 0: 1 }, false],
      [null, {}, false],
      ["1", 1, false],
      [undefined, undefined, true],
    ];
    for (const [a, b, same] of cases) {
      it(`is ${same}, for ${JSON.stringify(a)} and ${JSON.stringify(b)}`, () => assert.equal(sameValue(a, b), same));
    }
  });
});

describe("brake", () => {
  const cases: [number | undefined, number, LimitName, number][] = [
    [undefined, 10, "maxRevocations", 25],
    [undefined, 250, "maxRevocations", 25],
    [undefined, 1009, "maxRevocations", 100],
    [undefined, 10_000, "maxRevocations", 1000],
    [undefined, 30, "maxRetirements", 10],
    [0, 10_000, "maxRevocations", 0],
    [7, 10_000, "maxRevocations", 7],
  ];
  for (const [given, of, property, limit] of cases) {
    it(`holds at ${limit} of ${of}, when ${given ?? "nothing"} is given as ${property}`, () => {
      assert.equal(limitOf(property, given, of), limit);
    });
  }

  const brake = { noun: "target", verb: "take licences from", of: 200, property: "maxRevocations" } as const;
  const lists: [number, number, RegExp | undefined][] = [
    [4, 4, undefined],
    [5, 5, /the whole list of 5, which only maxRevocations allows/],
    [20, 20, /the whole list of 20/],
    [9, 8, undefined],
    [10, 5, undefined],
    [10, 6, /more than half of a list of 10, which only maxRevocations allows/],
    [45, 23, /more than half of a list of 45/],
  ];
  for (const [of, leaving, refusal] of lists) {
    it(`${refusal ? "refuses" : "allows"} that ${leaving} leave a list of ${of}, and always where the property allows it`, () => {
      const change = { ...brake, count: leaving, of, lists: [{ of, leaving }] };
      const run = (): void => refuseOverBrake({ ...change, given: undefined });
      if (refusal) assert.throws(run, refusal);
      else run();
      refuseOverBrake({ ...change, given: leaving });
    });
  }

  it("lets exactly its limit through, and refuses one more with the numbers and the way", () => {
    refuseOverBrake({ ...brake, given: undefined, count: 25 });
    assert.throws(
      () => refuseOverBrake({ ...brake, given: 25, count: 26 }),
      (error: Error & { code?: string; details?: { remedy?: string } }) => {
        assert.equal(error.code, "VPP_LIMIT_BRAKE");
        assert.match(error.message, /take licences from 26 targets of 200, more than maxRevocations allows \(25\)/);
        assert.match(error.details?.remedy ?? "", /maxRevocations: 26/);
        return true;
      },
    );
  });
});

describe("names that are for ever", () => {
  it("make the same binding of the same stack and library in every release", () => {
    assert.equal(bindingIdOf("organization/trial/dev", "2049025000431439"), "6e98fd96-091f-5714-9ffc-be3da677bc60");
    assert.match(bindingIdOf("a/b/c", "1"), /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.notEqual(bindingIdOf("a/b/c", "1"), bindingIdOf("a/b/c", "2"));
    assert.notEqual(bindingIdOf("a/b/c", "1"), bindingIdOf("a/b/d", "1"));
  });

  it("make the same provider text for each kind, since it lies in every state", () => {
    assert.deepEqual(
      (["vppToken", "vppApp", "vppUserSet", "vppAssignment"] as const).map(providerText),
      ["vppToken", "vppApp", "vppUserSet", "vppAssignment"].map(
        (name) => `exports.handler = () => require("pulumi-vpp/provider").${name};`,
      ),
    );
  });

  it("make the same variable of a key", () => {
    assert.deepEqual(["default", "eu-north.1", "Büro"].map(variableOf), ["DEFAULT", "EU_NORTH_1", "B_RO"]);
  });

  it("are found again in an id, also with slashes in them", () => {
    assert.equal(nameInId("2049025000431439/assignment/sales/ipads"), "sales/ipads");
    assert.equal(nameInId("imported-by-hand"), "imported-by-hand");
  });
});
