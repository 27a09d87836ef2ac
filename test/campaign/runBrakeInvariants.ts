import type { Chronicle } from "./chronicle";
import { ends, type Observed, pairsOfRequest } from "./observed";
import type { Program } from "./programs";
import { leavingTargets } from "./refusalInvariants";
import { membersIn } from "./requestInvariants";
import type { Service } from "./service";
import { floors } from "./stateInvariants";
import { declaredPairs, nameOf, usersOf } from "./stateReading";

interface Limits {
  readonly targets?: number;
  readonly people?: number;
}

function limitsOf(program: Program, library: number): Limits {
  const token = program.tokens.find((each) => each.library === library);
  return { targets: token?.maxRevocations, people: token?.maxRetirements };
}

/** With resources that leave the program, no more goes than one run may take back, whatever the preview has seen. */
export function runBrake(service: Service, seen: Observed): string[] {
  if (!seen.programRuns || !seen.isWhole) return [];
  return seen.before.flatMap((_, library) => [
    ...lostTargets(service, seen, library),
    ...lostPeople(service, seen, library),
  ]);
}

function lostTargets(service: Service, { program, lines, requests, stateBefore }: Observed, library: number): string[] {
  const names = new Set(
    [program, lines].flatMap(({ assignments }) => assignments.flatMap(({ name, formerly }) => [name, formerly])),
  );
  const olds = stateBefore.filter(({ type }) => type.endsWith("VppAssignment"));
  const [gone, kept] = [new Set<string>(), new Set<string>()];
  for (const old of olds) {
    const isGone = !old.delete && !names.has(nameOf(old)) && old.outputs.intent === "required";
    for (const pair of declaredPairs(old)) (isGone ? gone : kept).add(pair);
  }
  const retired = new Set(retiredIn(service, requests, library));
  const targets = new Set<string>();
  for (const request of requests.filter(
    (each) => ends(each, "/disassociate") && service.libraryNumber(each.library) === library,
  ))
    for (const [pair, , kind, target] of pairsOfRequest(request))
      if (gone.has(pair) && !kept.has(pair) && !(kind === "user" && retired.has(target)))
        targets.add(`${kind} ${target}`);
  const all = new Set([...gone].map((pair) => pair.slice(pair.indexOf(" ") + 1))).size + targetsOf(program);
  const most = limitsOf(program, library).targets ?? Math.max(floors.targets, Math.floor(all / 10));
  return targets.size > most
    ? [
        `whole resources that left took licences of ${targets.size} targets with them, and the run's brake is at ${most}`,
      ]
    : [];
}

function targetsOf({ assignments }: Program): number {
  return new Set(assignments.flatMap(({ devices = [], people = [] }) => [...devices, ...people])).size;
}

function retiredIn(service: Service, requests: Observed["requests"], library: number): string[] {
  return requests
    .filter((each) => ends(each, "/users/retire") && service.libraryNumber(each.library) === library)
    .flatMap(({ users = [] }) => users.map(({ clientUserId }) => clientUserId));
}

function lostPeople(service: Service, { program, requests, stateBefore }: Observed, library: number): string[] {
  const names = new Set(program.sets.map(({ name }) => name));
  const sets = stateBefore.filter(({ type }) => type.endsWith("VppUserSet"));
  const gone = new Set(sets.filter((old) => !old.delete && !names.has(nameOf(old))).flatMap(usersOf));
  const kept = new Set(sets.filter((old) => old.delete || names.has(nameOf(old))).flatMap(usersOf));
  const lost = new Set(retiredIn(service, requests, library).filter((id) => gone.has(id) && !kept.has(id)));
  const all = gone.size + membersIn(program, library).size;
  const most = limitsOf(program, library).people ?? Math.max(floors.people, Math.floor(all / 10));
  return lost.size > most
    ? [`with whole sets ${lost.size} people were retired, and the run's brake is at ${most}`]
    : [];
}

/**
 * The run's brake refuses nothing that it allows: neither against any program that an earlier run may have noted down, nor against what the state
 * still has.
 */
export function falseRunBrake(chronicle: Chronicle, seen: Observed): string[] {
  const { program, programRuns, isWhole, isQuiet, outcome, before, stateBefore } = seen;
  if (!programRuns || !isWhole || !isQuiet || outcome.ok || chronicle.recorded === undefined) return [];
  const refused = (words: string): string | undefined => outcome.messages.find((message) => message.includes(words));
  const faults: string[] = [];
  const check = (message: string | undefined, isAllowed: (library: number) => boolean): void => {
    if (message !== undefined && before.every((_, library) => isAllowed(library)))
      faults.push(`no more leaves than one run may take back, and yet: ${message}`);
  };
  const worst = (library: number, what: "targets" | "people"): number =>
    Math.max(0, ...chronicle.recorded!.map((earlier) => leavingTargets(earlier, program, library)[what]));
  const names = new Set(program.assignments.flatMap(({ name, formerly }) => [name, formerly]));
  const olds = stateBefore.filter((old) => old.type.endsWith("VppAssignment") && !names.has(nameOf(old)));
  const inState = new Set(olds.flatMap(declaredPairs).map((pair) => pair.slice(pair.indexOf(" ") + 1)));
  const setNames = new Set(program.sets.map(({ name }) => name));
  const peopleInState = new Set(
    stateBefore.filter((old) => old.type.endsWith("VppUserSet") && !setNames.has(nameOf(old))).flatMap(usersOf),
  );
  check(
    refused("one run may take licences from"),
    (library) =>
      Math.max(worst(library, "targets"), inState.size) <= (limitsOf(program, library).targets ?? floors.targets),
  );
  check(
    refused("one run may retire"),
    (library) =>
      Math.max(worst(library, "people"), peopleInState.size) <= (limitsOf(program, library).people ?? floors.people),
  );
  return faults;
}
