import type { Library, WireUser } from "../../library/library";
import { invitations } from "../../library/readings/invitations";
import { isKnownStatus } from "../../library/readings/people";
import type { Member, UserInput, UserSetState } from "./types";

/** People whom the service has no active record of. */
export function missingOf({ members }: Pick<UserSetState, "members">): string[] {
  return members.filter(({ status }) => status === "Missing").map(({ clientUserId }) => clientUserId);
}

/** People who are there with a status that this version does not know. */
export function strangelyThere({ members }: Pick<UserSetState, "members">): Member[] {
  return members.filter(({ status }) => status !== "Missing" && !isKnownStatus(status));
}

/** Members as the state holds them, and the counts over them. */
export async function membersOf(
  library: Library,
  users: readonly UserInput[],
  recordOf: (id: string) => WireUser | undefined,
  isOurs: (id: string) => boolean,
  asBefore: (id: string) => Member | undefined = () => undefined,
): Promise<Pick<UserSetState, "members" | "invitedCount" | "acceptedCount" | "missingCount" | "lastSyncedAt">> {
  const inviteUrlOf = await invitations(library);
  const members = users.map(({ clientUserId }): Member => {
    const kept = asBefore(clientUserId);
    if (kept) return { ...kept, registeredByUs: isOurs(clientUserId) };
    const record = recordOf(clientUserId);
    const inviteUrl = record && inviteUrlOf(record);
    return {
      clientUserId,
      status: record === undefined ? "Missing" : statusOf(record),
      ...(inviteUrl !== undefined && { inviteUrl }),
      registeredByUs: isOurs(clientUserId),
    };
  });
  const count = (status: string): number => members.filter((member) => member.status === status).length;
  return {
    members,
    invitedCount: count("Registered"),
    acceptedCount: count("Associated"),
    missingCount: count("Missing"),
    lastSyncedAt: new Date().toISOString(),
  };
}

/** The service's word, but for one that means something else here. */
function statusOf({ status }: WireUser): string {
  return status === "Missing" ? "Unknown" : status;
}
