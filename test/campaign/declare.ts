import type { AssignmentDecl, Program } from "./programs";

/** A part of a list, each value once, as numbers of any size pick it. */
export function pick<T>(list: readonly T[], picks: readonly number[]): T[] {
  return list.length === 0 ? [] : [...new Set(picks.map((number) => list[number % list.length]!))];
}

/** The one of a list that a number picks. */
export function one<T>(list: readonly T[], which: number): T | undefined {
  return list.length === 0 ? undefined : list[which % list.length];
}

/** A name that the program has never had. */
export function nextName(program: Program, what: string): string {
  program.named++;
  return `${what}-${program.named}`;
}

/** Declares an assignment; what is not given is as usual. */
export function add(program: Program, given: Partial<AssignmentDecl> & Pick<AssignmentDecl, "token" | "apps">): void {
  const name = nextName(program, "licences");
  program.assignments.push({ name, intent: "required", exclusive: false, reclaim: true, ...given });
}

/** Declares a set of these people. */
export function addSet(program: Program, token: string, ids: readonly string[]): void {
  const users = ids.map((clientUserId) => ({ clientUserId, email: `${clientUserId}@contoso.example` }));
  program.sets.push({ name: nextName(program, "people"), token, users, reclaim: true });
}
