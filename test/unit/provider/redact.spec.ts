import assert from "node:assert/strict";
import { redact } from "../../../provider/redact";

const token = Buffer.from("a made-up content token, long enough to look like one").toString("base64");

describe("redact", () => {
  const cases: [string, string, string][] = [
    ["a token", `refused ${token}!`, "refused [hidden]!"],
    ["a token of another alphabet", `refused ${token.replace(/[+/]/g, "_")}`, "refused [hidden]"],
    ["an address", "no such user <ada@contoso.example>", "no such user <[address]>"],
    ["several lines and control characters", "one\r\n\ttwo\u0007", "one two"],
    [
      "a serial number, an id and a fingerprint",
      "F9FW5QJMF3M 2049025000431439 0a1b2c3d4e5f",
      "F9FW5QJMF3M 2049025000431439 0a1b2c3d4e5f",
    ],
    ["a UUID", "6e98fd96-091f-5714-9ffc-be3da677bc60", "6e98fd96-091f-5714-9ffc-be3da677bc60"],
    ["nothing", "", ""],
  ];
  for (const [what, text, expected] of cases)
    it(`keeps what is harmless, for ${what}`, () => assert.equal(redact(text), expected));

  it("cuts after 200 characters", () => {
    const cut = redact("word ".repeat(100));
    assert.equal(cut.length, 200);
    assert.match(cut, /…$/);
  });
});
