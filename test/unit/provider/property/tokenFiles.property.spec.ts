import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { Notes } from "../../../../provider/engine/diagnostics";
import { Settings } from "../../../../provider/engine/settings";
import { describeFailure, isVppError } from "../../../../provider/errors";
import { assertCleanText } from "../../../support/clean";
import { runs } from "../../../support/runs";

const encode = (value: unknown): string =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64");

const dates = fc.oneof(
  fc.constantFrom(
    "2030-11-08T22:33:22+0000",
    "2026-13-45T99:99:99Z",
    "",
    "NaN",
    "+275760-09-13T00:00:00Z",
    "0000-00-00",
    "1e400",
    "soon",
  ),
  fc.string(),
  fc.jsonValue({ maxDepth: 1 }),
);
const fields = fc.record(
  {
    token: fc.oneof(fc.constant("made-up"), fc.jsonValue({ maxDepth: 1 })),
    expDate: dates,
    orgName: fc.oneof(fc.string({ unit: "binary" }), fc.jsonValue({ maxDepth: 1 })),
  },
  { requiredKeys: [] },
);
/** What people have in such files: nearly a token, something else altogether, or a part of one. */
const contents: fc.Arbitrary<Buffer> = fc.oneof(
  fields.map((value) => Buffer.from(encode(value))),
  fields.map((value) => Buffer.from(`\ufeff${encode(value)}\r\n`)),
  fields.map((value) => Buffer.from(JSON.stringify(value))),
  fc.tuple(fields, fc.nat()).map(([value, cut]) => Buffer.from(encode(value).slice(0, cut % 200))),
  fc.tuple(fields, fc.nat(), fc.nat(255)).map(([value, place, byte]) => {
    const bytes = Buffer.from(encode(value));
    bytes[place % bytes.length] = byte;
    return bytes;
  }),
  fc.jsonValue().map((value) => Buffer.from(encode(value))),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc
    .constantFrom("", "\n", "[".repeat(6000), "=".repeat(100), "A".repeat(8192), "A".repeat(8193), "A".repeat(10 ** 7))
    .map((text) => Buffer.from(text)),
  fc.constant(Buffer.from(encode("[".repeat(6000)))),
);

describe("content token", () => {
  describe("given anything at all as its text", () => {
    let folder: string;

    before(() => {
      folder = mkdtempSync(join(tmpdir(), "vpp-token-"));
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    /** Reads a token in one of its places, and gives what the user is told if that fails. */
    function told(env: NodeJS.ProcessEnv): string | undefined {
      const settings = new Settings(new Notes(), env);
      try {
        const { expiresAt, text, organizationName } = settings.credential("default");
        assert.ok(!Number.isNaN(expiresAt.getTime()) && typeof organizationName === "string");
        assert.match(text, /^[A-Za-z0-9+/]+={0,2}$/, "it could not be sent");
        return undefined;
      } catch (error) {
        if (!isVppError(error)) throw error;
        return describeFailure("VppToken hq", "not checked", error);
      }
    }

    it("is read, or refused in plain words that hold nothing of it", () => {
      const file = join(folder, "a.vpptoken");
      const property = fc.property(contents, (bytes) => {
        writeFileSync(file, bytes);
        const start = bytes.toString().slice(0, 40).trim();
        const secrets = start.length >= 20 ? [start] : [];
        for (const env of [
          { VPP_CONTENT_TOKEN_FILE: file },
          { VPP_CONTENT_TOKEN: bytes.toString().replaceAll("\0", "") },
        ]) {
          const text = told(env);
          if (text !== undefined) assertCleanText(text, secrets);
        }
      });
      fc.assert(property, runs(500));
    }).timeout(0);

    for (const [what, path] of [
      ["a device without end", "/dev/zero"],
      ["a folder", tmpdir()],
      ["nothing", join(tmpdir(), "there", "is", "no", "such", "file")],
      ["a path that is none", `/${"x".repeat(5000)}`],
    ] as const) {
      it(`is refused in plain words, when its file is ${what}`, () => {
        const text = told({ VPP_CONTENT_TOKEN_FILE: path });
        assert.match(text ?? "", /VPP_CONFIG_TOKEN_UNREADABLE/);
        assert.ok(text!.length < 6000);
      });
    }
  });
});
