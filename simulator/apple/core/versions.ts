import { timeUuid } from "./ids";

const REMEMBERED_IDS = 10_000;
const REMEMBERED_CHANGES = 250_000;

/** What is kept of a `Versions`: the revision, and the ids given out with the revisions they stand for. */
export interface VersionsRecord {
  readonly revision: number;
  readonly ids: readonly (readonly [versionId: string, revision: number])[];
}

/**
 * The version of one list endpoint's data. Apple documents that a new `versionId` appears whenever the data behind an
 * endpoint changes; ids are opaque UUIDs. An id is only made when somebody reads it.
 */
export class Versions {
  readonly #revisions = new Map<string, number>();
  readonly #now: () => number;
  readonly #made: (versionId: string, behind: number) => void;
  #revision = 0;
  #currentId: string | undefined;

  /**
   * @param now the simulator's time in milliseconds, which goes into the ids.
   * @param made is called with every new id, and how many revisions the data it stands for is behind.
   */
  constructor(now: () => number, made: (versionId: string, behind: number) => void = () => undefined) {
    this.#now = now;
    this.#made = made;
  }

  /** A number that grows with every change. */
  get revision(): number {
    return this.#revision;
  }

  /** Whether an id was given out that is still remembered. */
  get anyId(): boolean {
    return this.#revisions.size > 0;
  }

  /** The oldest revision a remembered id stands for; the present one while there is no id. */
  get oldestRevision(): number {
    let oldest = this.#revision;
    for (const revision of this.#revisions.values()) {
      oldest = Math.min(oldest, revision);
    }
    return oldest;
  }

  /** Says that the data changed, and gives the new revision. */
  bump(): number {
    this.#revision += 1;
    this.#currentId = undefined;
    return this.#revision;
  }

  /** The `versionId` of the data as it is now. */
  currentId(): string {
    return this.#currentId ?? this.anotherIdAt(this.#revision);
  }

  /** The `versionId` of the data as it was at a revision. */
  idAt(revision: number): string {
    if (revision === this.#revision) {
      return this.currentId();
    }
    let found: string | undefined;
    for (const [versionId, each] of this.#revisions) {
      found = each === revision ? versionId : found;
    }
    return found ?? this.anotherIdAt(revision);
  }

  /** A new `versionId` of the data as it was at a revision, although there may be one. */
  anotherIdAt(revision: number): string {
    const versionId = timeUuid(this.#now());
    const behind = this.#revision - revision;
    this.know(versionId, behind);
    this.#made(versionId, behind);
    return versionId;
  }

  /** Takes an id that was given out for the data as it is now, or as it was so many revisions ago. */
  know(versionId: string, behind = 0): void {
    this.#currentId = behind === 0 ? versionId : this.#currentId;
    this.#revisions.set(versionId, this.#revision - behind);
    if (this.#revisions.size > REMEMBERED_IDS) {
      this.#revisions.delete(this.#revisions.keys().next().value!);
    }
  }

  /** The revision a `versionId` stood for, or nothing when this endpoint never gave it out or has forgotten it. */
  revisionOf(versionId: string): number | undefined {
    return this.#revisions.get(versionId);
  }

  /** What has to be kept so that ids stay valid. */
  save(): VersionsRecord {
    return { revision: this.#revision, ids: [...this.#revisions] };
  }

  /** Goes on where a `Versions` was saved. */
  restore(record: VersionsRecord): void {
    this.#revision = record.revision;
    this.#revisions.clear();
    this.#currentId = undefined;
    for (const [versionId, revision] of record.ids) {
      this.#revisions.set(versionId, revision);
      this.#currentId = revision === record.revision ? versionId : this.#currentId;
    }
  }
}

/** Which items changed at which revision, so that a `sinceVersionId` read costs what changed and not the whole list. */
export class ChangeLog<T extends { revision: number }> {
  readonly #versions: Versions;
  #revisions: number[] = [];
  #items: T[] = [];
  #forgottenUpTo = 0;

  /** @param versions those of the list; as long as none was given out, nobody can ask for what changed. */
  constructor(versions: Versions) {
    this.#versions = versions;
  }

  /** Notes that the item changed; its `revision` must have been set to that of the change. */
  record(item: T): void {
    if (!this.#versions.anyId) {
      this.#forgottenUpTo = item.revision;
      return;
    }
    this.#revisions.push(item.revision);
    this.#items.push(item);
    if (this.#items.length > 2 * REMEMBERED_CHANGES) {
      this.#forgottenUpTo = this.#revisions[REMEMBERED_CHANGES - 1]!;
      this.#revisions = this.#revisions.slice(REMEMBERED_CHANGES);
      this.#items = this.#items.slice(REMEMBERED_CHANGES);
    }
  }

  /** Begins anew with items that changed after a revision, oldest change first; what came before is forgotten. */
  restore(revision: number, items: readonly T[]): void {
    this.#forgottenUpTo = revision;
    this.#items = [...items];
    this.#revisions = items.map((item) => item.revision);
  }

  /** The oldest revision for which `since` has an answer, as far as anybody can ask for one. */
  get remembersFrom(): number {
    return Math.max(this.#forgottenUpTo, this.#versions.oldestRevision);
  }

  /**
   * The items changed after a revision, each once, oldest change first; nothing when that is too long ago.
   *
   * @param upTo the last revision whose changes count; all do when left out.
   */
  since(revision: number, upTo = this.#versions.revision): T[] | undefined {
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
    let end = this.#items.length;
    while (end > low && this.#revisions[end - 1]! > upTo) {
      end -= 1;
    }
    // Read from the end, a set keeps the place of each item's last change.
    return [...new Set(this.#items.slice(low, end).reverse())].reverse();
  }
}
