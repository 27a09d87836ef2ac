import type { Context } from "../../../engine/kind";
import { codesOf, InitFailedError, isVppError, wordsOfService } from "../../../errors";
import { askOneByOneUpTo, isActive, type Library, type WireFailure, type WireUser } from "../../library/library";
import { noteDoubt, noteOnlyByArguments, requiredIn } from "../../library/planProtection";
import { invitations } from "../../library/readings/invitations";
import { areUsersDoubtful, refuseVanishedUsers } from "../../library/readings/readSanityCheck";
import { without } from "../../library/rectangles";
import { wordsOfPart } from "../../library/serviceErrors";
import { plural } from "../lists";
import { namesOfTargets } from "../naming";
import { brakeUsers } from "./check";
import { registeredMembers } from "./members";
import { missingOf } from "./notes";
import type { Member, UserInput, UserSetInputs, UserSetState } from "./types";
import { nothingDone, retireUsers, type UserWrites, writeUsers } from "./write";

/** What the service is known to have of some users: the active record, or nothing. */
export type Records = ReadonlyMap<string, WireUser>;

/**
 * Looks at users at the service, in the way that costs fewer requests. `known` are those of them whom the state knows to be there: a list
 * that lacks most of many of them is not believed at once.
 */
export async function observeUsers(
  library: Library,
  ids: readonly string[],
  known: readonly string[] = [],
): Promise<Records> {
  if (ids.length === 0) return new Map();
  if (ids.length <= askOneByOneUpTo) return activeRecords(await library.usersById(ids));
  const records = await listUsers(library, known, true);
  return new Map(ids.flatMap((id) => (records.has(id) ? [[id, records.get(id)!] as const] : [])));
}

/** All active users. A list that lacks most of many people whom the state knows is read again, and held against answers about single ones. */
export async function listUsers(library: Library, known: readonly string[], fresh = false): Promise<Records> {
  const first = activeRecords(await library.users(fresh));
  if (!areUsersDoubtful(known, (id) => first.has(id))) return first;
  const again = activeRecords(await library.users(true));
  const isThere = (id: string): boolean => again.has(id);
  if (areUsersDoubtful(known, isThere)) await refuseVanishedUsers(library, known, isThere);
  return again;
}

/** Those whom a state knows to be active. */
export function knownUsers({ members, releasing = [] }: Pick<UserSetState, "members" | "releasing">): string[] {
  const active = members.filter(({ status }) => status !== "Missing").map(({ clientUserId }) => clientUserId);
  return [...new Set([...active, ...releasing])];
}

/** The active record of each user; retired ones repeat and do not count. */
export function activeRecords(records: readonly WireUser[]): Records {
  return new Map(records.filter(isActive).map((record) => [record.clientUserId, record]));
}

/** Members as the state holds them, and the counts over them. */
export async function membersOf(
  library: Library,
  users: readonly UserInput[],
  recordOf: (id: string) => WireUser | undefined,
  isOurs: (id: string) => boolean,
  asBefore: (id: string) => Member | undefined = () => undefined,
): Promise<Pick<UserSetState, "members" | "invitedCount" | "acceptedCount" | "missingCount" | "lastSyncedAt">> {
  const inviteUrlOf = await invitations(library);
  const members = users.map(({ clientUserId }): Member => {
    const kept = asBefore(clientUserId);
    if (kept) return isOurs(clientUserId) ? { ...kept, registeredByUs: true } : kept;
    const record = recordOf(clientUserId);
    const inviteUrl = record && inviteUrlOf(record);
    return {
      clientUserId,
      status: record?.status ?? "Missing",
      ...(inviteUrl !== undefined && { inviteUrl }),
      registeredByUs: isOurs(clientUserId),
    };
  });
  const count = (status: string): number => members.filter((member) => member.status === status).length;
  return {
    members,
    invitedCount: count("Registered"),
    acceptedCount: count("Associated"),
    missingCount: count("Missing"),
    lastSyncedAt: new Date().toISOString(),
  };
}

/** Makes the service's users what the set says: registers, updates, and retires those who left if we had registered them. */
export async function reconcileUsers(
  context: Context,
  id: string,
  inputs: UserSetInputs,
  before: UserSetState | undefined,
): Promise<UserSetState> {
  const library = context.libraries.open(inputs.token);
  const wanted = inputs.users.map(({ clientUserId }) => clientUserId);
  const oldUsers = new Map(before?.users.map((user) => [user.clientUserId, user]));
  const oldMembers = new Map(before?.members.map((member) => [member.clientUserId, member]));
  const { leaving, inDoubt } = await leavingUsers(context, inputs, before, wanted);
  const changed = inputs.users.filter((user) => isChanged(oldUsers.get(user.clientUserId), user));
  const missing = wanted.filter((user) => oldMembers.get(user)?.status === "Missing");
  const toLookAt = [...new Set([...changed.map(({ clientUserId }) => clientUserId), ...missing, ...leaving])];
  const wasAsked = new Set(toLookAt);
  const known = before ? knownUsers(before).filter((user) => wasAsked.has(user)) : [];
  const records = await observeUsers(library, toLookAt, known);

  const toCreate = inputs.users.filter(({ clientUserId }) => wasAsked.has(clientUserId) && !records.has(clientUserId));
  const toUpdate = changed.filter((user) =>
    needsUpdate(records.get(user.clientUserId), oldUsers.get(user.clientUserId), user),
  );
  const toRetire = leaving.filter((user) => records.has(user));
  const newlyLeaving = without(leaving, before?.releasing ?? []);
  brakeUsers(inputs, newlyLeaving.length, before?.users.length ?? 0, newlyLeaving);
  const { files } = context.run;
  const wasCutOff = (user: string): boolean => files.wasRegistered(inputs.token.bindingId, user);
  const adopted = [...records.keys()].filter((user) => !wasCutOff(user));
  if (before === undefined && adopted.length > 0) {
    context.note(
      "adopted",
      `${adopted.length} of its users ${adopted.length === 1 ? "was" : "were"} registered before and will never be retired by this resource: ${namesOfTargets(adopted)}.`,
    );
  }

  const created = await writeUsers(context, library, inputs, "create", toCreate);
  const updated = created.stopped ? nothingDone : await writeUsers(context, library, inputs, "update", toUpdate);
  const stopped = created.stopped ?? updated.stopped;
  const retired = stopped ? nothingDone : await retireUsers(context, library, inputs, toRetire);

  const written = [...[...toCreate, ...toUpdate].map(({ clientUserId }) => clientUserId), ...toRetire];
  const after = await lookAgain(library, written);
  const isMade = registeredIn(toCreate, created, after);
  const isOurs = (user: string): boolean =>
    oldMembers.get(user)?.registeredByUs === true || isMade(user) || wasCutOff(user);
  files.settle(
    inputs.token.bindingId,
    toCreate.map(({ clientUserId }) => clientUserId).filter((user) => created.stopped === undefined && !isMade(user)),
  );
  const isWritten = new Set(written);
  const recordOf = (user: string): WireUser | undefined => (isWritten.has(user) ? after : records)?.get(user);
  const asBefore = (user: string): Member | undefined => (wasAsked.has(user) ? undefined : oldMembers.get(user));
  const unretired = toRetire.filter((user) => after === undefined || after.has(user));
  files.settle(inputs.token.bindingId, without(toRetire, unretired));
  const releasing = [...unretired, ...inDoubt];
  const state: UserSetState = {
    ...inputs,
    ...(await membersOf(library, inputs.users, recordOf, isOurs, asBefore)),
    ...(releasing.length > 0 && { releasing }),
  };
  const error = stopped ?? retired.stopped;
  const reasons = [
    ...describeFailures(inputs.users, [...created.failures, ...updated.failures]),
    ...(unretired.length > 0
      ? [
          after === undefined
            ? `Of ${plural(unretired.length, "user")} that left it is not known whether they were retired (${namesOfTargets(unretired)}); the next \`pulumi up\` looks again.`
            : `${plural(unretired.length, "user")} that left could not be retired yet (${namesOfTargets(unretired)}); the next \`pulumi up\` tries again.`,
        ]
      : []),
    ...(error ? [`${error.reason} (${codesOf(error)}). ${error.details.remedy ?? ""}`.trim()] : []),
  ];
  if (reasons.length === 0 && state.missingCount === 0) return state;
  if (error && !created.wrote && !updated.wrote && !retired.wrote) throw error;
  if (state.missingCount > 0 && created.failures.length === 0) {
    const who = plural(state.missingCount, "user");
    const names = namesOfTargets(missingOf(state));
    const rest = `${inputs.users.length - state.missingCount} of ${inputs.users.length} are`;
    reasons.unshift(
      after === undefined
        ? `Of ${who} it is not known whether they are registered (${names}), ${rest}; run \`pulumi up\` again.`
        : `${who} ${state.missingCount === 1 ? "is" : "are"} not registered yet (${names}), ${rest}; run \`pulumi up\` again.`,
    );
  }
  throw new InitFailedError(id, state, reasons);
}

/**
 * Tells whom this run has registered: whom the service did not refuse, if it says so, or else who is there now. That they can't be looked up
 * afterwards must not make them nobody's, since then nobody would ever retire them.
 */
function registeredIn(
  toCreate: readonly UserInput[],
  { failures, stopped }: UserWrites,
  after: Records | undefined,
): (user: string) => boolean {
  const named = (list: readonly WireFailure[]): Set<string> =>
    new Set(list.flatMap(({ errorInfo }) => errorInfo?.clientUserIds ?? []));
  const existed = named(failures.filter(({ errorNumber }) => errorNumber === 9716));
  const refused = named(failures);
  const isTold = stopped === undefined && failures.every(({ errorInfo }) => errorInfo?.clientUserIds?.length);
  const asked = new Set(toCreate.map(({ clientUserId }) => clientUserId));
  return (user) =>
    asked.has(user) && !existed.has(user) && (after?.has(user) === true || (isTold && !refused.has(user)));
}

/**
 * Those who left the program and may be retired: we registered them, and no other set of the program has them. In doubt are those of whom
 * only a set speaks that may be of another library.
 */
async function leavingUsers(
  context: Context,
  inputs: UserSetInputs,
  before: UserSetState | undefined,
  wanted: readonly string[],
): Promise<{ leaving: string[]; inDoubt: string[] }> {
  if (before === undefined || inputs.reclaim === false) return { leaving: [], inDoubt: [] };
  const ours = registeredMembers(context, before);
  const gone = without([...new Set([...ours, ...(before.releasing ?? [])])], wanted);
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

function isChanged(old: UserInput | undefined, user: UserInput): boolean {
  return old === undefined || old.email !== user.email || old.managedAppleId !== user.managedAppleId;
}

function needsUpdate(record: WireUser | undefined, old: UserInput | undefined, user: UserInput): boolean {
  if (record === undefined) return false;
  if (old !== undefined) return isChanged(old, user) && (user.email !== undefined || user.managedAppleId !== undefined);
  const isOtherAddress = user.email !== undefined && record.email !== user.email;
  return isOtherAddress || (user.managedAppleId !== undefined && record.status === "Registered");
}

/** Users have been written by now, so what can't be seen counts as not done; the engine must not forget the rest. */
export async function lookAgain(library: Library, ids: readonly string[]): Promise<Records | undefined> {
  try {
    return await observeUsers(library, ids);
  } catch (error) {
    if (!isVppError(error)) throw error;
    return undefined;
  }
}

function describeFailures(users: readonly UserInput[], failures: readonly WireFailure[]): string[] {
  const positions = new Map(users.map(({ clientUserId }, index) => [clientUserId, index]));
  return failures
    .filter(({ errorNumber }) => errorNumber !== 9716)
    .map(({ errorNumber = 0, errorMessage, errorInfo }) => {
      const places = (errorInfo?.clientUserIds ?? [])
        .map((id) => positions.get(id))
        .filter((index) => index !== undefined);
      const shown = places.slice(0, 5).map((index) => `users[${index}]`);
      const who = shown.length > 0 ? ` (${shown.join(", ")}${places.length > 5 ? ", …" : ""})` : "";
      const why = wordsOfPart(errorNumber);
      return `${places.length || "Some"} of ${plural(users.length, "user")}${who} ${places.length === 1 ? "was" : "were"} not written: ${why} (${wordsOfService(errorNumber, errorMessage)}).`;
    });
}
