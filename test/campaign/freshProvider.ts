import { RunFiles } from "../../provider/apple/library/runFiles";
import { HostProcess } from "../../provider/engine/adapter";
import { Cancellation } from "../../provider/engine/cancellation";
import { EngineWatch } from "../../provider/engine/engineWatch";
import { type Providers, providersOver } from "../../provider/providers";

let current: { readonly operation: string; readonly providers: Providers } | undefined;

/** One for all operations of the process, as they have one engine: each of its looks is a connection. */
const watch = EngineWatch.ofThisProcess();
/** A process that has been cancelled serves no further operation. */
const cancellation = Cancellation.ofThisProcess();

/** Larger than any process has: nobody can be told apart by it from a process that has ended. */
const firstPid = 4_194_305;

/**
 * The provider as a process that has just started for an operation would have it. All that the provider keeps hangs on its one HostProcess, so
 * a new one for each operation makes one process do for many. `operation` is a number, then the word "alone" if the process is its own, then Pulumi's home.
 */
export function providersOf(operation: string): Providers {
  if (current?.operation !== operation) {
    const [, number = "", alone, home] = /^(\d+)( alone)? (.*)$/.exec(operation) ?? [];
    const files = new RunFiles(home, alone === undefined ? firstPid + Number(number) : process.pid);
    current = { operation, providers: providersOver(new HostProcess({ watch, files, cancellation })) };
  }
  return current.providers;
}
