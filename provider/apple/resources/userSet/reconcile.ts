import type { Context } from "../../../engine/kind";
import { InitFailedError, isVppError } from "../../../errors";
import type { Library, WireUser } from "../../library/library";
import { without } from "../../library/rectangles";
import { noteMended } from "../cutOff";
import { plural } from "../lists";
import { namesOfTargets } from "../naming";
import { brakeUsers } from "./brake";
import { hasDetails, isAsWritten, isShown, needsUpdate, openIn } from "./confirmed";
import { cutOffPeople } from "./cutOff";
import { explainEnd, explainUsers } from "./failureReport";
import { leavingUsers } from "./leaving";
import { membersOf, missingOf } from "./members";
import { noteAdopted, noteOthers } from "./notes";
import { knownUsers, observeUsers, type Seen } from "./records";
import { Registered } from "./registered";
import type { Member, UserInput, UserSetInputs, UserSetState } from "./types";
import { type IsDone, isRegistered, notBegun, retireUsers, type UserWrites, writeUsers } from "./write";

const idOf = ({ clientUserId }: UserInput): string => clientUserId;

/** Makes the service's users what the set says: registers, updates, and retires those who left if we had registered them. */
export async function reconcileUsers(
  context: Context,
  id: string,
  inputs: UserSetInputs,
  before: UserSetState | undefined,
): Promise<UserSetState> {
  const library = context.libraries.open(inputs.token);
  const { files } = context.run;
  const { bindingId } = inputs.token;
  const wanted = inputs.users.map(idOf);
  const ours = Registered.in(context, before ?? { token: inputs.token, members: [] }, wanted);
  const oldMembers = new Map(before?.members.map((member) => [member.clientUserId, member]));
  const known = knownDetails(before);
  const cutOff = await cutOffPeople(context, inputs);
  for (const user of cutOff.changed) known.delete(user);
  for (const user of cutOff.leftOver) ours.add(user);
  const { leaving, inDoubt } = await leavingUsers(context, inputs, ours, wanted);
  const toWrite = inputs.users.filter((user) => !isAsWritten(known.get(user.clientUserId), user)).map(idOf);
  const wasAsked = new Set([...toWrite, ...leaving]);
  const expected = new Set([...(before ? knownUsers(before) : []), ...leaving]);
  const seen = await observeUsers(
    library,
    [...wasAsked],
    [...wasAsked].filter((user) => expected.has(user)),
  );
  const recorded = leaving.filter((user) => seen.active.has(user));
  ours.learn(seen);

  const asked = inputs.users.filter(({ clientUserId }) => wasAsked.has(clientUserId));
  const toCreate = asked.filter((user) => !seen.active.has(idOf(user)));
  const toUpdate = asked.filter((user) => {
    const record = seen.active.get(idOf(user));
    return record !== undefined && needsUpdate(user, record, known.get(idOf(user)));
  });
  const toRetire = recorded.filter((user) => ours.has(user));
  noteOthers(context, without(recorded, toRetire));
  const newlyLeaving = without(leaving, before?.releasing ?? []);
  brakeUsers(inputs, newlyLeaving.length, before?.users.length ?? 0, newlyLeaving);
  if (before === undefined) {
    noteAdopted(
      context,
      [...seen.active.keys()].filter((user) => !ours.has(user)),
    );
  }

  const created = await writeUsers(context, library, inputs, "create", toCreate, isRegistered);
  const stillToUpdate = [...toUpdate, ...toCreate.filter((user) => isHalfRegistered(user, created))];
  const isUpdated: IsDone = (record, user) => isShown(user, record, seen.active.get(user.clientUserId));
  const updated = created.stopped
    ? notBegun(stillToUpdate, created.stopped)
    : await writeUsers(context, library, inputs, "update", stillToUpdate, isUpdated);
  const stopped = created.stopped ?? updated.stopped;
  const retired = stopped
    ? notBegun(
        toRetire.map((clientUserId) => ({ clientUserId })),
        stopped,
      )
    : await retireUsers(context, library, inputs, toRetire);

  const written = [...new Set([...toCreate, ...stillToUpdate].map(idOf))];
  const undone = new Set([...created.undone.keys(), ...updated.undone.keys()]);
  const after = await lookAgain(library, written, without(written, undone));
  const made = toCreate.map(idOf).filter((user) => isMade(user, created, after));
  for (const user of made) ours.add(user, after);
  for (const user of stillToUpdate) if (user.managedAppleId !== undefined) ours.relink(idOf(user), after);
  // What was seen as retired may be an older record of somebody whose new one the list does not show yet.
  if (after) ours.learn({ active: after.active, retired: new Map() });
  if (created.stopped === undefined) files.settle(bindingId, without(toCreate.map(idOf), made));
  const unretired = [...retired.undone.keys()];
  files.settle(bindingId, without(toRetire, unretired));

  const isWritten = new Set(written);
  const recordOf = (user: UserInput): WireUser | undefined => {
    if (!isWritten.has(idOf(user))) return seen.active.get(idOf(user));
    const record = after?.active.get(idOf(user));
    // A list can lag behind what the service has said is done.
    return after === undefined || undone.has(idOf(user)) ? record : (record ?? assumedRecord(user, seen));
  };
  const byId = new Map(inputs.users.map((user) => [user.clientUserId, user]));
  const asBefore = (user: string): Member | undefined => (wasAsked.has(user) ? undefined : oldMembers.get(user));
  const releasing = [...unretired, ...inDoubt];
  const unconfirmed = asked.filter((user) => hasDetails(user) && undone.has(idOf(user))).map(idOf);
  const registered = ours.entries([...wanted, ...releasing]);
  const state: UserSetState = {
    ...inputs,
    ...(await membersOf(
      library,
      inputs.users,
      (user) => recordOf(byId.get(user)!),
      (user) => ours.has(user),
      asBefore,
    )),
    ...(releasing.length > 0 && { releasing }),
    ...(unconfirmed.length > 0 && { unconfirmed }),
    ...(registered.length > 0 && { registered }),
  };
  const error = stopped ?? retired.stopped;
  const reasons = [
    ...explainUsers("create", toCreate.length, created),
    ...explainUsers("update", stillToUpdate.length, updated),
    ...explainUsers("retire", toRetire.length, retired),
    ...(error ? [explainEnd(error)] : []),
  ];
  if (reasons.length === 0 && state.missingCount === 0) {
    noteMended(context, inputs.token);
    return state;
  }
  if (error && !created.wrote && !updated.wrote && !retired.wrote) throw error;
  if (state.missingCount > 0 && reasons.length === 0) {
    reasons.push(
      `${plural(state.missingCount, "user")} ${state.missingCount === 1 ? "is" : "are"} not registered yet (VPP_SERVICE_PARTIAL): ${namesOfTargets(missingOf(state))}. Run \`pulumi up\` again.`,
    );
  }
  throw new InitFailedError(id, state, reasons);
}

/** What the service is known to have of each person: what a state says has been written, unless that was not confirmed or he is missing. */
function knownDetails(before: UserSetState | undefined): Map<string, UserInput> {
  if (before === undefined) return new Map();
  const open = new Set(openIn(before));
  const missing = new Set(missingOf(before));
  const known = before.users.filter(({ clientUserId }) => !open.has(clientUserId) && !missing.has(clientUserId));
  return new Map(known.map((user) => [user.clientUserId, user]));
}

/** Whether a person is there after all although the request to register him did not simply succeed, and has not what the inputs say. */
function isHalfRegistered(user: UserInput, { undone, looked, seen }: UserWrites): boolean {
  const isThere = looked.has(idOf(user)) && !undone.has(idOf(user));
  return isThere && hasDetails(user) && !isShown(user, seen?.active.get(idOf(user)));
}

/**
 * Whether this run has registered somebody: the service said so, or he is there now, and it did not say that he was there before. That he can't be
 * looked up afterwards must not make him nobody's, since then nobody would ever retire him.
 */
function isMade(user: string, { undone, existed }: UserWrites, after: Seen | undefined): boolean {
  return !existed.has(user) && (after?.active.has(user) === true || !undone.has(user));
}

function assumedRecord(user: UserInput, { active }: Seen): WireUser {
  const status = user.managedAppleId === undefined ? "Registered" : "Associated";
  return active.get(idOf(user)) ?? { clientUserId: idOf(user), status };
}

/** Users have been written by now, so what can't be seen counts as not done; the engine must not forget the rest. */
async function lookAgain(
  library: Library,
  ids: readonly string[],
  expected: readonly string[],
): Promise<Seen | undefined> {
  try {
    return await observeUsers(library, ids, expected);
  } catch (error) {
    if (!isVppError(error)) throw error;
    return undefined;
  }
}
