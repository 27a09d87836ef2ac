import type { WireUser } from "../../library/library";
import type { UserInput, UserSetState } from "./types";

/**
 * People of whom the service has not confirmed that it has the address and the account of the inputs. The engine keeps the inputs of an update that
 * failed as if it had been done, and accounts can't be read back, so this is what remembers it. Nobody is open in a state that does not say so.
 */
export function openIn({ unconfirmed = [] }: Pick<UserSetState, "unconfirmed">): readonly string[] {
  return unconfirmed;
}

/** Whether there is anything to write of a person who is registered: what is left out stays as it is. */
export function hasDetails({ email, managedAppleId }: UserInput): boolean {
  return email !== undefined || managedAppleId !== undefined;
}

/** Whether what is known to have been written of a person is what the inputs say. */
export function isAsWritten(known: UserInput | undefined, { email, managedAppleId }: UserInput): boolean {
  return known !== undefined && known.email === email && known.managedAppleId === managedAppleId;
}

/** Whether a record has what the inputs say, as far as it can be read: an account is seen only by its being linked anew since `before`. */
export function isShown(
  { email, managedAppleId }: UserInput,
  record: WireUser | undefined,
  before?: WireUser,
): boolean {
  if (record === undefined) return false;
  if (email !== undefined && !isSameAddress(email, record.email)) return false;
  return managedAppleId === undefined || (record.idHash !== undefined && record.idHash !== before?.idHash);
}

/** Whether a record alone, however it came about, has what the inputs say. */
export function isReadable(user: UserInput, record: WireUser | undefined): boolean {
  return user.managedAppleId === undefined && isShown(user, record);
}

/**
 * Whether a person who is registered has to be updated. Where it is not known what has been written before, only what the record shows counts, and
 * an account is linked again, which is harmless.
 */
export function needsUpdate(user: UserInput, record: WireUser, known: UserInput | undefined): boolean {
  if (!hasDetails(user)) return false;
  return known === undefined ? !isReadable(user, record) : !isAsWritten(known, user);
}

/** The service may write the letters of an address in another case than they were given. */
function isSameAddress(one: string, other: string | undefined): boolean {
  return one.toLowerCase() === other?.toLowerCase();
}
