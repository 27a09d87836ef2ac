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
    ["POST", "holder", '{"mdmInfo":"me"}', 400, /mdmInfo must be a JSON object/],
    ["POST", "holder", '{"library":"9","mdmInfo":null}', 400, /there is no library 9/],
    ["POST", "tokens", '{"action":"steal"}', 400, /"action" must be "issue" or "revoke" or "expire"/],
    ["POST", "tokens", '{"action":"issue"}', 400, /"file" must be a text/],
    ["POST", "assets", '{"action":"buy","adamId":"100","count":0}', 400, /"count" must be a whole number from 1/],
    ["POST", "assignments", '{"action":"assign","assets":[{"adamId":1}]}', 400, /"assets\[0\].adamId" must be a text/],
    ["POST", "assignments", '{"action":"assign","assets":[]}', 400, /"assets" must be a list with at least one/],
    ["POST", "clock", '{"now":"soon"}', 400, /"now" must be a moment/],
    ["POST", "hooks", '{"on":"associate","do":[{"path":"state"}]}', 400, /"do\[0\].path" must be/],
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
