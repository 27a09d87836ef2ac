import { Server } from "node:net";
import { VppError } from "../errors";

/** How the engine tells its providers that somebody has cancelled the run. The host answers it, and hands it on to nobody. */
const cancelPath = "/pulumirpc.ResourceProvider/Cancel";

/** What a user can do after a run that was cancelled. */
const remedy =
  "Run the same command again to go on. If the program was wrong, put it right first, then run `pulumi up`: it looks at what is there.";

type StreamListener = (stream: unknown, headers: Readonly<Record<string, unknown>>) => void;

/** A server that tells of each request by its path. */
export interface RequestServer {
  on(event: "stream", listener: StreamListener): unknown;
}

/**
 * Whether the user has cancelled the run. The engine sends its `Cancel` for Ctrl-C, SIGTERM and `pulumi cancel` alone: a step or a program that
 * fails by itself sends none, and what is on its way then ends as usual. At the end of each operation it comes, too, when nothing is left to be
 * written. Without a server that can be heard there is no sign, and nothing counts as cancelled.
 */
export class Cancellation {
  private isCancelled = false;
  private hasRefused = false;
  private tell: () => void = () => undefined;
  /** Resolves when the run is cancelled, and else never. */
  readonly whenCancelled = new Promise<void>((resolve) => {
    this.tell = resolve;
  });

  constructor(servers: readonly RequestServer[] = []) {
    for (const server of servers) {
      server.on("stream", (_, headers) => {
        if (headers[":path"] === cancelPath) this.cancel();
      });
    }
  }

  /** That of a provider host: its server has been started before this code is loaded, by code that gives it to nobody. */
  static ofThisProcess(): Cancellation {
    return new Cancellation(serversOf(process));
  }

  /** Takes the run for cancelled from now on. */
  cancel(): void {
    this.isCancelled = true;
    this.tell();
  }

  /** Refuses a write of a run that was cancelled; the first time it calls `onFirst`. */
  refuse(onFirst: () => void = () => undefined): void {
    if (!this.isCancelled) return;
    if (!this.hasRefused) onFirst();
    this.hasRefused = true;
    throw new VppError("VPP_RUN_STOPPED", "you have cancelled this run, so nothing more was sent", { remedy });
  }
}

/** Node's list of what keeps a process alive has no successor that gives the objects themselves. */
interface ActiveProcess extends NodeJS.Process {
  readonly _getActiveHandles?: () => unknown[];
}

function serversOf(host: ActiveProcess): RequestServer[] {
  const handles = host._getActiveHandles?.() ?? [];
  return handles.filter((handle) => handle instanceof Server && handle.listenerCount("stream") > 0) as Server[];
}
