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
import { refuseOverRunLimit } from "../deleteLimit";
import { plural, readUnlessDead } from "../lists";
import { checkUserSet } from "./check";
import { knownUsers, listUsers, membersOf, observeUsers, reconcileUsers } from "./reconcile";
import type { UserInput, UserSetInputs, UserSetState } from "./types";
import { retireUsers } from "./write";

/** People of a library: registered, and thereby invited; retired when they leave, if this resource had registered them. */
export const vppUserSetKind: ResourceKind<UserSetInputs, UserSetState> = {
  kind: "VppUserSet",
  leftBehind: "its people then stay registered",

  check: checkUserSet,

  diff(_context: Context, state: UserSetState, inputs: UserSetInputs): Difference {
    if (!hasUnknown(inputs.token) && inputs.token.libraryId !== state.token.libraryId)
      return { changes: true, replaces: ["token"] };
    const isEdited =
      !sameValue(state.token, inputs.token) ||
      !sameUsers(state.users, inputs.users) ||
      (state.reclaim ?? true) !== (inputs.reclaim ?? true) ||
      state.maxRetirements !== inputs.maxRetirements;
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
      const ours = new Set(
        state.members.filter((member) => member.registeredByUs).map((member) => member.clientUserId),
      );
      const releasing = state.releasing?.filter((user) => records.has(user));
      const seen = await membersOf(
        library,
        state.users,
        (user) => records.get(user),
        (user) => ours.has(user) && records.has(user),
      );
      return { id, state: defined({ ...state, ...seen, releasing: releasing?.length ? releasing : undefined }) };
    });
  },

  async remove(context: Context, id: string, state: UserSetState): Promise<void> {
    if (state.reclaim === false) return;
    const ours = state.members.filter((member) => member.registeredByUs).map((member) => member.clientUserId);
    const candidates = [...new Set([...ours, ...(state.releasing ?? [])])];
    if (candidates.length === 0) return;
    const required = await requiredIn(state.token, context.run.plan, context.libraries);
    const leaving = candidates.filter((user) => !required.user(user));
    const inDoubt = candidates.filter((user) => required.doubt.user(user)).length;
    const staying = candidates.length - leaving.length - inDoubt;
    if (staying > 0) {
      const who = `${staying} of its users ${staying === 1 ? "stays" : "stay"} registered`;
      context.note("staying", `${who}: the program still has them in another set, or licences for them.`);
    }
    const refuseDoubt = (): void => {
      if (inDoubt > 0) throw required.doubt.error(`${inDoubt} of its users can't be retired`);
    };
    if (leaving.length === 0) return refuseDoubt();
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
    const { stopped } = await retireUsers(context, library, state, toRetire);
    if (stopped) throw stopped;
    const left = await observeUsers(library, toRetire);
    if (left.size > 0) {
      throw new VppError(
        "VPP_SERVICE_PARTIAL",
        `${plural(left.size, "user")} of ${toRetire.length} could not be retired`,
        {
          remedy:
            "Run the same command again, or `pulumi refresh` before any other: the state can't show what a delete has done.",
        },
      );
    }
    refuseDoubt();
  },
};

function sameUsers(olds: readonly UserInput[], news: readonly UserInput[]): boolean {
  if (isUnknown(news) || olds.length !== news.length) return false;
  const byId = new Map(olds.map((user) => [user.clientUserId, user]));
  return news.every((user) => sameValue(byId.get(user.clientUserId), user));
}
