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
import { requiredIn } from "../../library/planProtection";
import { without } from "../../library/rectangles";
import { refuseOverRunLimit } from "../deleteLimit";
import { readUnlessDead } from "../lists";
import { namesOfTargets } from "../naming";
import { checkUserSet } from "./check";
import { isReadable, openIn } from "./confirmed";
import { mustBeMended } from "./cutOff";
import { describeUnretired, explainUsers } from "./failureReport";
import { noteKept } from "./leaving";
import { membersOf } from "./members";
import { noteDrift, noteLeft, noteOthers, notePlan, noteRetired, noteStrange } from "./notes";
import { reconcileUsers } from "./reconcile";
import { knownUsers, listUsers, observeUsers } from "./records";
import { Registered } from "./registered";
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
    const isOpen = (state.releasing?.length ?? 0) + openIn(state).length > 0;
    return { changes: isEdited || state.missingCount > 0 || isOpen || mustBeMended(context, inputs) };
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
      const seen = await listUsers(library, knownUsers(state));
      const ours = Registered.in(context, state);
      ours.learn(seen);
      const open = new Set(openIn(state));
      const members = await membersOf(
        library,
        state.users,
        (user) => seen.active.get(user),
        (user) => ours.has(user),
      );
      const releasing = state.releasing?.filter((user) => seen.active.has(user) && ours.has(user)) ?? [];
      const unconfirmed = state.users
        .filter((user) => open.has(user.clientUserId) && !isReadable(user, seen.active.get(user.clientUserId)))
        .map(({ clientUserId }) => clientUserId);
      const registered = ours.entries([...state.users.map(({ clientUserId }) => clientUserId), ...releasing]);
      const read = defined({
        ...state,
        ...members,
        releasing: orNothing(releasing),
        unconfirmed: orNothing(unconfirmed),
        registered: orNothing(registered),
      });
      noteStrange(context, read);
      noteDrift(context, read);
      return { id, state: read };
    });
  },

  async remove(context: Context, id: string, state: UserSetState): Promise<void> {
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
  },
};

/** Those whom a state has as registered by this stack. */
function recordedIn({ members }: UserSetState): string[] {
  return members.filter(({ registeredByUs }) => registeredByUs).map(({ clientUserId }) => clientUserId);
}

function sameUsers(olds: readonly UserInput[], news: readonly UserInput[]): boolean {
  if (isUnknown(news) || olds.length !== news.length) return false;
  const byId = new Map(olds.map((user) => [user.clientUserId, user]));
  return news.every((user) => sameValue(byId.get(user.clientUserId), user));
}

function orNothing<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}
