/** Time that moves only when somebody sleeps or moves it. */
export class FakeClock {
  /** Every sleep asked for, in milliseconds. */
  readonly sleeps: number[] = [];

  constructor(public ms = Date.parse("2026-11-22T12:00:00Z")) {}

  readonly now = (): number => this.ms;

  readonly sleep = async (ms: number): Promise<void> => {
    this.sleeps.push(ms);
    this.ms += ms;
  };
}
