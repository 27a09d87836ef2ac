/** What the deletes of one run have taken so far in one library. */
interface Sum {
  /** Devices and people who have lost something. */
  readonly taken: Set<string>;
  /** Devices and people of the deleted resources whom the program names nowhere else. */
  readonly held: Set<string>;
  /** Names of the resources that have gone. */
  readonly names: string[];
}

/** A delete that wants to take something. */
export interface Take {
  readonly libraryId: string;
  readonly name: string;
  readonly targets: ReadonlySet<string>;
  /** All that the resource had and the program does not have elsewhere, whether or not it is there to be taken. */
  readonly held: Iterable<string>;
}

/** What a delete is told: whether it may go on, and what has gone before it. */
export interface TallyAnswer {
  readonly isAllowed: boolean;
  /** Targets that would have lost something in this run, this delete's among them. */
  readonly wanted: number;
  readonly limit: number;
  readonly before: { readonly targets: number; readonly names: readonly string[] };
}

/**
 * What the deletes of one run take back, by target. The engine deletes without asking, and in any order; each delete adds itself up before it
 * writes, so that all of them together stay within the limit.
 */
export class RevocationTally {
  private readonly sums = new Map<string, Sum>();

  /** Adds a delete, or leaves it out if that would be over the limit. `limitOf` gets how many targets the deletes of the run have held so far. */
  add({ libraryId, name, targets, held }: Take, limitOf: (held: number) => number): TallyAnswer {
    const sum = this.sums.get(libraryId) ?? { taken: new Set(), held: new Set(), names: [] };
    this.sums.set(libraryId, sum);
    for (const target of held) sum.held.add(target);
    const before = { targets: sum.taken.size, names: [...sum.names] };
    const wanted = sum.taken.size + [...targets].filter((target) => !sum.taken.has(target)).length;
    const limit = limitOf(sum.held.size);
    const isAllowed = wanted <= limit;
    if (isAllowed && targets.size > 0) {
      for (const target of targets) sum.taken.add(target);
      sum.names.push(name);
    }
    return { isAllowed, wanted, limit, before };
  }
}
