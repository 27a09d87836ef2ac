import { timeUuid } from "./ids";

const REMEMBERED_IDS = 10_000;
const REMEMBERED_CHANGES = 250_000;

/**
 * The version of one list endpoint's data. Apple documents that a new `versionId` appears whenever the data behind an
 * endpoint changes; ids are opaque UUIDs. An id is only made when somebody reads it.
 */
export class Versions {
  readonly #revisions = new Map<string, number>();
  readonly #now: () => number;
  #revision = 0;
  #currentId: string | undefined;

  /** @param now the simulator's time in milliseconds, which goes into the ids. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** A number that grows with every change. */
  get revision(): number {
    return this.#revision;
  }

  /** Says that the data changed, and gives the new revision. */
  bump(): number {
    this.#revision += 1;
    this.#currentId = undefined;
    return this.#revision;
  }

  /** The `versionId` of the data as it is now. */
  currentId(): string {
    if (this.#currentId === undefined) {
      this.#currentId = timeUuid(this.#now());
      this.#revisions.set(this.#currentId, this.#revision);
      if (this.#revisions.size > REMEMBERED_IDS) {
        this.#revisions.delete(this.#revisions.keys().next().value!);
      }
    }
    return this.#currentId;
  }

  /** The revision a `versionId` stood for, or nothing when this endpoint never gave it out or has forgotten it. */
  revisionOf(versionId: string): number | undefined {
    return this.#revisions.get(versionId);
  }
}

/** Which items changed at which revision, so that a `sinceVersionId` read costs what changed and not the whole list. */
export class ChangeLog<T extends { revision: number }> {
  #revisions: number[] = [];
  #items: T[] = [];
  #forgottenUpTo = 0;

  /** Notes that the item changed; its `revision` must have been set to that of the change. */
  record(item: T): void {
    this.#revisions.push(item.revision);
    this.#items.push(item);
    if (this.#items.length > 2 * REMEMBERED_CHANGES) {
      this.#forgottenUpTo = this.#revisions[REMEMBERED_CHANGES - 1]!;
      this.#revisions = this.#revisions.slice(REMEMBERED_CHANGES);
      this.#items = this.#items.slice(REMEMBERED_CHANGES);
    }
  }

  /** The items changed after a revision, each once, oldest change first; nothing when that is too long ago. */
  since(revision: number): T[] | undefined {
    if (revision < this.#forgottenUpTo) {
      return undefined;
    }
    let low = 0;
    let high = this.#revisions.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#revisions[middle]! <= revision) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    const found: T[] = [];
    for (let index = low; index < this.#items.length; index += 1) {
      const item = this.#items[index]!;
      if (item.revision === this.#revisions[index]) {
        found.push(item);
      }
    }
    return found;
  }
}
