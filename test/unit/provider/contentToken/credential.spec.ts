import assert from "node:assert/strict";
import { fingerprintOf, parseAppleDate, parseContentToken } from "../../../../provider/contentToken/credential";

const encode = (value: unknown, space?: number): string =>
  Buffer.from(JSON.stringify(value, null, space)).toString("base64");
const fields = { token: "made-up", expDate: "2030-11-08T22:33:22+0000", orgName: "Contoso" };
const parse = (text: string) => parseContentToken(text, "in VPP_CONTENT_TOKEN", "environment");

describe("content token", () => {
  describe("dates", () => {
    const dates: [string, string, string | undefined][] = [
      ["with an offset without a colon, as Apple writes it", "2030-11-08T22:33:22+0000", "2030-11-08T22:33:22.000Z"],
      ["with another offset without a colon", "2030-11-08T15:33:22-0700", "2030-11-08T22:33:22.000Z"],
      ["with an offset with a colon", "2030-11-09T00:33:22+02:00", "2030-11-08T22:33:22.000Z"],
      ["with a Z", "2030-11-08T22:33:22Z", "2030-11-08T22:33:22.000Z"],
      ["that is none", "next year", undefined],
      ["that is empty", "", undefined],
    ];
    for (const [what, text, expected] of dates) {
      it(`gives ${expected ? "the moment" : "nothing"}, for a date ${what}`, () => {
        assert.equal(parseAppleDate(text)?.toISOString(), expected);
      });
    }
  });

  describe("reading", () => {
    it("gives the whole text as the credential and tells it apart by a short fingerprint", () => {
      const text = encode(fields);
      const credential = parse(text);
      assert.deepEqual(credential, {
        text,
        fingerprint: fingerprintOf(text),
        expiresAt: new Date("2030-11-08T22:33:22Z"),
        organizationName: "Contoso",
        source: "environment",
      });
      assert.match(credential.fingerprint, /^[0-9a-f]{12}$/);
    });

    const lenient: [string, string, string][] = [
      ["ends in a line break", `${encode(fields)}\n`, "Contoso"],
      ["is broken into lines", encode(fields).replace(/(.{20})/g, "$1\r\n"), "Contoso"],
      [
        "is of pretty-printed JSON in another order",
        encode({ orgName: "Müller & Söhne", expDate: fields.expDate, token: "x" }, 2),
        "Müller & Söhne",
      ],
      ["is of an organization with a Chinese name", encode({ ...fields, orgName: "某公司" }), "某公司"],
      ["has no organization", encode({ token: "x", expDate: fields.expDate }), ""],
    ];
    for (const [what, text, organization] of lenient) {
      it(`is done, when the text ${what}`, () => {
        const credential = parse(text);
        assert.equal(credential.organizationName, organization);
        assert.equal(credential.text, text.replace(/\s+/g, ""));
      });
    }

    const rubbish: [string, string, RegExp][] = [
      ["empty", "", /it is empty/],
      ["white space", " \n ", /it is empty/],
      ["the JSON itself", JSON.stringify(fields), /not Base64/],
      ["a page of HTML", "<html></html>", /not Base64/],
      ["Base64 of something else", Buffer.from("hello, world").toString("base64"), /not of JSON/],
      ["Base64 of a list", encode([1]), /no field “token”/],
      ["Base64 of null", encode(null), /no field “token”/],
      ["without its token", encode({ expDate: fields.expDate }), /no field “token”/],
      ["with an empty token", encode({ ...fields, token: "" }), /no field “token”/],
      ["without its date", encode({ token: "x" }), /“expDate” is not a date/],
      ["with a date that is none", encode({ ...fields, expDate: "soon" }), /“expDate” is not a date/],
      ["with a date that is a number", encode({ ...fields, expDate: 1_900_000_000 }), /“expDate” is not a date/],
    ];
    for (const [what, text, why] of rubbish) {
      it(`is refused with the place and the reason and without the text, when it is ${what}`, () => {
        assert.throws(
          () => parse(text),
          (error: Error & { code?: string }) => {
            assert.equal(error.code, "VPP_CONFIG_TOKEN_UNREADABLE");
            assert.match(error.message, /in VPP_CONTENT_TOKEN can't be read: /);
            assert.match(error.message, why);
            assert.ok(text.trim().length < 5 || !error.message.includes(text.trim()));
            return true;
          },
        );
      });
    }
  });
});
