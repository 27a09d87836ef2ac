import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { root } from "./paths";

/** What the check of the program's VppToken made of one run. */
export interface ProgramRun {
  /** The record for the next run. */
  readonly declared?: string;
  readonly refused?: string;
  readonly notes: readonly string[];
}

/**
 * Runs a program so often, one after the other, as Pulumi's own command for programs does: it is loaded by a module of that name, from the folder that
 * is the working directory. What the engine takes for each registration is chance. `inline` runs it from somebody else's process instead.
 */
export function runProgram(
  program: string,
  runs: number,
  options: { inline?: boolean; main?: string } = {},
): ProgramRun[] {
  const folder = mkdtempSync(join(tmpdir(), "vpp-program-"));
  try {
    const command = join(folder, options.inline ? "own.js" : "node_modules/@pulumi/pulumi/cmd/run/index.js");
    mkdirSync(dirname(command), { recursive: true });
    mkdirSync(join(folder, "project"));
    symlinkSync(join(root, "node_modules"), join(folder, "project/node_modules"));
    writeFileSync(command, `require(${JSON.stringify(join(__dirname, "programRunner.js"))}).main(${runs});`);
    writeFileSync(join(folder, "project/package.json"), "{}");
    writeFileSync(join(folder, "project/list.txt"), "F9FLIST00001 F9FLIST00002");
    const head = 'const pulumi = require("@pulumi/pulumi");\nconst vpp = require("pulumi-vpp");\n';
    writeFileSync(join(folder, "project/index.js"), `${head}${program}\n`);
    const text = execFileSync(process.execPath, [command], {
      cwd: join(folder, "project"),
      encoding: "utf8",
      env: { ...process.env, NODE_V8_COVERAGE: "" },
      stdio: ["ignore", "pipe", "inherit"],
      timeout: 120_000,
    });
    return JSON.parse(text) as ProgramRun[];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
