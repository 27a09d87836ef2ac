import type { Context } from "../../../engine/kind";
import { VppError } from "../../../errors";
import { requiredIn } from "../../library/planProtection";
import { without } from "../../library/rectangles";
import { refuseOverRunLimit } from "../deleteLimit";
import { namesOfTargets } from "../naming";
import { describeUnretired, explainUsers } from "./failureReport";
import { noteKept } from "./leaving";
import { noteLeft, noteOthers, noteRetired } from "./notes";
import { observeUsers } from "./records";
import { Registered } from "./registered";
import type { UserSetState } from "./types";
import { retireUsers } from "./write";

/** Retires those of its people whom this stack has registered, the program's excepted. Throws a VppError. */
export async function removeUserSet(context: Context, id: string, state: UserSetState): Promise<void> {
  if (state.reclaim === false) return noteLeft(context, state);
  const ours = Registered.in(context, state);
  const candidates = ours.ids;
  if (candidates.length === 0) return noteRetired(context, state, ours, [], 0);
  const required = await requiredIn(state.token, context.run.plan, context.libraries);
  const leaving = candidates.filter((user) => !required.user(user));
  const doubtful = candidates.filter((user) => required.doubt.user(user));
  const inDoubt = doubtful.length;
  const kept = candidates.filter((user) => required.onlyByArguments.user(user) !== undefined);
  const staying = without(candidates, [...leaving, ...doubtful, ...kept]);
  noteKept(
    context,
    kept.flatMap((user) => required.onlyByArguments.user(user) ?? []),
  );
  // Whoever has them now in the program adopted them before this: he learns by this that he may retire them.
  context.run.files.registering(state.token.bindingId, staying);
  if (staying.length > 0) {
    const who = `${staying.length} of its users ${staying.length === 1 ? "stays" : "stay"} registered`;
    const why = "the program still has them in another set, or licences for them";
    context.note("staying", `${who}: ${why} (${namesOfTargets(staying)}).`);
  }
  const refuseDoubt = (): void => {
    if (inDoubt > 0)
      throw required.doubt.error(`${inDoubt} of its users can't be retired (${namesOfTargets(doubtful)})`);
  };
  if (leaving.length === 0) {
    noteRetired(context, state, ours, [], 0);
    return refuseDoubt();
  }
  const library = context.libraries.open(state.token);
  const seen = await observeUsers(library, leaving, leaving);
  ours.learn(seen);
  const recorded = leaving.filter((user) => seen.active.has(user));
  const toRetire = recorded.filter((user) => ours.has(user));
  noteOthers(context, without(recorded, toRetire));
  refuseOverRunLimit(context, {
    id,
    token: state.token,
    required,
    property: "maxRetirements",
    targets: new Set(toRetire),
    held: new Set(leaving),
  });
  const retired = await retireUsers(context, library, state, toRetire);
  const { undone, stopped, revoked = 0 } = retired;
  noteRetired(context, state, ours, without(toRetire, undone.keys()), revoked);
  if (stopped && !retired.wrote) throw stopped;
  if (stopped) {
    const who = explainUsers("retire", toRetire.length, retired).join(" ").replace(/\.$/, "");
    throw new VppError(stopped.code, `${stopped.reason}; ${who}`, stopped.details);
  }
  if (undone.size > 0) {
    throw new VppError("VPP_SERVICE_PARTIAL", describeUnretired(toRetire.length, retired), {
      remedy:
        "Run the same command again, or `pulumi refresh` before any other: the state can't show what a delete has done.",
    });
  }
  context.run.files.settle(state.token.bindingId, leaving);
  refuseDoubt();
}
