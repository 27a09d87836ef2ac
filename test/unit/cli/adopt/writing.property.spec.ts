import assert from "node:assert/strict";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { identifierOf, Names, slugOf } from "../../../../cli/adopt/naming";
import { commented, listed, quoted } from "../../../../cli/adopt/source";
import { runs } from "../../../support/runs";

const hostile = fc.oneof(
  fc.constantFrom(
    '"); process.exit(); ("',
    ["`$", "{1}`"].join(""),
    "*/ code /*",
    "a\nb\r\u2028c\u2029",
    "\u202egnp.exe",
    "\\u0041\\",
    "</script>",
    "\u0000",
    "😀 emoji",
    "計算機 2",
    "Ünïcode’s App",
    "مايكروسوفت",
    "constructor",
    "__proto__",
    "await",
  ),
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: "binary" }),
);
/** What an editor shows as nothing, or what turns the direction of writing round. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

describe("what adopt writes of the texts of others", () => {
  it("is, as a literal, the very text when it runs, and shows all that it holds", () => {
    const property = fc.property(hostile, (text) => {
      const literal = quoted(text);
      assert.equal(runInNewContext(literal), text.toWellFormed());
      assert.doesNotMatch(literal, invisible);
    });
    fc.assert(property, runs(500));
  });

  it("is, in a comment, one line that ends neither kind of comment", () => {
    const property = fc.property(hostile, (text) => {
      const comment = commented(text);
      assert.doesNotMatch(comment, invisible);
      assert.ok(!comment.includes("*/"));
      assert.equal(runInNewContext(`/* ${comment} */ 1 // ${comment}\n+ 1`), 2);
    });
    fc.assert(property, runs(500));
  });

  it("is, as the name of a constant, one that the language takes, or none", () => {
    const property = fc.property(hostile, (text) => {
      const name = identifierOf(text);
      assert.ok([...name].length <= 100);
      if (name !== "") assert.equal(runInNewContext(`const ${name}_ = 1; ${name}_`), 1);
    });
    fc.assert(property, runs(500));
  });

  it("is, as the name of a resource or a file, letters and digits of any script with hyphens between", () => {
    const property = fc.property(hostile, (text) => {
      const slug = slugOf(text);
      assert.match(slug, /^([\p{L}\p{M}\p{Nd}]+(-[\p{L}\p{M}\p{Nd}]+)*)?$/u);
      assert.ok(Buffer.byteLength(slug) <= 4 * 40);
    });
    fc.assert(property, runs(500));
  });

  it("never names two things alike, however often the same is wished for", () => {
    const property = fc.property(
      fc.array(fc.constantFrom("keynote", "Keynote", "keynote2", "keynote-2", "")),
      (wishes) => {
        const names = new Names();
        const given = wishes.map((wish) => names.take(wish, `${wish}App`).toLowerCase());
        assert.equal(new Set(given).size, given.length);
      },
    );
    fc.assert(property, runs(200));
  });

  it("makes names that people know again", () => {
    assert.equal(identifierOf("Microsoft Word"), "microsoftWord");
    assert.equal(identifierOf("1Password 8"), "app1password8");
    assert.equal(identifierOf("Procreate Pocket®"), "procreatePocket");
    assert.equal(identifierOf("計算機"), "計算機");
    assert.equal(identifierOf("🚀"), "");
    assert.equal(slugOf("Ünïcode’s App: Pro"), "ünïcodes-app-pro");
  });

  it("keeps the items of a list in order, and its lines short", () => {
    const property = fc.property(fc.array(fc.string({ maxLength: 20 })), fc.nat(4), (items, indent) => {
      const text = listed(items.map(quoted), indent);
      assert.deepEqual(
        [...(runInNewContext(text) as string[])],
        items.map((item) => item.toWellFormed()),
      );
      for (const line of text.split("\n")) assert.ok(line.length <= 140, line);
    });
    fc.assert(property, runs(200));
  });
});
