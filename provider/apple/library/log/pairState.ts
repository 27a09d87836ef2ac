import type { Action, Write } from "./writes";

/** What a run knows of one pair of an app and a target: whether the target holds a licence, or that it does not know. */
export type PairState = "held" | "free" | "unknown";

/** What the newest reading that covers a pair says of it. */
export interface Evidence {
  /** When the reading began, in milliseconds. */
  readonly began: number;
  /** Undefined if the reading does not show the pair and does not prove that nobody has it either. */
  readonly isHeld: boolean | undefined;
}

const after: Readonly<Record<Action, PairState>> = { give: "held", takeBack: "free" };

/**
 * Decides one pair from the newest reading that covers it and from the writes that touch it. The newest write that was done in full counts
 * like a reading begun at its end, unless one of the other kind was on its way at the same time: which came first is then not known. A failed
 * one leaves its pairs unknown until a reading begun after its end. One whose end is not known can still take effect at any time: it is done
 * where a reading begun after it was sent shows so, and unknown otherwise, whatever was done after it.
 */
export function pairState(evidence: Evidence | undefined, writes: readonly Write[]): PairState {
  if (writes.length === 0) return seenIn(evidence);
  const began = evidence?.began ?? Number.NEGATIVE_INFINITY;
  const done = newestDone(writes, began);
  const state = done === undefined ? seenIn(evidence) : after[done.action];
  const asOf = done?.settledAt ?? began;
  const isShaken = (write: Write): boolean => {
    const { status, settledAt, sentAt, action } = write;
    const isOther = after[action] !== state;
    if (status === "pending" || status === "lost") return isOther || asOf < sentAt;
    if (settledAt > asOf) return true;
    return isOther && done !== undefined && settledAt > done.sentAt;
  };
  return writes.some(isShaken) ? "unknown" : state;
}

/** Whether a further reading can tell more of a pair than is known now, and from which moment on it must begin; undefined if not. */
export function readingNeeded(evidence: Evidence | undefined, writes: readonly Write[]): number | undefined {
  if (pairState(evidence, writes) !== "unknown") return undefined;
  const began = evidence?.began ?? Number.NEGATIVE_INFINITY;
  let needed = began;
  for (const { status, settledAt, sentAt } of writes) {
    if (status !== "pending") needed = Math.max(needed, status === "lost" ? sentAt : settledAt);
  }
  return evidence === undefined || needed > began ? needed : undefined;
}

function seenIn(evidence: Evidence | undefined): PairState {
  return evidence?.isHeld === undefined ? "unknown" : evidence.isHeld ? "held" : "free";
}

/** Of the writes that were done in full the one that ended last, if it ended after a moment. */
function newestDone(writes: readonly Write[], moment: number): Write | undefined {
  let newest: Write | undefined;
  for (const write of writes) {
    if (write.status !== "complete" || write.settledAt <= (newest?.settledAt ?? moment)) continue;
    newest = write;
  }
  return newest;
}
