import { monotonicNow } from "../http/monotonicNow";
import { withoutAddresses, withoutSecrets } from "../redact";

const progressEveryMs = 10_000;

/** Where notes to the user go. The engine shows what the host prints on stderr under the stack's diagnostics, also in a preview. */
export class Notes {
  private readonly said = new Set<string>();
  private lastProgress = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly write: (line: string) => void = (line) => process.stderr.write(`${line}\n`),
    private readonly now: () => number = monotonicNow,
  ) {}

  /** One line, at most once in a run for each subject and reason. */
  say(subject: string, reason: string, text: string): void {
    const slot = `${subject} ${reason}`;
    if (this.said.has(slot)) return;
    this.said.add(slot);
    this.write(oneLine(`${subject}: ${text}`));
  }

  /** Tells how far long work is that begins now: nothing in its first ten seconds, then at most one line every ten seconds over all work. */
  progressOf(subject: string): (text: string) => void {
    const begun = this.now();
    return (text) => {
      const now = this.now();
      if (now - Math.max(begun, this.lastProgress) < progressEveryMs) return;
      this.lastProgress = now;
      this.write(oneLine(`${subject}: ${text}`));
    };
  }
}

/** Texts of our own can be long; only what looks like a secret or an address is taken out. */
function oneLine(text: string): string {
  return withoutAddresses(withoutSecrets(text)).replace(/\s+/g, " ");
}
