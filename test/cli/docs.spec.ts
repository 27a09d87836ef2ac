import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { type Simulator, startSimulator } from "../../simulator";
import { stored, writeState } from "../support/command";
import { root } from "../support/paths";

const run = promisify(execFile);

interface Example {
  readonly command: string;
  /** What is printed, if the page shows it. */
  readonly shown?: string;
}

function examples(): Example[] {
  const text = readFileSync(join(root, "docs/status-and-report.md"), "utf8");
  const blocks = [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, kind, body]) => ({ kind, body: body! }));
  return blocks.flatMap(({ kind, body }, index) => {
    if (kind !== "sh") return [];
    const next = blocks[index + 1];
    return [{ command: body, ...(next?.kind === "text" && { shown: next.body }) }];
  });
}

/** The page was written on another day. */
const dateless = (text: string): string => text.replace(/\d{4}-\d\d-\d\d/g, "DATE");

describe("docs/status-and-report.md", function () {
  if (process.platform === "win32") return;
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), "vpp-docs-"));
  let simulator: Simulator;
  let env: NodeJS.ProcessEnv;

  before(async () => {
    simulator = await startSimulator({ writeToken: join(folder, "simulator.vpptoken") });
    const bin = join(folder, "bin");
    mkdirSync(bin);
    const token = { libraryId: "2049025000431439", contentTokenKey: "default", bindingId: "ours" };
    const apps = [{ adamId: "1510284466", pricingParam: "STDQ" }];
    const serialNumbers = Array.from({ length: 10 }, (_, index) => `DMPX70${String(index + 1).padStart(2, "0")}HJ2K`);
    writeState(join(bin, "export"), [
      stored("VppToken", "hq", token),
      stored("VppAssignment", "drivers", { token, apps, serialNumbers }),
    ]);
    writeFileSync(join(bin, "pulumi"), `#!/bin/sh\n[ "$1" = stack ] && exec cat "${bin}/export"\necho "{}"\n`);
    writeFileSync(join(bin, "pulumi-vpp"), `#!/bin/sh\nexec "${process.execPath}" "${root}/dist/cli/main.js" "$@"\n`);
    for (const name of ["pulumi", "pulumi-vpp"]) chmodSync(join(bin, name), 0o755);
    env = { PATH: [bin, process.env.PATH].join(delimiter), VPP_ENDPOINT: simulator.url };
    env.VPP_CONTENT_TOKEN_FILE = join(folder, "simulator.vpptoken");
  });
  after(async () => {
    await simulator?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const [opening, ...rest] = examples();

  it("begins with commands that start the simulator and name its token", async () => {
    const script = `${opening!.command}\npulumi-vpp status --expiring; kill $!`;
    const { VPP_ENDPOINT: _, VPP_CONTENT_TOKEN_FILE: __, ...bare } = env;
    const { stdout } = await run("sh", ["-c", script], { cwd: mkdtempSync(join(folder, "opening-")), env: bare });
    assert.equal(stdout, "No token is expiring, dead or another's.\n");
  });

  for (const { command, shown } of rest)
    it(`shows what is printed by: ${command.trim()}`, async () => {
      assert.ok(shown !== undefined, "no output is shown");
      const { stdout } = await run("sh", ["-c", command], { cwd: folder, env });
      assert.equal(dateless(stdout), dateless(shown));
    });
});
