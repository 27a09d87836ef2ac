import assert from "node:assert/strict";
import { bar, cutTo, pad, printable, printableJson, screenOf, widthOf, wrap } from "../../../cli/terminal";

describe("terminal › printable", () => {
  it("leaves nothing that steers a terminal or turns the direction of writing", () => {
    assert.equal(printable("\u001b[31mred\u001b[0m\u0007\r\nnext\u009b2J\u007f"), "[31mred [0m next 2J");
    assert.equal(printable("abc\u202edcba\u2066x\u2069\u200f"), "abc dcba x");
    assert.equal(printable("one\u2028two\u2029three\ud800"), "one two three\ufffd");
  });

  it("leaves every language and emoji as they are", () => {
    for (const text of ["Übung", "日本語", "עברית", "👩‍🚀 Space", "é"]) assert.equal(printable(text), text);
  });

  it("keeps JSON exact, with control characters escaped", () => {
    const value = { name: "a\u009b31m\u202eb\u001bc\u007f", lines: ["one", "two\nthree"] };
    const text = printableJson(value);
    assert.doesNotMatch(text.replaceAll("\n", ""), /[\p{Cc}\u202e]/u);
    assert.deepEqual(JSON.parse(text), value);
  });
});

describe("terminal › columns", () => {
  it("are counted as a terminal shows them", () => {
    assert.deepEqual(["abc", "日本", "🎉", "é", "👩‍🚀"].map(widthOf), [3, 4, 2, 1, 2]);
  });

  it("are kept by what is cut and what is filled up, whatever the characters", () => {
    for (const text of ["Keynote", "日本語アプリの名前", "👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀", "ééééééééééé"])
      for (const columns of [4, 5, 6, 7]) assert.equal(widthOf(pad(cutTo(text, columns), columns)), columns);
    assert.equal(cutTo("Keynote", 7), "Keynote");
    assert.equal(cutTo("Keynotes", 7), "Keynot…");
    assert.equal(pad("7", 3, "right"), "  7");
  });

  it("break lines between words only", () => {
    assert.deepEqual(wrap("one two three", 8, "  "), ["one two", "  three"]);
    assert.deepEqual(wrap("  a-word-beyond-all-lines x", 8, "  "), ["  a-word-beyond-all-lines", "  x"]);
  });

  it("come from the terminal or from COLUMNS, within bounds, and are 80 where there is neither", () => {
    const stream = (columns?: number) => ({ columns }) as NodeJS.WriteStream;
    assert.equal(screenOf(stream(), {}).columns, 80);
    assert.equal(screenOf(stream(100), {}).columns, 100);
    assert.equal(screenOf(stream(100), { COLUMNS: "90" }).columns, 90);
    assert.equal(screenOf(stream(10), { COLUMNS: "wide" }).columns, 60);
    assert.equal(screenOf(stream(1000), {}).columns, 140);
  });
});

describe("terminal › bar", () => {
  it("is as wide as asked, and full or empty only when the share is", () => {
    assert.equal(bar(0, 10, 4), "····");
    assert.equal(bar(10, 10, 4), "████");
    assert.equal(bar(5, 10, 4), "██··");
    assert.equal(bar(1, 1_000_000, 4), "▏···");
    assert.equal(bar(999_999, 1_000_000, 4), "███▉");
    assert.equal(bar(3, 0, 4), "····");
    assert.equal(bar(12, 10, 4), "████");
  });
});
