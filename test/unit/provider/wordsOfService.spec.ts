import assert from "node:assert/strict";
import { codesOf, VppError, wordsOfService } from "../../../provider/errors";

const token = Buffer.from(JSON.stringify({ expDate: "2027-01-01", token: "x".repeat(60), orgName: "Contoso" }));

describe("what the service says beside its number", () => {
  it("is told as it is where it is harmless", () => {
    assert.equal(
      wordsOfService(9709, "Not enough assets available"),
      "service error 9709 “Not enough assets available”",
    );
    assert.equal(wordsOfService(9709), "service error 9709");
    assert.equal(wordsOfService(9709, " \n"), "service error 9709");
  });

  it("holds no content token, no address and nothing that steers a terminal", () => {
    const text = `for ada@contoso.example\u001b[31m with ${token.toString("base64")}`;
    for (const told of [
      wordsOfService(9622, text),
      codesOf(new VppError("VPP_AUTH_TOKEN_REFUSED", "no", { serviceCode: 9622, serviceText: text })),
      JSON.stringify(new VppError("VPP_AUTH_TOKEN_REFUSED", "no", { serviceCode: 9622, serviceText: text }).details),
    ]) {
      assert.doesNotMatch(told, /contoso|\u001b|eyJ|x{9}/);
      assert.match(told, /\[hidden\]/);
    }
  });
});
