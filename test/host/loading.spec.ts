import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ProcessStack } from "../support/hostStack";
import { root } from "../support/paths";
import { serials, World } from "../support/world";

const provider = join(root, "dist/provider/index.js");

/** Runs a script in a Node process of its own and gives what it prints, as JSON. */
function inNode<T>(script: string, env: NodeJS.ProcessEnv = {}): T {
  const output = execFileSync(process.execPath, ["-e", script], {
    encoding: "utf8",
    env: { ...process.env, NODE_V8_COVERAGE: undefined, ...env },
  });
  return JSON.parse(output) as T;
}

describe("loading", () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "vpp-loading-"));
    writeFileSync(join(folder, "empty.js"), "exports.vppToken = { check() {}, diff() {} };\n");
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  // The processor's time and not the clock's, which on a machine with other work tells of that; the bench has the clock's.
  it("takes at most 60 ms more of the processor than an empty provider", () => {
    const timeOf = (path: string): number => {
      const script = `const start = process.cpuUsage(); require(${JSON.stringify(path)}); const { user, system } = process.cpuUsage(start); console.log((user + system) / 1000);`;
      return Math.min(...Array.from({ length: 7 }, () => inNode<number>(script)));
    };
    const more = timeOf(provider) - timeOf(join(folder, "empty.js"));
    assert.ok(more <= 60, `${more} ms more`);
  });

  it("leaves out the HTTP library and the schema compiler, when all four kinds are unchanged", async () => {
    const world = await World.start();
    const stack = new ProcessStack({ env: world.env });
    const apps = [{ adamId: "361285480", pricingParam: "STDQ" }];
    const names = ["hq", "app", "people", "devices"];
    stack.declare({
      hq: ["VppToken", {}],
      app: ["VppApp", { adamId: "361285480" }],
      people: ["VppUserSet", { users: [{ clientUserId: "ada" }] }],
      devices: ["VppAssignment", { apps, serialNumbers: serials(3) }],
    });
    await stack.up();
    const kept = names.map((name) => stack.kept(name));
    await stack.end();
    await world.forget();
    const script = `
      const provider = require(${JSON.stringify(provider)});
      const kept = ${JSON.stringify(kept)};
      (async () => {
        const changes = [];
        for (const { kind, id, inputs, outputs } of kept) {
          const kindProvider = provider[kind[0].toLowerCase() + kind.slice(1)];
          await kindProvider.configure({ config: { get: () => undefined } });
          const checked = await kindProvider.check(inputs, inputs);
          changes.push(checked.failures.length > 0 ? checked.failures : (await kindProvider.diff(id, outputs, checked.inputs)).changes);
        }
        const loaded = Object.keys(require.cache).filter((path) => /node_modules.undici|ajv.dist.(core|ajv|compile)/.test(path));
        console.log(JSON.stringify({ changes, loaded }));
      })();`;
    const { changes, loaded } = inNode<{ changes: unknown[]; loaded: string[] }>(script, world.env);
    assert.deepEqual(changes, [false, false, false, false]);
    assert.deepEqual(loaded, []);
    assert.deepEqual(await world.requests(), []);
    await world.close();
  });
});
