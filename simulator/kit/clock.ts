/** The simulator's time: the machine's, moved by an offset that the control interface sets. */
export class Clock {
  readonly #changed: (offsetMs: number) => void;
  #offsetMs = 0;

  /** @param changed is called with the new offset whenever somebody moves the time. */
  constructor(changed: (offsetMs: number) => void = () => undefined) {
    this.#changed = changed;
  }

  /** Now, in milliseconds since 1970. */
  now(): number {
    return Date.now() + this.#offsetMs;
  }

  /** How far the simulator's time is ahead of the machine's, in milliseconds. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  /** Moves the time forward (or back, when negative). */
  advance(milliseconds: number): void {
    this.restore(this.#offsetMs + milliseconds);
    this.#changed(this.#offsetMs);
  }

  /** Makes it a given time now; time goes on from there. */
  set(nowMs: number): void {
    this.restore(nowMs - Date.now());
    this.#changed(this.#offsetMs);
  }

  /** Takes an offset from the machine's time, in milliseconds. */
  restore(offsetMs: number): void {
    this.#offsetMs = offsetMs;
  }
}
