import assert from "node:assert/strict";
import { type Attempt, decide, type Outcome, parseRetryAfter } from "../../../../../provider/apple/api/retry";

const now = Date.parse("2026-11-22T12:00:00Z");
const read: Attempt = { isRead: true, tries: 1, remainingMs: 180_000, baseMs: 500, jitter: 1, now };
const write: Attempt = { ...read, isRead: false };

describe("retry", () => {
  describe("parseRetryAfter", () => {
    const cases: [string, string | undefined, number | undefined][] = [
      ["seconds", "120", 120_000],
      ["no seconds at all", "0", 0],
      ["seconds with space around", " 7 ", 7000],
      ["a date", "Sun, 22 Nov 2026 12:01:30 GMT", 90_000],
      ["a date that is over", "Sun, 22 Nov 2026 11:00:00 GMT", 0],
      ["nothing", undefined, undefined],
      ["an empty text", "", undefined],
      ["a word", "soon", undefined],
      ["a negative number", "-5", undefined],
      ["a fraction", "1.5", 1500],
      ["less than a second", "0.5", 500],
      ["less than a second, in short", ".5", 500],
      ["two points", "1.5.1", undefined],
      ["a word and a number", "in 5", undefined],
    ];
    for (const [what, header, ms] of cases) {
      it(`gives ${ms === undefined ? "nothing" : `${ms} ms`}, for ${what}`, () =>
        assert.equal(parseRetryAfter(header, now), ms));
    }
  });

  describe("decide", () => {
    const tried: [string, Outcome, Attempt][] = [
      ["a read without an answer", { kind: "unknown" }, read],
      ["a read whose answer can't be read", { kind: "unreadable" }, read],
      ["the hundredth try of a read, within its time", { kind: "notSent" }, { ...read, tries: 100 }],
      ["the hundredth try of a write that was not accepted", { kind: "notSent" }, { ...write, tries: 100 }],
      ["a read with HTTP 502", { kind: "answered", status: 502 }, read],
      ["a read with HTTP 429", { kind: "answered", status: 429 }, read],
      ["a write with HTTP 429, which was not accepted", { kind: "answered", status: 429 }, write],
      ["a write that never left", { kind: "notSent" }, write],
      ["a read that never left", { kind: "notSent" }, read],
      ...[9603, 9644, 9646, 9729].flatMap((errorNumber): [string, Outcome, Attempt][] => [
        [`a read with ${errorNumber}`, { kind: "answered", status: 500, errorNumber }, read],
        [
          `a write with ${errorNumber}, of which nothing was processed`,
          { kind: "answered", status: 503, errorNumber },
          write,
        ],
      ]),
      ["a read with 9646 under HTTP 200", { kind: "answered", status: 200, errorNumber: 9646 }, read],
    ];
    for (const [what, outcome, attempt] of tried) {
      it(`tries again, after ${what}`, () => assert.equal(decide(outcome, attempt).retry, true));
    }

    const given: [string, Outcome, Attempt][] = [
      ["a write whose answer was lost", { kind: "unknown" }, write],
      ["a write with HTTP 502", { kind: "unknown", status: 502 }, write],
      ["a read with HTTP 404", { kind: "answered", status: 404 }, read],
      ["a read with a redirect", { kind: "answered", status: 302 }, read],
      ["a read of a dead token", { kind: "answered", status: 200, errorNumber: 9622 }, read],
      ["a read with an error number that nobody knows", { kind: "answered", status: 500, errorNumber: 9999 }, read],
      ["a write with wrong arguments", { kind: "answered", status: 400, errorNumber: 9602 }, write],
      ["a read that was barred by what stays", { kind: "barred" }, read],
      ["the sixth answer that can't be read", { kind: "unreadable" }, { ...read, tries: 6 }],
      ["a write whose answer can't be read", { kind: "unreadable" }, write],
    ];
    for (const [what, outcome, attempt] of given) {
      it(`gives up, after ${what}`, () => assert.deepEqual(decide(outcome, attempt), { retry: false }));
    }

    it("doubles its own wait up to 30 seconds", () => {
      const waits = [1, 2, 3, 4, 5].map((tries) => decide({ kind: "unknown" }, { ...read, tries, baseMs: 4000 }));
      assert.deepEqual(
        waits.map((decision) => decision.retry && decision.waitMs),
        [4000, 8000, 16_000, 30_000, 30_000],
      );
    });

    it("spreads the waits of many callers over the upper half", () => {
      assert.deepEqual(decide({ kind: "unknown" }, { ...read, jitter: 0 }), { retry: true, waitMs: 250 });
    });

    it("waits as long as Retry-After says, beyond its own ceiling", () => {
      const outcome: Outcome = { kind: "answered", status: 429, retryAfter: "90" };
      assert.deepEqual(decide(outcome, read), { retry: true, waitMs: 90_000 });
    });

    for (const retryAfter of ["0", "1", "0.5", "Sun, 22 Nov 2026 11:00:00 GMT"]) {
      it(`waits by its own measure, when Retry-After asks for less: ${retryAfter}`, () => {
        const outcome: Outcome = { kind: "answered", status: 429, errorNumber: 9646, retryAfter };
        assert.deepEqual(decide(outcome, { ...read, tries: 5 }), { retry: true, waitMs: 8000 });
      });
    }

    it("gives up now and says when to come back, when Retry-After lies beyond the deadline", () => {
      const outcome: Outcome = { kind: "answered", status: 429, errorNumber: 9646, retryAfter: "86400" };
      assert.deepEqual(decide(outcome, read), { retry: false, retryAt: now + 86_400_000 });
    });

    it("gives up, when its own wait lies beyond the deadline", () => {
      assert.deepEqual(decide({ kind: "unknown" }, { ...read, remainingMs: 10 }), { retry: false });
    });
  });
});
