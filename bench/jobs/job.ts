import type { Engine } from "../../test/support/engines";
import type { Side } from "../measure";

/** A job that has been made ready to run at one size, on one engine. */
export interface Prepared {
  readonly ours: Side;
  /** The same with a provider that does nothing; absent where there is no such thing. */
  readonly floor?: Side;
  /** What budgets may depend on. */
  readonly scale: Readonly<Record<string, number>>;
  readonly dispose?: () => Promise<void> | void;
}

/** Something that is measured. */
export interface Job {
  readonly name: string;
  readonly title: string;
  /** Sizes, of which the last is what the budgets are about; 1, 4 and 16 times as much is among them where growth is looked at. */
  readonly sizes: readonly number[];
  /** Sizes of `--quick`; none leaves the job out. */
  readonly quickSizes: readonly number[];
  /** Whether an engine has a part in it. */
  readonly hasEngine: boolean;
  /** Takes milliseconds, so that more runs cost nothing. */
  readonly isCheap?: boolean;
  /** Without a floor, what is there for the floor alone need not be made ready. */
  prepare(size: number, engine: Engine, withFloor: boolean): Promise<Prepared>;
}

/** The sizes of a job and of its growth: a sixteenth, a quarter, and all of it. */
export const sixteen = (full: number): number[] => [Math.round(full / 16), Math.round(full / 4), full];
