import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { assetKey } from "../apple/library/readings/assets";
import type { TargetKind } from "../apple/library/readings/assignmentCache";
import { PlanIndex } from "./planIndex";
import type { AssignmentLine, EndLine, PlanLine, RunLine, TokenLine, UserSetLine } from "./planLines";
import { normalizeSerialNumber } from "./serialNumber";

/** What one VppAssignment of the program declares. */
export interface DeclaredAssignment {
  readonly entry: string;
  readonly name: string;
  readonly key: string;
  readonly apps: ReadonlySet<string>;
  /** Targets of each kind that is in play. */
  readonly targets: Readonly<Partial<Record<TargetKind, ReadonlySet<string>>>>;
  readonly intent: "required" | "uninstall";
  readonly exclusive: boolean;
  readonly sets: readonly string[];
  readonly moreApps?: boolean;
  readonly reclaim?: boolean;
  readonly maxRevocations?: number;
  readonly retained?: boolean;
}

/** What one VppUserSet of the program declares. */
export interface DeclaredUserSet {
  readonly entry: string;
  readonly name: string;
  readonly key: string;
  readonly users: ReadonlySet<string>;
  readonly reclaim?: boolean;
  readonly maxRetirements?: number;
  readonly retained?: boolean;
}

/**
 * All that this run's program declares, as far as it is written by now. Kept as apps times targets, never as pairs, so that a large fleet
 * costs what its two lists cost.
 */
export class Plan {
  private offset = 0;
  private run?: RunLine;
  private endLine?: EndLine;
  private firm: ReadonlySet<string> = new Set();
  /** Grows with each line that is read: whoever counts something over the whole plan can tell whether it still holds. */
  version = 0;
  private readonly tokens = new Map<string, TokenLine>();
  private readonly userSets = new Map<string, DeclaredUserSet>();
  private readonly assignments = new Map<string, DeclaredAssignment>();
  private readonly index = new PlanIndex();
  private declaredKeys?: ReadonlySet<string>;

  constructor(private readonly file: string) {}

  /** Reads what has been appended since the last call. A file that is gone (the program has ended) leaves what is known. */
  refresh(): this {
    let text: string;
    try {
      text = this.readOn();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return this;
      throw error;
    }
    for (const line of text.split("\n")) if (line !== "") this.take(JSON.parse(line) as PlanLine);
    return this;
  }

  /** Organization, project and stack of the run. */
  get identity(): RunLine | undefined {
    return this.run;
  }

  /** What the program says of its own end; absent as long as it may go on. */
  get end(): EndLine | undefined {
    return this.endLine;
  }

  /** Whether anything is declared under an entry by now. */
  hasLine(entry: string): boolean {
    return this.assignments.has(entry) || this.userSets.has(entry) || this.tokens.has(entry);
  }

  /** Whether an entry was declared, in full, before anything had to be waited for: then it is there in every run of the same program. */
  isFirm({ entry }: { readonly entry: string }): boolean {
    return this.firm.has(entry);
  }

  /** The tokens that the program binds. */
  get declaredTokens(): readonly TokenLine[] {
    return [...this.tokens.values()];
  }

  /** The assignments of the library that a token key stands for. */
  assignmentsOf(key: string): ReadonlySet<DeclaredAssignment> {
    return this.index.ofKey(key);
  }

  /** Those of them that are exclusive. */
  exclusiveOf(key: string): ReadonlySet<DeclaredAssignment> {
    return this.index.exclusiveOf(key);
  }

  /** Those of them that name an app. */
  assignmentsOfApp(key: string, app: string): ReadonlySet<DeclaredAssignment> {
    return this.index.ofApp(key, app);
  }

  /** The apps that assignments of the key name. */
  appsOf(key: string): string[] {
    return this.index.appsOf(key);
  }

  /** The assignments of the whole program that name a target. */
  assignmentsOfTarget(kind: TargetKind, target: string): readonly DeclaredAssignment[] {
    return this.index.ofTarget(kind, target);
  }

  assignment(entry: string): DeclaredAssignment | undefined {
    return this.assignments.get(entry);
  }

  /** The user sets of the library that a token key stands for. */
  userSetsOf(key: string): DeclaredUserSet[] {
    return [...this.userSets.values()].filter((declared) => declared.key === key);
  }

  userSet(entry: string): DeclaredUserSet | undefined {
    return this.userSets.get(entry);
  }

  /** The token keys under which something is declared. */
  get keys(): ReadonlySet<string> {
    this.declaredKeys ??= new Set([...this.assignments.values(), ...this.userSets.values()].map(({ key }) => key));
    return this.declaredKeys;
  }

  /** Whether some assignment under one of the keys requires this pair. */
  requires(keys: ReadonlySet<string>, app: string, kind: TargetKind, target: string): boolean {
    return this.index
      .ofTarget(kind, target)
      .some(({ key, intent, apps }) => intent === "required" && apps.has(app) && keys.has(key));
  }

  /** Whether, under one of the keys, some user set has this user or some assignment requires a licence for him. */
  hasUser(keys: ReadonlySet<string>, user: string): boolean {
    return (
      [...this.userSets.values()].some(({ key, users }) => keys.has(key) && users.has(user)) ||
      this.index.ofTarget("user", user).some(({ key, intent }) => intent === "required" && keys.has(key))
    );
  }

  /** How many licences of an app the program requires in all. */
  requiredCount(key: string, app: string): number {
    return this.index.requiredCount(key, app);
  }

  private readOn(): string {
    const descriptor = openSync(this.file, "r");
    try {
      const length = fstatSync(descriptor).size - this.offset;
      if (length <= 0) return "";
      const buffer = Buffer.alloc(length);
      const read = readSync(descriptor, buffer, 0, length, this.offset);
      const end = buffer.lastIndexOf(10, read - 1) + 1;
      this.offset += end;
      return buffer.toString("utf8", 0, end);
    } finally {
      closeSync(descriptor);
    }
  }

  private take(line: PlanLine): void {
    this.declaredKeys = undefined;
    this.version++;
    switch (line.t) {
      case "end":
        this.takeEnd(line);
        break;
      case "run":
        this.run = line;
        break;
      case "token":
        this.tokens.set(line.entry, line);
        break;
      case "userSet":
        this.userSets.set(line.entry, declareUserSet(line));
        break;
      case "assignment":
        this.takeAssignment(line);
        break;
    }
  }

  private takeEnd(line: EndLine): void {
    this.endLine = line;
    const firm = new Set([...this.assignments.keys(), ...this.userSets.keys(), ...this.tokens.keys()]);
    for (const entry of line.open) firm.delete(entry);
    this.firm = firm;
  }

  private takeAssignment({ t: _, apps, serialNumbers, clientUserIds, ...named }: AssignmentLine): void {
    const before = this.assignments.get(named.entry);
    if (before !== undefined) this.index.remove(before);
    const declared: DeclaredAssignment = {
      ...named,
      apps: new Set(apps.map(([adamId, pricingParam]) => assetKey({ adamId, pricingParam }))),
      targets: {
        ...(serialNumbers && { device: this.index.shared(serialNumbers.map(normalizeSerialNumber)) }),
        ...(clientUserIds && { user: this.index.shared(clientUserIds) }),
      },
    };
    this.assignments.set(named.entry, declared);
    this.index.add(declared);
  }
}

function declareUserSet({ t: _, users, ...named }: UserSetLine): DeclaredUserSet {
  return { ...named, users: new Set(users) };
}
