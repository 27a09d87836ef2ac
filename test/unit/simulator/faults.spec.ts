import assert from "node:assert/strict";
import { type ClientRequest, type IncomingMessage, request } from "node:http";
import { RECEIVER_CA, Receiver, stopReceivers } from "./receiver";
import { type Client, control, fileOf, raw, smallLibrary, start, stateOf, stopAll } from "./support";

const GIVE = { assets: [{ adamId: "100" }], serialNumbers: ["SN1", "SN2", "SN3"] };

interface Outcome {
  readonly status?: number;
  readonly headers?: IncomingMessage["headers"];
  readonly text: string;
  readonly error?: string;
}

/** One request over a bare connection: what came of the answer, and how it broke. */
function bare(client: Client, path: string, body?: object, giveUpMs?: number): Promise<Outcome> {
  return new Promise((resolve) => {
    let text = "";
    const fails = (response?: IncomingMessage) => (error: NodeJS.ErrnoException) =>
      resolve({ text, error: error.code ?? error.message, ...(response && { status: response.statusCode! }) });
    const sent: ClientRequest = request(
      `${client.simulator.url}/mdm/v2/${path}`,
      {
        method: body === undefined ? "GET" : "POST",
        agent: false,
        headers: { authorization: `Bearer ${client.simulator.token()}`, "content-type": "application/json" },
        ...(giveUpMs !== undefined && { signal: AbortSignal.timeout(giveUpMs) }),
      },
      (response) => {
        response.on("data", (part: Buffer) => {
          text += part.toString();
        });
        response.on("end", () => resolve({ status: response.statusCode!, headers: response.headers, text }));
        response.on("error", fails(response));
      },
    );
    sent.on("error", fails());
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const fault = (client: Client, action: object, match: object = {}, times: number | "always" = 1) =>
  control(client, "faults", { match, times, action });

describe("simulator: faults of requests", () => {
  afterEach(stopAll);

  it("delay: the request is only looked at after a while", async () => {
    const client = await start();
    await fault(client, { type: "delay", ms: 60 });
    const begun = performance.now();
    assert.equal((await client.get("assets")).status, 200);
    assert.ok(performance.now() - begun >= 55);
  });

  it("reset: nothing is done, and the connection breaks", async () => {
    const client = await start();
    await fault(client, { type: "reset" });
    const outcome = await bare(client, "assets/associate", GIVE);
    assert.deepEqual([outcome.status, outcome.error], [undefined, "ECONNRESET"]);
    await client.simulator.settled();
    assert.deepEqual(await client.pairs(), []);
    const [entry] = (await raw(client, "GET", "requests")).body.requests;
    assert.deepEqual([entry!.status, entry!.fault], [0, 1]);
  });

  it("lose-answer: the work is done, and the connection breaks", async () => {
    const client = await start();
    await fault(client, { type: "lose-answer" });
    const outcome = await bare(client, "assets/associate", GIVE);
    assert.deepEqual([outcome.status, outcome.error], [undefined, "ECONNRESET"]);
    await client.simulator.settled();
    assert.deepEqual(await client.pairs(), ["100 SN1", "100 SN2", "100 SN3"]);
    const [entry] = (await raw(client, "GET", "requests")).body.requests;
    assert.deepEqual([entry!.status, typeof entry!.body?.eventId], [200, "string"]);
  });

  it("truncate: the answer breaks in its middle, although its whole length was announced", async () => {
    const client = await start();
    const whole = await bare(client, "assets");
    await fault(client, { type: "truncate" });
    const half = await bare(client, "assets");
    assert.deepEqual([half.status, half.error], [200, "ECONNRESET"]);
    assert.equal(half.text, whole.text.slice(0, Math.floor(whole.text.length / 2)));
    assert.equal(Number(whole.headers!["content-length"]), Buffer.byteLength(whole.text));
  });

  it("hang: no answer comes until the client gives up, and nothing is done", async () => {
    const client = await start();
    await fault(client, { type: "hang" });
    assert.equal((await bare(client, "assets/associate", GIVE, 60)).error, "ABORT_ERR");
    assert.equal((await client.get("assets")).status, 200);
    assert.deepEqual(await client.pairs(), []);
  });

  for (const [what, action, expected] of [
    ["nothing", {}, ["", "application/json"]],
    ["JSON", { body: { reason: "down" } }, ['{"reason":"down"}', "application/json"]],
    ["a page", { body: "<h1>Bad gateway</h1>" }, ["<h1>Bad gateway</h1>", "text/html"]],
    ["a text of its own type", { body: "no", contentType: "text/plain" }, ["no", "text/plain"]],
  ] as const) {
    it(`status: any HTTP status with ${what} as body`, async () => {
      const client = await start();
      await fault(client, { type: "status", status: 502, ...action });
      const { status, text, headers } = await bare(client, "assets/associate", GIVE);
      assert.deepEqual([status, text, headers!["content-type"]], [502, ...expected]);
      assert.deepEqual((await stateOf(client)).events, []);
    });
  }

  for (const [retryAfter, expected] of [
    [7, "7"],
    ["Fri, 31 Dec 2032 23:59:59 GMT", "Fri, 31 Dec 2032 23:59:59 GMT"],
    ["soon", "soon"],
  ] as const) {
    it(`sends Retry-After: ${expected}`, async () => {
      const client = await start();
      await fault(client, { type: "status", status: 503, retryAfter });
      assert.equal((await bare(client, "assets")).headers!["retry-after"], expected);
      await fault(client, { type: "errorNumber", errorNumber: 9729, retryAfter });
      assert.equal((await bare(client, "assets")).headers!["retry-after"], expected);
    });
  }

  it("errorNumber: with the documented HTTP status or another", async () => {
    const client = await start();
    await fault(client, { type: "errorNumber", errorNumber: 9634 });
    await fault(client, { type: "errorNumber", errorNumber: 9634, status: 200 });
    const [documented, other] = [await client.get("assets"), await client.get("assets")];
    assert.deepEqual([documented.status, documented.body.errorNumber], [410, 9634]);
    assert.deepEqual([other.status, other.body.errorNumber], [200, 9634]);
  });

  it("can answer with an error although the work was done", async () => {
    const client = await start();
    await fault(client, { type: "errorNumber", errorNumber: 9603, workDone: true });
    assert.equal((await client.post("assets/associate", GIVE)).status, 500);
    await client.simulator.settled();
    assert.equal((await client.pairs()).length, 3);
    const [entry] = (await raw(client, "GET", "requests")).body.requests;
    assert.deepEqual([entry!.status, entry!.errorNumber, typeof entry!.body?.eventId], [500, 9603, "undefined"]);
  });

  it("non-json: a page that calls itself JSON", async () => {
    const client = await start();
    await fault(client, { type: "non-json" });
    const { status, text, headers } = await bare(client, "assets");
    assert.deepEqual([status, headers!["content-type"]], [200, "application/json"]);
    assert.throws(() => JSON.parse(text) as unknown, SyntaxError);
  });

  it("meets only requests that match, after those it lets through, as often as it is told to", async () => {
    const library = fileOf(smallLibrary(), smallLibrary({ libraryId: "1002" }));
    const client = await start({ library });
    const status = { type: "status", status: 418 };
    await fault(client, status, { method: "GET", path: "users", library: "1001", after: 1 }, 2);
    await fault(client, status, { path: "/lookup" }, "always");
    const other = simulatorToken(client, "1002");
    const users = async () => (await bare(client, "users")).status;
    assert.equal((await bare(client, "assets")).status, 200);
    assert.deepEqual([await users(), await users(), await users(), await users()], [200, 418, 418, 200]);
    const foreign = await fetch(`${client.simulator.url}/mdm/v2/users`, { headers: { authorization: other } });
    assert.equal(foreign.status, 200);
    for (let time = 0; time < 3; time += 1) {
      assert.equal((await fetch(`${client.simulator.url}/lookup?id=100`)).status, 418);
    }
    const { faults } = (await raw(client, "GET", "faults")).body;
    assert.deepEqual(
      faults.map(({ id, seen, ran }) => [id, seen, ran]),
      [
        [1, 4, 2],
        [2, 3, 3],
      ],
    );
    assert.equal((await raw(client, "DELETE", "faults")).body.deleted, 2);
    assert.equal((await fetch(`${client.simulator.url}/lookup?id=100`)).status, 200);
  });

  it("lets a rival act just before a request, by a hook", async () => {
    const client = await start();
    const rival = { action: "assign", assets: [{ adamId: "100" }], serialNumbers: ["R1"] };
    await control(client, "hooks", {
      on: "request",
      match: { method: "GET", path: "assignments" },
      do: [{ path: "assignments", body: rival }],
    });
    assert.equal((await client.asset("100")).availableCount, 10);
    assert.deepEqual(await client.pairs(), ["100 R1"]);
    await control(client, "hooks", { on: "request", do: [{ path: "tokens", body: { action: "expire" } }] });
    assert.equal((await client.get("assets")).body.errorNumber, 9621);
  });
});

function simulatorToken(client: Client, library: string): string {
  return `Bearer ${client.simulator.token(library)}`;
}

describe("simulator: faults of events", () => {
  afterEach(async () => {
    await stopAll();
    await stopReceivers();
  });

  it("event-pending: stays pending for good while later events are processed", async () => {
    const client = await start();
    await fault(client, { type: "event-pending" }, { event: "associate" });
    const { eventId } = (await client.post("assets/associate", GIVE)).body;
    const later = await client.event("assets/associate", { ...GIVE, serialNumbers: ["SN9"] });
    assert.equal(later.eventStatus, "COMPLETE");
    const { body } = await client.get(`status?eventId=${eventId}`);
    assert.deepEqual([body.eventStatus, body.numRequested, body.numCompleted], ["PENDING", 3, 0]);
    assert.deepEqual(await client.pairs(), ["100 SN9"]);
  });

  it("event-pending: is processed after its time", async () => {
    const client = await start();
    await fault(client, { type: "event-pending", forMs: 60 });
    const begun = performance.now();
    const status = await client.event("assets/associate", GIVE);
    assert.ok(performance.now() - begun >= 55);
    assert.equal(status.eventStatus, "COMPLETE");
    assert.equal((await client.pairs()).length, 3);
  });

  it("event-late: is processed later, and those behind it too", async () => {
    const client = await start();
    await fault(client, { type: "event-late", ms: 60 });
    const begun = performance.now();
    await client.post("assets/associate", GIVE);
    const behind = await client.event("assets/associate", { ...GIVE, serialNumbers: ["SN9"] });
    assert.ok(performance.now() - begun >= 55);
    assert.equal(behind.eventStatus, "COMPLETE");
    assert.deepEqual((await client.pairs()).at(-1), "100 SN9");
  });

  for (const errorNumber of [9603, 9644]) {
    it(`event-fails: nothing is done, and the event fails with ${errorNumber}`, async () => {
      const client = await start();
      await fault(client, { type: "event-fails", errorNumber }, { event: "any" });
      const status = await client.event("assets/associate", GIVE);
      assert.deepEqual([status.eventStatus, status.numRequested, status.numCompleted], ["FAILED", 3, 0]);
      assert.deepEqual(
        status.failures.map((failure) => [failure.errorNumber, failure.errorInfo]),
        [[errorNumber, undefined]],
      );
      assert.deepEqual(await client.pairs(), []);
    });
  }

  it("event-partly: the first tasks are done, the others fail and are named", async () => {
    const client = await start();
    await fault(client, { type: "event-partly", done: 2, errorNumber: 9603 });
    const status = await client.event("assets/associate", GIVE);
    assert.deepEqual([status.eventStatus, status.numRequested, status.numCompleted], ["FAILED", 3, 2]);
    assert.deepEqual(status.failures[0]!.errorInfo, {
      assets: [{ adamId: "100", pricingParam: "STDQ" }],
      serialNumbers: ["SN3"],
    });
    assert.deepEqual(await client.pairs(), ["100 SN1", "100 SN2"]);
  });

  it("event-partly: of a disassociation, a revocation and of users too", async () => {
    const client = await start();
    await client.event("assets/associate", GIVE);
    const partly = { type: "event-partly", done: 1, errorNumber: 9644 };
    await fault(client, partly, { event: "disassociate" });
    await fault(client, partly, { event: "revoke" });
    await fault(client, partly, { event: "create" });
    const taken = await client.event("assets/disassociate", { ...GIVE, serialNumbers: ["SN1", "SN2"] });
    const revoked = await client.event("assets/revoke", { serialNumbers: ["SN2", "SN3"] });
    const created = await client.event("users/create", { users: [{ clientUserId: "u1" }, { clientUserId: "u2" }] });
    for (const status of [taken, revoked, created]) {
      assert.deepEqual([status.eventStatus, status.numCompleted, status.failures[0]!.errorNumber], ["FAILED", 1, 9644]);
    }
    assert.deepEqual(await client.pairs(), ["100 SN3"]);
    assert.deepEqual(created.failures[0]!.errorInfo, { clientUserIds: ["u2"] });
  });

  it("event-forgotten: is processed, and then unknown", async () => {
    const client = await start();
    await fault(client, { type: "event-forgotten" }, { library: "1001" });
    const { eventId } = (await client.post("assets/associate", GIVE)).body;
    await client.simulator.settled();
    const { status, body } = await client.get(`status?eventId=${eventId}`);
    assert.deepEqual([status, body.errorNumber], [400, 9708]);
    assert.equal((await client.pairs()).length, 3);
  });

  it("tells subscribers of events that failed by a fault", async () => {
    const client = await start({ receiverCa: RECEIVER_CA });
    const receiver = await Receiver.start();
    await client.post("client/config", {
      notificationUrl: receiver.url,
      notificationAuthToken: "a-secret-of-the-receiver",
      notificationTypes: ["ASSET_MANAGEMENT"],
    });
    await fault(client, { type: "event-fails", errorNumber: 9644 });
    await client.event("assets/associate", GIVE);
    const [told] = receiver.of("ASSET_MANAGEMENT");
    const { result, error, assignments } = told!.notification;
    assert.deepEqual([result, error!.errorNumber, assignments!.length], ["FAILURE", 9644, 3]);
    assert.equal(receiver.of("ASSET_MANAGEMENT").length, 1);
  });
});
