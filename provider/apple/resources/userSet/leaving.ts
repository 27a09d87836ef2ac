import type { Context } from "../../../engine/kind";
import { noteDoubt, noteOnlyByArguments, requiredIn } from "../../library/planProtection";
import { without } from "../../library/rectangles";
import { plural } from "../lists";
import { namesOfTargets } from "../naming";
import type { Registered } from "./registered";
import type { UserSetInputs } from "./types";

/**
 * Those who left the program and may be retired: we registered them, and no other set of the program has them. In doubt are those of whom
 * only a set speaks that may be of another library.
 */
export async function leavingUsers(
  context: Context,
  inputs: UserSetInputs,
  ours: Registered,
  wanted: readonly string[],
): Promise<{ leaving: string[]; inDoubt: string[] }> {
  if (inputs.reclaim === false) return { leaving: [], inDoubt: [] };
  const gone = without(ours.ids, wanted);
  if (gone.length === 0) return { leaving: [], inDoubt: [] };
  const required = await requiredIn(inputs.token, context.run.plan, context.libraries);
  const inDoubt = gone.filter((user) => required.doubt.user(user));
  noteKept(
    context,
    gone.flatMap((user) => required.onlyByArguments.user(user) ?? []),
  );
  if (inDoubt.length > 0)
    noteDoubt(context, required, `${plural(inDoubt.length, "user")} can't be retired yet (${namesOfTargets(inDoubt)})`);
  return {
    leaving: gone.filter((user) => !required.user(user)),
    inDoubt,
  };
}

/** Says once how many stay only because arguments name them to which the engine has preferred other inputs; a name for each. */
export function noteKept(context: Context, names: readonly string[]): void {
  const what = `${plural(names.length, "user")} who would be retired ${names.length === 1 ? "stays" : "stay"} registered`;
  noteOnlyByArguments(context, what, names);
}
