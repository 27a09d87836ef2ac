import { isVppError, VppError } from "../../errors";
import { mapConcurrent } from "../../http/mapConcurrent";
import type { PageAnswer } from "./wire";

/** The service allows at most this many page requests at once. */
export const pagesAtOnce = 5;
/** A list that moved, or that contradicts itself, is walked once more: a third time would tell no more. */
const walks = 2;
/** Fifty million records, at the several hundred a page that the service sends: whatever goes on beyond it goes on for ever. */
const mostPages = 100_000;

/** All items of a list, and how many requests it took. */
export interface Walked<T> {
  readonly items: T[];
  readonly requests: number;
  /** Whether the list held still and fits together: only then does it show what is not there, too. */
  readonly isWhole: boolean;
}

interface Walk<T> {
  readonly items: T[];
  readonly requests: number;
  readonly firstVersion?: string;
  readonly isWhole: boolean;
}

/** How a list is read page by page. */
export interface Pages<P extends PageAnswer, T> {
  readonly getPage: (pageIndex: number) => Promise<P>;
  readonly itemsOf: (page: P) => readonly T[] | undefined;
  /** What changed since a version, where the list can tell. */
  readonly delta?: (sinceVersionId: string) => Promise<Walked<T>>;
}

/** A list of which only the first page has been read. */
export interface Begun<T> {
  /** How many pages it has. */
  readonly pages: number;
  /** Reads the others as well; the first is not read again. */
  readOn(): Promise<Walked<T>>;
}

/** Reads the first page of a list, to learn how many there are. */
export async function beginPages<P extends PageAnswer, T>(list: Pages<P, T>): Promise<Begun<T>> {
  const first = await list.getPage(0);
  let kept: P | undefined = first;
  const getPage = async (pageIndex: number): Promise<P> => {
    const page = pageIndex === 0 ? kept : undefined;
    if (page !== undefined) kept = undefined;
    return page ?? list.getPage(pageIndex);
  };
  return {
    pages: Math.max(1, first.totalPages ?? (first.nextPageIndex === undefined ? 1 : 2)),
    readOn: () => readAllPages({ ...list, getPage }),
  };
}

/**
 * Reads every page of a list. Pages after the first are read at most five at once; the walk ends where `nextPageIndex` is absent. If the
 * data changes in mid-walk, or pages contradict each other, the list is read once more, since an item that moved between pages can be
 * missed. If that happens again, `delta` adds what changed, where the list has one, and the result shows presence alone.
 */
export async function readAllPages<P extends PageAnswer, T>({
  getPage,
  itemsOf,
  delta,
}: Pages<P, T>): Promise<Walked<T>> {
  let requests = 0;
  for (let attempt = 1; ; attempt++) {
    const walk = await walkOnce(getPage, itemsOf);
    requests += walk.requests;
    if (walk.isWhole) return { items: walk.items, requests, isWhole: true };
    if (attempt < walks) continue;
    if (delta === undefined || walk.firstVersion === undefined) return { items: walk.items, requests, isWhole: false };
    const added = await delta(walk.firstVersion);
    return { items: [...walk.items, ...added.items], requests: requests + added.requests, isWhole: false };
  }
}

async function walkOnce<P extends PageAnswer, T>(
  getPage: (pageIndex: number) => Promise<P>,
  itemsOf: (page: P) => readonly T[] | undefined,
): Promise<Walk<T>> {
  let isSound = true;
  const getOnward = async (pageIndex: number): Promise<P> => {
    const page = asAsked(await getPage(pageIndex), pageIndex);
    const after = page.nextPageIndex;
    if (after !== undefined && after <= pageIndex) throw astray(`page ${pageIndex} is followed by page ${after}`);
    if (Math.max(after ?? 0, page.totalPages ?? 0) > mostPages) throw astray(`it has more than ${mostPages} pages`);
    isSound &&= isPageSound(page, pageIndex, itemsOf(page)?.length ?? 0);
    return page;
  };
  const first = await getOnward(0);
  const items: T[] = [...(itemsOf(first) ?? [])];
  let requests = 1;
  let moved = false;
  let next = first.nextPageIndex;
  const take = (page: P): void => {
    requests++;
    moved ||= page.versionId !== first.versionId;
    for (const item of itemsOf(page) ?? []) items.push(item);
  };
  try {
    const lastKnown = (first.totalPages ?? 0) - 1;
    if (next !== undefined && lastKnown > next) {
      const indexes = Array.from({ length: lastKnown - next + 1 }, (_, i) => next! + i);
      const pages = await mapConcurrent(indexes, pagesAtOnce, getOnward);
      // A page that ends the list before its last one denies what the others show.
      isSound &&= pages.slice(0, -1).every(({ nextPageIndex }) => nextPageIndex !== undefined);
      next = pages.at(-1)?.nextPageIndex;
      for (const page of pages.splice(0)) take(page);
    }
    while (next !== undefined) {
      const page = await getOnward(next);
      take(page);
      next = page.nextPageIndex;
    }
  } catch (error) {
    // Pages that no longer exist mean that the list shrank in the meantime.
    if (!isVppError(error) || error.details.serviceCode !== 9650) throw error;
    moved = true;
  }
  return { items, requests, firstVersion: first.versionId, isWhole: isSound && !moved };
}

/** A page that says it is another than the one asked for shows its rows, but not what comes after the one asked for. */
function asAsked<P extends PageAnswer>(page: P, asked: number): P {
  const { currentPageIndex = asked, totalPages = 0 } = page;
  if (currentPageIndex === asked) return page;
  return { ...page, nextPageIndex: asked + 1 < totalPages ? asked + 1 : undefined };
}

/** Whether a page is the one asked for, holds as much as it says, and is not empty in mid-list. What it does not say is not held against it. */
function isPageSound({ currentPageIndex, size, nextPageIndex }: PageAnswer, asked: number, length: number): boolean {
  const isAsked = currentPageIndex === undefined || currentPageIndex === asked;
  const isAsLong = size === undefined || size === length;
  return isAsked && isAsLong && (length > 0 || nextPageIndex === undefined);
}

/** The error for a list that would never end. */
function astray(why: string): VppError {
  const remedy = "Check the endpoint and any proxy or cache, then run the same command again.";
  return new VppError("VPP_SERVICE_ANSWER", `a list of the service can't be right: ${why}`, { remedy });
}
