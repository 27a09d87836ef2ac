import type { User } from "./assignment";

/** What a new user entry is made of; whatever is left out is made up or stays empty. */
export interface NewUser {
  readonly clientUserId: string;
  readonly status: string;
  readonly email?: string;
  readonly inviteCode?: string;
  readonly idHash?: string;
  readonly managedAppleId?: string;
}

/** What a change of a user sets; what is left out stays. */
export type UserChange = Partial<Pick<User, "status" | "email" | "idHash" | "managedAppleId">>;
