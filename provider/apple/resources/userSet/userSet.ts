import {
  type Context,
  type Difference,
  defined,
  type ReadResult,
  type ResourceKind,
  sameValue,
} from "../../../engine/kind";
import { hasUnknown, isUnknown } from "../../../engine/unknown";
import { VppError } from "../../../errors";
import type { Library } from "../../library/library";
import { requiredIn } from "../../library/planProtection";
import { without } from "../../library/rectangles";
import { refuseOverRunLimit } from "../deleteLimit";
import { plural, readUnlessDead } from "../lists";
import { namesOfTargets } from "../naming";
import { checkUserSet } from "./check";
import { registeredMembers } from "./members";
import { noteDrift, noteLeft, notePlan, noteRetired } from "./notes";
import { knownUsers, listUsers, lookAgain, membersOf, noteKept, observeUsers, reconcileUsers } from "./reconcile";
import type { UserInput, UserSetInputs, UserSetState } from "./types";
import { retireUsers } from "./write";

/** People of a library: registered, and thereby invited; retired when they leave, if this resource had registered them. */
export const vppUserSetKind: ResourceKind<UserSetInputs, UserSetState> = {
  kind: "VppUserSet",
  leftBehind: "its people then stay registered",

  check: checkUserSet,

  async diff(context: Context, state: UserSetState, inputs: UserSetInputs): Promise<Difference> {
    if (!hasUnknown(inputs.token) && inputs.token.libraryId !== state.token.libraryId)
      return { changes: true, replaces: ["token"] };
    context.run.files.settle(state.token.bindingId, recordedIn(state));
    const isEdited =
      !sameValue(state.token, inputs.token) ||
      !sameUsers(state.users, inputs.users) ||
      (state.reclaim ?? true) !== (inputs.reclaim ?? true) ||
      state.maxRetirements !== inputs.maxRetirements;
    noteDrift(context, state);
    if (isEdited) await notePlan(context, state, inputs);
    return { changes: isEdited || state.missingCount > 0 || (state.releasing?.length ?? 0) > 0 };
  },

  async create(context: Context, inputs: UserSetInputs) {
    const id = `${inputs.token.libraryId}/users/${context.name}`;
    return { id, state: await reconcileUsers(context, id, inputs, undefined) };
  },

  update(context: Context, id: string, state: UserSetState, inputs: UserSetInputs): Promise<UserSetState> {
    return reconcileUsers(context, id, inputs, state);
  },

  read(context: Context, id: string, state: UserSetState): Promise<ReadResult<UserSetInputs, UserSetState>> {
    return readUnlessDead(context, id, state, async () => {
      const library = context.libraries.open(state.token);
      const records = await listUsers(library, knownUsers(state));
      const ours = new Set(registeredMembers(context, state));
      const releasing = state.releasing?.filter((user) => records.has(user));
      const seen = await membersOf(
        library,
        state.users,
        (user) => records.get(user),
        (user) => ours.has(user) && records.has(user),
      );
      const read = defined({ ...state, ...seen, releasing: releasing?.length ? releasing : undefined });
      noteDrift(context, read);
      return { id, state: read };
    });
  },

  async remove(context: Context, id: string, state: UserSetState): Promise<void> {
    if (state.reclaim === false) return noteLeft(context, state);
    const ours = registeredMembers(context, state);
    const candidates = [...new Set([...ours, ...(state.releasing ?? [])])];
    if (candidates.length === 0) return noteRetired(context, state, [], 0);
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
      noteRetired(context, state, [], 0);
      return refuseDoubt();
    }
    const library = context.libraries.open(state.token);
    const known = new Set(knownUsers(state));
    const records = await observeUsers(
      library,
      leaving,
      leaving.filter((user) => known.has(user)),
    );
    const toRetire = leaving.filter((user) => records.has(user));
    refuseOverRunLimit(context, {
      id,
      token: state.token,
      required,
      property: "maxRetirements",
      targets: new Set(toRetire),
      held: new Set(leaving),
    });
    const { stopped, wrote, revoked = 0 } = await retireUsers(context, library, state, toRetire);
    if (stopped) throw wrote ? await halfRetired(context, library, state, toRetire, revoked, stopped) : stopped;
    const left = await observeUsers(library, toRetire);
    noteRetired(context, state, without(toRetire, left.keys()), revoked);
    if (left.size > 0) {
      throw new VppError(
        "VPP_SERVICE_PARTIAL",
        `${plural(left.size, "user")} of ${toRetire.length} could not be retired: ${namesOfTargets([...left.keys()])}`,
        {
          remedy:
            "Run the same command again, or `pulumi refresh` before any other: the state can't show what a delete has done.",
        },
      );
    }
    context.run.files.settle(state.token.bindingId, leaving);
    refuseDoubt();
  },
};

/** What a delete that was stopped has done, what not, and what is not known: the state can't show it. */
async function halfRetired(
  context: Context,
  library: Library,
  state: UserSetState,
  toRetire: readonly string[],
  revoked: number,
  { code, reason, details }: VppError,
): Promise<VppError> {
  const left = await lookAgain(library, toRetire);
  noteRetired(context, state, left ? without(toRetire, left.keys()) : [], revoked);
  const who = (some: readonly string[]): string => `${some.length} of ${plural(toRetire.length, "user")}`;
  const still = left && [...left.keys()];
  const what = still
    ? `${who(still)} could not be retired (${namesOfTargets(still)})`
    : `of ${who(toRetire)} it is not known whether they were retired (${namesOfTargets(toRetire)})`;
  return new VppError(code, `${reason}; ${what}`, details);
}

/** Those whom a state has as registered by this stack. */
function recordedIn({ members }: UserSetState): string[] {
  return members.filter(({ registeredByUs }) => registeredByUs).map(({ clientUserId }) => clientUserId);
}

function sameUsers(olds: readonly UserInput[], news: readonly UserInput[]): boolean {
  if (isUnknown(news) || olds.length !== news.length) return false;
  const byId = new Map(olds.map((user) => [user.clientUserId, user]));
  return news.every((user) => sameValue(byId.get(user.clientUserId), user));
}
