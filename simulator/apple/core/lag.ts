/** The lists that can lag behind what is true, by their paths. */
export const LISTS = ["assets", "assignments", "users"] as const;
/** One of the lists that can lag. */
export type ListName = (typeof LISTS)[number];

/** How far each list lags behind what is true, in milliseconds of real time. */
export type ListLags = Readonly<Record<ListName, number>>;

/** A list as it was some time ago. */
export interface EarlierList<Item, Was> {
  /** What was the case for the items that have changed since. */
  readonly was: ReadonlyMap<Item, Was>;
  /** The revision the list had. */
  readonly revision: number;
}

interface Change<Item, Was> {
  readonly item: Item;
  readonly was: Was;
  readonly revision: number;
  readonly shownAt: number;
}

/** The latest changes of a list that lags: it shows what was the case before them. */
export class Lag<Item, Was> {
  readonly #lagMs: () => number;
  #changes: Change<Item, Was>[] = [];

  /** @param lagMs how far the list lags now, in milliseconds. */
  constructor(lagMs: () => number) {
    this.#lagMs = lagMs;
  }

  /**
   * Notes a change.
   *
   * @param was gives what was the case before; it is only asked for while the list lags.
   */
  note(item: Item, revision: number, was: () => Was): void {
    const lagMs = this.#lagMs();
    if (lagMs > 0) {
      this.#changes.push({ item, was: was(), revision, shownAt: performance.now() + lagMs });
    }
  }

  /** The list as it shows itself now; nothing when that is what is true. */
  earlier(): EarlierList<Item, Was> | undefined {
    const now = performance.now();
    const first = this.#changes.findIndex(({ shownAt }) => shownAt > now);
    this.#changes = first === -1 ? [] : this.#changes.slice(first);
    const [oldest] = this.#changes;
    if (oldest === undefined) {
      return undefined;
    }
    const was = new Map<Item, Was>();
    for (const change of this.#changes) {
      if (!was.has(change.item)) {
        was.set(change.item, change.was);
      }
    }
    return { was, revision: oldest.revision - 1 };
  }
}
