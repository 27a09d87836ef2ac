import type { ResourceState } from "../engine/resource";
import type { Properties } from "../engine/values";
import type { TrueLibrary } from "../support/world";
import type { Chronicle } from "./chronicle";
import { type AssignmentDecl, libraryOf, type Program, pairOf, pairsOf, requiredIn, unwantedIn } from "./programs";
import { isRival } from "./rivals";
import { pairsIn, type ServedRequest, type Service } from "./service";
import type { Outcome } from "./stack";

/** Everything about one command that the invariants are about. */
export interface Observed {
  /** What was asked for; `step` is the word of the history. */
  readonly step: string;
  readonly program: Program;
  readonly programRuns: boolean;
  readonly isTargeted: boolean;
  readonly mayWrite: boolean;
  /** URNs of what the command replaces by force. */
  readonly forced: readonly string[];
  readonly outcome: Outcome;
  readonly before: readonly TrueLibrary[];
  readonly after: readonly TrueLibrary[];
  readonly requests: readonly ServedRequest[];
  readonly stateBefore: readonly ResourceState[];
  readonly stateAfter: readonly ResourceState[];
  /** Whether somebody else changed something while it ran, or an accepted write may come late. */
  readonly wasDisturbed: boolean;
  /** Requests that had been looked at when another service wrote its mark in the middle, by library. */
  readonly seizedAfter: ReadonlyMap<number, number>;
  readonly secrets: readonly string[];
  readonly stateText: string;
}

/** What one command did that it must not do, in words. */
export function violations(service: Service, chronicle: Chronicle, seen: Observed): string[] {
  return [
    ...writesWithoutLeave(service, seen),
    ...givenBeyondProgram(service, seen),
    ...takenBeyondProgram(service, chronicle, seen),
    ...retiredBeyondProgram(service, chronicle, seen),
    ...brakes(service, seen),
    ...rivals(service, seen),
    ...releasedMarks(service, seen),
    ...falseClaims(service, chronicle, seen),
    ...overdrawn(seen),
    ...words(seen),
  ];
}

const isWrite = ({ method }: ServedRequest): boolean => method === "POST";
const ends = ({ path }: ServedRequest, end: string): boolean => path.endsWith(end);

/** The licences that a request is about. */
function pairsOfRequest({
  assets = [],
  serialNumbers = [],
  clientUserIds = [],
}: ServedRequest): [string, string, "device" | "user", string][] {
  return assets.flatMap(({ adamId }) => [
    ...serialNumbers.map((serial): [string, string, "device", string] => [
      pairOf(adamId, "device", serial),
      adamId,
      "device",
      serial,
    ]),
    ...clientUserIds.map((id): [string, string, "user", string] => [pairOf(adamId, "user", id), adamId, "user", id]),
  ]);
}

function writesWithoutLeave(_service: Service, { step, mayWrite, requests }: Observed): string[] {
  if (mayWrite) return [];
  return requests.filter(isWrite).map(({ path }) => `${step} wrote: ${path}`);
}

function givenBeyondProgram(service: Service, { program, programRuns, requests }: Observed): string[] {
  const faults: string[] = [];
  for (const request of requests.filter((each) => ends(each, "/associate"))) {
    const library = service.libraryNumber(request.library);
    const required = programRuns ? requiredIn(program, library) : new Map<string, AssignmentDecl>();
    for (const [pair] of pairsOfRequest(request))
      if (!required.has(pair)) faults.push(`gave ${pair}, which the program does not want (request ${request.seq})`);
  }
  for (const request of requests.filter((each) => ends(each, "/users/create") || ends(each, "/users/update"))) {
    const library = service.libraryNumber(request.library);
    const wanted = new Set(
      program.sets
        .filter(({ token }) => libraryOf(program, token) === library)
        .flatMap(({ users }) => users.map((user) => user.clientUserId)),
    );
    for (const { clientUserId: id } of request.users ?? [])
      if (!programRuns || !wanted.has(id)) faults.push(`registered ${id}, whom no set has (request ${request.seq})`);
  }
  return faults;
}

function takenBeyondProgram(service: Service, chronicle: Chronicle, seen: Observed): string[] {
  const { program, programRuns, isTargeted, requests } = seen;
  const faults: string[] = [];
  // Who retires loses every licence, whoever gave it.
  const leaving = new Set(
    chronicle.libraries
      .flatMap(({ registeredByUs }) => [...registeredByUs])
      .filter((id) => !isMember(program, id) || !programRuns),
  );
  for (const request of requests.filter((each) => ends(each, "/disassociate"))) {
    const library = service.libraryNumber(request.library);
    const { everOurs } = chronicle.libraries[library]!;
    const required = programRuns ? requiredIn(program, library) : new Map<string, AssignmentDecl>();
    const isUnwanted = programRuns ? unwantedIn(program, library) : () => false;
    for (const [pair, adamId, kind, target] of pairsOfRequest(request)) {
      // With --target nothing may be checked, and then nobody knows the program: a limit that the design names.
      if (required.has(pair) && !isTargeted)
        faults.push(`took back ${pair}, which the program wants (request ${request.seq})`);
      else if (kind === "user" && leaving.has(target)) continue;
      else if (!everOurs.has(pair) && !isUnwanted(adamId, kind, target) && !required.has(pair))
        faults.push(`took back ${pair}, which was never this stack's to take (request ${request.seq})`);
    }
  }
  return faults;
}

function isMember({ sets }: Program, id: string): boolean {
  return sets.some(({ users }) => users.some(({ clientUserId }) => clientUserId === id));
}

function retiredBeyondProgram(
  service: Service,
  chronicle: Chronicle,
  { program, programRuns, isTargeted, requests }: Observed,
): string[] {
  const faults: string[] = [];
  for (const request of requests.filter((each) => ends(each, "/users/retire"))) {
    const library = service.libraryNumber(request.library);
    const kept = new Set(
      program.sets
        .filter(({ token }) => libraryOf(program, token) === library)
        .flatMap(({ users }) => users.map((user) => user.clientUserId)),
    );
    for (const { clientUserId: id } of request.users ?? []) {
      if (!chronicle.libraries[library]!.registeredByUs.has(id))
        faults.push(`retired ${id}, whom we never registered (request ${request.seq})`);
      if (programRuns && !isTargeted && kept.has(id))
        faults.push(`retired ${id}, whom a set of the program has (request ${request.seq})`);
    }
  }
  return faults;
}

/** One update of a resource that stays in the program takes from no more targets than the resource allows. */
function brakes(service: Service, { program, programRuns, requests, stateBefore, forced }: Observed): string[] {
  if (!programRuns) return [];
  const faults: string[] = [];
  const staying = new Map(
    program.assignments.flatMap((assignment) => [
      [assignment.name, assignment],
      [assignment.formerly ?? assignment.name, assignment],
    ]),
  );
  // A replacement ends with a delete, which the engine shows as such, and a delete has no brake.
  const replaced = new Set([
    ...forced,
    ...stateBefore.filter((each) => each.delete || each.taint).map(({ urn }) => urn),
  ]);
  // Who retires loses everything; the brake for that is the set's.
  const retired = new Set(
    requests
      .filter((each) => ends(each, "/users/retire"))
      .flatMap(({ users = [] }) => users.map(({ clientUserId }) => clientUserId)),
  );
  for (const old of stateBefore) {
    const now = staying.get(nameOf(old));
    if (now?.maxRevocations === undefined || replaced.has(old.urn) || !old.type.endsWith("VppAssignment")) continue;
    const library = libraryOf(program, now.token);
    const own = new Set([...claimed(old), ...pairsOf(now)]);
    const others = new Set(
      stateBefore
        .filter((each) => each !== old && each.type.endsWith("VppAssignment"))
        .flatMap((each) => declaredPairs(each)),
    );
    const targets = new Set<string>();
    for (const request of requests.filter(
      (each) => ends(each, "/disassociate") && service.libraryNumber(each.library) === library,
    ))
      for (const [pair, , kind, target] of pairsOfRequest(request))
        if (own.has(pair) && !others.has(pair) && !(kind === "user" && retired.has(target)))
          targets.add(`${kind} ${target}`);
    if (targets.size > now.maxRevocations)
      faults.push(`${now.name} lost licences of ${targets.size} targets, and its brake is at ${now.maxRevocations}`);
  }
  for (const set of program.sets) {
    const old = stateBefore.find((each) => nameOf(each) === set.name && each.type.endsWith("VppUserSet"));
    if (old === undefined || set.maxRetirements === undefined) continue;
    const members = new Set(usersOf(old));
    const gone = requests
      .filter(
        (each) => ends(each, "/users/retire") && service.libraryNumber(each.library) === libraryOf(program, set.token),
      )
      .flatMap(({ users = [] }) => users.map(({ clientUserId }) => clientUserId).filter((id) => members.has(id)));
    if (new Set(gone).size > set.maxRetirements)
      faults.push(`${set.name} retired ${gone.length}, and its brake is at ${set.maxRetirements}`);
  }
  return faults;
}

/** While another service holds a library, nothing is written there; of what was on its way when it took it, at most one more is accepted. */
function rivals(service: Service, { program, requests, before, seizedAfter, isTargeted }: Observed): string[] {
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
      for (const { path, seq } of writes)
        faults.push(`wrote (${path}, request ${seq}) while ${holder} held the library`);
    if (meanwhile === undefined) continue;
    const later = requests.filter((each) => each.seq > meanwhile && service.libraryNumber(each.library) === index);
    const first = later.find(
      (each) => each.status === 200 && each.errorNumber === undefined && !ends(each, "service/config"),
    );
    if (first === undefined) continue;
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
function releasedMarks(service: Service, { program, programRuns, isTargeted, requests }: Observed): string[] {
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

/** What was written into the state in this command was there when it ended. */
function falseClaims(service: Service, chronicle: Chronicle, seen: Observed): string[] {
  const { stateBefore, stateAfter, after, wasDisturbed } = seen;
  if (wasDisturbed) return [];
  const faults: string[] = [];
  for (const resource of stateAfter) {
    if (resource.delete || !resource.type.endsWith("VppAssignment")) continue;
    const isOld = stateBefore.some(
      ({ urn, outputs }) => urn === resource.urn && outputs.lastSyncedAt === resource.outputs.lastSyncedAt,
    );
    if (isOld) continue;
    const library = service.libraryNumber((resource.outputs.token as Properties | undefined)?.libraryId as string);
    const there = pairsIn(after[library]!);
    for (const pair of claimed(resource))
      if (!there.has(pair) && !chronicle.libraries[library]!.takenSinceRead.has(pair))
        faults.push(`${nameOf(resource)} claims ${pair} in the state, and it is not there`);
  }
  return faults;
}

function overdrawn({ after }: Observed): string[] {
  return after.flatMap(({ assets }) =>
    assets
      .filter(({ assignedCount, totalCount }) => assignedCount > totalCount)
      .map(({ adamId }) => `${adamId} is over its total`),
  );
}

/** No credential, no address, no stack and no surprise in anything that a person reads. */
function words({ outcome, secrets, stateText }: Observed): string[] {
  const faults: string[] = [];
  const shown = outcome.messages.join("\n");
  if (secrets.some((secret) => shown.includes(secret) || stateText.includes(secret)))
    faults.push("a content token is shown, or in the state");
  for (const message of outcome.messages) {
    if (/\n\s+at .+:\d+:\d+/.test(message)) faults.push(`a stack is shown: ${message}`);
    if (message.includes("VPP_BUG") || message.includes("TypeError")) faults.push(`a surprise is shown: ${message}`);
    if (/[\w.]+@[\w.]+/.test(message)) faults.push(`an address is shown: ${message}`);
  }
  return faults;
}

export const nameOf = ({ urn }: ResourceState): string => urn.split("::").pop()!;

function unwrapped(value: unknown): unknown {
  const sealed = value as { ciphertext?: string } | undefined;
  return typeof sealed?.ciphertext === "string"
    ? JSON.parse(Buffer.from(sealed.ciphertext, "base64").toString())
    : value;
}

function usersOf({ outputs }: ResourceState): string[] {
  return ((unwrapped(outputs.users) as { clientUserId: string }[] | undefined) ?? []).map(
    ({ clientUserId }) => clientUserId,
  );
}

/** All licences that a resource of the state speaks of. */
function declaredPairs({ outputs }: ResourceState): string[] {
  const {
    apps = [],
    serialNumbers,
    clientUserIds,
  } = outputs as {
    apps?: { adamId: string }[];
    serialNumbers?: string[];
    clientUserIds?: string[];
  };
  return pairsOf({
    apps: apps.map(({ adamId }) => adamId),
    devices: serialNumbers,
    people: clientUserIds,
  } as unknown as AssignmentDecl);
}

/** The licences that the state says are there. */
function claimed(resource: ResourceState): string[] {
  const { intent, missing = [] } = resource.outputs as {
    intent?: string;
    missing?: { adamId: string; serialNumber?: string; clientUserId?: string }[];
  };
  if (intent !== "required") return [];
  const lacking = new Set(
    missing.map(({ adamId, serialNumber, clientUserId }) =>
      serialNumber !== undefined ? pairOf(adamId, "device", serialNumber) : pairOf(adamId, "user", clientUserId!),
    ),
  );
  return declaredPairs(resource).filter((pair) => !lacking.has(pair));
}
