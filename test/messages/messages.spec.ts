import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { meanings } from "./codes";
import { collectMessages, type Messages } from "./collect";
import { pagePath } from "./main";
import { pageOf } from "./page";

describe("messages", () => {
  let messages: Messages;

  before(() => {
    messages = collectMessages();
  });

  it("are all on their page, which `npm run messages` writes anew", () => {
    assert.equal(readFileSync(pagePath, "utf8"), pageOf(messages), "docs/messages.md is old: run npm run messages");
  });

  it("are found in the sources, with helpers' texts put in their places", () => {
    const reasons = messages.errors.map(({ code, reason }) => `${code} ${reason}`);
    for (const expected of [
      "VPP_AUTH_NOT_BOUND the library no longer bears this stack's mark, so it is not known to be ours",
      "VPP_SERVICE_ANSWER the answer of … names no library",
      "VPP_AUTH_TOKEN_REVOKED the content token has been revoked",
    ])
      assert.ok(reasons.includes(expected), expected);
    for (const kind of ["faults", "notes", "partial", "exits"] as const) assert.ok(messages[kind].length > 3, kind);
  });

  it("of every code are there, unless the code is only passed on", () => {
    const said = new Set(messages.errors.map(({ code }) => code));
    assert.deepEqual(
      Object.keys(meanings).filter((code) => !said.has(code)),
      [],
    );
  });

  it("have codes that are documented", () => {
    const codes = messages.errors.map(({ code }) => code).filter((code) => code.startsWith("VPP_"));
    assert.deepEqual(
      codes.filter((code) => !(code in meanings)),
      [],
    );
  });

  it("that are errors tell what to do, where their fault does not say it itself", () => {
    const dumb = messages.errors.filter(
      ({ code, reason, remedy }) => code !== "VPP_INPUT_INVALID" && remedy === "" && reason !== "…",
    );
    assert.deepEqual(dumb, []);
  });

  it("hold no double space, and no American licence or organisation of another spelling", () => {
    const texts = [
      ...messages.errors.flatMap(({ reason, remedy }) => [reason, remedy]),
      ...[...messages.notes, ...messages.faults, ...messages.partial].map(({ text }) => text),
    ];
    for (const text of texts)
      assert.doesNotMatch(text, / {2}|\blicenses?\b(?!_)|\bemail\b|organisation|can not\b/, text);
  });
});
