import { namesOfTargets } from "./naming";

/** What became of a part of the work, by what identifies the devices or people. */
export interface Outcome {
  readonly done: readonly string[];
  /** It may be done or not: it was sent, and its end was not learned. */
  readonly unknown: readonly string[];
}

/** How it is said of those who were served: "38 got one", "1 lost it (A)". */
export interface OutcomeWords {
  readonly done: string;
  /** Whoever loses something is named. */
  readonly namesDone: boolean;
}

/**
 * What is to be said beside those for whom nothing was done: for how many it was, and of whom it is not known. Empty if there is nobody else.
 * "4 lost it (A, B, C, D), and of 2 it is not known (E, F)."
 */
export function besides({ done, unknown }: Outcome, words: OutcomeWords): string {
  const parts = [
    ...(done.length + unknown.length > 0 ? [doneText(done, words)] : []),
    ...(unknown.length > 0 ? [notKnown(unknown)] : []),
  ];
  return parts.length === 0 ? "" : `${parts.join(", and ")}.`;
}

/** "of 2 it is not known (E, F)" */
export function notKnown(unknown: readonly string[]): string {
  return `of ${unknown.length} it is not known (${namesOfTargets(unknown)})`;
}

function doneText(done: readonly string[], { done: words, namesDone }: OutcomeWords): string {
  const names = namesDone && done.length > 0 ? ` (${namesOfTargets(done)})` : "";
  return `${done.length} ${words}${names}`;
}
