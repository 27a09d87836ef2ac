import assert from "node:assert/strict";
import { oddCharactersIn, shownName, trimInvisible } from "../../../provider/oddCharacters";
import { normalizeAdamId } from "../../../provider/plan/adamId";
import { normalizeSerialNumber } from "../../../provider/plan/serialNumber";
import { withoutSecrets } from "../../../provider/redact";

const odd = [" ", "\t", "\r\n", "\u00a0", "\ufeff", "\u200b", "\u200e", "\u2060", "\u00ad", "\u3000", "\u0000"];

describe("invisible characters", () => {
  for (const character of odd) {
    const shown = JSON.stringify(character);
    it(`are taken off both ends and not from within: ${shown}`, () => {
      assert.equal(trimInvisible(`${character}a${character}b${character}${character}`), `a${character}b`);
      assert.equal(normalizeSerialNumber(`${character}c02xl0gsjgh6${character}`), "C02XL0GSJGH6");
      assert.equal(normalizeAdamId(`${character}361285480${character}`), "361285480");
      assert.equal(trimInvisible(character.repeat(3)), "");
    });
    it(`are found in an id: ${shown}`, () => assert.notDeepEqual(oddCharactersIn(`ada${character}`), []));
  }

  it("are told as escapes, each once", () =>
    assert.deepEqual(oddCharactersIn("\ufeffada\u200b love\u200blace "), ["\\ufeff", "\\u0020", "\\u200b"]));

  for (const id of ["ada", "Ada Lovelace", "ada.lovelace@contoso.example", "नी\u200dना", "书類 1", ""])
    it(`are none in ${JSON.stringify(id)}`, () => assert.deepEqual(oddCharactersIn(id), []));
});

describe("a name from outside", () => {
  it("is shown without marks that turn the direction of writing, and without what nobody sees", () => {
    for (const mark of "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2064\u2066\u2067\u2068\u2069\ufeff\u0007\u2028") {
      assert.equal(shownName(`${mark}Head${mark} office${mark}`), "Head  office");
      assert.equal(withoutSecrets(`a${mark}b`), "a b");
    }
    assert.equal(shownName("tag\u{e0041}\u{e007f}"), "tag");
  });

  it("keeps joiners, accents and every script", () => {
    const names = "می\u200cخواهم Größe 東京 👩\u200d💻";
    assert.equal(shownName(names), names);
  });
});
