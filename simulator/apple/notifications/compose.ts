import type { AssetKey } from "../core/asset";
import type { User } from "../core/assignment";
import { errorMessage } from "../core/errors";
import type { EventType } from "../core/event";
import type { Library } from "../core/library";
import type { Task, TaskRecord } from "../core/tasks";
import type { Happening } from "./types";

/** How many assignments or users one notification names at most; Apple documents 100. */
export const MOST_ELEMENTS = 100;

/** What happened to assets or users, and the id of the event if a request led to it. */
export interface Change {
  readonly eventId?: string;
  readonly eventType: EventType;
}

/**
 * The notifications about one event: those of its successes and, apart, those of each error, since a notification of
 * failure bears one error. Long lists are spread over several notifications with the same event id.
 */
export function aboutEvent(library: Library, change: Change, record: TaskRecord): Happening[] {
  const { eventType, eventId } = change;
  const users = eventType === "CREATE" || eventType === "UPDATE" || eventType === "RETIRE";
  const parts = (tasks: readonly Task[], fields: object): Happening[] =>
    inParts(tasks).map((part) => ({
      type: users ? "USER_MANAGEMENT" : "ASSET_MANAGEMENT",
      notification: {
        ...(eventId !== undefined && { eventId }),
        type: eventType,
        ...fields,
        ...(users ? { users: part.map((task) => userOf(library, task)) } : { assignments: part.map(assignmentOf) }),
      },
    }));
  const failures = [...record.failures].flatMap(([errorNumber, tasks]) =>
    parts(tasks, { result: "FAILURE", error: { errorNumber, errorMessage: errorMessage(errorNumber) } }),
  );
  return [...parts(record.succeeded, { result: "SUCCESS" }), ...failures];
}

/** The notification that the number of licences of an asset changed: bought, transferred or refunded ones. */
export function aboutCount({ adamId, pricingParam }: AssetKey, countDelta: number): Happening {
  return { type: "ASSET_COUNT", notification: { adamId, pricingParam, countDelta } };
}

/** The notifications that users accepted their invitations. */
export function aboutAssociated(users: readonly User[]): Happening[] {
  return inParts(users).map((part) => ({
    type: "USER_ASSOCIATED",
    notification: { associatedUsers: part.map(notifiedUser) },
  }));
}

function inParts<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / MOST_ELEMENTS) }, (_, index) =>
    items.slice(index * MOST_ELEMENTS, (index + 1) * MOST_ELEMENTS),
  );
}

function assignmentOf({ asset, clientUserId, serialNumber }: Task): object {
  return {
    adamId: asset?.adamId,
    pricingParam: asset?.pricingParam,
    ...(clientUserId !== undefined && { clientUserId }),
    ...(serialNumber !== undefined && { serialNumber }),
  };
}

function userOf(library: Library, { clientUserId, user }: Task): object {
  const entry = user ?? library.users.active(clientUserId!);
  return entry === undefined ? { clientUserId } : notifiedUser(entry);
}

/** A user as notifications write it: Apple's samples show the invitation code of associated and retired users too. */
function notifiedUser(user: User): object {
  return {
    clientUserId: user.clientUserId,
    ...(user.email !== undefined && { email: user.email }),
    ...(user.idHash !== undefined && { idHash: user.idHash }),
    ...(user.managedAppleId === undefined && { inviteCode: user.inviteCode }),
    status: user.status,
  };
}
