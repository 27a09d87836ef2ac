import { add, addSet, one, pick } from "./declare";
import type { Edit } from "./history";
import {
  type AssignmentDecl,
  type Changeable,
  devices,
  fleet,
  type Program,
  people,
  peopleApp,
  revocableApps,
  staff,
} from "./programs";

type Choice = Pick<Edit, "which" | "picks">;

/** Assignments of one app, each for devices of its own, and each depending on the one before. */
export function addChain(program: Program, token: string, { which, picks }: Choice): void {
  const free = devices.filter((serial) => program.assignments.every((each) => !each.devices?.includes(serial)));
  const adamId = one(revocableApps, which)!;
  const parts = 2 + (which % 2);
  let after = one(
    program.assignments.filter((each) => each.token === token),
    picks[0]!,
  )?.name;
  for (let part = 0; part < parts; part++) {
    const own = free.filter((_, index) => index % parts === part).slice(0, 1 + (picks[part % picks.length]! % 4));
    add(program, { token, apps: [adamId], devices: own, ...(after !== undefined && { after }) });
    after = program.assignments.at(-1)!.name;
  }
}

/** One assignment for each department, as a loop over a table makes them. */
export function addDepartments(program: Program, token: string, { which }: Choice): void {
  const count = 2 + (which % 3);
  const size = Math.floor(fleet.length / count);
  for (let at = 0; at < count; at++)
    add(program, {
      token,
      apps: [one(revocableApps, which)!],
      devices: fleet.slice(at * size, (at + 1) * size),
    });
}

/** One set for each team, and the licences of its people. */
export function addTeams(program: Program, token: string, { which }: Choice): void {
  const count = 2 + (which % 2);
  const size = Math.floor(staff.length / count);
  for (let at = 0; at < count; at++) {
    const ids = staff.slice(at * size, (at + 1) * size);
    addSet(program, token, ids);
    if (which % 5 > 1) add(program, { token, apps: [peopleApp], people: ids });
  }
}

/** The table ended early: the last of the resources, or all but one, are not there. */
export function loseSome(program: Program, what: "assignments" | "sets", picks: readonly number[]): void {
  const { length } = program[what];
  program[what].splice(Math.min(length, 1 + (picks[0]! % Math.max(1, length))));
}

export function toggleIgnored(assignment: AssignmentDecl, property: Changeable): void {
  const { ignores = [] } = assignment;
  const left = ignores.includes(property) ? ignores.filter((each) => each !== property) : [...ignores, property];
  assignment.ignores = left.length > 0 ? left : undefined;
}

/** Other inputs than the arguments: targets or apps more or fewer, or exclusive after all. */
export function transformed(
  { apps, devices: serials, people: ids, exclusive }: AssignmentDecl,
  picks: readonly number[],
): AssignmentDecl["engine"] {
  const changed = <T>(list: readonly T[], all: readonly T[]): T[] => {
    const turned = pick(all, picks.slice(1, 3));
    return [...list.filter((each) => !turned.includes(each)), ...turned.filter((each) => !list.includes(each))];
  };
  switch (picks[0]! % 4) {
    case 0:
      return { apps: changed(apps, revocableApps) };
    case 1:
      return { exclusive: !exclusive };
    default:
      return serials !== undefined ? { devices: changed(serials, devices) } : { people: changed(ids ?? [], people) };
  }
}

/** The resource with the most targets, or people, loses most of them, all, or more than a limit of its own allows. */
export function shrinkLargest(program: Program, { kind, which, picks }: Choice & Pick<Edit, "kind">): void {
  const left = (length: number): number =>
    kind === "emptyLargest" ? 0 : kind === "halveLargest" ? Math.floor(length * 0.4) : Math.max(0, length - 3);
  const isTight = kind === "tightenLargest";
  const set = largest(program.sets, ({ users }) => users.length);
  const sizeOf = ({ devices: serials = [], people: ids = [] }: AssignmentDecl): number => serials.length + ids.length;
  const assignment = largest(program.assignments, sizeOf);
  if (set !== undefined && (which % 4 === 0 || assignment === undefined)) {
    if (isTight) set.maxRetirements = picks[0]! % 2;
    set.users = set.users.slice(0, left(set.users.length));
  } else if (assignment !== undefined) {
    if (isTight) assignment.maxRevocations = picks[0]! % 3;
    assignment.devices = assignment.devices?.slice(0, left(assignment.devices.length));
    assignment.people = assignment.people?.slice(0, left(assignment.people.length));
  }
}

function largest<T>(all: readonly T[], sizeOf: (each: T) => number): T | undefined {
  return all.reduce<T | undefined>(
    (found, each) => (found === undefined || sizeOf(each) > sizeOf(found) ? each : found),
    undefined,
  );
}
