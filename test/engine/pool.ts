/** Runs steps side by side up to a limit, and begins no new ones once it has been cancelled. */
export class Pool {
  private readonly running = new Set<Promise<unknown>>();
  /** True once nothing new may begin. What is running ends in order. */
  cancelled = false;
  cancel: () => void = () => undefined;
  readonly whenCancelled = new Promise<void>((resolve) => {
    this.cancel = () => {
      this.cancelled = true;
      resolve();
    };
  });

  constructor(private readonly limit: number) {}

  /** Waits for a free place and begins the work there; resolves when it has begun, not when it is done. */
  async begin(work: () => Promise<unknown>): Promise<void> {
    while (!this.cancelled && this.running.size >= this.limit)
      await Promise.race([this.whenCancelled, ...this.running]);
    if (this.cancelled) return;
    const run: Promise<unknown> = work().finally(() => this.running.delete(run));
    this.running.add(run);
  }

  /** Resolves when nothing is running. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }
}

/** Puts a list in an order left to chance. */
export function shuffle<T>(items: T[]): T[] {
  const keyed = items.map((item) => ({ item, key: Math.random() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}
