import { RunFiles } from "../../provider/apple/library/runs/runFiles";
import { HostProcess } from "../../provider/engine/adapter";
import { Cancellation } from "../../provider/engine/cancellation";
import { EngineWatch } from "../../provider/engine/engineWatch";
import { bearClosedOutput, closeWithEngine } from "../../provider/engine/orderlyEnd";
import { type Providers, providersOver } from "../../provider/providers";

interface Current {
  readonly operation: string;
  readonly host: HostProcess;
  readonly providers: Providers;
}

let current: Current | undefined;

/** One for all operations of the process, as they have one engine: each of its looks is a connection. */
const watch = EngineWatch.ofThisProcess();
/** A process that has been cancelled serves no further operation. */
const cancellation = Cancellation.ofThisProcess();
closeWithEngine(() => current?.host.close());
bearClosedOutput();

/** Larger than the number of any process: what an operation leaves behind in a process that lives on is taken for that of one that has ended. */
const firstPid = 4_194_305;

/**
 * The provider as a process that has just started for an operation would have it. All that the provider keeps hangs on its one HostProcess, so
 * a new one for each operation makes one process do for many; the one before ends in order then. `operation` is a number, then the word "alone" if the
 * process is its own, then Pulumi's home.
 */
export function providersOf(operation: string): Providers {
  if (current?.operation !== operation) {
    current?.host.close();
    const [, number = "", alone, home] = /^(\d+)( alone)? (.*)$/.exec(operation) ?? [];
    const files = new RunFiles(home, alone === undefined ? firstPid + Number(number) : process.pid);
    const host = new HostProcess({ watch, files, cancellation });
    current = { operation, host, providers: providersOver(host) };
  }
  return current.providers;
}
