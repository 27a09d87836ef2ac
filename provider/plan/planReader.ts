import { assetKey } from "../apple/library/readings/assets";
import type { TargetKind } from "../apple/library/readings/assignmentCache";
import { normalizeAdamId } from "./adamId";
import type {
  Correction,
  DeclaredAssignment,
  DeclaredUserSet,
  Extent,
  SeenAssignment,
  SeenUserSet,
  UserCorrection,
} from "./declared";
import { DeclaredAssignments } from "./declaredAssignments";
import { DeclaredUserSets } from "./declaredUserSets";
import { LibraryKeys } from "./libraryKeys";
import { PlanFile } from "./planFile";
import type { AssignmentLine, EndLine, PlanLine, RunLine, TokenLine, UserSetLine } from "./planLines";
import { normalizeSerialNumber } from "./serialNumber";
import { TakeBacks } from "./takeBacks";

export type { DeclaredAssignment, DeclaredUserSet } from "./declared";

/**
 * All that this run's program declares, as far as it is written by now. Kept as apps times targets, never as pairs, so that a large fleet
 * costs what its two lists cost.
 *
 * It is made from the arguments of constructors, and the engine may hand `check` other inputs (`ignoreChanges`, transforms). From its check on a
 * resource declares the inputs of the engine; what its line said besides stays protected, and is nobody's otherwise.
 */
export class Plan {
  private readonly file: PlanFile;
  private run?: RunLine;
  private isDamaged = false;
  private endLine?: EndLine;
  private firm: ReadonlySet<string> = new Set();
  private readonly entries = new Set<string>();
  /** Grows with each line that is read: whoever counts something over the whole plan can tell whether it still holds. */
  version = 0;
  private readonly tokens = new Map<string, TokenLine>();
  private readonly libraryKeys = new LibraryKeys();
  private readonly userSets = new DeclaredUserSets(this.libraryKeys);
  private readonly assignments = new DeclaredAssignments(this.libraryKeys);
  private readonly checked = new Set<string>();
  private readonly recorded = new Set<string>();
  private declaredKeys?: ReadonlySet<string>;
  /** What the checks of this run have planned to take back. */
  readonly takeBacks = new TakeBacks();

  constructor(file: string) {
    this.file = new PlanFile(file);
  }

  /** Reads what has been appended since the last call. A file that is gone (the program has ended) can still be read to its end. */
  refresh(): this {
    for (const line of this.file.readOn().split("\n")) if (line !== "") this.takeText(line);
    return this;
  }

  /** Why nothing of the plan could be read, in the system's words; undefined if it could. Then it is not known what the program declares. */
  get missing(): string | undefined {
    if (this.isDamaged) return "it is damaged";
    return this.run === undefined ? (this.file.failure ?? "it is empty") : undefined;
  }

  /** Lets the file go; nothing more is read. */
  close(): void {
    this.file.close();
  }

  /** Organization, project and stack of the run. */
  get identity(): RunLine | undefined {
    return this.run;
  }

  /** The stack as organization/project/stack. */
  get stackName(): string | undefined {
    const { identity } = this;
    return identity && `${identity.organization}/${identity.project}/${identity.stack}`;
  }

  /** What the program says of its own end; absent as long as it may go on. */
  get end(): EndLine | undefined {
    return this.endLine;
  }

  /** Whether anything is declared under an entry by now. */
  hasLine(entry: string): boolean {
    return this.entries.has(entry);
  }

  /** Whether an entry was declared, in full, before anything had to be waited for: then it is there in every run of the same program. */
  isFirm({ entry }: { readonly entry: string }): boolean {
    return this.firm.has(entry);
  }

  /** Whether the engine has told the program that it has a resource in the state. */
  isRecorded(entry: string): boolean {
    return this.recorded.has(entry);
  }

  /** The tokens that the program binds. */
  get declaredTokens(): readonly TokenLine[] {
    return [...this.tokens.values()];
  }

  /** Takes note of the library that a token key opens: keys of one library are one from then on. */
  learn(key: string, libraryId: string): void {
    if (this.libraryKeys.knows(key)) return;
    const known = this.libraryKeys.ofLibrary(libraryId);
    if (known === undefined || known === key) this.libraryKeys.learn(key, libraryId);
    else this.assignments.join(key, () => this.libraryKeys.learn(key, libraryId));
  }

  /** The one key that stands for all known keys of the library that `key` opens. It stays the same once the library of `key` is known. */
  libraryKey(key: string): string {
    return this.libraryKeys.keyOf(key);
  }

  /** Whether two token keys are known to open the same library. */
  isSameLibrary(one: string, other: string): boolean {
    return this.libraryKeys.keyOf(one) === this.libraryKeys.keyOf(other);
  }

  /** The assignments of the library that a token key stands for. */
  assignmentsOf(key: string): ReadonlySet<DeclaredAssignment> {
    return this.assignments.index.ofKey(key);
  }

  /** Those of them that are exclusive. */
  exclusiveOf(key: string): ReadonlySet<DeclaredAssignment> {
    return this.assignments.index.exclusiveOf(key);
  }

  /** Those of them that name an app. */
  assignmentsOfApp(key: string, app: string): ReadonlySet<DeclaredAssignment> {
    return this.assignments.index.ofApp(key, app);
  }

  /** The apps that assignments of the library name. */
  appsOf(key: string): string[] {
    return this.assignments.index.appsOf(key);
  }

  /** The assignments of the whole program that name a target. */
  assignmentsOfTarget(kind: TargetKind, target: string): readonly DeclaredAssignment[] {
    return this.assignments.index.ofTarget(kind, target);
  }

  assignment(entry: string): DeclaredAssignment | undefined {
    return this.assignments.get(entry);
  }

  /** The user sets of the library that a token key stands for. */
  userSetsOf(key: string): DeclaredUserSet[] {
    return this.userSets.ofKey(key);
  }

  userSet(entry: string): DeclaredUserSet | undefined {
    return this.userSets.get(entry);
  }

  /** People whom user sets of the library have or whom their arguments name. */
  usersOf(key: string): ReadonlySet<string> {
    return this.userSets.usersOf(key);
  }

  /** Whether a user set of the library has people who are not known yet. */
  hasUnknownUsers(key: string): boolean {
    return this.userSets.ofKey(key).some(({ isPartial }) => isPartial);
  }

  /** Whether a declaration may still turn out to be another: its check has not come yet, and may be given other inputs. */
  isOpen({ entry, mayChange }: { readonly entry: string; readonly mayChange: boolean }): boolean {
    return mayChange && !this.checked.has(entry);
  }

  /** Puts what the engine gave to an assignment's check in the place of its line, and says how they differ; undefined if they don't. */
  correctAssignment(entry: string, name: string, seen: SeenAssignment): Correction | undefined {
    this.checked.add(entry);
    this.declaredKeys = undefined;
    this.version++;
    return this.assignments.correct(entry, name, seen);
  }

  /** The same for a user set. */
  correctUserSet(entry: string, name: string, seen: SeenUserSet): UserCorrection | undefined {
    this.checked.add(entry);
    this.declaredKeys = undefined;
    this.version++;
    return this.userSets.correct(entry, name, seen);
  }

  /** Protects what an assignment requires of which it is not known which line is its own. */
  protectAssignment(name: string, seen: SeenAssignment): void {
    this.declaredKeys = undefined;
    this.assignments.protect(name, seen);
  }

  /** The same for the people of a user set. */
  protectUserSet(name: string, seen: SeenUserSet): void {
    this.declaredKeys = undefined;
    this.userSets.protect(name, seen);
  }

  /** What other resources of the library are given by the engine, and not by their arguments. */
  gainedByOthers(entry: string, key: string): { readonly name: string; readonly extents: readonly Extent[] }[] {
    return this.assignments.gainedByOthers(entry, key);
  }

  /** The same for people. */
  usersGainedByOthers(entry: string, key: string): { readonly name: string; readonly users: ReadonlySet<string> }[] {
    return this.userSets.gainedByOthers(entry, key);
  }

  /** The token keys under which something is declared. */
  get keys(): ReadonlySet<string> {
    this.declaredKeys ??= new Set([...this.assignments.keys(), ...this.userSets.keys()]);
    return this.declaredKeys;
  }

  /** Whether under one of the keys some assignment requires this pair, or its arguments did before the engine changed them. */
  requires(keys: ReadonlySet<string>, app: string, kind: TargetKind, target: string): boolean {
    return this.assignments.requires(keys, app, kind, target);
  }

  /** The assignment whose arguments alone require a pair: the engine gave other inputs to its check. */
  requiredOnlyByArguments(
    keys: ReadonlySet<string>,
    app: string,
    kind: TargetKind,
    target: string,
  ): string | undefined {
    return subjectOf("VppAssignment", this.assignments.requiredOnlyByLine(keys, app, kind, target));
  }

  /** Whether, under one of the keys, some user set has this user or some assignment requires a licence for him, by arguments or by inputs. */
  hasUser(keys: ReadonlySet<string>, user: string): boolean {
    return this.userSets.has(keys, user) || this.assignments.requiresUser(keys, user);
  }

  /** The resource whose arguments alone have a user: the engine gave other inputs to its check. */
  hasUserOnlyByArguments(keys: ReadonlySet<string>, user: string): string | undefined {
    if (this.userSets.hasNow(keys, user) || this.assignments.requiresUserNow(keys, user)) return undefined;
    return (
      subjectOf("VppUserSet", this.userSets.hasOnlyByLine(keys, user)) ??
      subjectOf("VppAssignment", this.assignments.requiresUserOnlyByLine(keys, user))
    );
  }

  /** How many licences of an app the program requires in all. */
  requiredCount(key: string, app: string): number {
    return this.assignments.index.requiredCount(key, app);
  }

  private takeText(text: string): void {
    try {
      this.take(JSON.parse(text) as PlanLine);
    } catch {
      this.isDamaged = true;
    }
  }

  private take(line: PlanLine): void {
    if (line.t !== "recorded") {
      this.declaredKeys = undefined;
      this.version++;
    }
    if ("entry" in line) this.entries.add(line.entry);
    switch (line.t) {
      case "end":
        this.takeEnd(line);
        break;
      case "recorded":
        this.recorded.add(line.of);
        break;
      case "run":
        this.run = line;
        break;
      case "token":
        this.tokens.set(line.entry, line);
        break;
      case "userSet":
        this.userSets.declare(declareUserSet(line));
        break;
      case "assignment":
        this.assignments.declare(this.declareAssignment(line));
        break;
    }
  }

  private takeEnd(line: EndLine): void {
    this.endLine = line;
    const firm = new Set(this.entries);
    for (const entry of line.open) firm.delete(entry);
    this.firm = firm;
  }

  private declareAssignment(line: AssignmentLine): DeclaredAssignment {
    const { t: _, apps, serialNumbers, clientUserIds, mayChange, ...named } = line;
    const { shared } = this.assignments;
    return {
      ...named,
      mayChange: mayChange === true,
      apps: new Set(apps.map(([adamId, pricingParam]) => assetKey({ adamId: normalizeAdamId(adamId), pricingParam }))),
      targets: {
        ...(serialNumbers && { device: shared(serialNumbers.map(normalizeSerialNumber)) }),
        ...(clientUserIds && { user: shared(clientUserIds) }),
      },
    };
  }
}

function declareUserSet({ t: _, users, isPartial, mayChange, ...named }: UserSetLine): DeclaredUserSet {
  return { ...named, users: new Set(users), isPartial: isPartial === true, mayChange: mayChange === true };
}

/** A resource as messages name it; nobody can name one that has lost its place in the plan. */
function subjectOf(kind: string, name: string | undefined): string | undefined {
  return name === undefined ? undefined : name === "" ? `another ${kind}` : `${kind} ${name}`;
}
