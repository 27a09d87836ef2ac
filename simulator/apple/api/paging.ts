import { Refusal } from "../core/errors";
import type { Versions } from "../core/versions";
import type { Call } from "./call";

/** Records that can be read page by page. */
export interface Selection<T> {
  readonly size: number;
  slice(offset: number, count: number): T[];
}

/** Several selections read one after another, as one. */
export function concatenated<T>(parts: readonly Selection<T>[]): Selection<T> {
  return {
    size: parts.reduce((sum, part) => sum + part.size, 0),
    slice(offset, count) {
      const found: T[] = [];
      let skip = offset;
      for (const part of parts) {
        if (skip < part.size && found.length < count) {
          for (const item of part.slice(skip, count - found.length)) {
            found.push(item);
          }
        }
        skip = Math.max(0, skip - part.size);
      }
      return found;
    },
  };
}

/** An array as a selection. */
export function selectionOf<T>(items: readonly T[]): Selection<T> {
  return { size: items.length, slice: (offset, count) => items.slice(offset, offset + count) };
}

/** One page: its records, and the fields that describe it. */
export interface Page<T> {
  readonly records: T[];
  readonly fields: object;
}

/**
 * Cuts the page a request asks for; an index for which there is no page is refused with 9650.
 *
 * @param revision the one the selection shows, if that is not the present one.
 */
export function pageOf<T>(
  call: Call,
  selection: Selection<T>,
  versions: Versions,
  revision = versions.revision,
): Page<T> {
  const { pageSize, readings } = call.world.settings;
  const pages = Math.ceil(selection.size / pageSize);
  const asked = call.query.integer("pageIndex") ?? 0;
  if (asked < 0 || asked >= Math.max(1, pages)) {
    throw new Refusal(9650);
  }
  const { repeats, moves } = call.trouble;
  const sent = repeats === undefined ? asked : Math.max(0, asked - 1);
  const index = repeats === "repeated" ? sent : asked;
  const records = selection.slice(sent * pageSize, pageSize);
  return {
    records,
    fields: {
      currentPageIndex: index,
      ...(index + 1 < pages && { nextPageIndex: index + 1 }),
      size: records.length,
      totalPages: pages === 0 ? Number(readings["empty-total-pages"]) : pages,
      versionId: moves === true ? versions.anotherIdAt(revision) : versions.idAt(revision),
    },
  };
}

/** The array of an answer, which one reading leaves out when it is empty. */
export function listField(call: Call, name: string, items: readonly object[]): object {
  return items.length === 0 && call.world.settings.readings["empty-arrays"] === "omitted" ? {} : { [name]: items };
}

/** The revision a `sinceVersionId` stands for; one the endpoint does not know is refused with 9721. */
export function sinceRevision(call: Call, versions: Versions): number | undefined {
  const versionId = call.query.text("sinceVersionId");
  if (versionId === undefined) {
    return undefined;
  }
  const revision = versions.revisionOf(versionId);
  if (revision === undefined) {
    throw new Refusal(9721);
  }
  return revision;
}

/** Whether filters hold for reads with `sinceVersionId`, which is not documented. */
export function filtersDelta(call: Call): boolean {
  return call.world.settings.readings["delta-filters"] === "combined";
}

/**
 * Keeps the last computed selection, so that the pages of a filtered read do not walk all records again. Pages of one
 * read share their key, which must hold everything the selection depends on.
 */
export class SelectionCache<T> {
  #key = "";
  #selection: Selection<T> | undefined;

  /** The selection under a key, computed if it is not the one kept. */
  get(key: string, compute: () => readonly T[]): Selection<T> {
    if (this.#selection === undefined || this.#key !== key) {
      this.#selection = selectionOf(compute());
      this.#key = key;
    }
    return this.#selection;
  }
}
