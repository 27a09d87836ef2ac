interface InFlight {
  readonly began: number;
  readonly done: Promise<void>;
}

/** A reading that others had begun has failed; whoever joined it makes one of his own. */
class JoinedFailure extends Error {
  constructor(readonly reason: Error) {
    super("a reading that was joined has failed");
  }
}

/** How often a caller reads for himself after readings of others have failed, or have not shown what he needs. */
const mostTries = 3;

/** Readings on their way, by scope, so that those who need the same at the same time share one. A failed reading is nobody's. */
export class SharedReadings {
  private readonly inFlight = new Map<string, InFlight>();

  /** Whether a reading of the scope that began late enough is on its way. */
  has(scope: string, since: number): boolean {
    const reading = this.inFlight.get(scope);
    return reading !== undefined && reading.began >= since;
  }

  /** The end of such a reading; its failure is told apart from that of a reading of one's own. */
  join(scope: string, since: number): Promise<void> | undefined {
    if (!this.has(scope, since)) return undefined;
    return this.inFlight.get(scope)!.done.catch((reason: unknown) => {
      throw new JoinedFailure(reason as Error);
    });
  }

  /** Joins a reading that began late enough, or makes one. */
  start(scope: string, since: number, began: number, read: (began: number) => Promise<void>): Promise<void> {
    const joined = this.join(scope, since);
    if (joined !== undefined) return joined;
    const done = read(began);
    const reading = { began, done };
    this.inFlight.set(scope, reading);
    const forget = (): void => {
      if (this.inFlight.get(scope) === reading) this.inFlight.delete(scope);
    };
    done.then(forget, forget);
    return done;
  }

  /** Lets readings be begun or joined until none is needed any more. What fails of one's own readings ends it. */
  async untilKnown(begin: () => readonly Promise<void>[] | Promise<readonly Promise<void>[]>): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const readings = await begin();
      if (readings.length === 0) return;
      const ends = await Promise.allSettled(readings);
      const failed = ends.filter((end) => end.status === "rejected").map(({ reason }) => reason as Error);
      const own = failed.find((reason) => !(reason instanceof JoinedFailure));
      if (own !== undefined) throw own;
      if (failed.length === 0) return;
      if (attempt === mostTries) throw (failed[0] as JoinedFailure).reason;
    }
  }
}
