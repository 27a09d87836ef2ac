import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pulumiVpp } from "../support/command";
import { assertNoSecret, contentToken, passwordForms, tokenForms } from "../support/secrets";
import { smallLibrary, World } from "../support/world";

/** Every option that takes a text, and what stands besides for the command to get as far as it. */
const places: readonly (readonly [string, (secret: string) => string[]])[] = [
  ["the folder of adopt", (secret) => ["adopt", secret]],
  ["a file of a token", (secret) => ["status", "--token-file", secret]],
  ["a key", (secret) => ["status", "--key", secret]],
  ["a file of a state", (secret) => ["status", "--state", secret]],
  ["a stack", (secret) => ["status", "--stack", secret]],
  ["an app", (secret) => ["status", "--app", secret]],
  ["a person", (secret) => ["status", "--user", secret]],
  ["a serial number", (secret) => ["status", "--serial", secret]],
  ["the file of known serial numbers", (secret) => ["status", "--known-serials", secret]],
  ["an option", (secret) => ["status", `--${secret}`]],
  ["a command", (secret) => [secret]],
  ["the report's file", (secret) => ["report", "--html", join("there-is-no-such-folder", secret)]],
  ["adopt's project", (secret) => ["adopt", "there", "--project", secret]],
  ["a file of the simulator", (secret) => ["simulator", "--library", secret]],
];

describe("pulumi-vpp", () => {
  let world: World;
  let folder: string;
  before(async () => {
    world = await World.start([smallLibrary()]);
    folder = mkdtempSync(join(tmpdir(), "vpp-secrets-"));
  });
  after(async () => {
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const outputOf = async (words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> => {
    const { code, stdout, stderr } = await pulumiVpp(words, { ...world.env, NODE_DEBUG: "pulumi-vpp", ...env }, folder);
    return `${code}\n${stdout}${stderr}${readdirSync(folder).join()}`;
  };

  describe("given a secret where none belongs", () => {
    // One form of each is enough for a process each; the forms are told apart in the provider's own tests.
    for (const [form, secret] of [tokenForms[0]!, passwordForms[1]!]) {
      for (const [place, words] of places) {
        it(`tells nothing of ${form} that is ${place}`, async () => {
          const output = await outputOf(words(secret));
          // A person's id is shown to whoever asks for it, unless it is a token.
          if (!(/person|serial number/.test(place) && /password/.test(form))) assertNoSecret(output);
          if (form === "a content token") assert.match(output, /^[12]\n/);
        });
      }
      for (const variable of ["VPP_CONTENT_TOKEN_FILE", "VPP_ENDPOINT", "HTTPS_PROXY"]) {
        it(`tells nothing of ${form} that is in ${variable}`, async () => {
          for (const words of [
            ["status", "--json"],
            ["adopt", "new"],
          ])
            assertNoSecret(await outputOf(words, { [variable]: secret }));
        });
      }
    }

    it("tells nothing of a file of a token that is given as another file", async () => {
      for (const text of [contentToken, Buffer.from(contentToken, "base64").toString(), `a,${contentToken}\n`]) {
        const file = join(folder, "t.vpptoken");
        writeFileSync(file, text);
        for (const words of [
          ["--known-serials", file],
          ["--state", file],
        ])
          assertNoSecret(await outputOf(["status", ...words]));
      }
    });
  });
});
