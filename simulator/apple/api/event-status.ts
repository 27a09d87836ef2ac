import { Refusal } from "../core/errors";
import { madeByOther } from "./accepted";
import { type Call, envelope } from "./call";

/** GET status: how far an event is. Events of other libraries are not found. */
export function eventStatus(call: Call): object {
  const eventId = call.query.text("eventId");
  if (eventId === undefined) {
    throw new Refusal(9602);
  }
  const event = call.library.events.find(eventId);
  const ownOnly = call.world.settings.readings["event-scope"] === "token";
  if (event === undefined || (ownOnly && madeByOther(call, event))) {
    throw new Refusal(9708);
  }
  const { eventType, numRequested, numCompleted, failures } = event;
  const status = event.told ?? event.eventStatus;
  return envelope(
    call,
    { eventStatus: status, eventType, numRequested, numCompleted, ...(failures.length > 0 && { failures }) },
    "list",
  );
}
