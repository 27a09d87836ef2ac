import { type AssetKey, keyText } from "../core/asset";
import type { Asset, Target } from "../core/assignment";
import type { Outcome } from "../core/event";
import { Failures } from "../core/failures";
import type { Library } from "../core/library";
import type { Readings } from "../core/readings";
import type { TaskWatch } from "../core/tasks";

/** A validated request to give licences or take them back: every asset is applied to every target. */
export interface AssignWork {
  readonly assets: readonly AssetKey[];
  readonly clientUserIds: readonly string[];
  readonly serialNumbers: readonly string[];
}

/** Gives every asset to every target as far as licences suffice; giving what is held has no effect. */
export function associate(library: Library, work: AssignWork, readings: Readings, watch?: TaskWatch): Outcome {
  const tally = new Tally(library, work, readings, watch);
  for (const key of work.assets) {
    const asset = library.asset(key);
    const wanting: Target[] = [];
    for (const target of tally.targets) {
      if (asset?.holders.has(target) !== true) {
        wanting.push(target);
      } else if (!tally.refused(key, target)) {
        tally.unchanged(key, target);
      }
    }
    const available = Math.max(0, asset?.availableCount ?? 0);
    let served = wanting.length <= available ? wanting.length : readings["9709"] === "fill-up" ? available : 0;
    for (const target of wanting) {
      if (asset === undefined || served === 0) {
        tally.failed(9709, key, target);
      } else if (!tally.refused(key, target)) {
        served -= 1;
        library.licences.give(asset, target);
        tally.changed(key, target);
      }
    }
  }
  return tally.outcome();
}

/** Takes every asset back from every target; taking back what is not held has no effect. */
export function disassociate(library: Library, work: AssignWork, readings: Readings, watch?: TaskWatch): Outcome {
  const tally = new Tally(library, work, readings, watch);
  for (const key of work.assets) {
    const asset = library.asset(key);
    for (const target of tally.targets) {
      if (tally.refused(key, target)) {
        continue;
      }
      if (takeBack(library, asset, target)) {
        tally.changed(key, target);
      } else {
        tally.unchanged(key, target);
      }
    }
  }
  return tally.outcome();
}

/** Takes back everything revocable from the targets; what is irrevocable stays without an error. */
export function revoke(
  library: Library,
  work: Omit<AssignWork, "assets">,
  readings: Readings,
  watch?: TaskWatch,
): Outcome {
  const perTarget = readings["revoke-count"] === "targets";
  const failures = new Failures();
  let requested = 0;
  let completed = 0;
  for (const target of resolveTargets(library, work, (clientUserId) => {
    failures.add(9609, { clientUserId });
    watch?.failed({ clientUserId }, 9609);
    requested += 1;
  })) {
    const revocable = target.assignments.filter((assignment) => assignment.asset.description.revocable);
    let failed = 0;
    for (const assignment of revocable) {
      const asset = assignment.asset.description;
      const refusal = watch?.refusal();
      if (refusal === undefined) {
        library.licences.takeBack(assignment);
        watch?.done({ asset, ...targetIds(target) });
      } else {
        failed += 1;
        failures.add(refusal, { asset, ...targetIds(target) });
        watch?.failed({ asset, ...targetIds(target) }, refusal);
      }
    }
    requested += perTarget ? 1 : revocable.length;
    completed += perTarget ? Number(failed === 0) : revocable.length - failed;
  }
  return { numRequested: requested, numCompleted: completed, failures: failures.list() };
}

/** How many tasks a revoke is for as things stand: licences or targets, as the reading says. */
export function revokeTasks(library: Library, work: Omit<AssignWork, "assets">, readings: Readings): number {
  let tasks = 0;
  for (const target of resolveTargets(library, work, () => {
    tasks += 1;
  })) {
    tasks +=
      readings["revoke-count"] === "targets"
        ? 1
        : target.assignments.filter((assignment) => assignment.asset.description.revocable).length;
  }
  return tasks;
}

/** Takes one licence back if it is held and may be taken back; says whether it did. */
function takeBack(library: Library, asset: Asset | undefined, target: Target): boolean {
  const assignment = asset?.holders.get(target);
  if (assignment === undefined || !assignment.asset.description.revocable) {
    return false;
  }
  library.licences.takeBack(assignment);
  return true;
}

function resolveTargets(
  library: Library,
  work: Omit<AssignWork, "assets">,
  unknown: (clientUserId: string) => void,
): Target[] {
  const targets: Target[] = [];
  for (const clientUserId of work.clientUserIds) {
    const user = library.users.active(clientUserId);
    if (user === undefined) {
      unknown(clientUserId);
    } else {
      targets.push(user);
    }
  }
  for (const serialNumber of work.serialNumbers) {
    targets.push(library.licences.device(serialNumber));
  }
  return targets;
}

/** Counts the tasks of one request, collects its failures, and tells who watches. */
class Tally {
  readonly targets: readonly Target[];
  readonly #readings: Readings;
  readonly #watch: TaskWatch | undefined;
  readonly #numRequested: number;
  readonly #failures = new Failures();
  #completed = 0;

  constructor(library: Library, work: AssignWork, readings: Readings, watch: TaskWatch | undefined) {
    this.#readings = readings;
    this.#watch = watch;
    this.#numRequested = work.assets.length * (work.clientUserIds.length + work.serialNumbers.length);
    this.targets = resolveTargets(library, work, (clientUserId) => {
      this.#failures.add(9609, { clientUserId });
      for (const asset of watch === undefined ? [] : work.assets) {
        watch?.failed({ asset, clientUserId }, 9609);
      }
    });
  }

  /** Whether a task that could be done must fail all the same. */
  refused(asset: AssetKey, target: Target): boolean {
    const errorNumber = this.#watch?.refusal();
    if (errorNumber === undefined) {
      return false;
    }
    this.failed(errorNumber, asset, target);
    return true;
  }

  changed(asset: AssetKey, target: Target): void {
    this.#completed += 1;
    this.#watch?.done({ asset, ...targetIds(target) });
  }

  unchanged(asset: AssetKey, target: Target): void {
    if (this.#readings["no-op"] === "counted") {
      this.changed(asset, target);
    }
  }

  failed(errorNumber: number, asset: AssetKey, target: Target): void {
    this.#watch?.failed({ asset, ...targetIds(target) }, errorNumber);
    const detail = errorNumber === 9709 ? this.#readings["9709-info"] : "full";
    if (detail === "none") {
      this.#failures.add(errorNumber, {});
      return;
    }
    const part = detail === "per-asset" ? keyText(asset) : "";
    this.#failures.add(errorNumber, { asset, ...(detail === "assets" ? {} : targetIds(target)) }, part);
  }

  outcome(): Outcome {
    return { numRequested: this.#numRequested, numCompleted: this.#completed, failures: this.#failures.list() };
  }
}

function targetIds(target: Target): { clientUserId: string } | { serialNumber: string } {
  return target.kind === "user" ? { clientUserId: target.clientUserId } : { serialNumber: target.serialNumber };
}
