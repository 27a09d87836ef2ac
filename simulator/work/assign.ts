import { type Asset, type AssetKey, keyText } from "../core/asset";
import type { Target } from "../core/assignment";
import type { Outcome } from "../core/events";
import { Failures } from "../core/failures";
import type { Library } from "../core/library";
import type { Readings } from "../core/readings";

/** A validated request to give licences or take them back: every asset is applied to every target. */
export interface AssignWork {
  readonly assets: readonly AssetKey[];
  readonly clientUserIds: readonly string[];
  readonly serialNumbers: readonly string[];
}

/** Gives every asset to every target as far as licences suffice; giving what is held has no effect. */
export function associate(library: Library, work: AssignWork, readings: Readings): Outcome {
  const tally = new Tally(library, work, readings);
  for (const key of work.assets) {
    const asset = library.asset(key);
    const wanting = tally.targets.filter((target) => asset?.holders.has(target) !== true);
    tally.unchanged(tally.targets.length - wanting.length);
    const available = asset?.availableCount ?? 0;
    const served = wanting.length <= available ? wanting.length : readings["9709"] === "fill-up" ? available : 0;
    wanting.forEach((target, index) => {
      if (asset !== undefined && index < served) {
        library.licences.give(asset, target);
        tally.changed();
      } else {
        tally.shortOf(key, target);
      }
    });
  }
  return tally.outcome();
}

/** Takes every asset back from every target; taking back what is not held has no effect. */
export function disassociate(library: Library, work: AssignWork, readings: Readings): Outcome {
  const tally = new Tally(library, work, readings);
  for (const key of work.assets) {
    const asset = library.asset(key);
    for (const target of tally.targets) {
      if (takeBack(library, asset, target)) {
        tally.changed();
      } else {
        tally.unchanged(1);
      }
    }
  }
  return tally.outcome();
}

/** Takes back everything revocable from the targets; what is irrevocable stays without an error. */
export function revoke(library: Library, work: Omit<AssignWork, "assets">, readings: Readings): Outcome {
  const counted = readings["revoke-count"];
  const failures = new Failures();
  let requested = 0;
  let completed = 0;
  for (const target of resolveTargets(library, work, (clientUserId) => {
    failures.add(9609, { clientUserId });
    requested += 1;
  })) {
    const revocable = target.assignments.filter((assignment) => assignment.asset.description.revocable);
    for (const assignment of revocable) {
      library.licences.takeBack(assignment);
    }
    const tasks = counted === "targets" ? 1 : revocable.length;
    requested += tasks;
    completed += tasks;
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

/** Counts the tasks of one request and collects its failures. */
class Tally {
  readonly targets: readonly Target[];
  readonly #readings: Readings;
  readonly #numRequested: number;
  readonly #failures = new Failures();
  #completed = 0;

  constructor(library: Library, work: AssignWork, readings: Readings) {
    this.#readings = readings;
    this.#numRequested = work.assets.length * (work.clientUserIds.length + work.serialNumbers.length);
    this.targets = resolveTargets(library, work, (clientUserId) => this.#failures.add(9609, { clientUserId }));
  }

  changed(): void {
    this.#completed += 1;
  }

  unchanged(tasks: number): void {
    this.#completed += this.#readings["no-op"] === "counted" ? tasks : 0;
  }

  shortOf(asset: AssetKey, target: Target): void {
    const detail = this.#readings["9709-info"];
    if (detail === "none") {
      this.#failures.add(9709, {});
      return;
    }
    const part = detail === "per-asset" ? keyText(asset) : "";
    this.#failures.add(9709, { asset, ...(detail === "assets" ? {} : targetIds(target)) }, part);
  }

  outcome(): Outcome {
    return { numRequested: this.#numRequested, numCompleted: this.#completed, failures: this.#failures.list() };
  }
}

function targetIds(target: Target): { clientUserId: string } | { serialNumber: string } {
  return target.kind === "user" ? { clientUserId: target.clientUserId } : { serialNumber: target.serialNumber };
}
