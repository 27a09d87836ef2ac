import type { ResourceState } from "../engine/resource";
import { mend } from "./mend";
import { type AssignmentDecl, copyOf, libraryOf, type Program, pairsOf, requiredIn } from "./programs";
import { nameOf, predecessorsOf, unwrapped } from "./stateReading";

/**
 * The program as the engine hands it to the checks: arguments as transforms change them, and as the state has them where changes are ignored.
 * Without either it is the program itself.
 */
export function effectiveOf(program: Program, state: readonly ResourceState[]): Program {
  const result = copyOf(program);
  const oldOf = (type: string, ...names: (string | undefined)[]): ResourceState | undefined =>
    names
      .map((name) => state.find((each) => !each.delete && each.type.endsWith(type) && nameOf(each) === name))
      .find((each) => each !== undefined);
  for (const set of result.sets) {
    const old = set.ignores && oldOf("VppUserSet", set.name);
    if (old) set.users = unwrapped(old.inputs.users) as typeof set.users;
  }
  for (const assignment of result.assignments) {
    Object.assign(assignment, assignment.engine);
    const old = assignment.ignores && oldOf("VppAssignment", assignment.name, assignment.formerly);
    if (old) for (const property of assignment.ignores ?? []) putBack(assignment, property, old.inputs);
  }
  return result;
}

function putBack(assignment: AssignmentDecl, property: string, old: ResourceState["inputs"]): void {
  switch (property) {
    case "serialNumbers":
      assignment.devices = old.serialNumbers as string[] | undefined;
      return;
    case "clientUserIds":
      assignment.people = old.clientUserIds as string[] | undefined;
      return;
    case "apps":
      assignment.apps = (old.apps as { adamId: string }[]).map(({ adamId }) => adamId);
      return;
    default:
      assignment.exclusive = old.exclusive as boolean;
  }
}

/** Whether the product must refuse a program for what it says, or is allowed to: what it says contradicts itself, or changes hands unseen. */
export function isContradictory(program: Program, effective: Program, state: readonly ResourceState[]): boolean {
  const mended = copyOf(effective);
  mend(mended);
  if (JSON.stringify(mended) !== JSON.stringify(effective)) return true;
  return program.tokens.some(({ library }) => changeHandsUnseen(program, effective, state, library).size > 0);
}

/**
 * The licences and people (`person ID`) of a library that one resource gives up and another gains by the engine alone: either may come first, so the
 * product refuses that.
 */
export function changeHandsUnseen(
  program: Program,
  effective: Program,
  state: readonly ResourceState[],
  library: number,
): Set<string> {
  const byArguments = requiredIn(program, library);
  const byEngine = requiredIn(effective, library);
  const gained = new Set(
    [...byEngine.keys()].filter((pair) => byArguments.get(pair)?.name !== byEngine.get(pair)?.name),
  );
  const users = (from: Program): Map<string, string> =>
    new Map(
      from.sets
        .filter(({ token }) => libraryOf(from, token) === library)
        .flatMap(({ name, users: all }) => all.map(({ clientUserId }) => [clientUserId, name] as const)),
    );
  const [people, peopleByEngine] = [users(program), users(effective)];
  for (const [id, name] of peopleByEngine) if (people.get(id) !== name) gained.add(`person ${id}`);
  if (gained.size === 0) return gained;
  const had = [
    ...predecessorsOf(state, effective.assignments).flatMap(([old, now]) => {
      const kept = new Set(pairsOf(now));
      return old.filter((pair) => now.intent !== "required" || !kept.has(pair));
    }),
    ...effective.sets.flatMap(({ name, users: now }) => {
      const old = state.find((each) => each.type.endsWith("VppUserSet") && nameOf(each) === name);
      const ids = (unwrapped(old?.inputs.users) as { clientUserId: string }[] | undefined) ?? [];
      return ids
        .filter(({ clientUserId }) => now.every((user) => user.clientUserId !== clientUserId))
        .map(({ clientUserId }) => `person ${clientUserId}`);
    }),
  ];
  return new Set(had.filter((each) => gained.has(each)));
}
