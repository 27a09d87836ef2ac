import assert from "node:assert/strict";
import { changeOf, extentOf, toReleasing } from "../../../../../provider/apple/resources/assignment/shape";
import type { AssignmentInputs } from "../../../../../provider/apple/resources/assignment/types";

const token = { libraryId: "1", contentTokenKey: "default", bindingId: "b" };
const inputs = (
  apps: readonly string[],
  serialNumbers?: readonly string[],
  changes: Partial<AssignmentInputs> = {},
): AssignmentInputs => ({
  token,
  apps: apps.map((adamId) => ({ adamId, pricingParam: "STDQ" })),
  ...(serialNumbers && { serialNumbers }),
  intent: "required",
  exclusive: false,
  reclaim: true,
  ...changes,
});

/** All pairs of these rectangles as short texts, sorted; a pair that stands twice shows twice. */
const pairsOf = (rectangles: readonly { apps: readonly string[]; targets: readonly string[] }[]): string[] =>
  rectangles
    .flatMap(({ apps, targets }) => apps.flatMap((app) => targets.map((target) => `${app.split("/")[0]}${target}`)))
    .sort();

describe("VppAssignment", () => {
  describe("changeOf", () => {
    const cases: [string, Partial<AssignmentInputs>, AssignmentInputs, string[], string[]][] = [
      ["nothing before", {}, inputs(["1"], ["A", "B"]), ["1A", "1B"], []],
      ["nothing new", inputs(["1"], ["A"]), inputs(["1"], ["A"]), [], []],
      ["one target more", inputs(["1", "2"], ["A"]), inputs(["1", "2"], ["A", "B"]), ["1B", "2B"], []],
      ["one target less", inputs(["1", "2"], ["A", "B"]), inputs(["1", "2"], ["A"]), [], ["1B", "2B"]],
      ["one app more", inputs(["1"], ["A", "B"]), inputs(["1", "2"], ["A", "B"]), ["2A", "2B"], []],
      ["one app less", inputs(["1", "2"], ["A", "B"]), inputs(["1"], ["A", "B"]), [], ["2A", "2B"]],
      [
        "apps and targets exchanged",
        inputs(["1", "2"], ["A", "B"]),
        inputs(["2", "3"], ["B", "C"]),
        ["2C", "3B", "3C"],
        ["1A", "1B", "2A"],
      ],
      ["a kind that leaves", inputs(["1"], ["A"]), inputs(["1"], undefined, { clientUserIds: ["ada"] }), [], ["1A"]],
      [
        "required turned to uninstall",
        inputs(["1"], ["A", "B"]),
        inputs(["1"], ["B", "C"], { intent: "uninstall" }),
        ["1B", "1C"],
        ["1A"],
      ],
      [
        "uninstall turned to required",
        inputs(["1"], ["A", "B"], { intent: "uninstall" }),
        inputs(["1"], ["B", "C"]),
        ["1B", "1C"],
        [],
      ],
      [
        "uninstall that shrinks",
        inputs(["1"], ["A", "B"], { intent: "uninstall" }),
        inputs(["1"], ["A"], { intent: "uninstall" }),
        [],
        [],
      ],
    ];
    for (const [what, before, now, added, dropped] of cases) {
      it(`finds each pair once, for ${what}`, () => {
        const change = changeOf(before, now, "device");
        assert.deepEqual(pairsOf(change.added), added);
        assert.deepEqual(pairsOf(change.dropped), dropped);
      });
    }

    it("looks at one kind of target alone", () => {
      const now = inputs(["1"], ["A"], { clientUserIds: ["ada"] });
      assert.deepEqual(pairsOf(changeOf({}, now, "user").added), ["1ada"]);
    });

    it("costs what the two lists cost, not what their product does", () => {
      const many = (count: number): string[] => Array.from({ length: count }, (_, index) => `S${index}`);
      const start = performance.now();
      changeOf(inputs(many(300), many(5000)), inputs(many(301), many(5001)), "device");
      assert.ok(performance.now() - start < 500);
    });
  });

  describe("rectangles of the state", () => {
    it("name the kind of target", () => {
      const rectangles = [{ apps: ["1/STDQ"], targets: ["A"] }];
      assert.deepEqual(toReleasing(rectangles, "device"), [{ apps: ["1/STDQ"], serialNumbers: ["A"] }]);
      assert.deepEqual(toReleasing(rectangles, "user"), [{ apps: ["1/STDQ"], clientUserIds: ["A"] }]);
    });

    it("have apps and targets, each once", () => {
      const rectangles = [
        { apps: ["1", "2"], targets: ["A"] },
        { apps: ["2"], targets: ["A", "B"] },
      ];
      assert.deepEqual(extentOf(rectangles), { apps: ["1", "2"], targets: ["A", "B"] });
    });
  });
});
