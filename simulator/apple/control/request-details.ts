import type { Lists, RequestDetails } from "../../kit/control/request-log";
import type { ServiceAnswer } from "../api/service";

/** What the list of requests tells of an answer. Email addresses and notification tokens are not among it. */
export function detailsOf(answer: ServiceAnswer): RequestDetails {
  const { errorNumber, library, written } = answer;
  const lists = written === undefined ? undefined : listsOf(written);
  return {
    fields: {
      ...(errorNumber !== undefined && { errorNumber }),
      ...(library !== undefined && { library: library.identity.libraryId }),
      ...(written !== undefined && { body: summaryOf(written, lists!, answer) }),
    },
    ...(lists !== undefined && { lists }),
  };
}

function listsOf(written: Readonly<Record<string, unknown>>): Lists {
  const { assets, serialNumbers, clientUserIds, users } = written;
  return {
    ...(Array.isArray(assets) && { assets: assets as unknown[] }),
    ...(Array.isArray(serialNumbers) && { serialNumbers: serialNumbers as unknown[] }),
    ...(Array.isArray(clientUserIds) && { clientUserIds: clientUserIds as unknown[] }),
    ...(Array.isArray(users) && { users: users.map(idOnly) }),
  };
}

/** How long the lists of a write are, the event it led to, and the mark or the subscription it wrote. */
function summaryOf(written: Readonly<Record<string, unknown>>, lists: Lists, answer: ServiceAnswer): object {
  const succeeded = answer.errorNumber === undefined;
  const eventId = (answer.body as { eventId?: string }).eventId;
  return {
    ...Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, list.length])),
    ...(succeeded && eventId !== undefined && { eventId }),
    ...(succeeded && written.mdmInfo !== undefined && { mdmInfo: written.mdmInfo }),
    ...(succeeded && written.notificationUrl !== undefined && { notificationUrl: written.notificationUrl }),
    ...(succeeded && written.notificationTypes !== undefined && { notificationTypes: written.notificationTypes }),
  };
}

function idOnly(user: unknown): object {
  return { clientUserId: (user as { clientUserId?: unknown } | null)?.clientUserId };
}
