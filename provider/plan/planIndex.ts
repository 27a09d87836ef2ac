import type { TargetKind } from "../apple/library/readings/assignmentCache";
import { type DeclaredAssignment, kindsOfTarget } from "./declared";

const noAssignments: ReadonlySet<DeclaredAssignment> = new Set();

/**
 * The assignments of a plan by what they name, so that a question about one pair costs the same however many resources a program has. Lists
 * are held as they are declared, apps times targets, and equal lists of targets are held once. Token keys of one library are one key.
 */
export class PlanIndex {
  private readonly byKey = new Map<string, Set<DeclaredAssignment>>();
  private readonly byApp = new Map<string, Map<string, Set<DeclaredAssignment>>>();
  private readonly byTarget: Readonly<Record<TargetKind, Map<string, DeclaredAssignment[]>>> = {
    device: new Map(),
    user: new Map(),
  };
  private readonly exclusive = new Map<string, Set<DeclaredAssignment>>();
  private readonly lists = new Map<string, ReadonlySet<string>[]>();
  private readonly required = new Map<string, number>();

  /** `libraryKey` gives the one key that stands for all keys of a library. */
  constructor(private readonly libraryKey: (key: string) => string = (key) => key) {}

  /** Whether nothing is declared. */
  get isEmpty(): boolean {
    for (const { size } of this.byKey.values()) if (size > 0) return false;
    return true;
  }

  add(declared: DeclaredAssignment): void {
    this.required.clear();
    const key = this.libraryKey(declared.key);
    grouped(this.byKey, key).add(declared);
    if (declared.exclusive) grouped(this.exclusive, key).add(declared);
    const apps = this.byApp.get(key) ?? new Map<string, Set<DeclaredAssignment>>();
    this.byApp.set(key, apps);
    for (const app of declared.apps) grouped(apps, app).add(declared);
    for (const kind of kindsOfTarget) {
      const index = this.byTarget[kind];
      for (const target of declared.targets[kind] ?? []) {
        const holders = index.get(target);
        if (holders === undefined) index.set(target, [declared]);
        else holders.push(declared);
      }
    }
  }

  remove(declared: DeclaredAssignment): void {
    this.required.clear();
    const key = this.libraryKey(declared.key);
    this.byKey.get(key)?.delete(declared);
    this.exclusive.get(key)?.delete(declared);
    for (const app of declared.apps) this.byApp.get(key)?.get(app)?.delete(declared);
    for (const kind of kindsOfTarget) {
      const index = this.byTarget[kind];
      for (const target of declared.targets[kind] ?? []) {
        const left = index.get(target)?.filter((each) => each !== declared) ?? [];
        if (left.length === 0) index.delete(target);
        else index.set(target, left);
      }
    }
  }

  /** Takes note that `key` opens the same library as `other`: calls `join`, after which `libraryKey` must give one key for both. */
  join(key: string, join: () => void): void {
    const moving = [...this.ofKey(key)];
    for (const declared of moving) this.remove(declared);
    join();
    for (const declared of moving) this.add(declared);
  }

  /** The assignments of a key's library, in the order of their declaration. */
  ofKey(key: string): ReadonlySet<DeclaredAssignment> {
    return this.byKey.get(this.libraryKey(key)) ?? noAssignments;
  }

  /** The assignments of a key's library that are exclusive. */
  exclusiveOf(key: string): ReadonlySet<DeclaredAssignment> {
    return this.exclusive.get(this.libraryKey(key)) ?? noAssignments;
  }

  /** The assignments of a key's library that name an app. */
  ofApp(key: string, app: string): ReadonlySet<DeclaredAssignment> {
    return this.byApp.get(this.libraryKey(key))?.get(app) ?? noAssignments;
  }

  /** The apps that are named in a key's library. */
  appsOf(key: string): string[] {
    return [...(this.byApp.get(this.libraryKey(key)) ?? [])].flatMap(([app, { size }]) => (size > 0 ? [app] : []));
  }

  /** The assignments that name a target, under whichever key. */
  ofTarget(kind: TargetKind, target: string): readonly DeclaredAssignment[] {
    return this.byTarget[kind].get(target) ?? [];
  }

  /** An assignment under one of the keys that requires this pair. */
  requiring(keys: ReadonlySet<string>, app: string, kind: TargetKind, target: string): DeclaredAssignment | undefined {
    return this.ofTarget(kind, target).find(
      ({ key, intent, apps }) => intent === "required" && apps.has(app) && keys.has(key),
    );
  }

  /** An assignment under one of the keys that requires a licence for this person. */
  requiringUser(keys: ReadonlySet<string>, user: string): DeclaredAssignment | undefined {
    return this.ofTarget("user", user).find(({ key, intent }) => intent === "required" && keys.has(key));
  }

  /** How many licences of an app are required in a key's library. */
  requiredCount(key: string, app: string): number {
    const slot = `${this.libraryKey(key)} ${app}`;
    let count = this.required.get(slot);
    if (count !== undefined) return count;
    count = 0;
    for (const { intent, targets } of this.ofApp(key, app))
      if (intent === "required") count += (targets.device?.size ?? 0) + (targets.user?.size ?? 0);
    this.required.set(slot, count);
    return count;
  }

  /** The targets of a list, without repeats: the set that another declaration has made of an equal list, if there is one. */
  shared(targets: readonly string[]): ReadonlySet<string> {
    const set = new Set(targets);
    // A list with repeats would be taken for any other that has its values and its length.
    if (set.size < targets.length) return set;
    const key = `${targets.length} ${targets[0]} ${targets.at(-1)}`;
    const kept = this.lists.get(key) ?? [];
    this.lists.set(key, kept);
    const same = kept.find((each) => targets.every((target) => each.has(target)));
    if (same === undefined) kept.push(set);
    return same ?? set;
  }
}

function grouped<T>(groups: Map<string, Set<T>>, key: string): Set<T> {
  const group = groups.get(key) ?? new Set();
  groups.set(key, group);
  return group;
}
