import { isVppError, VppError } from "../../../errors";
import type { Client } from "../../api/client";
import type { WireFailure } from "../../api/wire";

/** How to wait for accepted writes. */
export interface EventSettings {
  /** Milliseconds until a write that stays pending is given up, from its first try on. */
  readonly timeoutMs: number;
  /** `apple`: never ask more often than every 30 seconds, as Apple advises; `quick`: ask soon at first, since small writes are done soon. */
  readonly polling: "quick" | "apple";
  readonly sleep: (ms: number) => Promise<void>;
  readonly now: () => number;
}

/** Called each time a write is seen to be pending, with how many of its tasks the service says are done. */
export type OnPending = (done: number) => void;

/**
 * How a write ended. `complete`: everything was done. `failed`: a part or all of it was not, and only looking tells which. `unsure`: it may
 * or may not have been done.
 */
export type Settled =
  | { readonly kind: "complete" }
  | { readonly kind: "failed"; readonly failures: readonly WireFailure[] }
  | { readonly kind: "unsure"; readonly why: VppError };

/** Another way to see how an accepted write is than to ask about its event. */
export interface Watch {
  /** Called each time that the wait has lasted `pausedMs` more: it was seen to be done, need not be asked about now, or should be. */
  next(pausedMs: number): Promise<"done" | "wait" | "ask">;
  /** The wait is over. */
  ended(): void;
}

/** A write on its way: how it is sent, until when its end is waited for, and who is told about it. */
export interface Sending {
  readonly send: () => Promise<string>;
  /** When to give up, in milliseconds; all tries and waits together. */
  readonly deadline: number;
  readonly onPending?: OnPending;
  readonly startWatch?: () => Watch;
}

const quickSteps = [50, 500, 1000, 2000, 4000, 8000, 16_000];
const appleStep = 30_000;
/** So often an event is asked about whose status is none that is documented, before it is decided by looking. */
const patience = 4;
/** Apple's advice: what is still pending after ten minutes is sent again. */
const sendAgainAfterMs = 600_000;

/**
 * Sends a write and waits until its event has ended. Errors that say that nothing was processed are thrown; whatever leaves the outcome open
 * is returned as `unsure`.
 */
export async function settle(client: Client, sending: Sending, settings: EventSettings): Promise<Settled> {
  const { send, deadline, startWatch } = sending;
  for (let sendings = 0; ; sendings++) {
    let eventId: string;
    try {
      eventId = await send();
    } catch (error) {
      // Once a write has been accepted, no refusal of its repetition says that nothing was done.
      const isOpen = isVppError(error) && (sendings > 0 || isOutcomeUnknown(error));
      if (isOpen) return { kind: "unsure", why: error };
      throw error;
    }
    const watch = startWatch?.();
    let ended: Settled | "pending";
    try {
      ended = await waitForEnd(client, eventId, sending, settings, watch);
    } finally {
      watch?.ended();
    }
    if (ended !== "pending") return ended;
    if (settings.now() >= deadline) return { kind: "unsure", why: stillPending(settings.timeoutMs) };
  }
}

async function waitForEnd(
  client: Client,
  eventId: string,
  { deadline, onPending }: Sending,
  settings: EventSettings,
  watch?: Watch,
): Promise<Settled | "pending"> {
  const sendAgainAt = settings.now() + sendAgainAfterMs;
  for (let step = 0; ; step++) {
    const pause = settings.polling === "apple" ? appleStep : (quickSteps[step] ?? appleStep);
    await settings.sleep(Math.max(0, Math.min(pause, deadline - settings.now())));
    const isLast = settings.now() >= deadline || settings.now() >= sendAgainAt;
    const next = (await watch?.next(pause)) ?? "ask";
    if (next === "done") return { kind: "complete" };
    if (next === "wait" && !isLast) continue;
    try {
      const { eventStatus, numRequested, numCompleted, failures } = await client.status(eventId);
      if (eventStatus === "COMPLETE" && !failures?.length && numCompleted === numRequested) return { kind: "complete" };
      if (eventStatus === "COMPLETE" || eventStatus === "FAILED") return { kind: "failed", failures: failures ?? [] };
      if (eventStatus !== "PENDING" && step >= patience) return { kind: "unsure", why: unknownStatus() };
      onPending?.(numCompleted ?? 0);
    } catch (error) {
      if (!isVppError(error)) throw error;
      return { kind: "unsure", why: error };
    }
    if (settings.now() >= deadline || settings.now() >= sendAgainAt) return "pending";
  }
}

/**
 * Waits until the service has ended work that another run has sent, and gives whether it has by the deadline. How it ended is for a reading to
 * tell: the work may have been forgotten, and then it is over.
 */
export async function awaitEvent(
  client: Client,
  eventId: string,
  deadline: number,
  settings: EventSettings,
): Promise<boolean> {
  for (let step = 0; ; step++) {
    try {
      const { eventStatus } = await client.status(eventId);
      if (eventStatus !== "PENDING") return true;
    } catch (error) {
      if (isVppError(error) && error.code === "VPP_SERVICE_ERROR") return true;
      throw error;
    }
    if (settings.now() >= deadline) return false;
    const pause = settings.polling === "apple" ? appleStep : (quickSteps[step] ?? appleStep);
    await settings.sleep(Math.max(0, Math.min(pause, deadline - settings.now())));
  }
}

function unknownStatus(): VppError {
  return new VppError("VPP_SERVICE_ANSWER", "the service tells of its work a status that is not documented", {
    remedy: "Run `pulumi up` again: it looks first at what is there.",
  });
}

function isOutcomeUnknown({ code, details }: VppError): boolean {
  return code === "VPP_NETWORK_OUTCOME_UNKNOWN" || details.mayBeDone === true;
}

function stillPending(timeoutMs: number): VppError {
  const time =
    timeoutMs < 120_000 ? `${Math.round(timeoutMs / 1000)} seconds` : `${Math.round(timeoutMs / 60_000)} minutes`;
  return new VppError("VPP_SERVICE_PENDING", `the service has not finished the work within ${time}`, {
    remedy: "What it accepted goes on; run `pulumi up` again later, or raise vpp:eventTimeoutSeconds.",
  });
}
