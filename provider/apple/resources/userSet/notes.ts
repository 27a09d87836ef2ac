import type { CheckContext, Context } from "../../../engine/kind";
import { hasUnknown } from "../../../engine/unknown";
import { requiredIn } from "../../library/planProtection";
import { without } from "../../library/rectangles";
import { plural, someOf } from "../lists";
import { countTargets, namesOfTargets } from "../naming";
import { openIn } from "./confirmed";
import { missingOf, strangelyThere } from "./members";
import { Registered } from "./registered";
import type { UserSetInputs, UserSetState } from "./types";

const idsOf = (users: UserSetInputs["users"]): string[] => users.map(({ clientUserId }) => clientUserId);

/** Says who is missing, and whom earlier runs have left to be retired or updated. The run that a read has told it in is not told again. */
export function noteDrift(context: Context, state: UserSetState): void {
  const missing = missingOf(state);
  const { releasing = [] } = state;
  const unconfirmed = openIn(state);
  const parts = [
    ...(missing.length > 0 ? [`${missing.length} missing: ${namesOfTargets(missing)}`] : []),
    ...(releasing.length > 0 ? [`${releasing.length} still to be retired: ${namesOfTargets(releasing)}`] : []),
    ...(unconfirmed.length > 0 ? [`${unconfirmed.length} still to be updated: ${namesOfTargets(unconfirmed)}`] : []),
  ];
  if (parts.length === 0) return;
  const identity = JSON.stringify([
    state.token.libraryId,
    state.lastSyncedAt,
    missing[0],
    releasing[0],
    unconfirmed[0],
  ]);
  if (context.run.driftTold.has(identity)) return;
  context.run.driftTold.add(identity);
  context.note("drift", `${parts.join("; ")}.`);
}

/**
 * Says of a set that Pulumi takes for a new one what it can't do, where it may be an old one under another name or in another place: its people are
 * adopted, and only the set that registered them may retire them.
 */
export function noteNewPlace(context: CheckContext, { token, users }: UserSetInputs): void {
  const { run, plan, name } = context;
  const recorded = run.recordedUserSets.get(token.libraryId);
  if (recorded === undefined || plan === undefined) return;
  const cure = "name the old one in `aliases`; otherwise this set adopts the people and may not retire them";
  // Whom a run has registered of which no state is known, any set may retire that takes them up, as after a kill.
  if (users.every(({ clientUserId }) => run.files.wasRegistered(token.bindingId, clientUserId))) return;
  if (recorded.has(name)) {
    context.note("newPlace", `Pulumi takes this set for a new one. If it was moved in the program, ${cure}.`);
    return;
  }
  const present = new Set(plan.userSetsOf(token.contentTokenKey).map((set) => set.name));
  const gone = [...recorded].filter((each) => !present.has(each));
  if (gone.length === 0) return;
  const which = `VppUserSet ${someOf(gone)} ${gone.length === 1 ? "is" : "are"} gone from the program`;
  context.note("newPlace", `${which}. If this is the same set under a new name, ${cure}.`);
}

/** One line on what a new set will do. */
export function noteNewSet(context: Context, { users }: UserSetInputs): void {
  if (users.length === 0) return;
  context.note("plan", `${countTargets(users.length, "user")} added. ${users.length} to invite or adopt.`);
}

/** One line on what an edit will do, with the names of those who are retired: people whom the resource has registered, and no others. */
export async function notePlan(context: Context, before: UserSetState, now: UserSetInputs): Promise<void> {
  if (hasUnknown(now.users) || hasUnknown(now.token)) return;
  const added = without(idsOf(now.users), idsOf(before.users));
  const removed = without(idsOf(before.users), idsOf(now.users));
  if (added.length === 0 && removed.length === 0) return;
  const ours = Registered.in(context, before);
  const leaving = now.reclaim === false ? [] : removed.filter((user) => ours.has(user));
  const required = leaving.length > 0 && (await requiredIn(now.token, context.run.plan, context.libraries));
  const retired = required ? leaving.filter((user) => !required.user(user)) : [];
  const staying = without(removed, retired);
  const changes = [
    ...(added.length > 0 ? [`${countTargets(added.length, "user")} added`] : []),
    ...(removed.length > 0 ? [`${countTargets(removed.length, "user")} removed`] : []),
  ];
  const parts = [
    `${added.length} to invite or adopt`,
    ...(retired.length > 0 ? [`${retired.length} to retire (${namesOfTargets(retired)})`] : []),
    ...(staying.length > 0
      ? [`${plural(staying.length, "stays", "stay")} registered (${namesOfTargets(staying)})`]
      : []),
  ];
  context.note("plan", `${changes.join(", ")}. ${parts.join(", ")}.`);
}

/** What a delete has done, and who stays: the state can't show it any more. */
export function noteRetired(
  context: Context,
  state: UserSetState,
  ours: Registered,
  retired: readonly string[],
  revoked: number,
): void {
  const missing = new Set(missingOf(state));
  const others = idsOf(state.users).filter((user) => !ours.has(user) && !missing.has(user));
  const parts = [
    ...(retired.length > 0 ? [`${countTargets(retired.length, "user")} retired (${namesOfTargets(retired)})`] : []),
    ...(revoked > 0 ? [`${plural(revoked, "licence")} of people who leave revoked`] : []),
    ...(others.length > 0
      ? [
          `${countTargets(others.length, "user")} not registered by this resource, so still registered (${namesOfTargets(others)})`,
        ]
      : []),
  ];
  if (parts.length > 0) context.note("retired", `${parts.join("; ")}.`);
}

/** Says that a set goes and leaves its people registered. */
export function noteLeft(context: Context, { users }: UserSetState): void {
  if (users.length === 0) return;
  const who = `${countTargets(users.length, "user")} (${namesOfTargets(idsOf(users))})`;
  context.note("left", `reclaim is false: ${who} ${users.length === 1 ? "stays" : "stay"} registered.`);
}

/** Says who was there before a set was created. */
export function noteAdopted(context: Context, users: readonly string[]): void {
  if (users.length === 0) return;
  const who = `${users.length} of its users ${users.length === 1 ? "was" : "were"} registered before`;
  context.note("adopted", `${who} and will never be retired by this resource: ${namesOfTargets(users)}.`);
}

/** Says who left and is not retired, since the record that this resource has made is gone and another one is there. */
export function noteOthers(context: Context, users: readonly string[]): void {
  if (users.length === 0) return;
  const who = `${countTargets(users.length, "user")} who left ${users.length === 1 ? "stays" : "stay"} registered`;
  context.note("others", `${who}: somebody else has registered them anew (${namesOfTargets(users)}).`);
}

/** Says who is there with a status that this version does not know. */
export function noteStrange(context: Context, state: UserSetState): void {
  const strange = strangelyThere(state);
  if (strange.length === 0) return;
  const words = [...new Set(strange.map(({ status }) => status))].slice(0, 3).join(", ");
  const who = `${countTargets(strange.length, "user")} ${strange.length === 1 ? "is" : "are"} there with a status that is not known here`;
  context.note("status", `${who} (${words}): ${namesOfTargets(strange.map(({ clientUserId }) => clientUserId))}.`);
}
