import assert from "node:assert/strict";
import type { ErrorRow as ErrorBody } from "./bodies";
import { ERROR_ROWS, libraryOf, type RawRequest } from "./error-rows";
import { type Answer, type Client, control, fileOf, send, start, stateOf, stopAll } from "./support";

const from = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** Every number of the table in section 6.2 of the reference. */
const ALL_NUMBERS = [
  ...[9601, 9602, 9603, 9609, 9621, 9622, 9623, 9625, 9634, 9635, 9637, 9641, 9644, 9646, 9647, 9650],
  ...from(9700, 9729),
  ...from(9811, 9818),
];
/** Those the table calls asynchronous, and those it calls both. */
const ASYNC_ONLY = [9635, 9641, 9644, 9709, 9716];
const BOTH = [9603, 9609];

function request(client: Client, { path, method, body, headers }: RawRequest): Promise<Answer> {
  const all: Record<string, string | null> = {
    authorization: `Bearer ${client.simulator.token()}`,
    ...(body !== undefined && { "content-type": "application/json" }),
    ...headers,
  };
  const given = Object.entries(all).filter((header): header is [string, string] => header[1] !== null);
  return send(`${client.simulator.url}/mdm/v2/${path}`, {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers: given,
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
}

describe("simulator: error numbers", () => {
  afterEach(stopAll);

  it("can all be provoked, in each way the table says they come", () => {
    const provoked = (when: string) =>
      new Set(ERROR_ROWS.filter((row) => row.when === when).map(({ errorNumber }) => errorNumber));
    const both = new Set(BOTH);
    const sync = new Set(ALL_NUMBERS.filter((each) => !ASYNC_ONLY.includes(each)));
    assert.deepEqual([...provoked("sync")].sort(), [...sync].sort());
    assert.deepEqual([...provoked("async")].sort(), [...ASYNC_ONLY, ...both].sort());
  });

  for (const row of ERROR_ROWS) {
    const { errorNumber, rule, when, status, message } = row;
    it(`${errorNumber}, ${when === "sync" ? `at once with ${status}` : "later"}: ${rule}`, async () => {
      const client = await start({ library: fileOf(libraryOf(row)), ...row.options });
      for (const [name, input] of row.control ?? []) {
        await control(client, name, input);
      }
      for (const each of row.before ?? []) {
        assert.equal((await request(client, each)).status, 200);
      }
      const before = { ...(await stateOf(client)), tokens: [] };
      const answer = await request(client, row.request);
      assert.equal(answer.status, status);
      if (when === "sync") {
        check(answer.body, errorNumber, message);
        assert.equal("eventId" in answer.body, false);
        assert.deepEqual({ ...(await stateOf(client)), tokens: [] }, before);
        return;
      }
      assert.equal("errorNumber" in answer.body, false);
      await client.simulator.settled();
      const { body } = await request(client, { path: `status?eventId=${answer.body.eventId}` });
      assert.equal(body.eventStatus, "FAILED");
      assert.equal(body.failures.length, 1);
      check(body.failures[0]!, errorNumber, message);
    });
  }
});

function check(error: ErrorBody, errorNumber: number, message: RegExp): void {
  assert.equal(error.errorNumber, errorNumber);
  assert.match(error.errorMessage, message);
}
