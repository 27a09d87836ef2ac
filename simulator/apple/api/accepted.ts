import type { EventWork, ServiceEvent } from "../core/event";
import type { ContentToken } from "../core/tokens";
import { type Call, envelope } from "./call";

const makers = new WeakMap<ServiceEvent, ContentToken>();

/** Accepts a write: it gets an event, which is processed later, and the answer names it. */
export function accepted(call: Call, work: EventWork): object {
  const event = call.library.events.accept(work);
  makers.set(event, call.token);
  return envelope(call, { eventId: event.eventId });
}

/** Whether an event is known to have been made with another token. */
export function madeByOther(call: Call, event: ServiceEvent): boolean {
  const maker = makers.get(event);
  return maker !== undefined && maker !== call.token;
}
