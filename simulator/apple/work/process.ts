import type { Outcome, ServiceEvent } from "../core/event";
import type { Library } from "../core/library";
import type { Readings } from "../core/readings";
import type { TaskWatch } from "../core/tasks";
import { type AssignWork, associate, disassociate, revoke } from "./assign";
import { createUsers, retireUsers, type UserRequest, updateUsers } from "./manage-users";

/**
 * Does what an event is asked to do. The work is plain data, so that events which were accepted before the simulator
 * ended can be processed after its next start: an `AssignWork` (without assets for a revoke) or a list of
 * `UserRequest`, as the kind of event needs.
 */
export function processEvent(
  library: Library,
  { eventType }: ServiceEvent,
  work: unknown,
  readings: Readings,
  watch?: TaskWatch,
): Outcome {
  switch (eventType) {
    case "ASSOCIATE":
      return associate(library, work as AssignWork, readings, watch);
    case "DISASSOCIATE":
      return disassociate(library, work as AssignWork, readings, watch);
    case "REVOKE":
      return revoke(library, work as Omit<AssignWork, "assets">, readings, watch);
    case "CREATE":
      return createUsers(library, work as readonly UserRequest[], readings, watch);
    case "UPDATE":
      return updateUsers(library, work as readonly UserRequest[], readings, watch);
    case "RETIRE":
      return retireUsers(library, work as readonly UserRequest[], readings, watch);
  }
}
