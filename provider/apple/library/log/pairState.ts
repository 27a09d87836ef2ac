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
 * Decides one pair from the newest reading that covers it and from the writes that touch it, oldest first. A write that was done in full
 * counts like a reading begun at its end. A failed one leaves its pairs unknown until a reading begun after its end. One whose end is not
 * known can still take effect: it is done where a reading begun after it was sent shows so, and unknown otherwise.
 */
export function pairState(evidence: Evidence | undefined, writes: readonly Write[]): PairState {
  let asOf = evidence?.began ?? Number.NEGATIVE_INFINITY;
  let state: PairState = evidence?.isHeld === undefined ? "unknown" : evidence.isHeld ? "held" : "free";
  for (const write of writes) {
    if (write.status === "complete") {
      if (write.settledAt <= asOf) continue;
      state = after[write.action];
      asOf = write.settledAt;
    } else if (write.status === "failed") {
      if (write.settledAt > asOf) state = "unknown";
    } else if (state !== after[write.action] || asOf < write.sentAt) {
      state = "unknown";
    }
  }
  return state;
}

/** Whether a further reading can tell more of a pair than is known now, and from which moment on it must begin; undefined if not. */
export function readingNeeded(evidence: Evidence | undefined, writes: readonly Write[]): number | undefined {
  const began = evidence?.began ?? Number.NEGATIVE_INFINITY;
  let needed: number | undefined = evidence === undefined ? began : undefined;
  for (const { status, settledAt, sentAt } of writes) {
    if (status === "pending") continue;
    if (status === "complete") {
      if (settledAt > began) needed = undefined;
      continue;
    }
    const since = status === "failed" ? settledAt : sentAt;
    if (since > began) needed = since;
  }
  return needed;
}
