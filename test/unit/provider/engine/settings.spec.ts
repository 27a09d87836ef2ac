import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Notes } from "../../../../provider/engine/diagnostics";
import { Settings } from "../../../../provider/engine/settings";

const tokenOf = (name: string): string =>
  Buffer.from(JSON.stringify({ token: "made-up", expDate: "2030-01-01T00:00:00+0000", orgName: name })).toString(
    "base64",
  );

describe("settings", () => {
  let folder: string;
  let lines: string[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "vpp-settings-"));
    lines = [];
    for (const name of ["environment file", "configured file"]) writeFileSync(join(folder, name), `${tokenOf(name)}\n`);
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const settingsOf = (env: NodeJS.ProcessEnv, config: Record<string, string> = {}): Settings => {
    const settings = new Settings(new Notes((line) => lines.push(line)), env);
    settings.configure((key) => config[key]);
    return settings;
  };
  const file = (name: string): string => join(folder, name);

  describe("content token", () => {
    const all = (suffix: string) => ({
      [`VPP_CONTENT_TOKEN${suffix}`]: tokenOf("environment"),
      [`VPP_CONTENT_TOKEN${suffix}_FILE`]: "",
    });

    it("comes from the first of four places that has one", () => {
      const env: NodeJS.ProcessEnv = { ...all(""), VPP_CONTENT_TOKEN_FILE: file("environment file") };
      const config: Record<string, string> = {
        "vpp:contentTokenFile": file("configured file"),
        "vpp:contentToken": tokenOf("configuration"),
      };
      const seen: string[] = [];
      for (const remove of [
        () => delete env.VPP_CONTENT_TOKEN,
        () => delete env.VPP_CONTENT_TOKEN_FILE,
        () => delete config["vpp:contentTokenFile"],
      ]) {
        seen.push(settingsOf(env, config).credential("default").organizationName);
        remove();
      }
      seen.push(settingsOf(env, config).credential("default").organizationName);
      assert.deepEqual(seen, ["environment", "environment file", "configured file", "configuration"]);
    });

    it("comes for a key from the variable of that key or from the objects of the configuration", () => {
      const config = {
        "vpp:contentTokenFiles": JSON.stringify({ "eu-north.1": file("configured file") }),
        "vpp:contentTokens": JSON.stringify({ "eu-north.1": tokenOf("wrong"), apac: tokenOf("apac") }),
        "vpp:contentToken": tokenOf("default"),
      };
      assert.equal(settingsOf(all("_EU_NORTH_1"), config).credential("eu-north.1").organizationName, "environment");
      assert.equal(settingsOf({}, config).credential("eu-north.1").organizationName, "configured file");
      assert.equal(settingsOf({}, config).credential("apac").organizationName, "apac");
      assert.equal(settingsOf({}, config).credential("default").organizationName, "default");
    });

    it("can stand for the key “default” in the objects of the configuration too", () => {
      const config = { "vpp:contentTokens": JSON.stringify({ default: tokenOf("in the object") }) };
      assert.equal(settingsOf({}, config).credential("default").organizationName, "in the object");
    });

    it("is known to be possibly stale only when its text itself is configuration", () => {
      const sources = [
        settingsOf({ VPP_CONTENT_TOKEN: tokenOf("x") }),
        settingsOf({ VPP_CONTENT_TOKEN_FILE: file("environment file") }),
        settingsOf({}, { "vpp:contentTokenFile": file("configured file") }),
        settingsOf({}, { "vpp:contentToken": tokenOf("x") }),
      ].map((settings) => settings.credential("default").source);
      assert.deepEqual(sources, ["environment", "environment", "environment", "configuration"]);
    });

    const failures: [string, string, NodeJS.ProcessEnv, Record<string, string>, RegExp][] = [
      ["default", "nothing is set", {}, {}, /there is no content token for contentTokenKey default/],
      [
        "emea",
        "only other keys are set",
        { VPP_CONTENT_TOKEN: "x" },
        {},
        /there is no content token for contentTokenKey emea/,
      ],
      [
        "emea",
        "the configured object lacks the key",
        {},
        { "vpp:contentTokens": '{"other":"x"}' },
        /no content token for contentTokenKey emea/,
      ],
      [
        "emea",
        "the configured object is null",
        {},
        { "vpp:contentTokens": "null" },
        /no content token for contentTokenKey emea/,
      ],
      [
        "emea",
        "the configuration is no object",
        {},
        { "vpp:contentTokens": "emea" },
        /vpp:contentTokens must be an object/,
      ],
      ["emea_file", "a key can't be told from a path", {}, {}, /can't be told from a path/],
      ["file", "a key can't be told from a path either", {}, {}, /can't be told from a path/],
      [
        "default",
        "the file is not there",
        { VPP_CONTENT_TOKEN_FILE: "/nowhere/hq.vpptoken" },
        {},
        /\/nowhere\/hq\.vpptoken can't be read \(ENOENT\)/,
      ],
      [
        "default",
        "the text is rubbish",
        { VPP_CONTENT_TOKEN: "%%%" },
        {},
        /in VPP_CONTENT_TOKEN can't be read: it is not Base64/,
      ],
    ];
    for (const [key, what, env, config, message] of failures) {
      it(`is refused with what to do, when ${what}`, () => {
        assert.throws(
          () => settingsOf(env, config).credential(key),
          (error: Error & { code?: string; details?: { remedy?: string } }) => {
            assert.match(error.message, message);
            assert.match(String(error.code), /^VPP_CONFIG_/);
            assert.ok((error.details?.remedy ?? "").length > 20);
            return true;
          },
        );
      });
    }
  });

  describe("endpoint", () => {
    const allowed: [string | undefined, string][] = [
      [undefined, "https://vpp.itunes.apple.com/mdm/v2"],
      ["", "https://vpp.itunes.apple.com/mdm/v2"],
      ["https://vpp.example", "https://vpp.example/mdm/v2"],
      ["https://vpp.example/mdm/v2/", "https://vpp.example/mdm/v2"],
      ["https://vpp.example:8443/other", "https://vpp.example:8443/other"],
      ["http://127.0.0.1:4000", "http://127.0.0.1:4000/mdm/v2"],
      ["http://127.8.9.1:4000", "http://127.8.9.1:4000/mdm/v2"],
      ["http://localhost:4000", "http://localhost:4000/mdm/v2"],
      ["http://[::1]:4000", "http://[::1]:4000/mdm/v2"],
    ];
    for (const [given, endpoint] of allowed) {
      it(`is ${endpoint}, for ${given === undefined ? "nothing" : JSON.stringify(given)}`, () => {
        assert.equal(settingsOf({ VPP_ENDPOINT: given }).endpoint(), endpoint);
        assert.equal(settingsOf({}, given ? { "vpp:endpoint": given } : {}).endpoint(), endpoint);
      });
    }

    const refused = [
      "http://vpp.example",
      "http://127.0.0.1.evil.example",
      "http://localhost.evil.example",
      "http://0.0.0.0:4000",
      "http://10.0.0.1",
      "ftp://localhost",
      "file:///etc/passwd",
      "vpp.example",
      "not an address",
      "https://user:secret@vpp.example",
      "https://vpp.example/?key=1",
      "https://vpp.example/#top",
    ];
    for (const given of refused) {
      it(`is refused, for ${given}`, () => {
        assert.throws(() => settingsOf({ VPP_ENDPOINT: given }).endpoint(), { code: "VPP_CONFIG_ENDPOINT" });
      });
    }

    it("is told once, when it is not Apple's", () => {
      const settings = settingsOf({ VPP_ENDPOINT: "http://localhost:4000" });
      settings.endpoint();
      settings.endpoint();
      assert.deepEqual(lines, ["pulumi-vpp: talking to http://localhost:4000/mdm/v2, not to Apple."]);
      settingsOf({}).endpoint();
      assert.equal(lines.length, 1);
    });

    it("never shows a password that was put into it", () => {
      assert.throws(
        () => settingsOf({ VPP_ENDPOINT: "https://user:hunter2@vpp.example" }).endpoint(),
        (error: Error) => !error.message.includes("hunter2"),
      );
    });
  });

  describe("waiting for events", () => {
    it("is quick for half an hour, unless the configuration says else", () => {
      const { polling, timeoutMs } = settingsOf({}).events();
      assert.deepEqual([polling, timeoutMs], ["quick", 1_800_000]);
      const other = settingsOf({}, { "vpp:eventPolling": "apple", "vpp:eventTimeoutSeconds": "60" }).events();
      assert.deepEqual([other.polling, other.timeoutMs], ["apple", 60_000]);
    });

    for (const [key, value] of [
      ["vpp:eventPolling", "often"],
      ["vpp:eventTimeoutSeconds", "0"],
      ["vpp:eventTimeoutSeconds", "1.5"],
      ["vpp:eventTimeoutSeconds", "86401"],
      ["vpp:eventTimeoutSeconds", "long"],
    ] as const) {
      it(`is refused, for ${key} ${value}`, () => {
        assert.throws(() => settingsOf({}, { [key]: value }).events(), {
          code: "VPP_CONFIG_SETTING",
          message: new RegExp(key),
        });
      });
    }
  });
});
