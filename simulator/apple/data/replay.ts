import type { Asset, Assignment, Target, TargetId, User } from "../core/assignment";
import type { ServiceEvent } from "../core/event";
import type { Library } from "../core/library";
import type { World } from "../core/world";
import type { ChangedLicence, Entry } from "./record";

interface Pending {
  readonly library: Library;
  readonly event: ServiceEvent;
  readonly work: unknown;
}

/** Makes the changes a data file holds again, in a world that is empty at first. */
export class Replay {
  /** Whether everything was there that belongs to the part of the file which was written at once. */
  whole = false;
  readonly #world: World;
  readonly #users = new Map<Library, User[]>();
  readonly #pending = new Map<string, Pending>();

  constructor(world: World) {
    this.#world = world;
  }

  /**
   * Makes one change.
   *
   * @throws Error when it does not fit what came before.
   */
  apply(entry: Entry): void {
    if (entry[0] === 0) {
      this.#applyToWorld(entry);
    } else {
      this.#applyToLibrary(found(this.#world.library(entry[0])), entry);
    }
  }

  /** Puts the events that were accepted and not processed back into their queues, in order. */
  resume(): void {
    for (const { library, event, work } of this.#pending.values()) {
      library.events.resume(event, work);
    }
    this.#pending.clear();
  }

  #applyToWorld(entry: Extract<Entry, [0, ...unknown[]]>): void {
    const { clock, tokens } = this.#world;
    switch (entry[1]) {
      case "library":
        this.#users.set(this.#world.addLibrary(entry[2]), []);
        return;
      case "token":
        tokens.restore(found(this.#world.library(entry[2])), entry[3]);
        return;
      case "token-revoked":
        found(tokens.byDigest(entry[2])).revoked = true;
        return;
      case "token-expiry":
        found(tokens.byDigest(entry[2])).expiresAt = entry[3];
        return;
      case "clock":
        clock.restore(entry[2]);
        return;
      case "whole":
        this.whole = true;
        return;
      default:
        throw new Error("a change of an unknown kind");
    }
  }

  #applyToLibrary(library: Library, entry: Extract<Entry, [string, ...unknown[]]>): void {
    const { licences, users } = library;
    switch (entry[1]) {
      case "asset":
        library.addAsset(entry[2], entry[3]);
        return;
      case "owned":
        library.changeOwned(asset(library, entry[2]), entry[3]);
        return;
      case "removed":
        library.removeAsset(asset(library, entry[2]));
        return;
      case "give":
        this.#each(library, entry, (given, target) => licences.give(given, target));
        return;
      case "take":
        this.#each(library, entry, (taken, target) => licences.takeBack(found(taken.holders.get(target))));
        return;
      case "retire":
        this.#each(library, entry, (kept, target) => licences.retireOne(found(kept.holders.get(target))));
        return;
      case "user":
        this.#users.get(library)!.push(users.add(entry[2]));
        return;
      case "change":
        users.change(this.#user(library, entry[2]), entry[3]);
        return;
      case "touch":
        licences.userChanged(this.#user(library, entry[2]));
        return;
      case "mark":
        library.mdmInfo = entry[2] ?? undefined;
        return;
      case "notifications":
        library.notifications = entry[2];
        return;
      case "accept": {
        const event = library.events.restoreAccepted(entry[2]);
        this.#pending.set(event.eventId, { library, event, work: entry[2].work });
        return;
      }
      case "done":
        Object.assign(found(this.#pending.get(entry[2].eventId)).event, entry[2]);
        this.#pending.delete(entry[2].eventId);
        return;
      default:
        this.#applyVersions(library, entry);
    }
  }

  #applyVersions(library: Library, entry: Extract<Entry, [string, ...unknown[]]>): void {
    const versions = {
      assets: library.assetVersions,
      licences: library.licences.versions,
      users: library.users.versions,
    };
    switch (entry[1]) {
      case "version":
        found(versions[entry[2]]).know(entry[3], entry[4]);
        return;
      case "versions":
        versions.assets.restore(entry[2].assets);
        versions.licences.restore(entry[2].licences);
        versions.users.restore(entry[2].users);
        return;
      case "changed-licences":
        library.licences.changes.restore(
          entry[2],
          entry[3].map((changed) => this.#changedLicence(library, changed)),
        );
        return;
      case "changed-users":
        library.users.changes.restore(
          entry[2],
          entry[3].map(([revision, number]) => Object.assign(this.#user(library, number), { revision })),
        );
        return;
      default:
        throw new Error("a change of an unknown kind");
    }
  }

  /** A licence of the change log; one that was taken back lives on there only. */
  #changedLicence(library: Library, [revision, key, id, removed]: ChangedLicence): Assignment {
    const target = this.#target(library, id);
    if (removed === 0) {
      return Object.assign(found(asset(library, key).holders.get(target)), { revision });
    }
    return { seq: 0, asset: asset(library, key), target, revision, state: "removed" };
  }

  #each(
    library: Library,
    entry: readonly [string, string, string, ...TargetId[]],
    change: (asset: Asset, target: Target) => void,
  ): void {
    const changed = asset(library, entry[2]);
    for (let index = 3; index < entry.length; index += 1) {
      change(changed, this.#target(library, entry[index] as TargetId));
    }
  }

  #target(library: Library, id: TargetId): Target {
    return typeof id === "string" ? library.licences.device(id) : this.#user(library, id);
  }

  #user(library: Library, number: number): User {
    return found(this.#users.get(library)?.[number - 1]);
  }
}

function asset(library: Library, key: string): Asset {
  return found(library.assets.get(key));
}

function found<T>(value: T | undefined): T {
  if (value === undefined) {
    throw new Error("a change of something that is not there");
  }
  return value;
}
