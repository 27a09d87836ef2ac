import { OrderedList } from "../../kit/ordered-list";
import { isActive, type User } from "./assignment";
import type { Recording } from "./changes";
import { inviteCode } from "./ids";
import { Lag } from "./lag";
import { type ListSurroundings, versionRecorder } from "./list-surroundings";
import type { NewUser, UserChange } from "./user-record";
import { ChangeLog, Versions } from "./versions";

/** All user entries of one library, retired ones included. */
export class Users {
  readonly all = new OrderedList<User>();
  readonly versions: Versions;
  readonly changes: ChangeLog<User>;
  /** What each entry was before it changed; nothing for one that was new. */
  readonly lag: Lag<User, User | undefined>;
  readonly #byId = new Map<string, User[]>();
  readonly #active = new Map<string, User>();
  readonly #byAccount = new Map<string, User>();
  readonly #recording: Recording;
  #seq = 0;

  constructor(surroundings: ListSurroundings, recording: Recording) {
    this.versions = new Versions(surroundings.now, versionRecorder(recording, "users"));
    this.lag = new Lag(() => surroundings.lagMs("users"));
    this.changes = new ChangeLog(this.versions);
    this.#recording = recording;
  }

  /** The active user with an id, if there is one. */
  active(clientUserId: string): User | undefined {
    return this.#active.get(clientUserId);
  }

  /** All entries with an id, oldest first. */
  entries(clientUserId: string): readonly User[] {
    return this.#byId.get(clientUserId) ?? [];
  }

  /** The active user an Apple Account is linked to. */
  linkedTo(idHash: string): User | undefined {
    return this.#byAccount.get(idHash);
  }

  /** Adds an entry. The caller has checked that no active user has this id, and that the account is free. */
  add(input: NewUser): User {
    this.#seq += 1;
    const user: User = {
      kind: "user",
      seq: this.#seq,
      clientUserId: input.clientUserId,
      inviteCode: input.inviteCode ?? inviteCode(),
      assignments: [],
      revision: 0,
      status: input.status,
      ...(input.email !== undefined && { email: input.email }),
      ...(input.idHash !== undefined && { idHash: input.idHash }),
      ...(input.managedAppleId !== undefined && { managedAppleId: input.managedAppleId }),
    };
    this.all.append(user);
    const entries = this.#byId.get(user.clientUserId);
    if (entries === undefined) {
      this.#byId.set(user.clientUserId, [user]);
    } else {
      entries.push(user);
    }
    this.#index(user);
    this.#changed(user, () => undefined);
    this.#recording.record?.(["user", userRecord(user)]);
    return user;
  }

  /** Changes an entry. */
  change(user: User, change: UserChange): void {
    if (user.idHash !== undefined && this.#byAccount.get(user.idHash) === user) {
      this.#byAccount.delete(user.idHash);
    }
    if (this.#active.get(user.clientUserId) === user) {
      this.#active.delete(user.clientUserId);
    }
    const was = { ...user };
    Object.assign(user, change);
    this.#index(user);
    this.#changed(user, () => was);
    this.#recording.record?.(["change", user.seq, change]);
  }

  #index(user: User): void {
    if (!isActive(user)) {
      return;
    }
    this.#active.set(user.clientUserId, user);
    if (user.idHash !== undefined) {
      this.#byAccount.set(user.idHash, user);
    }
  }

  #changed(user: User, was: () => User | undefined): void {
    user.revision = this.versions.bump();
    this.changes.record(user);
    this.lag.note(user, user.revision, was);
  }
}

/** What makes the same entry again. */
export function userRecord(user: User): NewUser {
  const { clientUserId, status, email, inviteCode: code, idHash, managedAppleId } = user;
  return {
    clientUserId,
    status,
    inviteCode: code,
    ...(email !== undefined && { email }),
    ...(idHash !== undefined && { idHash }),
    ...(managedAppleId !== undefined && { managedAppleId }),
  };
}
