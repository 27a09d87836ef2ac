import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import type { Socket } from "node:net";
import { join } from "node:path";
import { UserError } from "./errors";

/** What a line that a child printed is reported to; the flag tells stderr from stdout. */
export type OnLine = (line: string, isError: boolean) => void;

/** How long a process may take to end once it has been interrupted. */
const PATIENCE_MS = 1000;

/** Finds one of the two Node programs that Pulumi's package brings, from the program's folder as Node itself would. */
export function findPulumiCommand(folder: string, name: "run" | "dynamic-provider"): string {
  try {
    return createRequire(join(folder, "index.js")).resolve(`@pulumi/pulumi/cmd/${name}`);
  } catch {
    throw new UserError(`@pulumi/pulumi is not installed for the program in ${folder}`);
  }
}

/** A Node process of which the engine reads the output line by line. */
export class Child {
  private readonly process: ChildProcess;
  /** Resolves with the exit code once the process has ended and its output has been read. */
  readonly ended: Promise<number>;

  constructor(args: string[], folder: string, environment: Record<string, string>, onLine: OnLine) {
    this.process = spawn("node", args, {
      cwd: folder,
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own: Ctrl-C must not reach it, since a call that is running is to end in order.
      detached: true,
    });
    this.follow(this.process.stdout!, (line) => onLine(line, false));
    this.follow(this.process.stderr!, (line) => onLine(line, true));
    const watcher = this.watch();
    this.ended = new Promise((resolve) => {
      this.process.once("error", (error) => {
        onLine(`node could not be started: ${error.message}`, true);
        resolve(-1);
      });
      this.process.once("close", (code) => {
        watcher.kill("SIGKILL");
        resolve(code ?? -1);
      });
    });
  }

  /**
   * Sees to it that the process does not outlive an engine that was killed outright by more than half a minute. Not at
   * once: with the CLI, too, the call that is running reaches its end.
   */
  private watch(): ChildProcess {
    const script = 'read -r _; sleep 30; kill -s KILL -- "-$1"';
    const watcher = spawn("sh", ["-c", script, "sh", String(this.process.pid)], {
      stdio: ["pipe", "ignore", "ignore"],
      detached: true,
    });
    watcher.on("error", () => undefined).unref();
    (watcher.stdin as Socket).unref();
    return watcher;
  }

  private follow(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
    let rest = "";
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      for (const line of lines) onLine(line);
    });
    stream.on("end", () => rest && onLine(rest));
  }

  /** Interrupts the process, as the CLI does, and waits until it has gone; one that doesn't go is killed. */
  async stop(): Promise<void> {
    this.signal("SIGINT");
    const killer = setTimeout(() => this.signal("SIGKILL"), PATIENCE_MS);
    await this.ended;
    clearTimeout(killer);
  }

  private signal(name: NodeJS.Signals): void {
    try {
      if (this.process.pid !== undefined) process.kill(-this.process.pid, name);
    } catch {
      // It was gone already.
    }
  }
}
