import { VppError } from "../../../errors";
import type { Plan } from "../../../plan/planReader";
import type { Library } from "../../library/library";
import { plural, someOf } from "../lists";
import type { Work } from "./changeSet";

/** What to do about people whom the service does not know. */
export const registerThem = "Register them with a VppUserSet, or take them out of the assignment.";

/**
 * Refuses people who are to get licences and of whom the service has no active record. Whom a user set of the program registers counts as known,
 * and while it is not known whom a set has, nobody is refused here: the update looks once more.
 */
export async function refuseUnknownUsers(
  plan: Plan | undefined,
  library: Library,
  key: string,
  works: readonly Pick<Work, "kind" | "give">[],
): Promise<void> {
  if (plan === undefined || plan.hasUnknownUsers(key)) return;
  const registered = plan.usersOf(key);
  const users = works.flatMap(({ kind, give }) => (kind === "user" ? [...give.keys()] : []));
  const others = users.filter((user) => !registered.has(user));
  if (others.length === 0) return;
  const unknown = await library.unknownUsers(others);
  if (unknown.size === 0) return;
  const who = `${plural(unknown.size, "user")} of ${users.length} who are to get licences`;
  const why = `the service has no active record of ${who} (${someOf([...unknown])}): never registered, or retired`;
  throw new VppError("VPP_INPUT_UNKNOWN_USER", why, { remedy: registerThem });
}
