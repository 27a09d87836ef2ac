import assert from "node:assert/strict";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter } from "node:path";
import { readEach } from "../../../cli/libraries";
import { openSources, type SourceValues } from "../../../cli/sources";
import { isVppError } from "../../../provider/errors";
import { stored, tokenFileOf, writeState } from "../../support/command";
import { smallLibrary, World } from "../../support/world";

const hq = "2049025000431439";
const branch = "2049025000431440";
const tokenOf = (libraryId: string, contentTokenKey = "default") => ({
  libraryId,
  contentTokenKey,
  bindingId: libraryId,
});

describe("sources", () => {
  let world: World;
  let endpoint: NodeJS.ProcessEnv;
  before(async () => {
    world = await World.start([smallLibrary(), smallLibrary({ libraryId: branch, locationName: "Contoso Branch" })]);
    endpoint = { VPP_ENDPOINT: world.simulator.url };
  });
  after(() => world.close());

  const titles = async (values: SourceValues, env: NodeJS.ProcessEnv): Promise<string[]> => {
    const { inventories, unread } = await readEach(await openSources(values, env), {});
    return [...inventories.map(({ title }) => title), ...unread.map(({ error }) => error.code)];
  };

  it("are all content tokens of the environment when nothing is named", async () => {
    const env = { ...world.env, VPP_CONTENT_TOKEN_BRANCH_FILE: tokenFileOf(world, branch) };
    assert.deepEqual(await titles({}, env), ["Contoso HQ", "Contoso Branch"]);
    assert.deepEqual(await titles({ key: ["branch"] }, env), ["Contoso Branch"]);
  });

  it("are files by their paths, also two of one name in different folders", async () => {
    mkdirSync(world.path("a"), { recursive: true });
    const other = world.path("a/hq.vpptoken");
    writeFileSync(other, world.simulator.token(branch));
    assert.deepEqual(await titles({ "token-file": [world.tokenFile, other] }, endpoint), [
      "Contoso HQ",
      "Contoso Branch",
    ]);
    assert.deepEqual(await titles({ "token-file": [world.path("none")] }, endpoint), ["VPP_CONFIG_TOKEN_UNREADABLE"]);
  });

  it("are the libraries of a state, opened by its keys, and no other library under such a key", async () => {
    const file = writeState(world.path("state.json"), [
      stored("VppToken", "hq", tokenOf(hq)),
      stored("VppAssignment", "kiosk", { token: tokenOf(branch, "branch"), apps: [], serialNumbers: [] }),
    ]);
    const env = { ...world.env, VPP_CONTENT_TOKEN_BRANCH_FILE: tokenFileOf(world, branch) };
    assert.deepEqual(await titles({ state: [file] }, env), ["Contoso HQ", "Contoso Branch"]);
    const swapped = { ...env, VPP_CONTENT_TOKEN_FILE: tokenFileOf(world, branch) };
    assert.deepEqual(await titles({ state: [file] }, swapped), ["Contoso Branch", "VPP_AUTH_OTHER_LIBRARY"]);
  });

  it("are the libraries of several stacks under the same key, each with its stack's own configuration", async function () {
    if (process.platform === "win32") this.skip();
    const bin = world.path("bin");
    mkdirSync(bin, { recursive: true });
    for (const [stack, libraryId] of [
      ["hq", hq],
      ["branch", branch],
    ] as const) {
      writeState(world.path(`bin/export-${stack}`), [stored("VppToken", stack, tokenOf(libraryId))]);
      const config = { "vpp:contentTokenFile": { value: tokenFileOf(world, libraryId), secret: false } };
      writeFileSync(world.path(`bin/config-${stack}`), JSON.stringify(config));
    }
    writeFileSync(
      world.path("bin/pulumi"),
      `#!/bin/sh\nfor stack; do :; done\ncase "$1" in stack) cat "${bin}/export-$stack";; config) cat "${bin}/config-$stack";; esac\n`,
    );
    chmodSync(world.path("bin/pulumi"), 0o755);
    const before = process.env.PATH;
    process.env.PATH = [bin, before].join(delimiter);
    try {
      assert.deepEqual(await titles({ stack: ["hq", "branch"] }, endpoint), ["Contoso HQ", "Contoso Branch"]);
      // One that has deployed nothing yet is known by its configuration.
      writeState(world.path("bin/export-fresh"), []);
      const tables = {
        "vpp:contentTokenFiles": { objectValue: { branch: tokenFileOf(world, branch) }, secret: false },
      };
      const single = { "vpp:contentTokenFile": { value: tokenFileOf(world, hq), secret: false } };
      writeFileSync(world.path("bin/config-fresh"), JSON.stringify({ ...single, ...tables }));
      assert.deepEqual(await titles({ stack: ["fresh"] }, endpoint), ["Contoso HQ", "Contoso Branch"]);
      await assert.rejects(
        openSources({ stack: ["none"] }, endpoint),
        failing("VPP_INPUT_INVALID", /the stack none can't be read/),
      );
    } finally {
      process.env.PATH = before;
    }
  });

  it("are refused, with what to do, when there are none or the state can't be read", async () => {
    const empty = writeState(world.path("empty.json"), []);
    await assert.rejects(openSources({}, endpoint), failing("VPP_CONFIG_TOKEN_MISSING", /there is no content token/));
    await assert.rejects(
      openSources({ state: [empty] }, world.env),
      failing("VPP_CONFIG_TOKEN_MISSING", /no resource of this provider/),
    );
    await assert.rejects(
      openSources({ state: [world.path("nowhere.json")] }),
      failing("VPP_INPUT_INVALID", /can't be read \(ENOENT\)/),
    );
  });

  it("show a library once that two keys open, and name the other key", async () => {
    const env = { ...world.env, VPP_CONTENT_TOKEN_TWIN_FILE: world.tokenFile };
    assert.deepEqual(await titles({}, env), ["Contoso HQ", "VPP_INPUT_CONFLICT"]);
  });
});

function failing(code: string, why: RegExp) {
  return (error: unknown): boolean => isVppError(error) && error.code === code && why.test(error.reason);
}
