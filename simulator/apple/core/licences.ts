import { OrderedList } from "../../kit/ordered-list";
import {
  type Asset,
  type Assignment,
  type Device,
  hasRetired,
  isRetired,
  type Target,
  targetId,
  type User,
} from "./assignment";
import type { Recording } from "./changes";
import { Lag } from "./lag";
import { type ListSurroundings, versionRecorder } from "./list-surroundings";
import { ChangeLog, Versions } from "./versions";

/** All licences of one library: who holds what, indexed by asset, by target, in order, and by time of change. */
export class Licences {
  readonly all = new OrderedList<Assignment>(isRetired);
  readonly versions: Versions;
  readonly changes: ChangeLog<Assignment>;
  /** Whether each licence was there before it was given or taken back. */
  readonly lag: Lag<Assignment, boolean>;
  readonly #devices = new Map<string, Device>();
  readonly #recording: Recording;
  readonly #assetChanges: (asset: Asset) => void;
  #seq = 0;

  /** @param assetChanges is called just before an asset's counts change. */
  constructor(surroundings: ListSurroundings, recording: Recording, assetChanges: (asset: Asset) => void) {
    this.versions = new Versions(surroundings.now, versionRecorder(recording, "licences"));
    this.lag = new Lag(() => surroundings.lagMs("assignments"));
    this.changes = new ChangeLog(this.versions);
    this.#recording = recording;
    this.#assetChanges = assetChanges;
  }

  /** The device that holds licences under a serial number, or a new one which is only kept once it holds some. */
  device(serialNumber: string): Device {
    return this.#devices.get(serialNumber) ?? { kind: "device", serialNumber, assignments: [] };
  }

  /** Gives a licence. The caller has checked that one is available and that the target does not hold it. */
  give(asset: Asset, target: Target): Assignment {
    this.#seq += 1;
    this.#assetChanges(asset);
    const retired = target.kind === "user" && hasRetired(target);
    const assignment: Assignment = {
      seq: this.#seq,
      asset,
      target,
      revision: 0,
      state: retired ? "retired" : "active",
    };
    this.all.append(assignment);
    asset.assignments.append(assignment);
    asset.holders.set(target, assignment);
    if (target.assignments.length === 0) {
      // Pushing onto an empty array reserves room for 17, which most devices never need.
      target.assignments = [assignment];
    } else {
      target.assignments.push(assignment);
    }
    if (target.kind === "device") {
      this.#devices.set(target.serialNumber, target);
    }
    if (retired) {
      asset.retiredCount += 1;
    } else {
      asset.assignedCount += 1;
    }
    this.#note(assignment);
    this.lag.note(assignment, assignment.revision, () => false);
    this.#recording.record?.(["give", asset.key, targetId(target)]);
    return assignment;
  }

  /** Takes a licence back. */
  takeBack(assignment: Assignment): void {
    const { asset, target } = assignment;
    this.#assetChanges(asset);
    this.all.remove(assignment);
    asset.assignments.remove(assignment);
    asset.holders.delete(target);
    target.assignments.splice(target.assignments.indexOf(assignment), 1);
    if (target.kind === "device" && target.assignments.length === 0) {
      this.#devices.delete(target.serialNumber);
    }
    if (isRetired(assignment)) {
      asset.retiredCount -= 1;
    } else {
      asset.assignedCount -= 1;
    }
    assignment.state = "removed";
    this.#note(assignment);
    this.lag.note(assignment, assignment.revision, () => true);
    this.#recording.record?.(["take", asset.key, targetId(target)]);
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
        this.retireOne(assignment);
      }
    }
  }

  /** Makes an active licence one that stays with a retired user. */
  retireOne(assignment: Assignment): void {
    const { asset } = assignment;
    this.#assetChanges(asset);
    assignment.state = "retired";
    this.all.hide(assignment);
    asset.assignments.hide(assignment);
    asset.assignedCount -= 1;
    asset.retiredCount += 1;
    this.#note(assignment);
    this.#recording.record?.(["retire", asset.key, targetId(assignment.target)]);
  }

  /** Notes that the state of a user changed, which lists of licences can show. */
  userChanged(user: User): void {
    for (const assignment of user.assignments) {
      this.#note(assignment);
    }
    this.#recording.record?.(["touch", user.seq]);
  }

  #note(assignment: Assignment): void {
    assignment.revision = this.versions.bump();
    this.changes.record(assignment);
  }
}
