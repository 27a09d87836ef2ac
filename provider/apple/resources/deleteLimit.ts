import type { Context } from "../../engine/kind";
import { VppError } from "../../errors";
import type { Required } from "../library/planProtection";
import type { LimitName } from "./changeLimit";
import { plural, someOf } from "./lists";
import { requiredNow, runLimit, wayToAllow } from "./runLimit";
import { nameInId, type TokenRef } from "./tokenRef";

/** What a delete is about to do. */
export interface DeleteTake {
  readonly id: string;
  readonly token: TokenRef;
  readonly required: Required;
  readonly property: LimitName;
  /** Devices and people who would lose something, each with its kind, or people who would be retired. */
  readonly targets: ReadonlySet<string>;
  /** All that the resource had and the program does not require elsewhere. */
  readonly held: ReadonlySet<string>;
}

const deeds = {
  maxRevocations: { would: "take licences from", noun: "target", were: "lost licences", may: "take licences from" },
  maxRetirements: { would: "retire", noun: "user", were: "been retired", may: "retire" },
} as const;

/**
 * Refuses a delete that would take the run over its limit, before it writes anything. It needs neither a name nor a record nor the check of a
 * VppToken, so that a failed run, `--target`, `--exclude` and a VppToken under another name change nothing. A run that has seen no plan is a
 * destroy, and free. Throws a VppError.
 */
export function refuseOverRunLimit(context: Context, take: DeleteTake): void {
  const { run } = context;
  const { id, token, required, property, targets, held } = take;
  const { plan } = run;
  if (plan === undefined || targets.size === 0) return;
  const library = { libraryId: token.libraryId, keys: required.keys };
  const tally = property === "maxRevocations" ? run.revocations : run.retirements;
  const now = requiredNow(plan.refresh(), required.keys);
  const inPlan = property === "maxRevocations" ? now.targetCount : now.personCount;
  const { isAllowed, wanted, limit, before } = tally.add(
    { libraryId: token.libraryId, name: nameInId(id), targets, held },
    (count) => runLimit(run, library, property, inPlan + count),
  );
  if (isAllowed) return;
  const { would, noun, were, may } = deeds[property];
  const earlier =
    before.targets === 0
      ? ""
      : ` after ${plural(before.targets, noun)} ${before.targets === 1 ? "has" : "have"} ${were} in this run with ${someOf(before.names)},`;
  const who = someOf([...targets].map((target) => target.replace(/^(device|user) /, "")));
  const why = `deleting it would ${would} ${plural(targets.size, noun)} (${who}),${earlier} and one run may ${may} ${limit} because resources leave the program`;
  throw new VppError("VPP_LIMIT_BRAKE", why, { remedy: wayToAllow(run, library, property, wanted) });
}
