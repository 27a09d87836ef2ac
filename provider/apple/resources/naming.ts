import { redact } from "../../redact";
import type { Library } from "../library/library";
import { assetOfKey } from "../library/readings/assets";
import type { TargetKind } from "../library/readings/assignmentCache";
import { idsAtOnce } from "../library/readings/productNames";
import { plural, someOf } from "./lists";

/** How many are named in one line. */
const shownAtMost = 5;

/** A licence as a message names it. */
export interface NamedPair {
  /** The key of the app. */
  readonly app: string;
  readonly kind: TargetKind;
  readonly target: string;
}

/** Gives the name of an app by its key, or its number. */
export type NameOf = (app: string) => Promise<string>;

/** Devices and people by what identifies them. An id may be an address all the same, and those are not shown. */
export function namesOfTargets(targets: readonly string[], count = targets.length): string {
  return someOf(targets.slice(0, shownAtMost).map(redact), count);
}

/** "2 devices (A, B)", "1 person (ada)". */
export function describeTargets(targets: readonly string[], kind: TargetKind): string {
  return `${countTargets(targets.length, kind)} (${namesOfTargets(targets)})`;
}

/** "2 devices", "1 person". */
export function countTargets(count: number, kind: TargetKind): string {
  return kind === "device" ? plural(count, "device") : plural(count, "person", "people");
}

/** The first licences by app and target, and how many more there are: "Keynote on A, B, Pages for ada and 4 more". */
export async function describePairs(pairs: readonly NamedPair[], count: number, nameOf: NameOf): Promise<string> {
  const groups = new Map<string, string[]>();
  const shown = pairs.slice(0, shownAtMost);
  for (const { app, kind, target } of shown) {
    const group = `${await nameOf(app)} ${kind === "device" ? "on" : "for"}`;
    groups.set(group, [...(groups.get(group) ?? []), redact(target)]);
  }
  const parts = [...groups].map(([group, targets]) => `${group} ${targets.join(", ")}`);
  return someOf(parts, parts.length + count - shown.length);
}

/** Names as far as this run has looked them up; costs no request. */
export function knownNames(library: Library): NameOf {
  return (app) => library.names.nameOf(assetOfKey(app).adamId);
}

const lookedUp = new WeakMap<Library, Promise<unknown>>();

/**
 * Names after one look-up for each library and run, however many resources ask: these apps, and as many others of the library as go into the
 * same request. None where all of these are known.
 */
export async function namesByOneLookUp(library: Library, apps: readonly string[]): Promise<NameOf> {
  if (apps.every((app) => library.names.isKnown(assetOfKey(app).adamId))) return knownNames(library);
  let looked = lookedUp.get(library);
  if (looked === undefined) {
    looked = library
      .assets()
      .then((assets) => [...apps.map((app) => assetOfKey(app).adamId), ...assets.all().map(({ adamId }) => adamId)])
      .then((ids) => library.names.lookUp([...new Set(ids)].slice(0, idsAtOnce)))
      .catch(() => undefined);
    lookedUp.set(library, looked);
  }
  await looked;
  return knownNames(library);
}
