import type { EventWork } from "../core/events";
import { type Call, envelope } from "./call";

/** Accepts a write: it gets an event, which is processed later, and the answer names it. */
export function accepted(call: Call, work: EventWork): object {
  return envelope(call, { eventId: call.library.events.accept(work).eventId });
}
