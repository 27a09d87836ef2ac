import type { Limits } from "../../api/client";
import type { ManageAssetsRequest } from "../../api/wire";
import type { LibraryRef } from "../libraryRef";
import type { Action } from "../log/writes";
import { assetOfKey } from "../readings/assets";
import type { Rectangle } from "../rectangles";
import type { TargetKind } from "../targets";

/** What decides which jobs may share a request. */
export interface Grouped {
  readonly ref: LibraryRef;
  readonly action: Action;
  readonly kind: TargetKind;
  readonly rectangle: Rectangle;
  /** Never in one request with another's. */
  readonly isAlone: boolean;
}

/**
 * Takes out of those who wait all that may go in one request with the first: equal apps or equal targets, as large as the limits allow.
 * What waits without a job is left where it is.
 */
export function takeGroup<W extends { readonly job: Grouped }>(
  first: W,
  waiting: (W | { readonly job?: undefined })[],
  { maxAssets, maxSerialNumbers, maxClientUserIds }: Limits,
): W[] {
  const maxTargets = first.job.kind === "device" ? maxSerialNumbers : maxClientUserIds;
  const candidates = waiting.filter((other): other is W => other.job !== undefined && mayGoWith(first.job, other.job));
  const sameApps = fitting(first, candidates, "apps", "targets", maxTargets);
  const sameTargets = fitting(first, candidates, "targets", "apps", maxAssets);
  const others = sameApps.length >= sameTargets.length ? sameApps : sameTargets;
  for (const other of others) waiting.splice(waiting.indexOf(other), 1);
  return [first, ...others];
}

function mayGoWith(a: Grouped, b: Grouped): boolean {
  return (
    !a.isAlone &&
    !b.isAlone &&
    a.action === b.action &&
    a.kind === b.kind &&
    a.ref.bindingId === b.ref.bindingId &&
    a.ref.managedBy === b.ref.managedBy
  );
}

/** Those whose `equal` side is the first one's, for as long as the other sides together stay within `most`. */
function fitting<W extends { readonly job: Grouped }>(
  first: W,
  candidates: readonly W[],
  equal: keyof Rectangle,
  joined: keyof Rectangle,
  most: number,
): W[] {
  const side = new Set(first.job.rectangle[equal]);
  const together = new Set(first.job.rectangle[joined]);
  const taken: W[] = [];
  for (const candidate of candidates) {
    const { [equal]: same, [joined]: more } = candidate.job.rectangle;
    if (same.length !== side.size || together.size + more.length > most) continue;
    if (!same.every((value) => side.has(value))) continue;
    for (const value of more) together.add(value);
    taken.push(candidate);
  }
  return taken;
}

/** The rectangle of a group: all apps and all targets of its parts. */
export function unionOf(rectangles: readonly Rectangle[]): Rectangle {
  if (rectangles.length === 1) return rectangles[0]!;
  return {
    apps: [...new Set(rectangles.flatMap(({ apps }) => apps))],
    targets: [...new Set(rectangles.flatMap(({ targets }) => targets))],
  };
}

/** The body of a request that assigns or revokes all of a rectangle. */
export function requestFor(kind: TargetKind, { apps, targets }: Rectangle): ManageAssetsRequest {
  const assets = apps.map(assetOfKey);
  return kind === "device" ? { assets, serialNumbers: targets } : { assets, clientUserIds: targets };
}
