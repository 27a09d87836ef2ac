import assert from "node:assert/strict";
import { redact, withoutSecrets } from "../../../provider/redact";

const token = Buffer.from("a made-up content token, long enough to look like one").toString("base64");

describe("messages without secrets", () => {
  const kept = [
    "/home/runner/work/company-infra/apple-vpp/secrets/contoso-headquarters/hq.vpptoken",
    "/builds/6f3c1c0e-4b1d-4c7a-9a54-d6f20c1b7e35/0/contoso/apple-vpp-licences/hq.vpptoken",
    "VppAssignment sales-department-of-the-berlin-headquarters-ipads: 3 of 4",
    "“pulumi-vpp organization/contoso-apple-licences/production-europe” (id 6e98fd96-091f-5714-9ffc-be3da677bc60)",
    "2049025000431439/assignment/ipads-of-the-department-of-literature",
    "https://api.contoso.example:8443/mdm/v2",
    "C:\\project\\node_modules\\@pulumi\\pulumi and /srv/node_modules/@pulumi/pulumi",
    "ada@contoso.example is an address, which notes leave out elsewhere",
    "eyewitness reports, ewoks-are-the-inhabitants-of-a-forest-moon",
  ];
  for (const text of kept) it(`are as they were: ${text}`, () => assert.equal(withoutSecrets(text), text));

  const hidden: [string, string][] = [
    [`"${token}"`, `"[hidden]"`],
    [`/run/secrets/${token}/x`, "[hidden]/x"],
    ["a".repeat(40), "[hidden]"],
    ["0123456789abcdef".repeat(4), "[hidden]"],
    [`in \\"token\\":\\"short\\"`, `in \\"token\\":[hidden]\\"`],
    ["//me:pa55@host", "//…@host"],
    ["DOMAIN\\me:pa/55@host:1", "…@host:1"],
    ["line\u2028break\u001b[31m", "line break [31m"],
  ];
  for (const [text, expected] of hidden)
    it(`hold nothing of ${text.slice(0, 20)}`, () => assert.equal(withoutSecrets(text), expected));

  it("take no time for a long text without a blank", () => {
    const began = process.cpuUsage().user;
    withoutSecrets(`${"ab:c".repeat(2500)}@`);
    withoutSecrets(`${"//".repeat(5000)}x`);
    redact(`${"a:@".repeat(1e6)}`);
    assert.ok(process.cpuUsage().user - began < 2e6);
  });
});

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
    ["marks that turn the direction of writing", "one\u202e\u2066two\u200e", "one two"],
    [
      "a password in an address",
      "proxy http://me:p@ss/w:rd@proxy.example:3128 failed",
      "proxy http://…@proxy.example:3128 failed",
    ],
  ];
  for (const [what, text, expected] of cases)
    it(`keeps what is harmless, for ${what}`, () => assert.equal(redact(text), expected));

  it("cuts after 200 characters", () => {
    const cut = redact("word ".repeat(100));
    assert.equal(cut.length, 200);
    assert.match(cut, /…$/);
  });
});
