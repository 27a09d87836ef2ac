import type { TargetKind } from "../apple/library/readings/assignmentCache";
import {
  type Correction,
  type DeclaredAssignment,
  type Extent,
  isSameDeclaration,
  kindsOfTarget,
  requiredBeyond,
  type SeenAssignment,
} from "./declared";
import type { LibraryKeys } from "./libraryKeys";
import { PlanIndex } from "./planIndex";

/** The assignments of a plan: their lines, and for those whose check was given other inputs, these. */
export class DeclaredAssignments {
  private readonly lines = new Map<string, DeclaredAssignment>();
  private readonly corrected = new Map<string, DeclaredAssignment>();
  private readonly gained = new Map<string, readonly Extent[]>();
  private readonly protectedKeys = new Set<string>();
  /** What counts: the inputs of those that have been checked, the lines of the others. */
  readonly index: PlanIndex;
  /** Lines whose place inputs have taken. */
  private readonly replaced: PlanIndex;

  constructor(private readonly libraryKeys: LibraryKeys) {
    const libraryKey = (key: string): string => libraryKeys.keyOf(key);
    this.index = new PlanIndex(libraryKey);
    this.replaced = new PlanIndex(libraryKey);
  }

  /** The targets of a list as a set, held once for equal lists. */
  readonly shared = (targets: readonly string[]): ReadonlySet<string> => this.index.shared(targets);

  get(entry: string): DeclaredAssignment | undefined {
    return this.corrected.get(entry) ?? this.lines.get(entry);
  }

  /** The token keys of all that is declared. */
  keys(): string[] {
    const declared = [...this.lines.values(), ...this.corrected.values()];
    return [...declared.map(({ key }) => key), ...this.protectedKeys];
  }

  /** Takes a line, in the place of an earlier one of the same entry. */
  declare(line: DeclaredAssignment): void {
    const before = this.lines.get(line.entry);
    const isCorrected = this.corrected.has(line.entry);
    const index = isCorrected ? this.replaced : this.index;
    if (before !== undefined) index.remove(before);
    index.add(line);
    this.lines.set(line.entry, line);
  }

  /** Puts what a check was given in the place of the line. Gives back how they differ; undefined if they don't. */
  correct(entry: string, name: string, seen: SeenAssignment): Correction | undefined {
    this.withdraw(entry);
    const line = this.lines.get(entry);
    const inputs = this.inputsOf(entry, name, line, seen);
    if (inputs === undefined || (line !== undefined && isSameDeclaration(line, inputs))) return undefined;
    if (line !== undefined) {
      this.index.remove(line);
      this.replaced.add(line);
    }
    this.corrected.set(entry, inputs);
    this.index.add(inputs);
    const isSameLibrary = line !== undefined && this.libraryKeys.keyOf(line.key) === this.libraryKeys.keyOf(inputs.key);
    const gained = requiredBeyond(inputs, line, isSameLibrary);
    if (gained.length > 0) this.gained.set(entry, gained);
    return { gained, onlyInLine: line === undefined ? [] : requiredBeyond(line, inputs, isSameLibrary) };
  }

  /** Protects what an assignment requires of which it is not known which line is its own. */
  protect(name: string, seen: SeenAssignment): void {
    const inputs = this.inputsOf("", name, undefined, seen);
    if (inputs === undefined) return;
    this.replaced.add(inputs);
    this.protectedKeys.add(inputs.key);
  }

  /** What other assignments of the library are given by the engine, and not by their arguments. */
  gainedByOthers(entry: string, key: string): { readonly name: string; readonly extents: readonly Extent[] }[] {
    return [...this.gained].flatMap(([other, extents]) => {
      const declared = this.corrected.get(other)!;
      const isRival = other !== entry && this.libraryKeys.keyOf(declared.key) === this.libraryKeys.keyOf(key);
      return isRival ? [{ name: declared.name, extents }] : [];
    });
  }

  requires(keys: ReadonlySet<string>, app: string, kind: TargetKind, target: string): boolean {
    return (
      this.index.requiring(keys, app, kind, target) !== undefined ||
      this.replaced.requiring(keys, app, kind, target) !== undefined
    );
  }

  requiredOnlyByLine(keys: ReadonlySet<string>, app: string, kind: TargetKind, target: string): string | undefined {
    const line = this.replaced.requiring(keys, app, kind, target);
    return line !== undefined && this.index.requiring(keys, app, kind, target) === undefined ? line.name : undefined;
  }

  requiresUser(keys: ReadonlySet<string>, user: string): boolean {
    return this.requiresUserNow(keys, user) || this.requiresUserOnlyByLine(keys, user) !== undefined;
  }

  requiresUserNow(keys: ReadonlySet<string>, user: string): boolean {
    return this.index.requiringUser(keys, user) !== undefined;
  }

  requiresUserOnlyByLine(keys: ReadonlySet<string>, user: string): string | undefined {
    return this.replaced.requiringUser(keys, user)?.name;
  }

  /** Moves what is declared under a key that turns out to open a known library; `join` makes `libraryKeys` know it. */
  join(key: string, join: () => void): void {
    this.replaced.join(key, () => this.index.join(key, join));
  }

  /** Takes an earlier correction back: a resource that is replaced is checked twice. */
  private withdraw(entry: string): void {
    const before = this.corrected.get(entry);
    if (before === undefined) return;
    this.index.remove(before);
    this.corrected.delete(entry);
    this.gained.delete(entry);
    const line = this.lines.get(entry);
    if (line === undefined) return;
    this.replaced.remove(line);
    this.index.add(line);
  }

  /** What a check was given, with the line's word for what is not known yet; undefined if the library is not known. */
  private inputsOf(
    entry: string,
    name: string,
    line: DeclaredAssignment | undefined,
    seen: SeenAssignment,
  ): DeclaredAssignment | undefined {
    const key = seen.key ?? line?.key;
    if (key === undefined) return undefined;
    const targets: Partial<Record<TargetKind, ReadonlySet<string>>> = {};
    for (const kind of kindsOfTarget) {
      const list = seen.targets[kind];
      const set =
        list === undefined ? line?.targets[kind] : list === null ? undefined : this.sharedWith(line, kind, list);
      if (set !== undefined) targets[kind] = set;
    }
    return {
      entry,
      name: line?.name ?? name,
      key,
      apps: seen.apps ? new Set(seen.apps) : (line?.apps ?? new Set()),
      targets,
      intent: seen.intent ?? line?.intent ?? "required",
      exclusive: seen.exclusive ?? line?.exclusive ?? false,
      sets: line?.sets ?? [],
      mayChange: line?.mayChange ?? false,
    };
  }

  /** Nearly always the list is the line's: then nothing is made of it. */
  private sharedWith(
    line: DeclaredAssignment | undefined,
    kind: TargetKind,
    list: readonly string[],
  ): ReadonlySet<string> {
    const own = line?.targets[kind];
    return own !== undefined && own.size === list.length && list.every((target) => own.has(target))
      ? own
      : this.shared(list);
  }
}
