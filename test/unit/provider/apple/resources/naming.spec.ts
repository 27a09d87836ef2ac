import assert from "node:assert/strict";
import {
  countTargets,
  describePairs,
  describeTargets,
  type NamedPair,
  namesOfTargets,
} from "../../../../../provider/apple/resources/naming";

const nameOf = async (app: string): Promise<string> => (app === "1/STDQ" ? "Keynote" : "Pages");
const pair = (app: string, target: string, kind: NamedPair["kind"] = "device"): NamedPair => ({ app, kind, target });

describe("naming", () => {
  it("names the first five and says how many more there are", () => {
    assert.equal(namesOfTargets(["A", "B"]), "A, B");
    assert.equal(namesOfTargets([..."ABCDE"]), "A, B, C, D, E");
    assert.equal(namesOfTargets([..."ABCDEFG"]), "A, B, C, D, E and 2 more");
    assert.equal(namesOfTargets(["A", "B"], 5000), "A, B and 4998 more");
  });

  it("shows no address, whatever somebody takes for an id", () => {
    assert.equal(namesOfTargets(["ada", "bob@contoso.example"]), "ada, [address]");
  });

  it("counts devices and people in their own words", () => {
    assert.deepEqual(
      [countTargets(1, "device"), countTargets(2, "device"), countTargets(1, "user"), countTargets(0, "user")],
      ["1 device", "2 devices", "1 person", "0 people"],
    );
    assert.equal(describeTargets(["ada", "bob"], "user"), "2 people (ada, bob)");
  });

  it("puts the targets of an app together, and counts licences", async () => {
    const pairs = [pair("1/STDQ", "A"), pair("2/STDQ", "A"), pair("1/STDQ", "B"), pair("1/STDQ", "ada", "user")];
    assert.equal(await describePairs(pairs, 4, nameOf), "Keynote on A, B, Pages on A, Keynote for ada");
    const many = Array.from({ length: 7 }, (_, index) => pair("1/STDQ", `D${index}`));
    assert.equal(await describePairs(many, 120, nameOf), "Keynote on D0, D1, D2, D3, D4 and 115 more");
    assert.equal(await describePairs([pair("1/STDQ", "a@b.example", "user")], 1, nameOf), "Keynote for [address]");
  });
});
