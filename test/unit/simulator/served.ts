import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const MAIN = join(__dirname, "..", "..", "..", "cli", "main.js");

const running = new Set<ServedProcess>();

/** Kills all simulators that still run; meant for `afterEach`. */
export async function killAll(): Promise<void> {
  await Promise.all([...running].map((simulator) => simulator.kill()));
}

/** A simulator in a process of its own, as users run it. */
export class ServedProcess {
  readonly child: ChildProcess;
  /** Where it listens; rejects with its error output when it ends before it does. */
  readonly url: Promise<string>;
  /** Resolves with the exit code, or nothing when it was killed. */
  readonly ended: Promise<number | null>;
  stderr = "";

  /**
   * @param words what follows `simulator` on the command line.
   * @param largestFile how large a file the process may write, in blocks of 512 bytes; any size when left out.
   */
  constructor(words: readonly string[], largestFile?: number) {
    const limit = largestFile === undefined ? "" : `ulimit -f ${largestFile}; `;
    const command = ["-c", `${limit}exec "$@"`, "sh", process.execPath, MAIN, "simulator", ...words];
    // A process that has its coverage measured is slower and larger than the one users run.
    const { NODE_V8_COVERAGE: _, ...env } = process.env;
    this.child = spawn("sh", command, { stdio: ["ignore", "pipe", "pipe"], env });
    running.add(this);
    this.ended = once(this.child, "close").then(([code]) => {
      running.delete(this);
      return code as number | null;
    });
    this.child.stderr!.on("data", (part: Buffer) => {
      this.stderr += part.toString();
    });
    this.url = this.#listening();
    this.url.catch(() => undefined);
  }

  /** Kills it with SIGKILL and waits until it is gone. */
  async kill(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.ended;
  }

  async #listening(): Promise<string> {
    let stdout = "";
    return new Promise((resolve, reject) => {
      this.child.stdout!.on("data", (part: Buffer) => {
        stdout += part.toString();
        if (stdout.includes("\n")) {
          resolve(stdout.trim().slice("listening on ".length));
        }
      });
      this.ended.then(() => reject(new Error(`the simulator ended: ${this.stderr}`))).catch(reject);
    });
  }
}
