/** Runs steps side by side up to a limit, and stops taking new ones once it has been cancelled. */
export class Pool {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  private readonly idlers: (() => void)[] = [];
  private readonly onCancel: (() => void)[] = [];
  /** True once nothing new may begin. */
  cancelled = false;

  constructor(private readonly limit: number) {}

  /**
   * Waits for a free place and begins the work there; resolves when it has begun, not when it is done. The work must
   * not throw. Nothing begins after a cancellation.
   */
  async begin(work: () => Promise<void>): Promise<void> {
    while (!this.cancelled && this.running >= this.limit)
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    if (this.cancelled) return;
    this.running++;
    void work().finally(() => {
      this.running--;
      this.waiting.shift()?.();
      if (this.running === 0) for (const resolve of this.idlers.splice(0)) resolve();
    });
  }

  /** Resolves when nothing is running. */
  async idle(): Promise<void> {
    if (this.running > 0) await new Promise<void>((resolve) => this.idlers.push(resolve));
  }

  /** Lets nothing new begin; what is running ends in order. */
  cancel(): void {
    if (this.cancelled) return;
    this.cancelled = true;
    for (const resolve of this.waiting.splice(0)) resolve();
    for (const act of this.onCancel.splice(0)) act();
  }

  /** Does something when the pool is cancelled, at once if it has been. */
  whenCancelled(act: () => void): void {
    if (this.cancelled) act();
    else this.onCancel.push(act);
  }
}

/** Puts a list in an order left to chance. */
export function shuffle<T>(items: T[]): T[] {
  const shuffled = [...items];
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
  }
  return shuffled;
}
