import type { TrueLibrary } from "../support/world";
import type { Observed } from "./observed";
import { book, libraryOf, type Program, pairsOf, requiredIn } from "./programs";
import { pairsIn, type Service } from "./service";
import { declaredPairs, nameOf } from "./stateReading";

/** What a program needs of one app, counted on the service's own truth. */
interface Need {
  readonly adamId: string;
  readonly name: string;
  readonly free: number;
  /** Licences that the program wants and that are not there, or may not be. */
  readonly lacking: number;
  /** Those of them that no resource of the state has declared before: a check has to ask for them. */
  readonly asked: number;
  /** Licences that the program wants and that are there. */
  readonly held: number;
  readonly total: number;
}

/** Nothing fails for want of licences while there are as many as the program needs. */
export function falseShortages(service: Service, seen: Observed): string[] {
  if (!seen.programRuns || !seen.isQuiet || !seen.isWhole || seen.outcome.ok) return [];
  const scarce = needs(service, seen).filter(({ lacking, free }) => lacking > free);
  return seen.outcome.messages
    .filter((message) => message.includes("VPP_LIMIT_NO_LICENSES") || message.includes("(9709)"))
    .filter(
      (message) =>
        scarce.length === 0 || !scarce.some(({ adamId, name }) => message.includes(name) || message.includes(adamId)),
    )
    .map((message) => `there are as many licences as are needed, and yet: ${message}`);
}

/** A program that asks for more licences than there can be does not pass. */
export function missedShortages(service: Service, seen: Observed): string[] {
  if (!seen.programRuns || !seen.isQuiet || !seen.isWhole || !seen.outcome.ok) return [];
  return needs(service, seen)
    .filter(({ asked, held, total }) => asked > 0 && asked + held > total)
    .map(
      ({ name, asked, held, total }) => `passed, though of ${name} ${asked + held} are needed and there are ${total}`,
    );
}

function needs(service: Service, { program, before, stateBefore }: Observed): Need[] {
  return before.flatMap((library) => {
    const at = service.libraryNumber(library.libraryId);
    const there = pairsIn(library);
    const isOfRetired = retiredHolders(library);
    const [required, declaredBefore] = [requiredIn(program, at), new Map<string, ReadonlySet<string>>()];
    for (const old of stateBefore)
      if (old.type.endsWith("VppAssignment")) declaredBefore.set(nameOf(old), new Set(declaredPairs(old)));
    return library.assets.map(({ adamId, name, totalCount, assignedCount }) => {
      const need = { lacking: 0, asked: 0, held: 0 };
      for (const [pair, { name: resource, formerly }] of required) {
        if (!pair.startsWith(`${adamId} `)) continue;
        if (there.has(pair)) need.held++;
        if (!there.has(pair) || isOfRetired(pair)) need.lacking++;
        const isOld = [resource, formerly].some((each) => each !== undefined && declaredBefore.get(each)?.has(pair));
        if (!there.has(pair) && !isOld) need.asked++;
      }
      return {
        adamId,
        name,
        free: totalCount - assignedCount,
        total: totalCount - stuckIn(library, adamId, there),
        ...need,
      };
    });
  });
}

/**
 * A book stays with the record of a person who was retired, and bears the same id as his record of today: whether it is the new record's, nobody can
 * tell by the id, and the product can by other signs.
 */
function retiredHolders({ users }: TrueLibrary): (pair: string) => boolean {
  const retired = new Set(users.filter(({ status }) => status === "Retired").map(({ clientUserId }) => clientUserId));
  return (pair) => pair.startsWith(`${book} user `) && retired.has(pair.slice(`${book} user `.length));
}

/** Licences that stay with people who are retired. */
function stuckIn({ assets, assignments }: TrueLibrary, adamId: string, there: ReadonlySet<string>): number {
  const all = assets.find((asset) => asset.adamId === adamId)?.assignedCount ?? 0;
  const active = [...there].filter((pair) => pair.startsWith(`${adamId} `)).length;
  return assignments.length === 0 ? 0 : all - active;
}

/** A licence that two resources declare by the engine's inputs is refused, whatever the arguments say. */
export function missedConflicts({ program, programRuns, isWhole, isQuiet, outcome }: Observed): string[] {
  if (!programRuns || !isWhole || !isQuiet || !outcome.ok) return [];
  const owners = new Map<string, string>();
  const faults: string[] = [];
  for (const assignment of program.assignments) {
    for (const pair of pairsOf(assignment)) {
      const slot = `${libraryOf(program, assignment.token)} ${pair}`;
      const other = owners.get(slot);
      if (other !== undefined) faults.push(`passed, though ${other} and ${assignment.name} both declare ${pair}`);
      owners.set(slot, assignment.name);
    }
  }
  return faults.slice(0, 3);
}

/** A program that holds no contradiction is not refused for one. */
export function falseConflicts({ programRuns, isQuiet, isWhole, mayContradict, outcome }: Observed): string[] {
  if (!programRuns || !isQuiet || !isWhole || mayContradict) return [];
  return outcome.messages
    .filter((message) => message.includes("VPP_INPUT_CONFLICT"))
    .map((message) => `nothing contradicts itself, and yet: ${message}`);
}

/** Targets that lose a licence, or people who leave, when one program follows another. */
export function leavingTargets(before: Program, now: Program, library: number): { targets: number; people: number } {
  const required = requiredIn(now, library);
  const targets = new Set<string>();
  for (const pair of requiredIn(before, library).keys())
    if (!required.has(pair)) targets.add(pair.slice(pair.indexOf(" ") + 1));
  const members = (program: Program): string[] =>
    program.sets
      .filter(({ token }) => libraryOf(program, token) === library)
      .flatMap(({ users }) => users.map(({ clientUserId }) => clientUserId));
  const staying = new Set(members(now));
  return { targets: targets.size, people: new Set(members(before).filter((id) => !staying.has(id))).size };
}
