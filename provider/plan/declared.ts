import type { TargetKind } from "../apple/library/readings/assignmentCache";

/** Both kinds of target. */
export const kindsOfTarget: readonly TargetKind[] = ["device", "user"];

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
  /** Whether it has apps that are not known yet. */
  readonly moreApps?: boolean;
  /** False if licences that leave stay assigned. */
  readonly reclaim?: boolean;
  readonly maxRevocations?: number;
  /** Whether the engine forgets it without a delete. */
  readonly retained?: boolean;
  /** Whether its check may see other inputs than the constructor was given. */
  readonly mayChange: boolean;
}

/** What one VppUserSet of the program declares. */
export interface DeclaredUserSet {
  readonly entry: string;
  readonly name: string;
  readonly key: string;
  readonly users: ReadonlySet<string>;
  /** Whether it has people who are not known yet. */
  readonly isPartial: boolean;
  /** False if people who leave stay registered. */
  readonly reclaim?: boolean;
  readonly maxRetirements?: number;
  /** Whether the engine forgets it without a delete. */
  readonly retained?: boolean;
  /** Whether its check may see other inputs than the constructor was given. */
  readonly mayChange: boolean;
}

/** Every one of `apps` for every one of `targets`, which are of one kind. */
export interface Extent {
  readonly kind: TargetKind;
  readonly apps: readonly string[];
  readonly targets: readonly string[];
}

/** What a check was given of a VppAssignment, as far as it is known: `null` is a kind of target that is not in play. */
export interface SeenAssignment {
  readonly key?: string;
  readonly apps?: readonly string[];
  readonly targets: Readonly<Partial<Record<TargetKind, readonly string[] | null>>>;
  readonly intent?: "required" | "uninstall";
  readonly exclusive?: boolean;
}

/** What a check was given of a VppUserSet, as far as it is known. */
export interface SeenUserSet {
  readonly key?: string;
  readonly users?: readonly string[];
  /** Whether there are people who are not known yet. */
  readonly isPartial: boolean;
}

/** How what a check was given differs from what the constructor was given. */
export interface Correction {
  /** Required by the check's inputs alone. */
  readonly gained: readonly Extent[];
  /** Required by the constructor's arguments alone. */
  readonly onlyInLine: readonly Extent[];
}

/** The same for people. */
export interface UserCorrection {
  readonly gained: readonly string[];
  readonly onlyInLine: readonly string[];
}

/** What `one` requires and `other` does not, in a library that is the same for both or not. */
export function requiredBeyond(
  one: DeclaredAssignment,
  other: DeclaredAssignment | undefined,
  isSameLibrary: boolean,
): Extent[] {
  if (one.intent !== "required") return [];
  const isRival = other?.intent === "required" && isSameLibrary;
  return kindsOfTarget.flatMap((kind) => {
    const own = [...(one.targets[kind] ?? [])];
    const theirs = isRival ? other.targets[kind] : undefined;
    const more = theirs === undefined ? own : own.filter((target) => !theirs.has(target));
    const shared = theirs === undefined ? [] : own.filter((target) => theirs.has(target));
    const moreApps = isRival ? [...one.apps].filter((app) => !other.apps.has(app)) : [];
    return [
      { kind, apps: [...one.apps], targets: more },
      { kind, apps: moreApps, targets: shared },
    ].filter(({ apps, targets }) => apps.length > 0 && targets.length > 0);
  });
}

/** Whether two declarations of one resource say the same. */
export function isSameDeclaration(one: DeclaredAssignment, other: DeclaredAssignment): boolean {
  return (
    one.key === other.key &&
    one.intent === other.intent &&
    one.exclusive === other.exclusive &&
    isSameSet(one.apps, other.apps) &&
    kindsOfTarget.every((kind) => isSameSet(one.targets[kind], other.targets[kind]))
  );
}

/** Whether two sets hold the same, or are both not there. */
export function isSameSet(one: ReadonlySet<string> | undefined, other: ReadonlySet<string> | undefined): boolean {
  if (one === other) return true;
  if (one === undefined || other === undefined || one.size !== other.size) return false;
  for (const value of one) if (!other.has(value)) return false;
  return true;
}
