import { randomUUID } from "node:crypto";
import { ControlError } from "../../kit/control/error";
import { hasRetired } from "../core/assignment";
import type { Outcome } from "../core/event";
import { TaskRecord } from "../core/tasks";
import { createUsers, link, linkedElsewhere, retireUsers, type UserRequest, updateUsers } from "../work/manage-users";
import { type LibraryBody, libraryOf } from "./bodies";
import type { ControlContext } from "./context";
import { userState } from "./state";

const WORK = {
  create: { eventType: "CREATE", change: createUsers },
  update: { eventType: "UPDATE", change: updateUsers },
  retire: { eventType: "RETIRE", change: retireUsers },
} as const;

/** The body of POST users. */
export type UsersBody = ChangeBody | StatusBody;

interface ChangeBody extends LibraryBody {
  readonly action: keyof typeof WORK;
  readonly users: readonly UserRequest[];
}

interface StatusBody extends LibraryBody {
  readonly action: "set-status";
  readonly users: readonly { readonly clientUserId: string; readonly status: string }[];
}

/** The body of POST accept. */
export interface AcceptBody extends LibraryBody {
  readonly clientUserId: string;
  /** The Apple Account; a new one when left out. */
  readonly account?: string;
}

/** POST users: creates, updates or retires users at once, or gives them a status. */
export function controlUsers(context: ControlContext, body: UsersBody): object {
  return body.action === "set-status" ? setStatus(context, body) : changeUsers(context, body);
}

function changeUsers({ world, notifier }: ControlContext, body: ChangeBody): object {
  const library = libraryOf(world, body);
  const { eventType, change } = WORK[body.action];
  const record = new TaskRecord();
  const outcome = change(library, body.users, world.settings.readings, record);
  record.failures.clear();
  notifier.tellChange(library, { eventType }, record);
  refuseFailures(outcome);
  const entries = body.users.map((user) => library.users.entries(user.clientUserId).at(-1));
  return { users: entries.filter((entry) => entry !== undefined).map(userState) };
}

/**
 * Gives the last entry of each user a status, all of them or none. Licences stay. Retired and Deleted are not given
 * this way, since they change who holds what.
 */
function setStatus({ world }: ControlContext, body: StatusBody): object {
  const library = libraryOf(world, body);
  const changes = body.users.map(({ clientUserId, status }) => {
    const user = library.users.active(clientUserId) ?? library.users.entries(clientUserId).at(-1);
    if (user === undefined) {
      throw new ControlError(400, `the library has no user "${clientUserId}"`);
    }
    if (hasRetired(user) || hasRetired({ ...user, status })) {
      throw new ControlError(400, `the status of "${clientUserId}" cannot be set to or from Retired or Deleted`);
    }
    return { user, status };
  });
  for (const { user, status } of changes) {
    library.users.change(user, { status });
    library.licences.userChanged(user);
  }
  return { users: changes.map(({ user }) => userState(user)) };
}

/** POST accept: a user accepts the invitation with an Apple Account, a new one unless one is named. */
export function acceptInvitation({ world, notifier }: ControlContext, body: AcceptBody): object {
  const library = libraryOf(world, body);
  const { clientUserId, account = randomUUID() } = body;
  const user = library.users.active(clientUserId);
  if (user === undefined) {
    throw new ControlError(400, `the library has no active user "${clientUserId}"`);
  }
  if (user.status !== "Registered") {
    throw new ControlError(400, `the user "${clientUserId}" has already accepted`);
  }
  if (linkedElsewhere(library, account, user)) {
    throw new ControlError(400, "this account is already linked to another user");
  }
  link(library, user, account, world.settings.readings);
  notifier.tellAssociated(library, user);
  return userState(user);
}

function refuseFailures(outcome: Outcome): void {
  if (outcome.failures.length > 0) {
    const reasons = outcome.failures.map(
      (failure) => `${failure.errorMessage} (${failure.errorInfo?.clientUserIds?.join(", ") ?? ""})`,
    );
    throw new ControlError(400, `not all users could be changed: ${reasons.join(" ")}`);
  }
}
