import { createHash } from "node:crypto";
import type { WireUser } from "../../library/library";

/**
 * What tells the record that this resource has made from another one of the same clientUserId, as the state keeps it: hashes of the invitation's
 * code and of the linked account, `code/account`, each empty while it is not known, with a `!` once the record was seen retired. The service shows
 * the code until the invitation is accepted and the account from then on, and gives a person who is registered anew another code.
 */
export type RecordHash = string;

/** Of a record of which nothing was seen. */
export const unseen: RecordHash = "/";

const hashLength = 8;

function hash(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, hashLength);
}

function partsOf(kept: RecordHash): { readonly code: string; readonly account: string; readonly wasRetired: boolean } {
  const [code = "", account = ""] = kept.replace("!", "").split("/");
  return { code, account, wasRetired: kept.endsWith("!") };
}

function seenIn({ inviteCode, idHash }: WireUser): { readonly code: string; readonly account: string } {
  return { code: inviteCode ? hash(inviteCode) : "", account: idHash ? hash(idHash) : "" };
}

/** Whether an active record can be the one that is kept. Only what both show is compared: the code before the account, since an account can be linked anew. */
export function isSameRecord(kept: RecordHash, record: WireUser): boolean {
  const { code, account, wasRetired } = partsOf(kept);
  const seen = seenIn(record);
  if (code !== "" && seen.code !== "") return code === seen.code;
  if (account !== "" && seen.account !== "") return account === seen.account;
  // An invitation that waits, where an account had been linked already, is a later one.
  if (account !== "" && record.status === "Registered" && seen.code !== "") return false;
  return !wasRetired;
}

/** What is kept of a record after it was seen as the same. */
export function hashOf(record: WireUser, kept: RecordHash = unseen): RecordHash {
  const { code, account } = partsOf(kept);
  const seen = seenIn(record);
  return `${seen.code || code}/${seen.account || account}`;
}

/** What is kept of a record whose account is about to be linked anew. */
export function withoutAccount(kept: RecordHash): RecordHash {
  return `${partsOf(kept).code}/`;
}

/** What is kept of a record when a person has none but retired ones. Which of several it is can't always be told. */
export function retiredHash(kept: RecordHash, retired: readonly WireUser[]): RecordHash {
  // Nothing tells an older record from it.
  if (kept === unseen) return kept;
  const [only, ...others] = retired;
  const known = only !== undefined && others.length === 0 ? hashOf(only, kept) : kept.replace("!", "");
  return `${known}!`;
}
