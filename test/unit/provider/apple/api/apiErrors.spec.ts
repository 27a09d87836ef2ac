import assert from "node:assert/strict";
import {
  deadTokenStatus,
  errorForNumber,
  errorForStatus,
  parseBody,
} from "../../../../../provider/apple/api/apiErrors";
import { isRetryable, wordsOfPart } from "../../../../../provider/apple/api/errorTable";
import { describeFailure, InitFailedError, isVppError, VppError } from "../../../../../provider/errors";

describe("answers", () => {
  describe("error numbers", () => {
    const codes: [number, string][] = [
      [9601, "VPP_AUTH_TOKEN_REFUSED"],
      [9603, "VPP_SERVICE_ERROR"],
      [9609, "VPP_SERVICE_ERROR"],
      [9621, "VPP_AUTH_TOKEN_EXPIRED"],
      [9622, "VPP_AUTH_TOKEN_REFUSED"],
      [9625, "VPP_AUTH_TOKEN_REVOKED"],
      [9637, "VPP_AUTH_TOKEN_REFUSED"],
      [9646, "VPP_SERVICE_THROTTLED"],
      [9722, "VPP_AUTH_TOKEN_REFUSED"],
      [9729, "VPP_SERVICE_ERROR"],
      [9706, "VPP_SERVICE_ERROR"],
      [9709, "VPP_LIMIT_NO_LICENSES"],
    ];
    for (const [errorNumber, code] of codes) {
      it(`become ${code} in our own words, for ${errorNumber}`, () => {
        const error = errorForNumber(errorNumber, "wording of the day", 400, 2);
        assert.deepEqual([error.code, error.details.serviceCode, error.details.tries], [code, errorNumber, 2]);
        assert.doesNotMatch(error.reason, /wording of the day/);
      });
    }

    it("keep the service's words without addresses, for one that nobody knows", () => {
      assert.match(
        errorForNumber(9999, "New trouble with ada@contoso.example").reason,
        /“New trouble with \[address\]”/,
      );
      assert.equal(errorForNumber(9999, undefined).reason, "the service refused the request");
    });
  });

  it("speak of one product or person in a partial result, and never ask for a report where the service is at odds with a list", () => {
    assert.equal(wordsOfPart(9709), "none left");
    assert.equal(wordsOfPart(9706), "it can't be taken back");
    assert.equal(wordsOfPart(9603), "the service had an internal error");
    assert.equal(wordsOfPart(9999), "the service refused");
    assert.doesNotMatch(errorForNumber(9706, undefined).details.remedy!, /report/);
  });

  it("are passing only where asking again can help", () => {
    const all = Array.from({ length: 300 }, (_, index) => 9600 + index);
    assert.deepEqual(all.filter(isRetryable), [9603, 9644, 9646, 9729]);
  });

  describe("HTTP statuses", () => {
    for (const [status, code] of [
      [401, "VPP_AUTH_TOKEN_REFUSED"],
      [403, "VPP_AUTH_TOKEN_REFUSED"],
      [429, "VPP_SERVICE_THROTTLED"],
      [404, "VPP_SERVICE_ANSWER"],
      [301, "VPP_SERVICE_ANSWER"],
      [500, "VPP_SERVICE_ERROR"],
    ] as const) {
      it(`become ${code} with a way on, for ${status}`, () => {
        const error = errorForStatus(status);
        assert.equal(error.code, code);
        assert.ok((error.details.remedy ?? "").length > 10);
      });
    }
  });

  describe("a stranger at the address", () => {
    const host = "vpp.example:8443";
    for (const [what, status, isForeign] of [
      ["404", 404, false],
      ["a page under 404", 404, true],
      ["400", 400, false],
      ["a page under 401", 401, true],
      ["a page under 403", 403, true],
    ] as const) {
      it(`is told as such and not as something that passes or as a dead token, for ${what}`, () => {
        const error = errorForStatus(status, { host, isForeign });
        assert.equal(error.code, "VPP_SERVICE_ANSWER");
        assert.equal(error.reason, `what answers at ${host} is not Apple's service (HTTP ${status})`);
        assert.match(error.details.remedy!, /VPP_ENDPOINT/);
        assert.doesNotMatch(error.details.remedy!, /[Ww]ait/);
        assert.equal(deadTokenStatus(error), undefined);
      });
    }

    for (const status of [301, 302, 303, 307, 308]) {
      it(`is no error of Apple's service that passes, for HTTP ${status}`, () => {
        const error = errorForStatus(status, { host, location: "https://login.example/" });
        assert.equal(error.code, "VPP_SERVICE_ANSWER");
        assert.match(error.details.remedy!, /VPP_ENDPOINT/);
      });
    }

    for (const [what, location, whither] of [
      ["elsewhere", "https://login.example/start?token=secret#x", " to https://login.example"],
      ["elsewhere with a user", "https://ada:secret@login.example/", " to https://login.example"],
      ["another path", "/mdm/v3?token=secret", " to another path"],
      ["another scheme", "ftp://secret.example/", ""],
      ["what is no address", "https://[secret", ""],
      ["nowhere", undefined, ""],
    ] as const) {
      it(`is told with its origin alone, when it redirects to ${what}`, () => {
        const error = errorForStatus(301, { host, ...(location !== undefined && { location }) });
        assert.equal(
          error.reason,
          `${host} answers with a redirect${whither} (HTTP 301), and no content token follows a redirect`,
        );
        assert.doesNotMatch(`${error.reason} ${error.details.remedy}`, /secret|[Ww]ait/);
      });
    }
  });

  describe("a dead token", () => {
    const cases: [string, unknown, string | undefined][] = [
      ["expired", errorForNumber(9621, undefined), "expired"],
      ["revoked", errorForNumber(9625, undefined), "revoked"],
      ["not known", errorForNumber(9622, undefined, 200), "revoked"],
      ["refused by HTTP status alone", errorForStatus(401), "revoked"],
      ["alive but not allowed to write", errorForNumber(9637, undefined, 403), undefined],
      ["alive in a service that is not there", errorForStatus(503), undefined],
      ["alive in a fault of ours", new TypeError("a fault"), undefined],
    ];
    for (const [what, error, status] of cases) {
      it(`is told as ${status ?? "none"}, when it is ${what}`, () => assert.equal(deadTokenStatus(error), status));
    }

    it("can't be one that was never accepted, unless the service says how it died", () => {
      assert.equal(deadTokenStatus(errorForNumber(9622, undefined), false), undefined);
      assert.equal(deadTokenStatus(errorForStatus(401), false), undefined);
      assert.equal(deadTokenStatus(errorForNumber(9625, undefined), false), "revoked");
      assert.equal(deadTokenStatus(errorForNumber(9621, undefined), false), "expired");
    });
  });

  describe("bodies", () => {
    const cases: [string, string][] = [
      ['{"uId":"1"}', "answer"],
      ["{}", "answer"],
      ['{"errorNumber":9622}', "error"],
      ['{"errorNumber":0,"uId":"1"}', "answer"],
      ["[]", "unreadable"],
      ["null", "unreadable"],
      ['"text"', "unreadable"],
      ["", "unreadable"],
      ['{"uId":', "unreadable"],
    ];
    for (const [text, kind] of cases)
      it(`are ${kind}, for ${text || "nothing"}`, () => assert.equal(parseBody(text).kind, kind));
  });
});

describe("errors", () => {
  it("become one sentence with who, what, why, codes and what to do", () => {
    const error = new VppError("VPP_LIMIT_NO_LICENSES", "the library has none left", {
      serviceCode: 9709,
      tries: 3,
      remedy: "Buy 2.",
    });
    assert.equal(
      describeFailure("VppAssignment sales", "not created", error),
      "VppAssignment sales: not created: the library has none left (VPP_LIMIT_NO_LICENSES, service error 9709, 3 tries). Buy 2.",
    );
  });

  it("leave out what is not there, and one try", () => {
    const error = new VppError("VPP_SERVICE_ERROR", "it failed", { tries: 1, what: "not looked at" });
    assert.equal(
      describeFailure("VppApp keynote", "not read", error),
      "VppApp keynote: not looked at: it failed (VPP_SERVICE_ERROR).",
    );
  });

  it("never have an id, unless the resource is half made", () => {
    assert.equal("id" in new VppError("VPP_BUG_UNEXPECTED", "x"), false);
    assert.equal(new InitFailedError("the-id", {}, []).id, "the-id");
  });

  it("are known across copies of the package", () => {
    assert.equal(isVppError({ [Symbol.for("pulumi-vpp.VppError")]: true }), true);
    for (const other of [new Error("x"), null, undefined, "VPP_"]) assert.equal(isVppError(other), false);
  });
});
