import type { Asset } from "./asset";
import { type Assignment, type Device, isActive, type Target, type User } from "./assignment";
import { OrderedList } from "./ordered-list";
import { ChangeLog, Versions } from "./versions";

/** All licences of one library: who holds what, indexed by asset, by target, in order, and by time of change. */
export class Licences {
  readonly all = new OrderedList<Assignment>();
  readonly changes = new ChangeLog<Assignment>();
  readonly versions: Versions;
  readonly #devices = new Map<string, Device>();
  readonly #assetsChanged: () => void;
  #seq = 0;

  /** @param assetsChanged is called whenever an asset's counts change. */
  constructor(now: () => number, assetsChanged: () => void) {
    this.versions = new Versions(now);
    this.#assetsChanged = assetsChanged;
  }

  /** The device that holds licences under a serial number, or a new one which is only kept once it holds some. */
  device(serialNumber: string): Device {
    return this.#devices.get(serialNumber) ?? { kind: "device", serialNumber, assignments: [] };
  }

  /** Gives a licence. The caller has checked that one is available and that the target does not hold it. */
  give(asset: Asset, target: Target): Assignment {
    this.#seq += 1;
    const assignment: Assignment = { seq: this.#seq, asset, target, revision: 0, removed: false };
    this.all.append(assignment);
    asset.assignments.append(assignment);
    asset.holders.set(target, assignment);
    target.assignments.push(assignment);
    if (target.kind === "device") {
      this.#devices.set(target.serialNumber, target);
    }
    if (target.kind === "user" && !isActive(target)) {
      asset.retiredCount += 1;
    } else {
      asset.assignedCount += 1;
    }
    this.#changed(assignment);
    return assignment;
  }

  /** Takes a licence back. */
  takeBack(assignment: Assignment): void {
    const { asset, target } = assignment;
    this.all.remove(assignment);
    asset.assignments.remove(assignment);
    asset.holders.delete(target);
    target.assignments.splice(target.assignments.indexOf(assignment), 1);
    if (target.kind === "device" && target.assignments.length === 0) {
      this.#devices.delete(target.serialNumber);
    }
    if (target.kind === "user" && !isActive(target)) {
      asset.retiredCount -= 1;
    } else {
      asset.assignedCount -= 1;
    }
    assignment.removed = true;
    this.#changed(assignment);
  }

  /**
   * Does what retiring does to licences: revocable ones return, the others stay and count as retired.
   *
   * @param keepsAll whether the revocable ones stay too.
   */
  retire(user: User, keepsAll = false): void {
    for (const assignment of [...user.assignments]) {
      if (assignment.asset.description.revocable && !keepsAll) {
        this.takeBack(assignment);
      } else {
        assignment.asset.assignedCount -= 1;
        assignment.asset.retiredCount += 1;
        this.#changed(assignment);
      }
    }
  }

  /** Notes that the state of a user changed, which lists of licences can show. */
  userChanged(user: User): void {
    for (const assignment of user.assignments) {
      this.#record(assignment);
    }
  }

  #changed(assignment: Assignment): void {
    this.#record(assignment);
    this.#assetsChanged();
  }

  #record(assignment: Assignment): void {
    assignment.revision = this.versions.bump();
    this.changes.record(assignment);
  }
}
