import type { TargetKind } from "./holdings";
import type { Libraries } from "./libraries";
import type { LibraryRef } from "./library";
import type { Plan } from "./plan";

/** What the program requires of one library, so that nobody may take it back. */
export interface Required {
  /** Whether some assignment of the program requires this licence. */
  pair(app: string, kind: TargetKind, target: string): boolean;
  /** Whether some user set of the program has this user, or some assignment of it requires a licence for him. */
  user(clientUserId: string): boolean;
}

/**
 * Says what the program requires of a library, under whichever key it names it: a state may hold a key that the program has changed since,
 * and what is declared under the new one must not be taken back because of that. Without a plan, as in a destroy, nothing is required.
 */
export async function requiredIn(ref: LibraryRef, plan: Plan | undefined, libraries: Libraries): Promise<Required> {
  if (plan === undefined) return { pair: () => false, user: () => false };
  const keys = await libraries.keysOf(ref, plan.keys);
  return {
    pair: (app, kind, target) => plan.requires(keys, app, kind, target),
    user: (clientUserId) => plan.hasUser(keys, clientUserId),
  };
}
