import type { Recording, Versioned } from "./changes";
import type { ListName } from "./lag";

/** What the lists of a library need from their surroundings. */
export interface ListSurroundings {
  /** The simulator's time in milliseconds. */
  readonly now: () => number;
  /** How far a list lags behind what is true, in milliseconds of real time. */
  readonly lagMs: (list: ListName) => number;
}

/** Has the version ids recorded that are made for a list. */
export function versionRecorder(recording: Recording, list: Versioned): (versionId: string, behind: number) => void {
  return (versionId, behind) =>
    recording.record?.(behind === 0 ? ["version", list, versionId] : ["version", list, versionId, behind]);
}
