import assert from "node:assert/strict";
import { oddCharactersIn, trimInvisible } from "../../../provider/oddCharacters";
import { normalizeAdamId } from "../../../provider/plan/adamId";
import { normalizeSerialNumber } from "../../../provider/plan/serialNumber";

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
