import { withoutSecrets } from "../provider/redact";
import { cutTo, printable } from "./terminal";

/** Nobody asks how far it is before this. */
const silentMs = 3_000;
/** How often plain lines come, and how often a line on a terminal is written anew. */
const plainEveryMs = 10_000;
const liveEveryMs = 250;

/** Where progress is told. */
export interface ProgressScreen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/**
 * Tells how far a command is that takes longer than three seconds, on standard error: one line that is written anew on a terminal, a plain line
 * every ten seconds elsewhere.
 */
export class Progress {
  private readonly timer: NodeJS.Timeout;
  private readonly begun: number;
  private last = Number.NEGATIVE_INFINITY;
  private isShown = false;
  private text = "";
  private trouble?: string;
  private waitingFor?: string;

  constructor(
    private readonly screen: ProgressScreen = process.stderr,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.begun = now();
    this.timer = setInterval(() => this.tick(), liveEveryMs);
    // What is told of a work must not keep it from ending.
    this.timer.unref();
  }

  /** Tells of one list that is read from now on. */
  readonly onReading = (): ((text: string) => void) => (text) => {
    this.text = text;
  };

  /** Notes how a request goes; `fault` says why no answer came. */
  readonly onRequest = (host: string, state: "sent" | "answered" | { readonly fault: string }): void => {
    if (state === "sent") this.waitingFor = host;
    else if (state === "answered") this.trouble = undefined;
    else this.trouble = `no answer from ${host} yet (${state.fault}), trying again.`;
  };

  /** Shows how far it is, if it is time to. */
  tick(): void {
    const now = this.now();
    const isLive = this.screen.isTTY === true;
    if (now - this.begun < silentMs || now - this.last < (isLive ? liveEveryMs : plainEveryMs)) return;
    const waiting = this.waitingFor === undefined ? "working." : `waiting for ${this.waitingFor}.`;
    const line = printable(withoutSecrets(this.trouble ?? (this.text === "" ? waiting : this.text)));
    this.last = now;
    this.isShown = isLive;
    const shown = `${line} ${Math.round((now - this.begun) / 1000)} s`;
    // One column is left free: a full line would break, and the next one would not take its place.
    this.screen.write(isLive ? `\r${cutTo(shown, (this.screen.columns ?? 80) - 1)}\u001b[K` : `pulumi-vpp: ${shown}\n`);
  }

  /** Takes the line away; nothing is told any more. */
  end(): void {
    clearInterval(this.timer);
    if (this.isShown) this.screen.write("\r\u001b[K");
    this.isShown = false;
  }
}
