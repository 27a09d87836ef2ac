import { type ChildProcessByStdio, type SpawnOptions, spawn } from "node:child_process";
import type { Readable } from "node:stream";

/** How a process ended, and what it printed. */
export interface ChildOutput {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a process to its end, or until its standard error says so, with nothing to read; -1 stands for an end by a signal. */
export function outputOf(
  command: string,
  args: readonly string[],
  options: SpawnOptions,
  until?: RegExp,
): Promise<ChildOutput> {
  return endOf(startChild(command, args, options), until);
}

/** Starts a process with nothing to read. */
export function startChild(command: string, args: readonly string[], options: SpawnOptions): OutputChild {
  return spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
}

/** What was started in this way. */
export type OutputChild = ChildProcessByStdio<null, Readable, Readable>;

/** What a process prints until it ends, or until its standard error says so. */
export function endOf(child: OutputChild, until?: RegExp): Promise<ChildOutput> {
  return new Promise((resolve, reject) => {
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      if (until?.test(stderr)) child.kill();
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? -1, stdout, stderr }));
  });
}
