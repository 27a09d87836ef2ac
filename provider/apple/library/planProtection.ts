import { VppError } from "../../errors";
import type { Plan } from "../../plan/planReader";
import type { Libraries } from "./libraries";
import type { LibraryRef } from "./library";
import type { TargetKind } from "./targets";

/** What the program requires of one library, so that nobody may take it back. */
export interface Required {
  /** The token keys under which the program means this library, as far as that is known. */
  readonly keys: ReadonlySet<string>;
  /** Whether some assignment of the program requires this licence, or may do so. Throws a VppError if the plan can't be read. */
  pair(app: string, kind: TargetKind, target: string): boolean;
  /**
   * Whether some user set of the program has this user, or some assignment of it requires a licence for him; or may do so. Throws a VppError if
   * the plan can't be read.
   */
  user(clientUserId: string): boolean;
  /** What only the arguments of a resource require, whose check was given other inputs by the engine; gives the resource's name. */
  readonly onlyByArguments: {
    pair(app: string, kind: TargetKind, target: string): string | undefined;
    user(clientUserId: string): string | undefined;
  };
  /** What is declared only under keys whose library can't be found out: it must not be taken back, and must not be forgotten either. */
  readonly doubt: {
    pair(app: string, kind: TargetKind, target: string): boolean;
    user(clientUserId: string): boolean;
    /** The error for a resource that would leave the state with such things behind it: `what` stays. */
    error(what: string): VppError;
  };
}

const never = { pair: () => false, user: () => false };
const nobody = { pair: () => undefined, user: () => undefined };
const noDoubt: Required["doubt"] = { ...never, error: (what) => new VppError("VPP_BUG_UNEXPECTED", what) };

/**
 * Says what the program requires of a library, under whichever key it names it: a state may hold a key that the program has changed since,
 * and what is declared under the new one must not be taken back because of that. Without a plan, as in a destroy, nothing is required; of a
 * plan that is named and can't be read nobody knows what is.
 */
export async function requiredIn(ref: LibraryRef, plan: Plan | undefined, libraries: Libraries): Promise<Required> {
  const own = new Set([ref.contentTokenKey]);
  if (plan === undefined) return { ...never, keys: own, onlyByArguments: nobody, doubt: noDoubt };
  plan.refresh();
  if (plan.missing !== undefined) {
    const refuse = (): never => {
      throw missingPlan(plan.missing!);
    };
    return { pair: refuse, user: refuse, keys: own, onlyByArguments: nobody, doubt: noDoubt };
  }
  const { same, unknown } = await libraries.keysOf(ref, plan.keys);
  const doubtful = new Set(unknown.keys());
  const either = new Set([...same, ...doubtful]);
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
    onlyByArguments: {
      pair: (...pair) => plan.requiredOnlyByArguments(either, ...pair),
      user: (id) => plan.hasUserOnlyByArguments(either, id),
    },
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

/** Refuses what rests on knowing all that the program declares, if its plan is named and can't be read. Throws a VppError. */
export function refuseMissingPlan(plan: Plan | undefined): void {
  if (plan?.missing !== undefined) throw missingPlan(plan.missing);
}

function missingPlan(cause: string): VppError {
  const why = `what else this program declares can't be read (${cause}), so nothing is taken back, nobody is retired and no mark is changed`;
  return new VppError("VPP_CONFIG_PLAN_MISSING", why, {
    remedy:
      "The program writes it to a file in the folder for temporary files (TMPDIR). See that nothing cleans that folder up while Pulumi runs, then run the same command again.",
  });
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

/** Says of what stays only because the arguments of other resources name it, by the names of these. */
export function noteOnlyByArguments(
  context: { note(reason: string, text: string): void },
  what: string,
  names: readonly string[],
): void {
  const [first, ...others] = [...new Set(names)];
  if (first === undefined) return;
  const who = others.length === 0 ? first : `${first} and ${others.length} more`;
  const why = `your program still gives ${others.length === 0 ? "it" : "them"} to ${who}, but Pulumi changed these inputs (ignoreChanges or a transform)`;
  context.note(
    "onlyByArguments",
    `${what}: ${why}. No later run revokes it either: change the arguments, or remove that option.`,
  );
}
