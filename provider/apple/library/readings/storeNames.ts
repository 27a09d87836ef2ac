/** What the store calls a product. */
export interface ProductName {
  readonly displayName?: string;
  readonly bundleId?: string;
  /** Address of the product's picture, 128 pixels wide or what comes next to it. */
  readonly iconUrl?: string;
}

/** Names by adamId; a product that the store does not sell any more has an answer and no name. */
export type StoreAnswer = ReadonlyMap<string, ProductName | undefined>;

type Ask = (ids: readonly string[]) => Promise<StoreAnswer>;
type Known = Map<string, Promise<StoreAnswer>>;

/**
 * What the store has told of products, for all libraries of a run: it depends on the country and the platform, not on the library. So a program
 * with many libraries of one country asks for an app once.
 */
export class StoreNames {
  private readonly stores = new Map<string, Known>();

  /**
   * Answers about products, those that are known or on their way included; `ask` is called for the others. Products that it tells nothing of are
   * left out. A question that failed is nobody's: whoever had joined it asks once more.
   */
  async lookUp(store: string, ids: readonly string[], ask: Ask): Promise<StoreAnswer> {
    const known: Known = this.stores.get(store) ?? new Map<string, Promise<StoreAnswer>>();
    this.stores.set(store, known);
    const told = new Map<string, ProductName | undefined>();
    const failed = await gather(known, ids, ask, told);
    await gather(known, failed, ask, told);
    return told;
  }
}

/** Puts into `told` what is known or told now; gives the products of which a question failed that others had asked. */
async function gather(
  known: Known,
  ids: readonly string[],
  ask: Ask,
  told: Map<string, ProductName | undefined>,
): Promise<string[]> {
  const own = new Set(ids.filter((id) => !known.has(id)));
  if (own.size > 0) begin(known, [...own], ask);
  const answers = ids.map((id) => [id, known.get(id)!] as const);
  const failed: string[] = [];
  for (const [id, answering] of answers) {
    const answer = await answering.catch(() => undefined);
    if (answer?.has(id)) told.set(id, answer.get(id));
    else if (answer === undefined && !own.has(id)) failed.push(id);
  }
  return failed;
}

function begin(known: Known, ids: readonly string[], ask: Ask): void {
  const asked = ask(ids);
  for (const id of ids) known.set(id, asked);
  asked.catch(() => {
    for (const id of ids) if (known.get(id) === asked) known.delete(id);
  });
}
