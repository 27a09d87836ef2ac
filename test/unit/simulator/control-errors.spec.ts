import assert from "node:assert/strict";
import { raw, start, stopAll } from "./support";

describe("simulator: control interface, bad requests", () => {
  afterEach(stopAll);

  const refusals: [string, string, string, number, RegExp][] = [
    ["GET", "nothing", "", 404, /there is no "nothing" here/],
    ["GET", "", "", 404, /there is no "" here/],
    ["GET", "constructor", "", 404, /there is no "constructor"/],
    ["DELETE", "state", "", 405, /"state" takes GET, not DELETE/],
    ["POST", "holder", "{", 400, /not valid JSON/],
    ["POST", "holder", "[]", 400, /must be a JSON object/],
    ["POST", "holder", '{"mdmInfo":"me"}', 400, /"mdmInfo" must be a mark or null/],
    ["POST", "holder", '{"library":"9","mdmInfo":null}', 400, /there is no library 9/],
    ["POST", "tokens", '{"action":"steal"}', 400, /"action" must be "issue" or "renew" or "revoke" or "expire"/],
    ["POST", "tokens", '{"action":"issue"}', 400, /"file" is missing/],
    ["POST", "tokens", '{"action":"renew"}', 400, /"file" is missing/],
    [
      "POST",
      "assets",
      '{"action":"refund","adamId":"100","count":11,"held":true}',
      400,
      /only 10 .* be refunded, not 11/,
    ],
    ["POST", "assets", '{"action":"buy","adamId":"100","held":true}', 400, /"held" is not known here/],
    [
      "POST",
      "users",
      '{"action":"set-status","users":[{"clientUserId":"anna"}]}',
      400,
      /"users\[0\].status" is missing/,
    ],
    ["POST", "users", '{"action":"set-status","users":[{"clientUserId":"x","status":"y"}]}', 400, /no user "x"/],
    ["POST", "users", '{"action":"set-status","users":[{"clientUserId":"carl","status":"y"}]}', 400, /"carl" cannot/],
    [
      "POST",
      "users",
      '{"action":"set-status","users":[{"clientUserId":"anna","status":"Retired"}]}',
      400,
      /or Deleted/,
    ],
    ["POST", "settings", '{"lagMs":{"apps":1}}', 400, /"lagMs.apps" is not known here; known are assets, assign/],
    ["POST", "settings", '{"enforcedLimits":{"maxAssets":0}}', 400, /"maxAssets" must be a whole number from 1/],
    ["POST", "faults", '{"action":{"type":"list-drop"}}', 400, /"action.count" is missing/],
    [
      "POST",
      "faults",
      '{"match":{"query":{"a":1}},"action":{"type":"reset"}}',
      400,
      /"match.query.a" must be a text or/,
    ],
    ["POST", "faults", '{"match":{"query":{}},"action":{"type":"event-late","ms":1}}', 400, /is about events/],
    ["POST", "assets", '{"action":"buy","adamId":"100","count":0}', 400, /"count" must be a whole number from 1/],
    ["POST", "assignments", '{"action":"assign","assets":[{"adamId":1}]}', 400, /"assets\[0\].adamId" must be a text/],
    ["POST", "assignments", '{"action":"assign","assets":[]}', 400, /"assets" must be a list with at least one/],
    ["POST", "clock", '{"now":"soon"}', 400, /"now" must be a moment/],
    ["POST", "hooks", '{"on":"associate","do":[{"path":"state"}]}', 400, /"do\[0\].path" must be/],
    [
      "POST",
      "users",
      '{"action":"create","users":[{"clientUserId":7}]}',
      400,
      /"users\[0\].clientUserId" must be a text/,
    ],
    ["POST", "users", '{"action":"create","users":[{}]}', 400, /"users\[0\].clientUserId" is missing/],
    ["POST", "assets", '{"action":"buy"}', 400, /"adamId" is missing/],
    [
      "POST",
      "assets",
      '{"action":"buy","adamId":"1","pricingParam":"HQ"}',
      400,
      /"pricingParam" must be "STDQ" or "PLUS"/,
    ],
    ["POST", "faults", '{"action":{"type":"explode"}}', 400, /"action.type" must be "delay" or "hang" or/],
    ["POST", "faults", '{"action":{"type":"delay"}}', 400, /"action.ms" is missing/],
    [
      "POST",
      "faults",
      '{"times":0,"action":{"type":"hang"}}',
      400,
      /"times" must be a whole number from 1 or "always"/,
    ],
    ["POST", "faults", '{"match":{"library":"9"},"action":{"type":"hang"}}', 400, /there is no library 9/],
    ["POST", "faults", '{"match":{"event":"any"},"action":{"type":"hang"}}', 400, /"hang" is about requests/],
    [
      "POST",
      "faults",
      '{"match":{"path":"assets"},"action":{"type":"event-forgotten"}}',
      400,
      /"event-forgotten" is about events/,
    ],
    ["POST", "hooks", '{"on":"any","match":{},"do":[{"path":"clock"}]}', 400, /"match" is only for hooks on requests/],
    [
      "POST",
      "hooks",
      '{"on":"any","do":[{"path":"clock","body":{"advanceSeconds":"1"}}]}',
      400,
      /"do\[0\].body.advanceSeconds" must be a number/,
    ],
    ["GET", "state?omit=tokens", "", 400, /"omit" must be assignments, users and events/],
    ["GET", "requests?since=x", "", 400, /"since" must be a whole number/],
    ["POST", "settings", '{"eventDelay":1}', 400, /"eventDelay" is not known here/],
  ];
  for (const [method, name, body, status, reason] of refusals) {
    it(`refuses ${method} ${name} ${body} with ${status} in plain words`, async () => {
      const answer = await raw(await start(), method, name, body === "" ? undefined : body);
      assert.equal(answer.status, status);
      assert.match(answer.body.error, reason);
    });
  }
});
