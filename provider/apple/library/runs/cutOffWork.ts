import { kindsOfTarget } from "../../../plan/declared";
import type { Library } from "../library";
import type { AssetTable } from "../readings/assets";
import { covering, filterPairs, type Pairs, pairsWhere, type Rectangle } from "../rectangles";
import type { TargetKind } from "../targets";
import type { WrittenPart } from "./pastRuns";
import type { CutOffRun } from "./runFiles";

/**
 * What runs that were cut off may have changed in a library. Whatever it was, it has come to its end, and has been looked at since: what this
 * run has read says how it stands.
 */
export class CutOffWork {
  /** When the newest of these runs began to write, if that is known. */
  readonly at: string | undefined;
  private readonly isTouched: Readonly<Record<TargetKind, (app: string, target: string) => boolean>>;
  /** Resources that have something to mend, by kind and name; each is taken out once it has. */
  readonly unmended = new Set<string>();
  /** Whether all that these runs have written has been held against the program. */
  isJudged = false;

  private constructor(
    private readonly library: Library,
    /** The apps of the library. */
    readonly assets: AssetTable,
    private readonly runs: readonly CutOffRun[],
    /** How many of their requests the service still works on: what they come to is not known. */
    readonly pendingCount: number,
  ) {
    this.at = runs
      .flatMap(({ at }) => at ?? [])
      .sort()
      .at(-1);
    this.isTouched = { device: covering(this.written("device")), user: covering(this.written("user")) };
  }

  /** Waits a while for the end of what the service still works on, and reads what was written once more. */
  static async of(library: Library, runs: readonly CutOffRun[]): Promise<CutOffWork> {
    const pending = await library.awaitEvents(runs.flatMap(({ eventIds }) => eventIds));
    const work = new CutOffWork(library, await library.assets(), runs, pending);
    for (const kind of kindsOfTarget) {
      const rectangles = work.written(kind);
      const apps = [...new Set(rectangles.flatMap((each) => each.apps))];
      const targets = [...new Set(rectangles.flatMap((each) => each.targets))];
      if (apps.length > 0) await library.held(apps, kind, targets, 0);
    }
    return work;
  }

  /** Those of these licences that the cut-off runs may have changed. */
  private touched(rectangles: readonly Rectangle[], kind: TargetKind): Map<string, string[]> {
    const written = this.written(kind);
    if (written.length === 0) return new Map();
    const targets = new Set(written.flatMap((each) => each.targets));
    const cut = rectangles.map((each) => ({
      apps: each.apps,
      targets: each.targets.filter((target) => targets.has(target)),
    }));
    return pairsWhere(cut, this.isTouched[kind]);
  }

  /** Those of these licences that are assigned, or may be, by what this run has read. */
  async assigned(pairs: Pairs, kind: TargetKind): Promise<Map<string, string[]>> {
    if (pairs.size === 0) return new Map();
    const held = await this.heldOf(pairs, kind);
    return filterPairs(pairs, (app, target) => held.state(app, target) !== "free");
  }

  /** Those of these licences of which it is not known that they are assigned. */
  private async missing(pairs: Pairs, kind: TargetKind): Promise<Map<string, string[]>> {
    if (pairs.size === 0) return new Map();
    const held = await this.heldOf(pairs, kind);
    return filterPairs(pairs, (app, target) => !held.has(app, target));
  }

  /** Those of these licences that the cut-off runs may have changed and that are not as they are meant to be: assigned, or with nobody. */
  undone(rectangles: readonly Rectangle[], kind: TargetKind, areMeant: "assigned" | "free"): Promise<Pairs> {
    const touched = this.touched(rectangles, kind);
    return areMeant === "assigned" ? this.missing(touched, kind) : this.assigned(touched, kind);
  }

  /** What resources of a kind have assigned whose names this holds for, unless it was meant to stay. */
  given(kind: TargetKind, isMeant: (name: string) => boolean): Map<string, string[]> {
    const parts = this.runs
      .flatMap(({ operations }) => operations)
      .filter((each) => each.kind === "VppAssignment" && !each.keeps && isMeant(each.name))
      .flatMap(({ gives }) => gives)
      .filter((part) => part.kind === kind);
    return pairsWhere(parts, () => true);
  }

  /** People whom user sets have registered, or may have, whose names this holds for; those who were meant to stay are left out. */
  people(isMeant: (name: string) => boolean): string[] {
    const all = this.runs.flatMap(({ people }) => [...people]);
    return [...new Set(all.flatMap(([id, name]) => (name !== undefined && isMeant(name) ? [id] : [])))];
  }

  /** Whether a person was updated or retired, or may have been. */
  hasChanged(id: string): boolean {
    return this.runs.some(({ changedPeople }) => changedPeople.has(id));
  }

  private heldOf(pairs: Pairs, kind: TargetKind): ReturnType<Library["held"]> {
    return this.library.held([...new Set([...pairs.values()].flat())], kind, [...pairs.keys()]);
  }

  private written(kind: TargetKind): WrittenPart[] {
    return this.runs
      .flatMap(({ operations }) => operations)
      .flatMap(({ gives, takes }) => [...gives, ...takes])
      .filter((part) => part.kind === kind);
  }
}
