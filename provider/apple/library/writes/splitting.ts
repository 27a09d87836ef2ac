import type { Rectangle } from "../rectangles";

/** The request is larger than the service allows now: its limits have changed since they were read. */
const tooManyApps = 9700;
const overLimit = new Set([tooManyApps, 9701, 9702, 9714]);
/** The service refuses a whole request for one of its products, or for an argument that is most likely a product. */
const forOneApp = new Set([9602, 9706, 9707]);
/** The service refuses a whole request for one of its people. */
const forOneTarget = new Set([9609, 9618, 9635, 9641, 9716, 9717]);

/** A request that is refused for one of its parts is split so often at the most: enough for a few bad ones among a thousand. */
export const mostSplits = 40;

/** Whether a refusal says that the request holds too much. */
export function isAboutLimits(errorNumber: number | undefined): boolean {
  return errorNumber !== undefined && overLimit.has(errorNumber);
}

/** Whether such a refusal speaks of the products of a request, not of its targets. */
export function isAboutApps(errorNumber: number | undefined): boolean {
  return errorNumber === tooManyApps;
}

/** Whether a request was refused as a whole for one of its parts. */
export function isAboutOneOfMany(errorNumber: number | undefined): boolean {
  return errorNumber !== undefined && (forOneApp.has(errorNumber) || forOneTarget.has(errorNumber));
}

/** The two halves of a list; undefined if it can't be halved. */
export function halves<T>(list: readonly T[]): [T[], T[]] | undefined {
  if (list.length < 2) return undefined;
  const middle = Math.ceil(list.length / 2);
  return [list.slice(0, middle), list.slice(middle)];
}

/** The two halves of a request, along the side on which the refused part is most likely; undefined if it is a single pair. */
export function halvesOf({ apps, targets }: Rectangle, errorNumber: number | undefined): Rectangle[] | undefined {
  const byApp = halves(apps)?.map((half) => ({ apps: half, targets }));
  const byTarget = halves(targets)?.map((half) => ({ apps, targets: half }));
  return errorNumber !== undefined && forOneApp.has(errorNumber) ? (byApp ?? byTarget) : (byTarget ?? byApp);
}
