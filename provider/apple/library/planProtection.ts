import { VppError } from "../../errors";
import type { Plan } from "../../plan/planReader";
import type { Libraries } from "./libraries";
import type { LibraryRef } from "./library";
import type { TargetKind } from "./readings/assignmentCache";

/** What the program requires of one library, so that nobody may take it back. */
export interface Required {
  /** The token keys under which the program means this library, as far as that is known. */
  readonly keys: ReadonlySet<string>;
  /** Whether some assignment of the program requires this licence, or may do so. */
  pair(app: string, kind: TargetKind, target: string): boolean;
  /** Whether some user set of the program has this user, or some assignment of it requires a licence for him; or may do so. */
  user(clientUserId: string): boolean;
  /** What is declared only under keys whose library can't be found out: it must not be taken back, and must not be forgotten either. */
  readonly doubt: {
    pair(app: string, kind: TargetKind, target: string): boolean;
    user(clientUserId: string): boolean;
    /** The error for a resource that would leave the state with such things behind it: `what` stays. */
    error(what: string): VppError;
  };
}

/**
 * Says what the program requires of a library, under whichever key it names it: a state may hold a key that the program has changed since,
 * and what is declared under the new one must not be taken back because of that. Without a plan, as in a destroy, nothing is required.
 */
export async function requiredIn(ref: LibraryRef, plan: Plan | undefined, libraries: Libraries): Promise<Required> {
  if (plan === undefined) {
    const nothing = { pair: () => false, user: () => false };
    return {
      ...nothing,
      keys: new Set([ref.contentTokenKey]),
      doubt: { ...nothing, error: (what) => new VppError("VPP_BUG_UNEXPECTED", what) },
    };
  }
  const { same, unknown } = await libraries.keysOf(ref, plan.keys);
  const doubtful = new Set(unknown.keys());
  const isSame = {
    pair: (app: string, kind: TargetKind, target: string) => plan.requires(same, app, kind, target),
    user: (clientUserId: string) => plan.hasUser(same, clientUserId),
  };
  const mayBe = {
    pair: (app: string, kind: TargetKind, target: string) => plan.requires(doubtful, app, kind, target),
    user: (clientUserId: string) => plan.hasUser(doubtful, clientUserId),
  };
  return {
    keys: same,
    pair: (...pair) => isSame.pair(...pair) || mayBe.pair(...pair),
    user: (id) => isSame.user(id) || mayBe.user(id),
    doubt: {
      pair: (...pair) => mayBe.pair(...pair) && !isSame.pair(...pair),
      user: (id) => mayBe.user(id) && !isSame.user(id),
      error: (what) => {
        const [key, cause] = [...unknown][0]!;
        const why = `the program also asks for that under contentTokenKey ${key}, and which library that opens can't be found out: ${cause.reason}`;
        return new VppError(cause.code, `${what}: ${why}`, cause.details);
      },
    },
  };
}

/** Says of what stays because of a doubt why it does; the next update looks again. */
export function noteDoubt(
  context: { note(reason: string, text: string): void },
  { doubt }: Required,
  what: string,
): void {
  const { reason, details } = doubt.error(what);
  context.note("doubt", `${reason}. ${details.remedy ?? ""}`.trim());
}
