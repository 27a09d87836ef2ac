import type { Rectangle } from "../rectangles";
import type { TargetKind } from "../targets";
import type { OperationLine, PeopleLine, RunLine, Verb } from "./runLines";

/** What one create, update or delete has sent, or may have sent: of each the licences, as far as the service did not refuse them. */
export interface PastOperation {
  readonly kind: string;
  readonly verb: Verb;
  readonly name: string;
  /** What it gave is meant to stay when the resource leaves the program. */
  readonly keeps: boolean;
  readonly gives: readonly WrittenPart[];
  readonly takes: readonly WrittenPart[];
}

export interface WrittenPart extends Rectangle {
  readonly kind: TargetKind;
}

/** What is open of one run under one binding: none of it is known to be in the state. */
export interface OpenWork {
  readonly operations: readonly PastOperation[];
  /** Work that the service has accepted, and whose end was not learned. */
  readonly eventIds: readonly string[];
  /** People who were registered, or may have been, each with the resource that did so, unless it is not known or they are meant to stay. */
  readonly people: ReadonlyMap<string, string | undefined>;
  /** People who were updated or retired, or may have been. */
  readonly changedPeople: ReadonlySet<string>;
}

interface Write {
  readonly line: Extract<RunLine, { is: "sending" }>;
  eventId?: string;
  how?: "done" | "refused" | "open";
}

/** What the lines of a run file leave open, by binding. Bindings of which nothing is open are left out. */
export function openWorkIn(lines: readonly RunLine[]): Map<string, OpenWork> {
  const operations = new Map<number, OperationLine>();
  const recorded = new Set<number>();
  const writes = new Map<number, Write>();
  const people = new Map<string, Map<string, number | undefined>>();
  const changed = new Map<string, Map<string, number | undefined>>();
  for (const line of lines) {
    switch (line.is) {
      case "operation":
        operations.set(line.op, line);
        break;
      case "recorded":
        recorded.add(line.op);
        break;
      case "sending":
        writes.set(line.write, { line });
        break;
      case "accepted": {
        const write = writes.get(line.write);
        // An earlier request of the same work is over when it is sent once more.
        if (write) write.eventId = line.eventId;
        break;
      }
      case "ended": {
        const write = writes.get(line.write);
        if (write) write.how = line.how;
        break;
      }
      case "registering":
      case "settled":
        takePeople(people, line);
        break;
      case "changing":
        takePeople(changed, line);
        break;
      case "forgotten":
        people.delete(line.bindingId);
        changed.delete(line.bindingId);
        for (const [op, { bindingId }] of operations) if (bindingId === line.bindingId) operations.delete(op);
        for (const [number, write] of writes) if (write.line.bindingId === line.bindingId) writes.delete(number);
        break;
    }
  }
  const isNotRecorded = ([, op]: readonly [string, number | undefined]): boolean =>
    op === undefined || !recorded.has(op);
  const bindings = new Set([
    ...[...operations.values()].map(({ bindingId }) => bindingId),
    ...people.keys(),
    ...changed.keys(),
  ]);
  const open = new Map<string, OpenWork>();
  for (const bindingId of bindings) {
    const work = {
      operations: [...operations.values()]
        .filter((each) => each.bindingId === bindingId && !recorded.has(each.op))
        .map((each) => withWrites(each, writes.values())),
      eventIds: [...writes.values()]
        .filter(({ line, how }) => line.bindingId === bindingId && (how === undefined || how === "open"))
        .flatMap(({ eventId }) => eventId ?? []),
      people: new Map(
        [...(people.get(bindingId) ?? [])]
          .filter(isNotRecorded)
          .map(([id, op]) => [id, ownerOf(op === undefined ? undefined : operations.get(op))] as const),
      ),
      changedPeople: new Set([...(changed.get(bindingId) ?? [])].filter(isNotRecorded).map(([id]) => id)),
    };
    work.operations = work.operations.filter(isOpen);
    if (work.operations.length + work.people.size + work.changedPeople.size > 0) open.set(bindingId, work);
  }
  return open;
}

function ownerOf(operation: OperationLine | undefined): string | undefined {
  return operation === undefined || operation.keeps === true ? undefined : operation.name;
}

function withWrites({ op, kind, verb, name, keeps }: OperationLine, writes: Iterable<Write>): PastOperation {
  const gives: WrittenPart[] = [];
  const takes: WrittenPart[] = [];
  for (const { line, how } of writes) {
    if (how === "refused") continue;
    for (const part of line.parts) {
      if (part.op !== op) continue;
      const { apps, targets } = part;
      (line.action === "give" ? gives : takes).push({ apps, targets, kind: line.kind });
    }
  }
  return { kind, verb, name, keeps: keeps === true, gives, takes };
}

/** A new VppToken has written its mark, which is no request of the queue's; anything else that has sent nothing has left nothing open. */
function isOpen({ kind, verb, gives, takes }: PastOperation): boolean {
  return gives.length + takes.length > 0 || (kind === "VppToken" && verb === "create");
}

function takePeople(
  people: Map<string, Map<string, number | undefined>>,
  { is, bindingId, ids, op }: PeopleLine,
): void {
  const of = people.get(bindingId) ?? new Map<string, number | undefined>();
  people.set(bindingId, of);
  for (const id of ids) {
    if (is === "settled") of.delete(id);
    else of.set(id, op);
  }
}
