import type { User } from "../core/assignment";
import type { Outcome } from "../core/event";
import { Failures } from "../core/failures";
import { accountHash } from "../core/ids";
import type { Library } from "../core/library";
import type { Readings } from "../core/readings";
import type { TaskWatch } from "../core/tasks";
import type { UserChange } from "../core/user-record";

/** One user of a request. */
export interface UserRequest {
  readonly clientUserId: string;
  readonly email?: string;
  readonly managedAppleId?: string;
}

/** Changes one user and gives its entry, or the error number that says why it cannot. */
type Change = (library: Library, request: UserRequest, readings: Readings) => User | number;

/** Creates users: registered with an invitation, or associated at once with a managed account of the organization. */
export const createUsers = eachUser((library, request, readings) => {
  if (library.users.active(request.clientUserId) !== undefined) {
    return 9716;
  }
  const account = request.managedAppleId;
  const problem = account === undefined ? undefined : accountProblem(library, account);
  if (problem !== undefined) {
    return problem;
  }
  const user = library.users.add({
    clientUserId: request.clientUserId,
    status: "Registered",
    ...(request.email !== undefined && { email: request.email }),
  });
  if (account !== undefined) {
    link(library, user, account, readings, { managedAppleId: account });
  }
  return user;
});

/** Changes the email address or the managed account of active users. */
export const updateUsers = eachUser((library, request, readings) => {
  const user = library.users.active(request.clientUserId);
  if (user === undefined) {
    return 9609;
  }
  const account = request.managedAppleId;
  const problem = account === undefined ? undefined : accountProblem(library, account, user);
  if (problem !== undefined) {
    return problem;
  }
  const change: UserChange = request.email === undefined ? {} : { email: request.email };
  if (account !== undefined) {
    link(library, user, account, readings, { ...change, managedAppleId: account });
  } else if (change.email !== undefined && change.email !== user.email) {
    library.users.change(user, change);
  }
  return user;
});

/** Retires active users: their revocable licences return, the others stay with them and count as retired. */
export const retireUsers = eachUser((library, request, readings) => {
  const user = library.users.active(request.clientUserId);
  if (user === undefined) {
    const retired = library.users.entries(request.clientUserId).at(-1);
    return readings["retire-retired"] === "success" && retired !== undefined ? retired : 9609;
  }
  library.licences.retire(user, readings["retire-licences"] === "kept");
  library.users.change(user, { status: "Retired" });
  return user;
});

/** Links an Apple Account to a user, who is associated from then on. */
export function link(library: Library, user: User, account: string, readings: Readings, more: UserChange = {}): void {
  const idHash = accountHash(library.identity.libraryId, account);
  if (readings["deleted-users"] === "relinked") {
    for (const earlier of library.users.entries(user.clientUserId)) {
      if (earlier !== user && earlier.idHash === idHash && earlier.status === "Retired") {
        library.users.change(earlier, { status: "Deleted" });
        library.licences.userChanged(earlier);
      }
    }
  }
  library.users.change(user, { ...more, status: "Associated", idHash });
  library.licences.userChanged(user);
}

/** Whether another user is linked to an account already. */
export function linkedElsewhere(library: Library, account: string, user?: User): boolean {
  const linked = library.users.linkedTo(accountHash(library.identity.libraryId, account));
  return linked !== undefined && linked !== user;
}

function accountProblem(library: Library, account: string, user?: User): number | undefined {
  const domain = account.slice(account.lastIndexOf("@") + 1).toLowerCase();
  if (!account.includes("@") || !library.identity.domains.includes(domain)) {
    return 9635;
  }
  return linkedElsewhere(library, account, user) ? 9641 : undefined;
}

/** What changes the users of a request one by one. */
export type UserWork = (
  library: Library,
  users: readonly UserRequest[],
  readings: Readings,
  watch?: TaskWatch,
) => Outcome;

function eachUser(change: Change): UserWork {
  return (library, users, readings, watch) => {
    const failures = new Failures();
    let completed = 0;
    for (const request of users) {
      const { clientUserId } = request;
      const result = watch?.refusal() ?? change(library, request, readings);
      if (typeof result === "number") {
        failures.add(result, { clientUserId });
        watch?.failed({ clientUserId }, result);
      } else {
        completed += 1;
        watch?.done({ clientUserId, user: result });
      }
    }
    return { numRequested: users.length, numCompleted: completed, failures: failures.list() };
  };
}
