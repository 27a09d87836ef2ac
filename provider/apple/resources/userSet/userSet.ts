import {
  type Context,
  type Difference,
  defined,
  type ReadResult,
  type ResourceKind,
  sameValue,
} from "../../../engine/kind";
import { hasUnknown, isUnknown } from "../../../engine/unknown";
import { mustBeMended } from "../cutOff";
import { readUnlessDead } from "../lists";
import { checkUserSet } from "./check";
import { isReadable, openIn } from "./confirmed";
import { membersOf } from "./members";
import { noteDrift, notePlan, noteStrange } from "./notes";
import { knownUsers, listUsers } from "./records";
import { Registered } from "./registered";
import type { UserInput, UserSetInputs, UserSetState } from "./types";

/** Loaded by the first write: most runs change nothing. */
const writing = () => import("./reconcile.js");

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
    return { changes: isEdited || state.missingCount > 0 || isOpen || mustBeMended(context, state.token) };
  },

  async create(context: Context, inputs: UserSetInputs) {
    const id = `${inputs.token.libraryId}/users/${context.name}`;
    const { reconcileUsers } = await writing();
    return { id, state: await reconcileUsers(context, id, inputs, undefined) };
  },

  async update(context: Context, id: string, state: UserSetState, inputs: UserSetInputs): Promise<UserSetState> {
    const { reconcileUsers } = await writing();
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
    const { removeUserSet } = await import("./remove.js");
    await removeUserSet(context, id, state);
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
