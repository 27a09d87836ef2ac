import { connect } from "node:net";
import { setTimeout } from "node:timers/promises";
import { VppError } from "../errors";

const everyMs = 2_000;
const patienceMs = 1_000;
const againMs = 500;

/** Where the engine listens, as it tells its provider host. */
export interface EngineAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * Whether the engine that started this process is still there. A CLI that is killed, or whose terminal is closed, leaves its provider host
 * behind: that has a process group and a parent of its own, so only the engine's address tells. What was begun must not go on without it.
 */
export class EngineWatch {
  private timer?: NodeJS.Timeout;

  constructor(private readonly address: EngineAddress | undefined) {}

  /** Whether the engine has started this process as its provider host. */
  get isHost(): boolean {
    return this.address !== undefined;
  }

  /** The watch of a process that the engine has started as a provider host; in any other process there is nothing to watch. */
  static ofThisProcess(argv: readonly string[] = process.argv): EngineWatch {
    const [, script = "", address = ""] = argv;
    const isHost = /[\\/]cmd[\\/]dynamic-provider([\\/]index\.js)?$/.test(script);
    const [, host, port] = /^\[?([^\]]+)\]?:(\d+)$/.exec(address) ?? [];
    return new EngineWatch(isHost && host !== undefined ? { host, port: Number(port) } : undefined);
  }

  /** Looks every two seconds and calls `end` once the engine is gone. Keeps no process alive. */
  start(end: () => void): void {
    if (this.address === undefined || this.timer !== undefined) return;
    this.timer = setInterval(() => {
      void this.isGoneForSure().then((gone) => {
        if (gone) end();
      });
    }, everyMs);
    this.timer.unref();
  }

  /** Refuses when nobody is there any more to record what would be written. */
  async refuseIfGone(): Promise<void> {
    if (!(await this.isGone())) return;
    throw new VppError("VPP_RUN_STOPPED", "Pulumi has ended, so nothing more was sent", {
      remedy: "Run `pulumi cancel`, then `pulumi up --refresh`.",
    });
  }

  /** A busy machine may refuse one connection; what ends the process is asked twice. */
  private async isGoneForSure(): Promise<boolean> {
    if (!(await this.isGone())) return false;
    await setTimeout(againMs);
    return this.isGone();
  }

  /** Only a refused connection says so: whatever else happens, the engine may be busy. */
  private isGone(): Promise<boolean> {
    const { address } = this;
    if (address === undefined) return Promise.resolve(false);
    return new Promise((resolve) => {
      const socket = connect({ ...address, timeout: patienceMs });
      const answer = (gone: boolean) => (): void => {
        socket.destroy();
        resolve(gone);
      };
      socket.once("connect", answer(false));
      socket.once("timeout", answer(false));
      socket.once("error", (error: NodeJS.ErrnoException) => answer(error.code === "ECONNREFUSED")());
    });
  }
}
