import { type Known, readInventory } from "../inventory/read";
import type { Inventory, Wanted } from "../inventory/types";
import { isVppError, VppError } from "../provider/errors";
import type { Sources } from "./sources";

/** Libraries that are read at once; each keeps to the service's pace by itself. */
const librariesAtOnce = 4;

/** A library that could not be read, by the key of its content token. */
export interface Unread {
  readonly contentTokenKey: string;
  readonly libraryId?: string;
  readonly error: VppError;
}

/** What was read of the libraries that a command is about, and what was not. */
export interface Readings {
  readonly inventories: readonly Inventory[];
  readonly unread: readonly Unread[];
}

/** Reads every library for itself: one that can't be read hides no other. */
export async function readEach({ libraries, known, declared }: Sources, wanted: Wanted): Promise<Readings> {
  const read = async (each: Known): Promise<Inventory | Unread> => {
    try {
      return await readInventory(libraries, each, wanted, declared);
    } catch (error) {
      if (isVppError(error)) return { ...named(each), error };
      throw error;
    }
  };
  const outcomes: (Inventory | Unread)[] = [];
  for (let at = 0; at < known.length; at += librariesAtOnce)
    outcomes.push(...(await Promise.all(known.slice(at, at + librariesAtOnce).map(read))));
  const inventories: Inventory[] = [];
  const unread: Unread[] = [];
  for (const [index, outcome] of outcomes.entries()) {
    if ("error" in outcome) unread.push(outcome);
    else {
      const twin = inventories.find(({ libraryId }) => libraryId !== undefined && libraryId === outcome.libraryId);
      if (twin === undefined) inventories.push(outcome);
      else unread.push({ ...named(known[index]!), error: opensTheSame(twin, outcome) });
    }
  }
  return { inventories, unread };
}

function named({ contentTokenKey, libraryId }: Known): Omit<Unread, "error"> {
  return { contentTokenKey, ...(libraryId !== undefined && { libraryId }) };
}

function opensTheSame(one: Inventory, other: Inventory): VppError {
  const why = `it opens the same library as that of key ${one.contentTokenKey}, ${other.libraryId}`;
  return new VppError("VPP_INPUT_CONFLICT", why, { remedy: "Name only one of them." });
}
