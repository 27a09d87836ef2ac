/** How far a piece of long work is: requests that have ended, and what they were about (licences or people), of how many. */
export interface Progress {
  readonly requests: number;
  readonly ofRequests: number;
  readonly items: number;
  readonly ofItems: number;
}

/** Takes note of how far work is. */
export type ProgressListener = (progress: Progress) => void;

/** Adds up requests that are on their way together. */
export class Tally {
  private requests = 0;
  private items = 0;
  private readonly partly = new Map<object, number>();

  constructor(
    private readonly ofRequests: number,
    private readonly ofItems: number,
    private readonly listener: ProgressListener,
  ) {}

  /** A request is still being worked on; the service may say how much of it is done. */
  pending(request: object, done: number, of: number): void {
    this.partly.set(request, Math.min(Math.max(done, 0), of));
    this.tell();
  }

  /** A request has ended, and this much of it was done as far as is known. */
  ended(request: object, done: number): void {
    this.partly.delete(request);
    this.requests++;
    this.items += done;
    this.tell();
  }

  private tell(): void {
    const { requests, ofRequests, ofItems } = this;
    const items = [...this.partly.values()].reduce((sum, done) => sum + done, this.items);
    this.listener({ requests, ofRequests, items, ofItems });
  }
}

/** Progress as a line for people; `done` says what becomes of the items, such as "licences given". */
export function progressText({ requests, ofRequests, items, ofItems }: Progress, done: string): string {
  return `${requests} of ${ofRequests} requests done, ${items} of ${ofItems} ${done}; what the service has accepted goes on if this run is stopped.`;
}
