import { Refusal } from "../core/errors";
import type { EventType } from "../core/event";
import type { UserRequest } from "../work/manage-users";
import { accepted } from "./accepted";
import type { Call } from "./call";
import { refuseDuplicates, refuseTooMany, refuseUnknownUsers } from "./rules";

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** POST users/create. */
export function createUsersEndpoint(call: Call): object {
  const users = readUsers(call);
  refuseBadEmails(users);
  return acceptUsers(call, "CREATE", users);
}

/** POST users/update. */
export function updateUsersEndpoint(call: Call): object {
  const users = readUsers(call);
  refuseBadEmails(users);
  refuseUnknownUsers(
    call,
    users.map((user) => user.clientUserId),
  );
  return acceptUsers(call, "UPDATE", users);
}

/** POST users/retire. */
export function retireUsersEndpoint(call: Call): object {
  const users = readUsers(call);
  refuseUnknownUsers(
    call,
    users.map((user) => user.clientUserId),
    call.world.settings.readings["retire-retired"] === "success",
  );
  return acceptUsers(call, "RETIRE", users);
}

function acceptUsers(call: Call, eventType: EventType, users: readonly UserRequest[]): object {
  return accepted(call, { eventType, numRequested: users.length, work: users });
}

function readUsers(call: Call): UserRequest[] {
  const value = call.body.users ?? [];
  if (!Array.isArray(value)) {
    throw new Refusal(9602);
  }
  const users = value.map(readUser);
  if (users.length === 0) {
    throw new Refusal(9720);
  }
  refuseTooMany(call, users, "maxUsers", 9714);
  refuseDuplicates(
    users.map((user) => user.clientUserId),
    9715,
  );
  return users;
}

function readUser(item: unknown): UserRequest {
  if (typeof item !== "object" || item === null) {
    throw new Refusal(9602);
  }
  const { clientUserId, email = null, managedAppleId = null } = item as Record<string, unknown>;
  if (typeof clientUserId !== "string" || clientUserId === "") {
    throw new Refusal(9602);
  }
  if (
    (email !== null && typeof email !== "string") ||
    (managedAppleId !== null && typeof managedAppleId !== "string")
  ) {
    throw new Refusal(9602);
  }
  return {
    clientUserId,
    ...(email !== null && { email }),
    ...(managedAppleId !== null && { managedAppleId }),
  };
}

function refuseBadEmails(users: readonly UserRequest[]): void {
  const bad = users.filter((user) => user.email !== undefined && !EMAIL.test(user.email));
  if (bad.length > 0) {
    throw new Refusal(9717, { errorInfo: { clientUserIds: bad.map((user) => user.clientUserId) } });
  }
}
