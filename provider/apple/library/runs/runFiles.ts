import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { VppError } from "../../../errors";
import { ownProcess } from "../../../processes";
import type { Action } from "../log/writes";
import type { Rectangle } from "../rectangles";
import type { TargetKind } from "../targets";
import { type OpenWork, openWorkIn } from "./pastRuns";
import { isAlive, type KeptRun, RunFolder } from "./runFolder";
import type { OperationLine, RunLine } from "./runLines";

/** A process whose engine is gone has ended by then. */
const orphanMs = 6_000;
const pauseMs = 250;

/** What is open of one run that was cut off, under one binding. */
export interface CutOffRun extends OpenWork {
  /** When that run began to write, if that is known. */
  readonly at?: string;
}

/** A create, update or delete that may write. */
export type OperationName = Omit<OperationLine, "is" | "op" | "bindingId">;

/** One of them, as the run file knows it. */
export interface Operation extends OperationName {
  readonly op: number;
}

/** What of a request belongs to which operation. */
export interface RequestPart extends Rectangle {
  readonly operation?: Operation | undefined;
}

/**
 * What a run writes, on this machine and beyond the run's end: when the CLI or the provider host is killed before the state is written, the
 * state knows nothing of it. One file for each process, 0600, below Pulumi's home; it holds ids, no address and no secret. It is gone after a
 * run that ends in order. A file that can't be written or read takes this protection away, and nothing else.
 */
export class RunFiles {
  private readonly folder: RunFolder;
  private readonly own: string;
  private readonly pid: number;
  private hasBegun = false;
  private operations = 0;
  private writes = 0;
  private readonly begun = new Map<number, Operation>();
  private readonly recorded = new Set<number>();
  /** Deletes that were done in full: if the engine ends in order, it has recorded them. */
  private readonly deleted = new Set<number>();
  private found?: readonly KeptRun[];
  private readonly known = new Map<string, readonly CutOffRun[]>();
  private readonly cleared = new Set<string>();
  /** Processes that wrote under a binding when this one looked. */
  private readonly beside = new Map<string, KeptRun>();

  /** Without a home nothing is written down and nothing found. */
  constructor(
    home: string | undefined,
    pid = process.pid,
    /** How long to wait for others that write under the same binding, in milliseconds. */
    private readonly patienceMs = orphanMs,
  ) {
    this.folder = new RunFolder(home && join(home, "pulumi-vpp", "runs"));
    this.pid = pid;
    this.own = `${pid}-${Date.now()}-${Math.random().toString(36).slice(2, 8)}.jsonl`;
  }

  /** Those of the machine that the process's engine runs on. */
  static ofThisMachine(env: NodeJS.ProcessEnv = process.env): RunFiles {
    return new RunFiles(env.PULUMI_HOME || join(homedir(), ".pulumi"));
  }

  /** Names an operation. Nothing is written before it sends something. */
  operation(name: OperationName): Operation {
    return { ...name, op: ++this.operations };
  }

  /** Notes that an operation is about to write under a binding. */
  begin(bindingId: string, operation: Operation | undefined): void {
    if (operation === undefined || this.begun.has(operation.op)) return;
    this.begun.set(operation.op, operation);
    this.append({ is: "operation", bindingId, ...operation });
  }

  /** Notes a request before it goes out; gives its number. */
  sending(bindingId: string, action: Action, kind: TargetKind, parts: readonly RequestPart[]): number {
    for (const { operation } of parts) this.begin(bindingId, operation);
    const write = ++this.writes;
    this.append({
      is: "sending",
      write,
      bindingId,
      action,
      kind,
      parts: parts.map(({ apps, targets, operation }) => ({ apps, targets, ...(operation && { op: operation.op }) })),
    });
    return write;
  }

  /** Notes that the service works on a request. */
  accepted(write: number, eventId: string): void {
    this.append({ is: "accepted", write, eventId });
  }

  /** Notes the end of a request. */
  ended(write: number, how: "done" | "refused" | "open"): void {
    this.append({ is: "ended", write, how });
  }

  /** Notes that people are about to be registered, before the request goes out. */
  registering(bindingId: string, ids: readonly string[], operation?: Operation): void {
    if (ids.length === 0) return;
    this.begin(bindingId, operation);
    this.append({ is: "registering", bindingId, ids, ...(operation && { op: operation.op }) });
  }

  /** Notes that people are about to be updated or retired. */
  changing(bindingId: string, ids: readonly string[], operation?: Operation): void {
    this.begin(bindingId, operation);
    this.append({ is: "changing", bindingId, ids, ...(operation && { op: operation.op }) });
  }

  /** Notes which operations the engine has recorded in the state, as the program was told. */
  noteRecorded(isRecorded: (entry: string) => boolean): void {
    for (const { op, verb, entry } of this.begun.values())
      if (verb !== "delete" && entry !== undefined && isRecorded(entry)) this.record(op);
  }

  /** Notes that a delete was done in full. */
  noteDeleted(operation: Operation): void {
    if (this.begun.has(operation.op)) this.deleted.add(operation.op);
  }

  /** The engine ends this process in order: what it has recorded is not open any more, and a file without anything open goes. */
  close(isRecorded: (entry: string) => boolean): void {
    this.noteRecorded(isRecorded);
    for (const op of this.deleted) this.record(op);
    this.tidy(this.own);
  }

  /** Whether a run of this machine that was cut off has registered somebody under a binding. */
  wasRegistered(bindingId: string, id: string): boolean {
    return this.cutOff(bindingId).some(({ people }) => people.has(id));
  }

  /** Nothing is open of these people any more: the state has them, or they were not registered after all. */
  settle(bindingId: string, ids: Iterable<string>): void {
    const settled = new Set(ids);
    if (settled.size === 0) return;
    for (const { file, lines } of [...this.deadRuns(), ...this.ownRun()]) {
      const people = openWorkIn(lines).get(bindingId)?.people ?? new Map<string, undefined>();
      const known = [...people.keys()].filter((id) => settled.has(id));
      if (known.length === 0) continue;
      this.folder.append(file, { is: "settled", bindingId, ids: known });
      // This run's own shows others that it lives.
      if (file !== this.own) this.tidy(file);
    }
  }

  /** What runs of this machine that were cut off have left open under a binding. Read once. */
  cutOff(bindingId: string): readonly CutOffRun[] {
    if (this.cleared.has(bindingId)) return [];
    const known = this.known.get(bindingId);
    if (known !== undefined) return known;
    const runs = this.deadRuns().flatMap(({ lines, at }) => {
      const open = openWorkIn(lines).get(bindingId);
      return open === undefined ? [] : [{ ...open, ...(at !== undefined && { at }) }];
    });
    this.known.set(bindingId, runs);
    return runs;
  }

  /** Whether a run of this machine that was cut off has bound the library, and no state has that VppToken. */
  hasJustBound(bindingId: string): boolean {
    const operations = this.cutOff(bindingId).flatMap((run) => run.operations);
    return operations.some(({ kind, verb }) => kind === "VppToken" && verb === "create");
  }

  /** Nothing of a binding is open any more in what other runs have left; not even for sets that have people to take over, if the binding itself goes. */
  forget(bindingId: string, goes = false): void {
    if (this.cutOff(bindingId).length === 0) return;
    for (const { file } of this.deadRuns()) {
      this.folder.append(file, { is: "forgotten", bindingId, ...(goes && { all: true }) });
      this.tidy(file);
    }
    this.cleared.add(bindingId);
  }

  /**
   * Waits while another process writes under the same binding: one whose engine is gone ends within five seconds. What it has left is seen by
   * whoever asks afterwards, and so is that it still runs.
   */
  async awaitOthers(bindingId: string): Promise<void> {
    let other = this.otherWriter(bindingId);
    if (other === undefined) return;
    for (let waited = 0; other !== undefined && waited < this.patienceMs; waited += pauseMs) {
      await setTimeout(pauseMs);
      other = this.otherWriter(bindingId);
    }
    if (other !== undefined) this.beside.set(bindingId, other);
    this.found = undefined;
    this.known.clear();
  }

  /** The process that wrote under a binding when this run looked, if there was one. */
  processBeside(bindingId: string): number | undefined {
    return this.beside.get(bindingId)?.process.pid;
  }

  /** Refuses while another process writes under the same binding, or did when this run looked: then this run knows too little. Throws a VppError. */
  async refuseBesideOthers(bindingId: string): Promise<void> {
    if (!this.beside.has(bindingId)) await this.awaitOthers(bindingId);
    const other = this.beside.get(bindingId);
    if (other === undefined) return;
    const { pid } = other.process;
    const since = other.at === undefined ? "" : `, since ${timeOf(other.at)} UTC`;
    const why = `another run of this stack is still writing to this library (process ${pid}${since}), so nothing was sent`;
    throw new VppError("VPP_RUN_STILL_WRITING", why, {
      remedy: `Wait until process ${pid} has ended, or end it; then run \`pulumi up\` again.`,
    });
  }

  /** One that lives may go on at any time, whatever of its work is recorded by now. */
  private otherWriter(bindingId: string): KeptRun | undefined {
    const hasWritten = ({ lines }: KeptRun): boolean =>
      lines.some((line) => "bindingId" in line && line.bindingId === bindingId);
    return this.folder.others(this.own).find((run) => isAlive(run, this.pid) && hasWritten(run));
  }

  private record(op: number): void {
    if (this.recorded.has(op)) return;
    this.recorded.add(op);
    this.append({ is: "recorded", op });
  }

  /** Runs whose process has ended. */
  private deadRuns(): readonly KeptRun[] {
    this.found ??= this.folder.others(this.own).filter((run) => !isAlive(run, this.pid));
    return this.found;
  }

  private ownRun(): KeptRun[] {
    const run = this.hasBegun ? this.folder.read(this.own) : undefined;
    return run === undefined ? [] : [run];
  }

  private append(line: RunLine): void {
    if (!this.hasBegun) {
      this.hasBegun = true;
      this.folder.begin(this.own, { is: "process", ...ownProcess(this.pid), at: new Date().toISOString() });
    }
    this.folder.append(this.own, line);
  }

  private tidy(file: string): void {
    const run = this.folder.read(file);
    if (run !== undefined && openWorkIn(run.lines).size === 0) this.folder.remove(file);
  }
}

/** A moment for people: "2026-11-25 16:02". */
export function timeOf(at: string): string {
  return at.slice(0, 16).replace("T", " ");
}
