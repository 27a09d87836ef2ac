import type { Chronicle } from "./chronicle";
import { changeHandsUnseen } from "./effective";
import { ends, isWrite, type Observed, pairsOfRequest } from "./observed";
import { type AssignmentDecl, libraryOf, type Program, requiredIn, unwantedIn } from "./programs";
import { isRival } from "./rivals";
import type { Service } from "./service";

/** A preview or a refresh writes nothing. */
export function writesWithoutLeave({ step, mayWrite, requests }: Observed): string[] {
  if (mayWrite) return [];
  return requests.filter(isWrite).map(({ path }) => `${step} wrote: ${path}`);
}

/** Nothing is given, and nobody registered, but what and whom the program wants. */
export function givenBeyondProgram(service: Service, { program, programRuns, requests }: Observed): string[] {
  const faults: string[] = [];
  for (const request of requests.filter((each) => ends(each, "/associate"))) {
    const library = service.libraryNumber(request.library);
    const required = programRuns ? requiredIn(program, library) : new Map<string, AssignmentDecl>();
    for (const [pair] of pairsOfRequest(request))
      if (!required.has(pair)) faults.push(`gave ${pair}, which the program does not want (request ${request.seq})`);
  }
  for (const request of requests.filter((each) => ends(each, "/users/create") || ends(each, "/users/update"))) {
    const library = service.libraryNumber(request.library);
    const wanted = membersIn(program, library);
    for (const { clientUserId: id } of request.users ?? [])
      if (!programRuns || !wanted.has(id)) faults.push(`registered ${id}, whom no set has (request ${request.seq})`);
  }
  return faults;
}

/**
 * What comes to a resource by the engine alone is known when that resource is checked: without a preview, another that gives it up, an exclusive one
 * that does not have it, or the set that the person leaves may have taken it back by then. The run does not succeed all the same.
 */
function mayComeTooLate({ program, lines, stateBefore, outcome }: Observed, library: number): ReadonlySet<string> {
  if (outcome.ok) return new Set();
  const [byArguments, isUnwanted] = [requiredIn(lines, library), unwantedIn(program, library)];
  const gained = [...requiredIn(program, library).keys()].filter((pair) => !byArguments.has(pair));
  const members = membersIn(program, library);
  const covered = gained.filter((pair) => {
    const [adamId = "", kind, target = ""] = pair.split(" ");
    const leaves = kind === "user" && !members.has(target);
    return leaves || isUnwanted(adamId, kind as "device" | "user", target);
  });
  return new Set([...changeHandsUnseen(lines, program, stateBefore, library), ...covered]);
}

/** Nothing is taken back that the program wants, nor what was never this stack's. */
export function takenBeyondProgram(service: Service, chronicle: Chronicle, seen: Observed): string[] {
  const { program, lines, programRuns, isTargeted, requests } = seen;
  const faults: string[] = [];
  for (const request of requests.filter((each) => ends(each, "/disassociate"))) {
    const library = service.libraryNumber(request.library);
    const { everOurs, registeredByUs } = chronicle.libraries[library]!;
    const byArguments = programRuns ? requiredIn(lines, library) : new Map<string, AssignmentDecl>();
    const required = programRuns ? new Map([...requiredIn(program, library), ...byArguments]) : byArguments;
    const members = programRuns ? membersIn(program, library) : new Set<string>();
    const isUnwanted = programRuns ? unwantedIn(program, library) : () => false;
    const tooLate = mayComeTooLate(seen, library);
    for (const [pair, adamId, kind, target] of pairsOfRequest(request)) {
      // With --target nothing may be checked, and then nobody knows the program: a limit that the design names.
      const isTold = byArguments.has(pair) || !tooLate.has(pair);
      if (required.has(pair) && !isTargeted && isTold)
        faults.push(`took back ${pair}, which the program wants (request ${request.seq})`);
      // Who retires loses every licence, whoever gave it.
      else if (kind === "user" && registeredByUs.has(target) && !members.has(target)) continue;
      else if (!everOurs.has(pair) && !isUnwanted(adamId, kind, target) && !required.has(pair))
        faults.push(`took back ${pair}, which was never this stack's to take (request ${request.seq})`);
    }
  }
  return faults;
}

/** People whom the program's sets have in one library. */
export function membersIn(program: Program, library: number): Set<string> {
  return new Set(
    program.sets
      .filter(({ token }) => libraryOf(program, token) === library)
      .flatMap(({ users }) => users.map(({ clientUserId }) => clientUserId)),
  );
}

/** Nobody is retired whom we did not register, or whom a set of the program has. */
export function retiredBeyondProgram(service: Service, chronicle: Chronicle, seen: Observed): string[] {
  const { program, lines, programRuns, isTargeted, requests } = seen;
  const faults: string[] = [];
  for (const request of requests.filter((each) => ends(each, "/users/retire"))) {
    const library = service.libraryNumber(request.library);
    const byArguments = membersIn(lines, library);
    const tooLate = mayComeTooLate(seen, library);
    const byEngine = [...membersIn(program, library)].filter((id) => !tooLate.has(`person ${id}`));
    const kept = new Set([...byEngine, ...byArguments]);
    for (const { clientUserId: id } of request.users ?? []) {
      if (!chronicle.libraries[library]!.registeredByUs.has(id))
        faults.push(`retired ${id}, whom we never registered (request ${request.seq})`);
      if (programRuns && !isTargeted && kept.has(id))
        faults.push(`retired ${id}, whom a set of the program has (request ${request.seq})`);
    }
  }
  return faults;
}

/** While another service holds a library, nothing is written there; of what was on its way when it took it, at most one more is accepted. */
export function rivals(
  service: Service,
  { program, requests, before, after, seizedAfter, givenBackAfter, isTargeted }: Observed,
): string[] {
  const faults: string[] = [];
  for (const [index, library] of before.entries()) {
    const allowed = new Set(
      program.tokens
        .filter((token) => token.library === index)
        .flatMap(({ managedBy, takeOverFrom }) => [managedBy, takeOverFrom]),
    );
    const writes = requests.filter((each) => isWrite(each) && service.libraryNumber(each.library) === index);
    const holder = library.mdmInfo?.id;
    const meanwhile = seizedAfter.get(index);
    if (meanwhile === undefined && isRival(holder) && !allowed.has(holder) && !isTargeted)
      for (const { path, seq } of writes.filter((each) => each.seq <= (givenBackAfter.get(index) ?? each.seq)))
        faults.push(`wrote (${path}, request ${seq}) while ${holder} held the library`);
    if (meanwhile === undefined || allowed.has(after[index]?.mdmInfo?.id)) continue;
    const later = requests.filter((each) => each.seq > meanwhile && service.libraryNumber(each.library) === index);
    const first = later.find(
      (each) => each.status === 200 && each.errorNumber === undefined && service.showsMark(each),
    );
    // The mark can only be read and then written: one that is written over before any answer has shown it is nobody's fault.
    const ours = later.find((each) => ends(each, "/client/config") && each.body?.mdmInfo !== undefined);
    if (first === undefined || (ours !== undefined && ours.seq <= first.seq)) continue;
    const toldAt = Date.parse(first.at) + first.durationMs;
    const accepted = later.filter(
      (each) =>
        isWrite(each) && each.seq > first.seq && each.body?.eventId !== undefined && Date.parse(each.at) > toldAt,
    );
    if (accepted.length > 1)
      faults.push(`${accepted.length} writes were accepted after an answer had shown the other service's mark`);
  }
  return faults;
}

/** A library that the program binds keeps its mark. */
export function releasedMarks(service: Service, { program, programRuns, isTargeted, requests }: Observed): string[] {
  if (!programRuns || isTargeted) return [];
  const bound = new Set(
    program.tokens.filter(({ managedBy }) => managedBy === undefined).map(({ library }) => library),
  );
  return requests
    .filter(
      (each) =>
        isWrite(each) &&
        each.body?.mdmInfo?.metadata.startsWith("released") &&
        bound.has(service.libraryNumber(each.library)),
    )
    .map(({ seq }) => `released the mark of a library that the program binds (request ${seq})`);
}
