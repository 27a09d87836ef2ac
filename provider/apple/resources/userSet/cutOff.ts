import type { CheckContext, Context } from "../../../engine/kind";
import { requiredIn } from "../../library/planProtection";
import { without } from "../../library/rectangles";
import { cutOffRun, cutOffWorkIn, noteMended, stillRegistered } from "../cutOff";
import { plural } from "../lists";
import { namesOfTargets } from "../naming";
import { brakeUsers } from "./brake";
import type { UserSetInputs } from "./types";

/** What a run that was cut off has left to mend in one user set. */
export interface CutOffPeople {
  /** Declared, and perhaps not as declared: they were updated or retired. */
  readonly changed: readonly string[];
  /** Registered by the run with this set, still registered, and not required by anything. */
  readonly leftOver: readonly string[];
}

/**
 * Looks at the people whom runs that were cut off may have changed, says what will be mended, and refuses what goes beyond the brake. Costs no
 * request without such a run. Throws a VppError.
 */
export async function checkCutOff(context: CheckContext, inputs: UserSetInputs): Promise<void> {
  const work = await cutOffWorkIn(context, inputs.token);
  if (work === undefined) return;
  const { changed, leftOver } = await cutOffPeople(context, inputs);
  if (changed.length + leftOver.length === 0) {
    noteMended(context, inputs.token);
    return;
  }
  work.unmended.add(context.subject);
  brakeUsers(inputs, leftOver.length, inputs.users.length + leftOver.length, leftOver);
  const parts = [
    ...(changed.length > 0
      ? [`${plural(changed.length, "person", "people")} will be looked at again (${namesOfTargets(changed)})`]
      : []),
    ...(leftOver.length > 0
      ? [
          `${plural(leftOver.length, "person", "people")} whom it registered and nothing declares will be retired (${namesOfTargets(leftOver)})`,
        ]
      : []),
  ];
  context.note("cutOff", `${cutOffRun(work)} has left work open. ${parts.join("; ")}.`);
}

/** What there is to mend, as far as it is known which people there are. */
export async function cutOffPeople(context: Context, inputs: UserSetInputs): Promise<CutOffPeople> {
  const work = await cutOffWorkIn(context, inputs.token);
  if (work === undefined) return { changed: [], leftOver: [] };
  const wanted = inputs.users.map(({ clientUserId }) => clientUserId);
  const changed = wanted.filter((id) => work.hasChanged(id));
  if (inputs.reclaim === false) return { changed, leftOver: [] };
  const required = await requiredIn(inputs.token, context.run.plan, context.libraries);
  const registered = without(
    work.people((name) => name === context.name),
    wanted,
  ).filter((id) => !required.user(id));
  return { changed, leftOver: await stillRegistered(context.libraries.open(inputs.token), registered) };
}
