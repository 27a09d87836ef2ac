import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { LibraryEntry } from "../simulator";
import type { Engine } from "../test/support/engines";
import { root } from "../test/support/paths";

/** What a command printed, colours taken out, and how it ended. */
export interface Ended {
  readonly code: number;
  readonly text: string;
}

/** The libraries of demo/library.json: Bergen's, which is nobody's yet, and Stavanger's, which another service holds. */
export function demoLibraries(): LibraryEntry[] {
  const text = readFileSync(join(root, "demo/library.json"), "utf8");
  return (JSON.parse(text) as { libraries: LibraryEntry[] }).libraries;
}

/** A copy of the quickstart in a temporary folder, laid out as in the repository, with a backend of its own. */
export class Quickstart {
  readonly folder = mkdtempSync(join(tmpdir(), "vpp-quickstart-"));
  readonly program = join(this.folder, "examples/quickstart");
  private readonly env: NodeJS.ProcessEnv;
  private readonly bin: string;
  private child?: ChildProcess;

  constructor(engine: Engine, env: NodeJS.ProcessEnv) {
    cpSync(join(root, "Pulumi.yaml"), join(this.folder, "Pulumi.yaml"));
    cpSync(join(root, "examples/quickstart"), this.program, {
      recursive: true,
      filter: (path) => !path.endsWith("node_modules"),
    });
    symlinkSync(join(root, "node_modules"), join(this.folder, "node_modules"), "junction");
    mkdirSync(join(this.folder, "backend"));
    mkdirSync(join(this.folder, "tmp"));
    const others = Object.entries(process.env).filter(([key]) => !/^(VPP|PULUMI)_/.test(key));
    this.bin = join(engine.folder, "pulumi");
    this.env = {
      ...Object.fromEntries(others),
      PATH: [engine.folder, join(root, "node_modules/.bin"), process.env.PATH].join(delimiter),
      PULUMI_BACKEND_URL: `file://${join(this.folder, "backend")}`,
      PULUMI_HOME: join(this.folder, "home"),
      PULUMI_CONFIG_PASSPHRASE: "only for trying",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      TMPDIR: join(this.folder, "tmp"),
      NO_COLOR: "1",
      ...env,
    };
  }

  /** Runs `pulumi` with these arguments, and a few more environment variables. */
  async pulumi(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
    const child = spawn(this.bin, args, {
      cwd: this.folder,
      env: { ...this.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child = child;
    let text = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
    }
    return new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => {
        this.child = undefined;
        resolve({ code: code ?? 1, text: stripVTControlCharacters(text) });
      });
    });
  }

  /** Asks the command that is running to end. */
  stop(signal: NodeJS.Signals): void {
    this.child?.kill(signal);
  }

  /** Removes the folder and everything in it. */
  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
