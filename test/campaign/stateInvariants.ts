import type { ResourceState } from "../engine/resource";
import type { Properties } from "../engine/values";
import type { Chronicle } from "./chronicle";
import { ends, type Observed, pairsOfRequest } from "./observed";
import { type AssignmentDecl, libraryOf, pairsOf } from "./programs";
import { pairsIn, type Service } from "./service";
import { claimed, declaredPairs, nameOf, usersOf } from "./stateReading";

/** What may always be taken back from so many, unless the program says otherwise. */
export const floors = { targets: 25, people: 10 } as const;

/** A list that is emptied, or loses most of what it had, is more likely one that came in short. */
function isCollapse(of: number, lost: number): boolean {
  return (of >= 5 && lost >= of) || (of >= 10 && lost > of / 2);
}

/** Targets of a list that left it, though so many of one list leave only with the resource's leave. */
function emptied(now: AssignmentDecl, old: ResourceState, taken: ReadonlySet<string>): string[] {
  if (!now.reclaim) return [];
  const { serialNumbers = [], clientUserIds = [] } = old.outputs as {
    serialNumbers?: string[];
    clientUserIds?: string[];
  };
  const lists = [
    ["device", serialNumbers, now.devices ?? []],
    ["user", clientUserIds, now.people ?? []],
  ] as const;
  return lists.flatMap(([kind, before, kept]) => {
    const lost = before.filter((target) => !kept.includes(target) && taken.has(`${kind} ${target}`));
    return isCollapse(before.length, lost.length)
      ? [`${now.name} lost ${lost.length} of a list of ${before.length}, and nothing allowed it`]
      : [];
  });
}

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
    if (now === undefined || replaced.has(old.urn) || !old.type.endsWith("VppAssignment")) continue;
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
    const most = now.maxRevocations ?? Math.max(floors.targets, Math.floor(own.size / 10));
    if (targets.size > most)
      faults.push(`${now.name} lost licences of ${targets.size} targets, and its brake is at ${most}`);
    if (now.maxRevocations === undefined) faults.push(...emptied(now, old, targets));
  }
  for (const set of program.sets) {
    const old = stateBefore.find((each) => nameOf(each) === set.name && each.type.endsWith("VppUserSet"));
    if (old === undefined || replaced.has(old.urn)) continue;
    const members = new Set(usersOf(old));
    const gone = requests
      .filter(
        (each) => ends(each, "/users/retire") && service.libraryNumber(each.library) === libraryOf(program, set.token),
      )
      .flatMap(({ users = [] }) => users.map(({ clientUserId }) => clientUserId).filter((id) => members.has(id)));
    const count = new Set(gone).size;
    const most = set.maxRetirements ?? Math.max(floors.people, Math.floor(members.size / 10));
    if (count > most) faults.push(`${set.name} retired ${count}, and its brake is at ${most}`);
    if (set.maxRetirements === undefined && isCollapse(members.size, count))
      faults.push(`${set.name} retired ${count} of ${members.size}, and nothing allowed it`);
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

/** No app gets more licences than there are; what a refund has left over is nobody's doing here. */
export function overdrawn({ before, after, wasDisturbed }: Observed): string[] {
  if (wasDisturbed) return [];
  const assignedBefore = new Map(
    before.flatMap(({ libraryId, assets }) =>
      assets.map((each) => [`${libraryId} ${each.adamId}`, each.assignedCount]),
    ),
  );
  return after.flatMap(({ libraryId, assets }) =>
    assets
      .filter(
        ({ adamId, assignedCount, totalCount }) =>
          assignedCount > totalCount && assignedCount > (assignedBefore.get(`${libraryId} ${adamId}`) ?? 0),
      )
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
