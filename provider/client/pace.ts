import { steadyNow } from "../steadyNow";

/** Longer than a second, because requests can arrive closer together than they were sent. */
const windowMs = 1100;

/** Lets at most `perSecond` calls start in any second, in the order in which they came. */
export class Pace {
  private readonly starts: number[] = [];
  private last: Promise<void> = Promise.resolve();

  /** `perSecond` is asked before each start, since the service may change its limit; undefined means no limit is known. */
  constructor(
    private readonly perSecond: () => number | undefined,
    private readonly sleep: (ms: number) => Promise<void>,
    private readonly now: () => number = steadyNow,
  ) {}

  /** Resolves when the next call may start. */
  turn(): Promise<void> {
    this.last = this.last.then(() => this.wait());
    return this.last;
  }

  private async wait(): Promise<void> {
    const limit = this.perSecond();
    if (limit === undefined || limit < 1) return;
    while (this.starts.length > 0 && this.now() - this.starts[0]! >= windowMs) this.starts.shift();
    if (this.starts.length >= limit) {
      await this.sleep(Math.max(1, windowMs - (this.now() - this.starts[this.starts.length - limit]!)));
    }
    this.starts.push(this.now());
  }
}

/** Runs `task` on every item, at most `width` at once, and gives the results in the items' order. The first failure ends it. */
export async function inParallel<T, R>(
  items: readonly T[],
  width: number,
  task: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      try {
        results[index] = await task(items[index]!);
      } catch (error) {
        next = items.length;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}

/** Lets at most `width` calls run at once; the others wait in the order in which they came. */
export class Gate {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly width: number) {}

  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.running >= this.width) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.running++;
    try {
      return await task();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running--;
    }
  }
}
