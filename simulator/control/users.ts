import { randomUUID } from "node:crypto";
import type { Outcome } from "../core/events";
import { createUsers, link, linkedElsewhere, retireUsers, type UserRequest, updateUsers } from "../work/manage-users";
import type { ControlContext } from "./control";
import { ControlError, type Input } from "./input";
import { userState } from "./state";

/** POST users: creates, updates or retires users at once. */
export function controlUsers({ world }: ControlContext, input: Input): object {
  input.only("library", "action", "users");
  const library = input.library(world);
  const action = input.choice("action", ["create", "update", "retire"]);
  const users = input.objects("users").map(readUser);
  const perform = { create: createUsers, update: updateUsers, retire: retireUsers }[action];
  refuseFailures(perform(library, users, world.settings.readings));
  const entries = users.map((user) => library.users.entries(user.clientUserId).at(-1));
  return { users: entries.filter((entry) => entry !== undefined).map(userState) };
}

/** POST accept: a user accepts the invitation with an Apple Account, a new one unless one is named. */
export function acceptInvitation({ world }: ControlContext, input: Input): object {
  input.only("library", "clientUserId", "account");
  const library = input.library(world);
  const clientUserId = input.text("clientUserId");
  const user = library.users.active(clientUserId);
  if (user === undefined) {
    throw new ControlError(400, `the library has no active user "${clientUserId}"`);
  }
  if (user.status !== "Registered") {
    throw new ControlError(400, `the user "${clientUserId}" has already accepted`);
  }
  const account = input.optionalText("account") ?? randomUUID();
  if (linkedElsewhere(library, account, user)) {
    throw new ControlError(400, "this account is already linked to another user");
  }
  link(library, user, account, world.settings.readings);
  return userState(user);
}

function readUser(input: Input): UserRequest {
  input.only("clientUserId", "email", "managedAppleId");
  const email = input.optionalText("email");
  const managedAppleId = input.optionalText("managedAppleId");
  return {
    clientUserId: input.text("clientUserId"),
    ...(email !== undefined && { email }),
    ...(managedAppleId !== undefined && { managedAppleId }),
  };
}

function refuseFailures(outcome: Outcome): void {
  if (outcome.failures.length > 0) {
    const reasons = outcome.failures.map(
      (failure) => `${failure.errorMessage} (${failure.errorInfo?.clientUserIds?.join(", ") ?? ""})`,
    );
    throw new ControlError(400, `not all users could be changed: ${reasons.join(" ")}`);
  }
}
