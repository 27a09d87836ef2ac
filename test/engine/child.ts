import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import type { Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { UserError } from "./errors";

/** What a line that a child printed is reported to; the flag tells stderr from stdout. */
export type OnLine = (line: string, isError: boolean) => void;

/** As long as the CLI gives a process to end by itself. */
const PATIENCE_MS = 5000;

/** A running Node program. */
export interface Child {
  /** Resolves with the exit code once the process has ended and its output has been read. */
  ended: Promise<number>;
  /** Interrupts the process, as the CLI does, and waits until it has gone; one that doesn't go is killed. */
  stop(): Promise<void>;
}

/** Starts one of the two Node programs that Pulumi's package brings, for the user's program in a folder. */
export function startChild(
  name: string,
  args: string[],
  folder: string,
  env: NodeJS.ProcessEnv,
  onLine: OnLine,
): Child {
  const { stdio, detached } = { stdio: ["ignore", "pipe", "pipe"] as ["ignore", "pipe", "pipe"], detached: true };
  // A group of its own: Ctrl-C must not reach it, since a call that is running is to end in order.
  const child = spawn("node", [find(name, folder), ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio,
    detached,
  });
  const group = String(-child.pid!);
  createInterface(child.stdout).on("line", (line) => onLine(line, false));
  createInterface(child.stderr).on("line", (line) => onLine(line, true));
  // It must not outlive an engine that was killed outright by more than half a minute. Not at once: with the CLI, too,
  // the call that is running reaches its end.
  const script = 'read -r _; sleep 30; kill -s KILL -- "$1"';
  const watcher = spawn("sh", ["-c", script, "sh", group], { stdio: ["pipe", "ignore", "ignore"], detached });
  watcher.unref();
  (watcher.stdin as Socket).unref();
  const signal = (signalName: NodeJS.Signals): void => {
    if (child.exitCode === null && child.signalCode === null) process.kill(Number(group), signalName);
  };
  const ended = new Promise<number>((resolve) => child.once("close", (code) => resolve(code ?? -1)));
  void ended.then(() => watcher.kill("SIGKILL"));
  const stop = async (): Promise<void> => {
    signal("SIGINT");
    const killer = setTimeout(() => signal("SIGKILL"), PATIENCE_MS);
    await ended;
    clearTimeout(killer);
  };
  return { ended, stop };
}

function find(name: string, folder: string): string {
  try {
    return createRequire(join(folder, "index.js")).resolve(`@pulumi/pulumi/cmd/${name}`);
  } catch {
    throw new UserError(`@pulumi/pulumi is not installed for the program in ${folder}`);
  }
}
