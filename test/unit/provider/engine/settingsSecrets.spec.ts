import assert from "node:assert/strict";
import { Notes } from "../../../../provider/engine/diagnostics";
import { Settings } from "../../../../provider/engine/settings";
import { describeFailure, isVppError } from "../../../../provider/errors";
import { assertNoSecret, contentToken, passwordForms, tokenForms } from "../../../support/secrets";

describe("settings", () => {
  /** What is told of a configuration and an environment, whatever is asked of them. */
  const told = (config: Readonly<Record<string, string>>, key = "default", env: NodeJS.ProcessEnv = {}): string => {
    const lines: string[] = [];
    const settings = new Settings(new Notes((line) => lines.push(line)), env);
    settings.configure((name) => config[name]);
    for (const ask of [
      () => settings.credential(key),
      () => settings.endpoint(),
      () => settings.proxy(),
      () => settings.events(),
    ]) {
      try {
        ask();
      } catch (error) {
        if (!isVppError(error)) throw error;
        lines.push(describeFailure("VppToken hq", "not checked", error), JSON.stringify(error), String(error.stack));
      }
    }
    return lines.join("\n");
  };

  describe("of the configuration", () => {
    const keys = [
      "vpp:contentTokenFile",
      "vpp:contentTokenFiles",
      "vpp:contentTokens",
      "vpp:endpoint",
      "vpp:eventPolling",
      "vpp:eventTimeoutSeconds",
    ];
    for (const [form, secret] of [...tokenForms, ...passwordForms]) {
      for (const key of keys) {
        it(`tell nothing of ${form} in ${key}`, () => {
          const lines = told({ [key]: secret });
          assertNoSecret(lines);
          assert.notEqual(lines, "");
        });
      }
      it(`tell nothing of ${form} that is one of the keys' paths`, () =>
        assertNoSecret(told({ "vpp:contentTokenFiles": JSON.stringify({ hq: secret }) }, "hq")));
      it(`tell nothing of ${form} that is a key`, () => assertNoSecret(told({}, secret)));
    }

    const mixedUp: [Record<string, string>, string, RegExp][] = [
      [
        { "vpp:contentTokenFile": contentToken },
        "default",
        /^.*vpp:contentTokenFile holds a token's text, not a path.*Set vpp:contentToken to/m,
      ],
      [
        { "vpp:contentTokenFiles": contentToken },
        "hq",
        /vpp:contentTokenFiles holds a token's text, not a path.*Set vpp:contentTokens\.hq to/,
      ],
      [
        { "vpp:contentTokenFiles": JSON.stringify({ hq: contentToken }) },
        "hq",
        /vpp:contentTokenFiles\.hq holds a token's text, not a path.*Set vpp:contentTokens\.hq to/,
      ],
      [
        { "vpp:contentTokenFiles": JSON.stringify({ default: contentToken }) },
        "default",
        /vpp:contentTokenFiles\.default holds a token's text, not a path.*Set vpp:contentToken to/,
      ],
      [
        { "vpp:contentToken": "/run/secrets/hq" },
        "default",
        /vpp:contentToken holds a path, not a token's text.*Set vpp:contentTokenFile to/,
      ],
      [
        { "vpp:contentTokens": JSON.stringify({ hq: "./hq.vpptoken" }) },
        "hq",
        /vpp:contentTokens\.hq holds a path, not a token's text.*Set vpp:contentTokenFiles\.hq to/,
      ],
    ];
    for (const [config, key, message] of mixedUp)
      it(`say where it belongs, for key ${key} and ${Object.keys(config).join()}`, () =>
        assert.match(told(config, key), message));

    it("say so of a key's variable", () =>
      assert.match(
        told({}, "eu-north", { VPP_CONTENT_TOKEN_EU_NORTH_FILE: contentToken }),
        /VPP_CONTENT_TOKEN_EU_NORTH_FILE holds a token's text.*Set VPP_CONTENT_TOKEN_EU_NORTH to/,
      ));
  });
});
