import { Refusal } from "../core/errors";
import { enforcedLimit, type LimitName } from "../core/limits";
import type { Call } from "./call";

/** Refuses a list that is longer than a limit. */
export function refuseTooMany(call: Call, list: readonly unknown[], limitName: LimitName, errorNumber: number): void {
  if (list.length > (enforcedLimit(call.world.settings, limitName) ?? Number.POSITIVE_INFINITY)) {
    throw new Refusal(errorNumber);
  }
}

/** Refuses a list that names something twice. */
export function refuseDuplicates(list: readonly string[], errorNumber: number): void {
  if (new Set(list).size < list.length) {
    throw new Refusal(errorNumber);
  }
}

/**
 * Refuses a request about users that are not active, as far as that is done at once. The service is documented both
 * ways. By default nothing is: in Apple's sample all users of a request are unknown, and its event fails.
 *
 * @param retiredPass whether users who are retired are not refused at once; the reading says when left out.
 */
export function refuseUnknownUsers(call: Call, clientUserIds: readonly string[], retiredPass = false): void {
  const { readings } = call.world.settings;
  const { users } = call.library;
  const reading = readings["9609"];
  const passes = (clientUserId: string) =>
    users.active(clientUserId) !== undefined ||
    ((retiredPass || readings["retired-user"] === "later") && users.entries(clientUserId).length > 0);
  const unknown = clientUserIds.filter((clientUserId) => !passes(clientUserId));
  const refuses = reading === "sync" ? unknown.length > 0 : unknown.length === clientUserIds.length;
  if (reading !== "async" && clientUserIds.length > 0 && refuses) {
    throw new Refusal(9609, { errorInfo: { clientUserIds: unknown } });
  }
}
