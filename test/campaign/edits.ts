import { add, addSet, nextName, one, pick } from "./declare";
import type { Edit } from "./history";
import { mend } from "./mend";
import {
  type AssignmentDecl,
  book,
  copyOf,
  devices,
  type Program,
  people,
  peopleApp,
  revocableApps,
  type SetDecl,
  stranger,
} from "./programs";
import { rivals } from "./rivals";
import { addChain, addDepartments, addTeams, loseSome, shrinkLargest, toggleIgnored, transformed } from "./wholeEdits";

/** Who can be in a set: somebody is there who never is, since a set that lets go of him while he is licensed is refused. */
const members = people.filter((id) => id !== stranger);

const union = <T>(list: readonly T[] | undefined, more: readonly T[]): T[] => [...new Set([...(list ?? []), ...more])];
const less = <T>(list: readonly T[] | undefined, gone: readonly T[]): T[] | undefined =>
  list?.filter((value) => !gone.includes(value));

/** The program after an edit; an edit that finds nothing to work on leaves it as it is. */
export function edited(before: Program, edit: Edit): Program {
  const program = copyOf(before);
  change(program, edit);
  if (!edit.careless) mend(program);
  return program;
}

function change(program: Program, edit: Edit): void {
  const { kind, which, other, picks } = edit;
  const assignment = one(program.assignments, which);
  const set = one(program.sets, which);
  const token = one(program.tokens, other)!;
  switch (kind) {
    case "addDevices":
      add(program, { token: token.name, apps: pick(revocableApps, picks), devices: pick(devices, picks) });
      return;
    case "addPeople":
      addPeople(program, token.name, pick([...revocableApps, peopleApp], picks), pick(people, picks));
      return;
    case "addBook":
      addPeople(program, token.name, [book], pick(people, picks.slice(0, 2)));
      return;
    case "addSet":
      addSet(program, token.name, pick(members, picks));
      return;
    case "toggleApp":
      toggleApp(program, token.name, one(revocableApps, which)!);
      return;
    case "labelToken":
      token.displayName = token.displayName === undefined ? "Head office" : undefined;
      return;
    case "managedBy":
      token.managedBy = token.managedBy === undefined ? one(rivals, which)!.id : undefined;
      delete token.takeOverFrom;
      return;
    case "takeOver":
      token.takeOverFrom = token.takeOverFrom === undefined ? one(rivals, which)!.id : undefined;
      delete token.managedBy;
      return;
    case "renameToken":
      renameToken(program, token.name, which % 4 > 0);
      return;
    case "addChain":
      addChain(program, token.name, edit);
      return;
    case "addDepartments":
      addDepartments(program, token.name, edit);
      return;
    case "addTeams":
      addTeams(program, token.name, edit);
      return;
    case "loseDepartments":
      loseSome(program, "assignments", picks);
      return;
    case "loseTeams":
      loseSome(program, "sets", picks);
      return;
    case "halveLargest":
    case "emptyLargest":
    case "tightenLargest":
      shrinkLargest(program, edit);
      return;
    case "allowRun":
      token.maxRevocations = token.maxRevocations === undefined ? 500 : undefined;
      token.maxRetirements = token.maxRevocations;
      return;
    case "limitRun":
      token.maxRevocations = token.maxRevocations === undefined ? which % 4 : undefined;
      token.maxRetirements = token.maxRevocations === undefined ? undefined : picks[0]! % 3;
      return;
    default:
      if (assignment) changeAssignment(program, assignment, edit);
      if (set) changeSet(program, set, edit);
  }
}

/** Another one of the same library. */
function partnerOf<T extends { readonly token: string }>(of: T, all: readonly T[], which: number): T | undefined {
  return one(
    all.filter((each) => each !== of && each.token === of.token),
    which,
  );
}

function rename(program: Program, assignment: AssignmentDecl): void {
  const before = assignment.name;
  assignment.name = nextName(program, "licences");
  for (const each of program.assignments) if (each.after === before) each.after = assignment.name;
}

/** People come with a set of their own, but for a few who were there before. */
function addPeople(program: Program, token: string, apps: string[], ids: string[]): void {
  addSet(
    program,
    token,
    ids.filter((id) => members.includes(id)),
  );
  add(program, { token, apps, people: ids });
}

function toggleApp(program: Program, token: string, adamId: string): void {
  const at = program.apps.findIndex((app) => app.adamId === adamId && app.token === token);
  if (at < 0) program.apps.push({ name: nextName(program, "app"), token, adamId });
  else program.apps.splice(at, 1);
}

/** Without an alias it is another one to the engine, and the product refuses to bind its library once more. */
function renameToken(program: Program, name: string, hasAlias: boolean): void {
  const now = nextName(program, "token");
  for (const token of program.tokens) {
    if (token.name !== name) continue;
    token.name = now;
    token.formerly = hasAlias ? name : undefined;
  }
  for (const each of [...program.apps, ...program.sets, ...program.assignments])
    if (each.token === name) each.token = now;
}

function changeAssignment(program: Program, assignment: AssignmentDecl, { kind, other, picks }: Edit): void {
  const partner = partnerOf(assignment, program.assignments, other);
  const { devices: serials, people: ids } = assignment;
  switch (kind) {
    case "grow":
      if (serials) assignment.devices = union(serials, pick(devices, picks));
      else assignment.people = union(ids, pick(people, picks));
      return;
    case "shrink":
      assignment.devices = less(serials, pick(serials ?? [], picks.slice(0, 3)));
      assignment.people = less(ids, pick(ids ?? [], picks.slice(0, 2)));
      return;
    case "halve":
      // Less than half is left: a list of ten or more must not lose that unasked.
      assignment.devices = serials?.slice(0, Math.floor(serials.length * 0.4));
      assignment.people = ids?.slice(0, Math.floor(ids.length * 0.4));
      return;
    case "addApp":
      assignment.apps = union(assignment.apps, pick(revocableApps, picks.slice(0, 1)));
      return;
    case "dropApp":
      assignment.apps = less(assignment.apps, pick(assignment.apps, picks.slice(0, 1)))!;
      return;
    case "rename":
    case "renameWithAlias":
      assignment.formerly = kind === "rename" ? undefined : assignment.name;
      rename(program, assignment);
      return;
    case "renameShrunk":
      delete assignment.formerly;
      rename(program, assignment);
      assignment.devices = serials?.slice(0, Math.floor(serials.length / 3));
      assignment.people = ids?.slice(0, Math.floor(ids.length / 3));
      return;
    case "dependOn":
      assignment.after = assignment.after === undefined ? partner?.name : undefined;
      return;
    case "ignoreTargets":
      toggleIgnored(assignment, serials ? "serialNumbers" : "clientUserIds");
      return;
    case "ignoreApps":
      toggleIgnored(assignment, "apps");
      return;
    case "ignoreExclusive":
      toggleIgnored(assignment, "exclusive");
      return;
    case "transform":
      assignment.engine = assignment.engine === undefined ? transformed(assignment, picks) : undefined;
      return;
    case "split":
      split(program, assignment);
      return;
    case "merge":
      if (partner) merge(program, assignment, partner);
      return;
    case "move":
      if (partner) move(assignment, partner, picks);
      return;
    case "flipIntent":
      assignment.intent = assignment.intent === "required" ? "uninstall" : "required";
      return;
    case "flipExclusive":
      assignment.exclusive = !assignment.exclusive;
      return;
    case "flipReclaim":
      assignment.reclaim = !assignment.reclaim;
      return;
    case "setBrake":
      assignment.maxRevocations = assignment.maxRevocations === undefined ? picks[0]! % 4 : undefined;
      return;
    case "remove":
      program.assignments = program.assignments.filter((each) => each !== assignment);
      return;
    default:
      return;
  }
}

function split(program: Program, assignment: AssignmentDecl): void {
  const half = <T>(list: T[] | undefined): [T[] | undefined, T[] | undefined] => {
    const middle = Math.ceil((list?.length ?? 0) / 2);
    return [list?.slice(0, middle), list?.slice(middle)];
  };
  const [staying, leaving] = half(assignment.devices);
  const [stayingPeople, leavingPeople] = half(assignment.people);
  const rest = { ...assignment, name: nextName(program, "licences"), formerly: undefined };
  program.assignments.push({ ...rest, devices: leaving, people: leavingPeople, exclusive: false });
  Object.assign(assignment, { devices: staying, people: stayingPeople, exclusive: false });
}

function merge(program: Program, into: AssignmentDecl, from: AssignmentDecl): void {
  if (into.devices || from.devices) into.devices = union(into.devices, from.devices ?? []);
  if (into.people || from.people) into.people = union(into.people, from.people ?? []);
  into.apps = union(into.apps, from.apps);
  program.assignments = program.assignments.filter((each) => each !== from);
}

function move(from: AssignmentDecl, to: AssignmentDecl, picks: readonly number[]): void {
  const serials = pick(from.devices ?? [], picks.slice(0, 3));
  const ids = pick(from.people ?? [], picks.slice(0, 3));
  if (serials.length > 0) to.devices = union(to.devices, serials);
  if (ids.length > 0) to.people = union(to.people, ids);
  from.devices = less(from.devices, serials);
  from.people = less(from.people, ids);
}

function changeSet(program: Program, set: SetDecl, { kind, other, picks }: Edit): void {
  const partner = partnerOf(set, program.sets, other);
  switch (kind) {
    case "growSet":
      for (const id of pick(members, picks)) {
        if (set.users.every(({ clientUserId }) => clientUserId !== id)) set.users.push({ clientUserId: id });
      }
      return;
    case "shrinkSet":
      set.users = less(set.users, pick(set.users, picks.slice(0, 2)))!;
      return;
    case "movePerson": {
      const leaving = pick(set.users, picks.slice(0, 1));
      if (partner === undefined) return;
      set.users = less(set.users, leaving)!;
      partner.users.push(...leaving);
      return;
    }
    case "renameSet":
      set.name = nextName(program, "people");
      return;
    case "removeSet":
      program.sets = program.sets.filter((each) => each !== set);
      return;
    case "changeEmail": {
      const person = one(set.users, other);
      if (person) person.email = `${person.clientUserId}.${picks[0]! % 5}@contoso.example`;
      return;
    }
    case "flipSetReclaim":
      set.reclaim = !set.reclaim;
      return;
    case "ignoreUsers":
      set.ignores = set.ignores === undefined ? ["users"] : undefined;
      return;
    case "setUserBrake":
      set.maxRetirements = set.maxRetirements === undefined ? picks[0]! % 3 : undefined;
      return;
    default:
      return;
  }
}
