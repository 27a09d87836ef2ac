import type { ResourceState } from "../engine/resource";
import type { Properties } from "../engine/values";
import type { Chronicle } from "./chronicle";
import { ends, type Observed, pairsOfRequest } from "./observed";
import { type AssignmentDecl, libraryOf, pairOf, pairsOf } from "./programs";
import { pairsIn, type Service } from "./service";

/** One update of a resource that stays in the program takes from no more targets than the resource allows. */
export function brakes(service: Service, { program, programRuns, requests, stateBefore, forced }: Observed): string[] {
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
    if (old === undefined || set.maxRetirements === undefined || replaced.has(old.urn)) continue;
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

/**
 * What was written into the state in this command was there when it ended. A command that reads first and then fails leaves what was read in
 * the state of resources that it did not come to, or whose delete failed half-way, though it may have taken licences back by then.
 */
export function falseClaims(service: Service, chronicle: Chronicle, seen: Observed): string[] {
  const { step, stateBefore, stateAfter, before, after, wasDisturbed, outcome } = seen;
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
    if (step === "upRefresh" && !outcome.ok) for (const pair of pairsIn(before[library]!)) there.add(pair);
    for (const pair of claimed(resource))
      if (!there.has(pair) && !chronicle.libraries[library]!.takenSinceRead.has(pair))
        faults.push(`${nameOf(resource)} claims ${pair} in the state, and it is not there`);
  }
  return faults;
}

/** No app has more licences given than there are. */
export function overdrawn({ after }: Observed): string[] {
  return after.flatMap(({ assets }) =>
    assets
      .filter(({ assignedCount, totalCount }) => assignedCount > totalCount)
      .map(({ adamId }) => `${adamId} is over its total`),
  );
}

/** No credential, no address, no stack and no surprise in anything that a person reads. */
export function words({ outcome, secrets, stateText }: Observed): string[] {
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

const nameOf = ({ urn }: ResourceState): string => urn.split("::").pop()!;

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
