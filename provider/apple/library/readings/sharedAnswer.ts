/**
 * One answer of the service for all who want it, asked for once and kept. A question that failed is nobody's: whoever had joined it asks for
 * himself, so that one failure never ends the work of several.
 */
export class SharedAnswer<T> {
  private asked?: Promise<T>;

  constructor(private readonly ask: () => Promise<T>) {}

  /** The answer as kept, or as it comes. */
  get(): Promise<T> {
    return this.asked?.catch(() => this.get()) ?? this.renew();
  }

  /** Asks anew, and keeps that answer. */
  renew(): Promise<T> {
    const asked = this.ask();
    this.asked = asked;
    asked.catch(() => {
      if (this.asked === asked) this.asked = undefined;
    });
    return asked;
  }

  /** Keeps this from now on, as if it had been asked for. */
  keep(answer: T): void {
    this.asked = Promise.resolve(answer);
  }

  /** Keeps nothing from now on; who waits for an answer still gets it. */
  forget(): void {
    this.asked = undefined;
  }
}
