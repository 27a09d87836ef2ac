import type { TrueLibrary } from "../support/world";
import { ends, pairsOfRequest } from "./observed";
import { libraryOf, type Program, pairOf, pairsOf, requiredIn } from "./programs";
import { activeIn, pairsIn, type ServedRequest } from "./service";

/** What has to be remembered of one library in order to judge what is done to it. */
export class LibraryChronicle {
  /** Licences that some program wanted, in a resource that takes back what leaves it. */
  readonly everOurs = new Set<string>();
  /** Licences that some resource was told to leave alone when they leave it. */
  readonly everLeft = new Set<string>();
  /** Licences that were given by others, or before us. */
  readonly everForeign = new Set<string>();
  /** Licences that stay with people whom others retired; no request can take them. */
  readonly stuck = new Set<string>();
  /** Licences that others, a run that was killed or a delete that failed half-way took since the state was last read: what it says of them may be old. */
  readonly takenSinceRead = new Set<string>();
  /** People whom a request of ours registered at some time. */
  readonly registeredByUs = new Set<string>();
  /** For everybody who was in a set, the sets; `*` where another service, or a set that is to leave people alone, had a hand in it. */
  readonly setsOf = new Map<string, Set<string>>();

  noteSet(id: string, name: string): void {
    this.setsOf.set(id, (this.setsOf.get(id) ?? new Set()).add(name));
  }

  /**
   * Those of these people whom we must have retired if no set has them any more. Who was in two sets, or in one that was replaced, counts as
   * adopted and may stay: nobody can tell any more who had registered them.
   */
  mustGo(active: Iterable<string>): string[] {
    return [...active].filter((id) => {
      const sets = this.setsOf.get(id);
      return this.registeredByUs.has(id) && sets?.size === 1 && !sets.has("*");
    });
  }
}

/** What has happened so far in a history, as far as it decides what may happen next. */
export class Chronicle {
  readonly libraries: readonly LibraryChronicle[];
  /** Something changed at the service that no run of ours did, or may still: only a refresh can tell. */
  needsRefresh = false;
  /** All licences that a resource ever declared, by its name. */
  private readonly everHeld = new Map<string, ReadonlySet<string>>();
  /** An old state came back: what a changed program left over is nobody's. */
  mayLeak = false;

  constructor(count: number) {
    this.libraries = Array.from({ length: count }, () => new LibraryChronicle());
  }

  /** Programs that the state may have on record: that of the last run that succeeded and of all since. Unknown after an old state came back. */
  recorded?: Program[] = [];

  /** A program is about to be run; `lines` is what its arguments say, which is protected, too, and may stay in this run. */
  noteProgram(program: Program, lines: Program): void {
    this.noteLeft(program);
    for (const [index, library] of this.libraries.entries()) {
      const byEngine = requiredIn(program, index);
      for (const pair of requiredIn(lines, index).keys()) if (!byEngine.has(pair)) library.everLeft.add(pair);
    }
    // Who is in a set by its arguments alone is let be while others drop him.
    for (const { name, token, users } of lines.sets) {
      const now = program.sets.find((set) => set.name === name)?.users ?? [];
      for (const { clientUserId: id } of users)
        if (now.every((user) => user.clientUserId !== id)) this.libraries[libraryOf(lines, token)]?.noteSet(id, "*");
    }
    for (const { name, token, users, reclaim } of program.sets) {
      const library = this.libraries[libraryOf(program, token)];
      for (const { clientUserId } of users) library?.noteSet(clientUserId, name);
      if (!reclaim) this.noteReplaced(name);
    }
    // Whose set leaves the program while he still has a licence stays registered, and then is nobody's.
    for (const { token, people = [] } of program.assignments) {
      const members = new Set(program.sets.flatMap(({ users }) => users.map(({ clientUserId }) => clientUserId)));
      for (const id of people) if (!members.has(id)) this.libraries[libraryOf(program, token)]?.noteSet(id, "*");
    }
    for (const [index, library] of this.libraries.entries()) {
      for (const [pair, { reclaim }] of requiredIn(program, index))
        (reclaim ? library.everOurs : library.everLeft).add(pair);
    }
  }

  /** A run has ended that may have put what it declares on record. */
  noteRecord(programs: readonly Program[], isComplete: boolean): void {
    if (isComplete) this.recorded = [...programs];
    else this.recorded?.push(...programs);
  }

  /** The service changed from one truth to another, and not by our doing. */
  noteForeign(before: readonly TrueLibrary[], after: readonly TrueLibrary[]): void {
    for (const [index, library] of this.libraries.entries()) {
      const [olds, news] = [pairsIn(before[index]!), pairsIn(after[index]!)];
      for (const pair of news) if (!olds.has(pair)) library.everForeign.add(pair);
      for (const pair of olds) if (!news.has(pair)) library.takenSinceRead.add(pair);
      // Whether the licences of a retired user return is an open question; nobody can take them from him.
      for (const { adamId, clientUserId } of after[index]!.assignments)
        if (clientUserId !== undefined && !activeIn(after[index]!).has(clientUserId))
          library.stuck.add(pairOf(adamId, "user", clientUserId));
      for (const id of activeIn(after[index]!)) if (!activeIn(before[index]!).has(id)) library.noteSet(id, "*");
    }
    this.needsRefresh = true;
  }

  /**
   * A run of this program has ended before its end, or did a part of it only. What was to move from one resource to another may have been let
   * go by the first for the sake of the second; if the second never comes, nobody takes it back. It shows as undeclared.
   */
  noteUnfinished(program: Program): void {
    for (const assignment of program.assignments) {
      const others = [...this.everHeld].filter(([name]) => name !== assignment.name).map(([, pairs]) => pairs);
      const library = this.libraries[libraryOf(program, assignment.token)];
      for (const pair of pairsOf(assignment)) if (others.some((pairs) => pairs.has(pair))) library?.everLeft.add(pair);
    }
  }

  /** A set was replaced by force, or is to leave people alone: whom it had registered may stay from now on. */
  noteReplaced(name: string): void {
    for (const library of this.libraries) for (const sets of library.setsOf.values()) if (sets.has(name)) sets.add("*");
  }

  /** What a resource held when it is told to leave alone what leaves it may stay. */
  private noteLeft(program: Program): void {
    for (const assignment of program.assignments) {
      const { name, formerly = name, reclaim } = assignment;
      const before = [formerly, name].flatMap((each) => [...(this.everHeld.get(each) ?? [])]);
      const held = new Set([...before, ...pairsOf(assignment)]);
      this.everHeld.set(name, held);
      const library = this.libraries[libraryOf(program, assignment.token)];
      // What counts is what the resource says when a licence leaves it, not what it said when it was given.
      for (const pair of held) (reclaim ? library?.everOurs : library?.everLeft)?.add(pair);
    }
  }

  /** A run was killed, or its state got lost: what it took by then is not in the state. The next run finds out what it did. */
  noteKill(before: readonly TrueLibrary[], after: readonly TrueLibrary[]): void {
    this.noteTaken(before, after);
  }

  /**
   * A command has ended before writes that the service had accepted for it: they are done later, behind everybody's back. `library` is the number of a
   * request's library.
   */
  notePending(pending: readonly ServedRequest[], library: (request: ServedRequest) => number): void {
    for (const request of pending.filter((each) => ends(each, "/disassociate")))
      for (const [pair] of pairsOfRequest(request)) this.libraries[library(request)]!.takenSinceRead.add(pair);
  }

  /** A delete that fails half-way can't say in the state what it did; the engine has no place for that. */
  noteHalfDeleted(before: readonly TrueLibrary[], after: readonly TrueLibrary[]): void {
    this.noteTaken(before, after);
  }

  private noteTaken(before: readonly TrueLibrary[], after: readonly TrueLibrary[]): void {
    for (const [index, library] of this.libraries.entries()) {
      const there = pairsIn(after[index]!);
      for (const pair of pairsIn(before[index]!)) if (!there.has(pair)) library.takenSinceRead.add(pair);
    }
  }

  /** A whole command has succeeded; after a reading, nothing that the state says is old. */
  noteSuccess(hasRead: boolean): void {
    if (!hasRead) return;
    for (const library of this.libraries) library.takenSinceRead.clear();
  }

  /**
   * People whom a request registered who were not there before. Where the provider could not be sure of that, it counts them as adopted: better
   * that somebody stays than that a stranger is retired.
   */
  noteRegistered(library: number, ids: readonly string[], before: TrueLibrary, isSure: boolean): void {
    const there = activeIn(before);
    for (const id of ids) {
      if (!there.has(id)) this.libraries[library]!.registeredByUs.add(id);
      if (!isSure) this.libraries[library]!.noteSet(id, "*");
    }
  }
}
