import assert from "node:assert/strict";
import { undiciTransport } from "../../provider/http/transport";
import { type Declared, InProcessStack } from "../support/inProcess";
import { assertNoSecret, contentToken, passwordForms, tokenForms } from "../support/secrets";
import { smallLibrary, World } from "../support/world";

const keynote = { adamId: "361285480", pricingParam: "STDQ" };
const ref = { libraryId: "2049025000431439", contentTokenKey: "default", bindingId: "ours" };
const assigned = { token: ref, apps: [keynote], intent: "required", exclusive: false, reclaim: true };

/** Every input that takes a text, with a secret in it. */
const inputs: readonly (readonly [string, (secret: string) => Declared])[] = [
  ["contentTokenKey", (secret) => ["VppToken", { contentTokenKey: secret }]],
  ["displayName", (secret) => ["VppToken", { contentTokenKey: "default", displayName: secret }]],
  ["takeOverFrom", (secret) => ["VppToken", { contentTokenKey: "default", takeOverFrom: secret }]],
  ["managedBy", (secret) => ["VppToken", { contentTokenKey: "default", managedBy: secret }]],
  ["the name of an input", (secret) => ["VppToken", { contentTokenKey: "default", [secret]: 1 }]],
  ["token", (secret) => ["VppApp", { ...keynote, token: secret }]],
  ["token.contentTokenKey", (secret) => ["VppApp", { ...keynote, token: { ...ref, contentTokenKey: secret } }]],
  ["token.libraryId", (secret) => ["VppApp", { ...keynote, token: { ...ref, libraryId: secret } }]],
  ["token.bindingId", (secret) => ["VppApp", { ...keynote, token: { ...ref, bindingId: secret } }]],
  ["token.managedBy", (secret) => ["VppApp", { ...keynote, token: { ...ref, managedBy: secret } }]],
  ["adamId", (secret) => ["VppApp", { token: ref, pricingParam: "STDQ", adamId: secret }]],
  ["pricingParam", (secret) => ["VppApp", { token: ref, adamId: "1", pricingParam: secret }]],
  ["minimumAvailable", (secret) => ["VppApp", { ...keynote, token: ref, minimumAvailable: secret }]],
  ["an app's adamId", (secret) => ["VppAssignment", { ...assigned, apps: [{ ...keynote, adamId: secret }] }]],
  ["an app", (secret) => ["VppAssignment", { ...assigned, apps: [secret] }]],
  ["a serial number", (secret) => ["VppAssignment", { ...assigned, serialNumbers: [secret] }]],
  ["the serial numbers", (secret) => ["VppAssignment", { ...assigned, serialNumbers: secret }]],
  ["a clientUserId", (secret) => ["VppAssignment", { ...assigned, clientUserIds: [secret] }]],
  ["intent", (secret) => ["VppAssignment", { ...assigned, serialNumbers: [], intent: secret }]],
  ["a person", (secret) => ["VppUserSet", { token: ref, users: [{ clientUserId: secret }] }]],
  ["a person's address", (secret) => ["VppUserSet", { token: ref, users: [{ clientUserId: "a", email: secret }] }]],
];

/** Variables of the environment that take a path, an address or a token. */
const variables = ["VPP_CONTENT_TOKEN_FILE", "VPP_ENDPOINT", "HTTPS_PROXY"] as const;

describe("secrets", () => {
  let world: World;
  let stack: InProcessStack | undefined;

  before(async () => {
    world = await World.start([smallLibrary()]);
  });
  after(() => world.close());
  afterEach(() => stack?.end());

  /** All that comes of a resource: texts for the user, and the state. */
  const outputOf = async (declared: Declared, env: NodeJS.ProcessEnv = {}, name = "hq"): Promise<string> => {
    stack = new InProcessStack({ env: { ...world.env, ...env }, transport: undiciTransport({ timeoutMs: 5000 }) });
    stack.begin({ t: "token", entry: name, name, key: "default" });
    const { texts } = await stack.apply(name, declared);
    return JSON.stringify({ texts, notes: stack.notes, state: [...stack.state] });
  };

  for (const [form, secret] of tokenForms) {
    for (const [input, declared] of inputs) {
      it(`are not told, when ${input} is ${form}`, async () => {
        const output = await outputOf(declared(secret));
        assertNoSecret(output);
        assert.match(output, /VPP_INPUT_INVALID/);
      });
    }
    it(`are not told, when a resource's name is ${form}`, async () => {
      const output = await outputOf(["VppApp", { ...keynote, token: { ...ref, libraryId: "1" } }], {}, secret);
      assertNoSecret(output);
    });
    for (const variable of variables) {
      it(`are not told, when ${variable} is ${form}`, async () =>
        assertNoSecret(await outputOf(["VppToken", { contentTokenKey: "default" }], { [variable]: secret })));
    }
  }

  for (const [form, secret] of passwordForms) {
    for (const [input, declared] of inputs.filter(
      ([name]) => !/displayName|takeOver|managedBy|bindingId|libraryId|client|person/.test(name),
    )) {
      it(`are not told, when ${input} is ${form}`, async () => assertNoSecret(await outputOf(declared(secret))));
    }
    for (const variable of [...variables, "VPP_CONTENT_TOKEN"]) {
      it(`are not told, when ${variable} is ${form}`, async () =>
        assertNoSecret(await outputOf(["VppToken", { contentTokenKey: "default" }], { [variable]: secret })));
    }
  }

  it("say where the text of a token belongs, when it is in the place of a path", async () => {
    assert.match(
      await outputOf(["VppToken", { contentTokenKey: "default" }], { VPP_CONTENT_TOKEN_FILE: contentToken }),
      /VPP_CONTENT_TOKEN_FILE holds a token's text, not a path \(VPP_CONFIG_TOKEN_UNREADABLE\)\. Set VPP_CONTENT_TOKEN to the text instead/,
    );
  });

  for (const path of [
    "/run/secrets/hq.vpptoken",
    "./hq",
    "~/hq.vpptoken",
    "C:\\tokens\\hq.vpptoken",
    "hq.vpptoken",
    __filename,
  ]) {
    it(`say where a path belongs, when VPP_CONTENT_TOKEN is ${path.slice(0, 24)}`, async () => {
      const output = await outputOf(["VppToken", { contentTokenKey: "default" }], { VPP_CONTENT_TOKEN: path });
      assert.match(
        output,
        /VPP_CONTENT_TOKEN holds a path, not a token's text.*Set VPP_CONTENT_TOKEN_FILE to the path/,
      );
      assert.ok(!output.includes(JSON.stringify(path).slice(1, -1)), output);
    });
  }
});
