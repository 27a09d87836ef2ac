import { type DeclaredUserSet, isSameSet, type SeenUserSet, type UserCorrection } from "./declared";
import type { LibraryKeys } from "./libraryKeys";

/** The user sets of a plan: their lines, and for those whose check was given other inputs, these. */
export class DeclaredUserSets {
  private readonly lines = new Map<string, DeclaredUserSet>();
  private readonly corrected = new Map<string, DeclaredUserSet>();
  private readonly gained = new Map<string, ReadonlySet<string>>();
  private readonly unplaced: DeclaredUserSet[] = [];

  constructor(private readonly libraryKeys: LibraryKeys) {}

  get(entry: string): DeclaredUserSet | undefined {
    return this.corrected.get(entry) ?? this.lines.get(entry);
  }

  /** The token keys of all that is declared. */
  keys(): string[] {
    return [...this.lines.values(), ...this.corrected.values(), ...this.unplaced].map(({ key }) => key);
  }

  /** The sets of the library that a token key stands for. */
  ofKey(key: string): DeclaredUserSet[] {
    return this.current().filter((declared) => this.isOf(declared, key));
  }

  /** People whom sets of the library have, or whom their arguments name. */
  usersOf(key: string): ReadonlySet<string> {
    const sets = [...this.current(), ...this.replaced()].filter((declared) => this.isOf(declared, key));
    return new Set(sets.flatMap(({ users }) => [...users]));
  }

  /** Takes a line, in the place of an earlier one of the same entry. */
  declare(line: DeclaredUserSet): void {
    this.lines.set(line.entry, line);
  }

  /** Puts what a check was given in the place of the line. Gives back how they differ; undefined if they don't. */
  correct(entry: string, name: string, seen: SeenUserSet): UserCorrection | undefined {
    this.corrected.delete(entry);
    this.gained.delete(entry);
    const line = this.lines.get(entry);
    const key = seen.key ?? line?.key;
    if (key === undefined) return undefined;
    const users = seen.users === undefined ? (line?.users ?? new Set<string>()) : new Set(seen.users);
    if (line !== undefined && line.key === key && isSameSet(line.users, users)) return undefined;
    const named = { entry, name: line?.name ?? name, key };
    this.corrected.set(entry, { ...named, users, isPartial: seen.isPartial, mayChange: line?.mayChange ?? false });
    const isSameLibrary = line !== undefined && this.libraryKeys.keyOf(line.key) === this.libraryKeys.keyOf(key);
    const gained = [...users].filter((user) => !isSameLibrary || !line.users.has(user));
    if (gained.length > 0) this.gained.set(entry, new Set(gained));
    const onlyInLine = [...(line?.users ?? [])].filter((user) => !isSameLibrary || !users.has(user));
    return { gained, onlyInLine };
  }

  /** Protects the people of a set of which it is not known which line is its own. */
  protect(name: string, { key, users = [] }: SeenUserSet): void {
    if (key === undefined) return;
    this.unplaced.push({ entry: "", name, key, users: new Set(users), isPartial: false, mayChange: false });
  }

  /** What other sets of the library are given by the engine, and not by their arguments. */
  gainedByOthers(entry: string, key: string): { readonly name: string; readonly users: ReadonlySet<string> }[] {
    return [...this.gained].flatMap(([other, users]) => {
      const declared = this.corrected.get(other)!;
      return other !== entry && this.isOf(declared, key) ? [{ name: declared.name, users }] : [];
    });
  }

  has(keys: ReadonlySet<string>, user: string): boolean {
    return this.hasNow(keys, user) || this.hasOnlyByLine(keys, user) !== undefined;
  }

  hasNow(keys: ReadonlySet<string>, user: string): boolean {
    return this.current().some(({ key, users }) => keys.has(key) && users.has(user));
  }

  hasOnlyByLine(keys: ReadonlySet<string>, user: string): string | undefined {
    return this.replaced().find(({ key, users }) => keys.has(key) && users.has(user))?.name;
  }

  private current(): DeclaredUserSet[] {
    if (this.corrected.size === 0) return [...this.lines.values()];
    const inputs = [...this.corrected.values()];
    return [...[...this.lines.values()].filter(({ entry }) => !this.corrected.has(entry)), ...inputs];
  }

  /** What is protected beside what counts. */
  private replaced(): DeclaredUserSet[] {
    return [...this.unplaced, ...[...this.corrected.keys()].flatMap((entry) => this.lines.get(entry) ?? [])];
  }

  private isOf({ key }: DeclaredUserSet, wanted: string): boolean {
    return this.libraryKeys.keyOf(key) === this.libraryKeys.keyOf(wanted);
  }
}
