import { execFileSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { root } from "./paths";

/** The command lines of a project that has installed the packed package, with nothing of this repository in reach but its Node. */
export class Consumer {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "vpp-consumer-")));
  /** What is on PATH for its commands. */
  readonly path = [join(root, "node_modules/.bin"), process.env.PATH].join(delimiter);
  private readonly env = { ...process.env, PATH: this.path };

  /** Packs the package and installs it, together with other packages (`name@version`). */
  install(...packages: readonly string[]): void {
    const packed = this.run(
      "npm",
      ["pack", "--silent", "--ignore-scripts", "--pack-destination", this.folder],
      root,
    ).trim();
    writeFileSync(join(this.folder, "package.json"), JSON.stringify({ name: "consumer", private: true }));
    const peers = packages.length === 0 ? ["--legacy-peer-deps"] : [];
    this.run("npm", ["install", "--silent", "--no-audit", "--no-fund", ...peers, `./${packed}`, ...packages]);
  }

  /** Runs a command to its end and gives its output; throws when it ends with another code than 0. */
  run(command: string, args: readonly string[], cwd = this.folder, env: NodeJS.ProcessEnv = {}): string {
    return execFileSync(command, args, {
      cwd,
      encoding: "utf8",
      env: { ...this.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  /** Runs JavaScript and gives its output. */
  node(code: string, cwd = this.folder, ...flags: string[]): string {
    return this.run("node", [...flags, "-e", code], cwd);
  }

  /** Takes the project away. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
