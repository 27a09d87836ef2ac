import assert from "node:assert/strict";
import { inspect } from "node:util";
import nock from "nock";
import { isVppError, type VppError } from "../../../../../provider/errors";
import { type Transport, TransportFault } from "../../../../../provider/http/transport";
import { answer, Edge, onlyNock, service, serviceConfig, token } from "./edge";

/** The error of a call, which must be one of ours and must not hold the credential anywhere. */
async function failureOf(call: Promise<unknown>): Promise<VppError> {
  const error: unknown = await call.then(
    () => assert.fail("it did not fail"),
    (reason: unknown) => reason,
  );
  assert.ok(isVppError(error), inspect(error));
  const all = inspect(error, { depth: 10, showHidden: true }) + String(error.stack);
  assert.ok(
    !all.includes(token) && !all.includes(token.slice(0, 30)) && !all.includes("made-up-"),
    "it holds the credential",
  );
  assert.equal("id" in error, false);
  return error;
}

const assets = [{ adamId: "361285480", pricingParam: "STDQ" }];
const readConfig = ({ client }: Edge): Promise<unknown> => client.clientConfig();
const give = ({ client }: Edge): Promise<unknown> => client.associate({ assets, serialNumbers: ["F9FW000001"] });
const onRead = (): nock.Interceptor => service().get("/client/config");
const onWrite = (): nock.Interceptor => service().post("/assets/associate");

describe("client", () => {
  onlyNock();
  beforeEach(() => {
    serviceConfig();
  });

  describe("an error of the service", () => {
    const cases: [number, number, string][] = [
      [9622, 200, "VPP_AUTH_TOKEN_REFUSED"],
      [9622, 401, "VPP_AUTH_TOKEN_REFUSED"],
      [9621, 401, "VPP_AUTH_TOKEN_EXPIRED"],
      [9625, 401, "VPP_AUTH_TOKEN_REVOKED"],
      [9637, 403, "VPP_AUTH_TOKEN_REFUSED"],
      [9602, 400, "VPP_SERVICE_ERROR"],
      [9999, 418, "VPP_SERVICE_ERROR"],
    ];
    for (const [errorNumber, status, code] of cases) {
      it(`is ${code} with its number, when ${errorNumber} comes under HTTP ${status}`, async () => {
        onRead().reply(status, { errorNumber, errorMessage: `token ${token} of ada@contoso.example is bad` });
        const error = await failureOf(readConfig(new Edge()));
        assert.deepEqual([error.code, error.details.serviceCode], [code, errorNumber]);
        assert.doesNotMatch(error.reason, /contoso/);
      });
    }

    it("counts before the other fields, when an answer holds both", async () => {
      onRead().reply(200, answer({ errorNumber: 9625, errorMessage: "revoked" }));
      assert.equal((await failureOf(readConfig(new Edge()))).code, "VPP_AUTH_TOKEN_REVOKED");
    });

    it("is none, when its number is 0", async () => {
      onRead().reply(200, answer({ errorNumber: 0 }));
      await readConfig(new Edge());
    });

    it("is told by its HTTP status, when there is no body", async () => {
      onRead().reply(401, "");
      assert.deepEqual((await failureOf(readConfig(new Edge()))).details.status, 401);
    });
  });

  describe("a body that is not the service's", () => {
    const bodies: [string, string][] = [
      ["cut off", JSON.stringify(answer({ mdmInfo: { id: "x" } })).slice(0, 40)],
      ["a page of HTML", "<!doctype html><title>Sign in</title>"],
      ["empty", ""],
      ["a list", "[1, 2]"],
      ["a bare text", '"yes"'],
      ["null", "null"],
    ];
    for (const [what, body] of bodies) {
      it(`is asked for again and then reported, when the answer to a read is ${what}`, async () => {
        onRead().times(6).reply(200, body);
        const error = await failureOf(readConfig(new Edge()));
        assert.deepEqual([error.code, error.details.tries], ["VPP_SERVICE_ANSWER", 6]);
      });

      it(`leaves the outcome open and sends nothing again, when the answer to a write is ${what}`, async () => {
        onWrite().reply(200, body);
        assert.equal((await failureOf(give(new Edge()))).code, "VPP_NETWORK_OUTCOME_UNKNOWN");
      });
    }

    it("leaves the outcome open, when a write is accepted without an event", async () => {
      onWrite().reply(200, answer());
      assert.equal((await failureOf(give(new Edge()))).code, "VPP_NETWORK_OUTCOME_UNKNOWN");
    });

    it("leaves the outcome open, when a write is accepted by something that names no library", async () => {
      onWrite().reply(200, {});
      assert.equal((await failureOf(give(new Edge()))).code, "VPP_NETWORK_OUTCOME_UNKNOWN");
    });
  });

  describe("an answer that is too long", () => {
    const endless: Transport = async ({ url }) => ({
      status: 200,
      text: url.endsWith("/service/config") ? "{}" : undefined,
    });

    it("is told as such and not asked for again, when it was to a read", async () => {
      const error = await failureOf(readConfig(new Edge({ transport: endless })));
      assert.deepEqual([error.code, error.details.tries], ["VPP_SERVICE_ANSWER", 1]);
      assert.match(error.reason, /longer than 32 MB/);
      nock.cleanAll();
    });

    it("leaves the outcome open, when it was to a write", async () => {
      assert.equal((await failureOf(give(new Edge({ transport: endless })))).code, "VPP_NETWORK_OUTCOME_UNKNOWN");
      nock.cleanAll();
    });
  });

  describe("too many requests", () => {
    for (const [what, retryAfter, wait] of [
      ["seconds", "7", 7000],
      ["a date", "Sun, 22 Nov 2026 12:00:09 GMT", 9000],
    ] as const) {
      it(`waits as long as asked and tries again, for ${what}`, async () => {
        onRead().reply(429, { errorNumber: 9646 }, { "retry-after": retryAfter });
        onRead().reply(200, answer());
        const edge = new Edge();
        await readConfig(edge);
        assert.deepEqual(edge.clock.sleeps, [wait]);
      });
    }

    for (const retryAfter of ["soon", "-5", "", "0", "0.1", "Sun, 22 Nov 2026 11:00:00 GMT"]) {
      it(`waits by its own measure, for ${JSON.stringify(retryAfter)}`, async () => {
        onRead().reply(429, { errorNumber: 9646 }, { "retry-after": retryAfter });
        onRead().reply(200, answer());
        const edge = new Edge();
        await readConfig(edge);
        assert.ok(edge.clock.sleeps[0]! >= 250 && edge.clock.sleeps[0]! <= 500, String(edge.clock.sleeps));
      });
    }

    it("fails at once and says when to come back, for a day", async () => {
      onRead().reply(429, { errorNumber: 9646 }, { "retry-after": "86400" });
      const edge = new Edge();
      const error = await failureOf(readConfig(edge));
      assert.deepEqual([error.code, error.details.serviceCode], ["VPP_SERVICE_THROTTLED", 9646]);
      assert.match(error.reason, /2026-11-23T12:00:00/);
      assert.deepEqual(edge.clock.sleeps, []);
    });

    it("fails as throttled and not as a fault of the provider, for a time beyond all calendars", async () => {
      onRead().reply(429, { errorNumber: 9646 }, { "retry-after": "99999999999999999" });
      assert.equal((await failureOf(readConfig(new Edge()))).code, "VPP_SERVICE_THROTTLED");
    });

    for (const retryAfter of [undefined, "0", "0.2", "Sun, 22 Nov 2026 11:00:00 GMT"]) {
      it(`gets no more than ten in a second from a hundred callers while no rate is known, for Retry-After ${retryAfter}`, async () => {
        const { clock } = new Edge();
        const times: number[] = [];
        const transport: Transport = async ({ url }) => {
          if (url.endsWith("/service/config")) return { status: 200, text: "{}" };
          times.push(clock.ms);
          return { status: 429, text: "", ...(retryAfter !== undefined && { retryAfter }) };
        };
        const edge = new Edge({ transport, sleep: clock.sleep, now: clock.now, budgetMs: 60_000 });
        const ends = await Promise.allSettled(Array.from({ length: 100 }, () => edge.client.clientConfig()));
        assert.ok(ends.every(({ status }) => status === "rejected"));
        const most = Math.max(...times.map((from) => times.filter((at) => at >= from && at - from < 1000).length));
        assert.ok(most <= 10, `${most} in a second`);
        nock.cleanAll();
      });
    }

    it("lets no other request go, when the service wants to be left alone for longer than that one can wait", async () => {
      onRead().reply(429, { errorNumber: 9646 }, { "retry-after": "86400" });
      const edge = new Edge();
      await failureOf(readConfig(edge));
      const error = await failureOf(edge.client.assets());
      assert.equal(error.code, "VPP_SERVICE_THROTTLED");
      assert.match(error.details.remedy!, /after 2026-11-23T12:00:00/);
      assert.deepEqual(edge.clock.sleeps, []);
    });

    it("sends a write again too, since it was not accepted", async () => {
      onWrite().reply(429, "");
      onWrite().reply(200, answer({ eventId: "e1" }));
      assert.equal(await give(new Edge()), "e1");
    });
  });

  describe("a broken connection", () => {
    it("is tried again, when it breaks in a read", async () => {
      onRead().replyWithError(Object.assign(new Error("reset"), { code: "ECONNRESET" }));
      onRead().reply(200, answer());
      await readConfig(new Edge());
    });

    it("leaves the outcome open and sends nothing again, when it breaks in a write", async () => {
      onWrite().replyWithError(Object.assign(new Error("reset"), { code: "ECONNRESET" }));
      const error = await failureOf(give(new Edge()));
      assert.deepEqual([error.code, /ECONNRESET/.test(error.reason)], ["VPP_NETWORK_OUTCOME_UNKNOWN", true]);
    });

    it("is tried again, when a write could not even leave", async () => {
      onWrite().replyWithError(Object.assign(new Error("refused"), { code: "ECONNREFUSED" }));
      onWrite().reply(200, answer({ eventId: "e1" }));
      assert.equal(await give(new Edge()), "e1");
    });

    it("is reported with its kind and the number of tries, when the service can't be reached at all", async () => {
      onRead()
        .times(100)
        .replyWithError(Object.assign(new Error(`no such host for ${token}`), { code: "ENOTFOUND" }));
      const edge = new Edge();
      const began = edge.clock.ms;
      const error = await failureOf(readConfig(edge));
      assert.deepEqual([error.code, error.reason], ["VPP_NETWORK_UNREACHABLE", "can't reach vpp.example (ENOTFOUND)"]);
      assert.match(
        error.details.remedy!,
        /^No such host is known here: check how VPP_ENDPOINT or vpp:endpoint spells vpp\.example and the DNS/,
      );
      assert.ok(error.details.tries! > 6, `${error.details.tries} tries`);
      const lasted = edge.clock.ms - began;
      assert.ok(lasted > 265_000 && lasted <= 300_000, `${lasted} ms`);
      nock.cleanAll();
    });

    it("ends nothing, when it lasts less than five minutes for a read or the time of an event for a write", async () => {
      const { clock } = new Edge();
      let backAt = 0;
      const transport: Transport = async ({ method }) => {
        if (clock.ms < backAt) throw new TransportFault(false, "ECONNREFUSED");
        return { status: 200, text: JSON.stringify(answer(method === "POST" ? { eventId: "e1" } : {})) };
      };
      const { client } = new Edge({ transport, sleep: clock.sleep, now: clock.now });
      backAt = clock.ms + 260_000;
      await client.clientConfig();
      await client.serviceConfigNow();
      backAt = clock.ms + 1_700_000;
      assert.equal(await client.associate({ assets, serialNumbers: ["F9FW000001"] }), "e1");
      nock.cleanAll();
    });

    it("is told while it lasts, with how long it is tried", async () => {
      const told: string[] = [];
      const transport: Transport = () => Promise.reject(new TransportFault(false, "ECONNREFUSED"));
      const edge = new Edge({ transport, budgetMs: 100_000, onReading: () => (text) => told.push(text) });
      await failureOf(readConfig(edge));
      assert.equal(told[0], "can't reach vpp.example (ECONNREFUSED); trying again for up to 2 more minutes.");
      assert.match(told.at(-1)!, /1 more minute\.$/);
      nock.cleanAll();
    });

    for (const code of [
      "ECONNRESET",
      "EPIPE",
      "ETIMEDOUT",
      "EAI_AGAIN",
      "UND_ERR_SOCKET",
      "HPE_INVALID_CONSTANT",
      "CERT_HAS_EXPIRED",
    ]) {
      it(`is known by the word ${code}`, async () => {
        onRead().replyWithError(Object.assign(new Error("broken"), { code }));
        const error = await failureOf(readConfig(new Edge({ budgetMs: 1 })));
        assert.deepEqual([error.code, error.reason], ["VPP_NETWORK_UNREACHABLE", `can't reach vpp.example (${code})`]);
      });
    }

    it("is told through which proxy, without its user", async () => {
      for (const [proxy, via] of [
        ["proxy.example:3128", " through the proxy proxy.example:3128"],
        [undefined, ""],
      ]) {
        const transport: Transport = () => Promise.reject(new TransportFault(false, "ECONNREFUSED", true, proxy));
        const error = await failureOf(readConfig(new Edge({ transport })));
        assert.equal(error.reason, `can't reach vpp.example${via} (ECONNREFUSED)`);
      }
      nock.cleanAll();
    });

    it("sends nothing, when the caller's deadline is over", async () => {
      const edge = new Edge();
      const deadline = edge.clock.ms - 1;
      await edge.client.serviceConfig();
      const error = await failureOf(edge.client.associate({ assets, serialNumbers: ["A"] }, { deadline }));
      assert.equal(error.code, "VPP_SERVICE_THROTTLED");
      await assert.rejects(edge.client.status("e1", { deadline }), { code: "VPP_SERVICE_THROTTLED" });
    });

    it("ends at the caller's deadline, when a write can't leave", async () => {
      onWrite()
        .times(100)
        .replyWithError(Object.assign(new Error("refused"), { code: "ECONNREFUSED" }));
      const edge = new Edge();
      const began = edge.clock.ms;
      let asked = 0;
      const permission = async (): Promise<void> => void asked++;
      const given = edge.client.associate({ assets, serialNumbers: ["A"] }, { permission, deadline: began + 40_000 });
      const error = await failureOf(given);
      assert.equal(error.code, "VPP_NETWORK_UNREACHABLE");
      assert.ok(edge.clock.ms - began <= 40_000 && edge.clock.ms - began > 10_000, `${edge.clock.ms - began} ms`);
      assert.equal(asked, error.details.tries);
      nock.cleanAll();
    });

    it("ends when the time for one request is over, before all tries are used", async () => {
      let tries = 0;
      onRead()
        .times(6)
        .reply(() => {
          tries++;
          return [502, ""];
        });
      const edge = new Edge({ budgetMs: 3000, retryBaseMs: 2000 });
      const start = edge.clock.ms;
      await failureOf(readConfig(edge));
      assert.ok(edge.clock.ms - start <= 3000);
      assert.ok(tries >= 2 && tries <= 3, `${tries} tries`);
      nock.cleanAll();
    });
  });

  describe("a service that is not there", () => {
    it("is told as such, with its host and without a second try, for HTTP 404", async () => {
      onRead().reply(404, "<html>404</html>");
      const error = await failureOf(readConfig(new Edge()));
      assert.deepEqual([error.code, error.details.tries], ["VPP_SERVICE_ANSWER", 1]);
      assert.equal(error.reason, "what answers at vpp.example is not Apple's service (HTTP 404)");
    });

    it("is told as such, for a page under HTTP 200", async () => {
      onRead().times(6).reply(200, "<!doctype html><title>Sign in</title>");
      const error = await failureOf(readConfig(new Edge()));
      assert.equal(error.reason, "what answers at vpp.example is not Apple's service (it sends a page and no data)");
      assert.doesNotMatch(error.details.remedy!, /[Ww]ait/);
    });

    it("is told as a redirect with its target's origin, for HTTP 301", async () => {
      onRead().reply(301, "", { location: "https://portal.example/login?token=made-up-secret" });
      const error = await failureOf(readConfig(new Edge()));
      assert.match(error.reason, /vpp\.example answers with a redirect to https:\/\/portal\.example \(HTTP 301\)/);
      assert.doesNotMatch(`${error.reason} ${error.details.remedy}`, /\/login|made-up|[Ww]ait/);
    });
  });

  describe("a fault of the HTTP library", () => {
    const faults: [string, Error][] = [
      ["a RangeError", new RangeError(`Invalid array length: Bearer ${token}`)],
      ["a TypeError", new TypeError("cannot read http://ada:open-sesame@proxy.example:3128/")],
      ["a wrong argument", Object.assign(new Error("bad header"), { code: "UND_ERR_INVALID_ARG" })],
      ["a wrong argument of Node's", Object.assign(new TypeError("bad"), { code: "ERR_INVALID_ARG_TYPE" })],
    ];
    for (const [what, fault] of faults) {
      it(`is a fault of the provider, asked for once and without a secret, for ${what}`, async () => {
        onRead().replyWithError(fault);
        const error = await failureOf(readConfig(new Edge()));
        assert.equal(error.code, "VPP_BUG_UNEXPECTED");
        assert.match(error.reason, new RegExp(`the HTTP library failed: ${fault.name}`));
        assert.doesNotMatch(error.reason, /sesame|ada/);
        assert.equal(error.details.mayBeDone, undefined);
      });
    }

    it("leaves open whether a write was done", async () => {
      onWrite().replyWithError(new RangeError("x"));
      const error = await failureOf(give(new Edge()));
      assert.deepEqual([error.code, error.details.mayBeDone], ["VPP_BUG_UNEXPECTED", true]);
    });
  });

  describe("a server's trouble", () => {
    it("is tried again in a read, and leaves the outcome open in a write", async () => {
      onRead().reply(502, "<html>bad gateway</html>");
      onRead().reply(200, answer());
      onWrite().reply(502, "<html>bad gateway</html>");
      const edge = new Edge();
      await readConfig(edge);
      assert.equal((await failureOf(give(edge))).code, "VPP_NETWORK_OUTCOME_UNKNOWN");
    });

    it("is tried again in a write too, when the service says that nothing was done", async () => {
      onWrite().reply(503, { errorNumber: 9729 });
      onWrite().reply(200, answer({ eventId: "e1" }));
      assert.equal(await give(new Edge()), "e1");
    });
  });
});
