import type { DeclaredAssignment, Plan } from "../../plan/planReader";
import type { Library } from "./library";
import type { Run } from "./run";
import type { TargetKind } from "./targets";

/** A full reading of an app is worth its cost up to this many requests; beyond it, resources are counted as they are checked. */
const worthReadingPages = 5;

/** Who asks for how many licences of an app. */
export interface Asker {
  readonly name: string;
  readonly asks: number;
}

/**
 * Whether an app's licences suffice for the whole program. `short`: they don't. `laterInRun`: they will once other resources of this run have
 * given some back. `perhaps`: a resource that is still to be checked may give some back. `pending`: they don't by what is known, but writes of
 * this run are on their way, and only the service knows what they will leave.
 */
export interface LicenceVerdict {
  readonly kind: "enough" | "laterInRun" | "perhaps" | "pending" | "short";
  readonly needed: number;
  /** Free licences; below zero where more are assigned than owned. */
  readonly free: number;
  /** How many are lacking even after what other resources of the run give back. */
  readonly lacking: number;
  readonly askers: readonly Asker[];
}

interface Demand {
  readonly asks: Map<string, number>;
  readonly drops: Map<string, number>;
  /** Assigned licences that the program does not require; unknown unless the app was read in full. */
  readonly looseHolders: number;
  /** Of what is asked for, how much may be assigned already: a write of this run failed, and what it did was not seen since. */
  readonly unknown: number;
}

/**
 * Counts what the whole program needs of an app against what is free and what the same resources give up. What this run has written itself may
 * not be in the count yet: then it is counted once more before anything is called short, and while a write is on its way the service decides.
 */
export async function judgeLicences(
  library: Library,
  plan: Plan,
  run: Run,
  key: string,
  app: string,
  checking: string,
): Promise<LicenceVerdict> {
  const first = await judge(library, plan, run, key, app, checking);
  if (first.kind !== "short" || library.touched(app) === "no") return first;
  if (library.touched(app) === "pending") return { ...first, kind: "pending" };
  await library.recount(app);
  const verdict = await judge(library, plan, run, key, app, checking);
  // What was sent while the counts were read may be in them or not.
  const isSure = verdict.kind !== "short" || library.touched(app) === "no";
  return isSure ? verdict : { ...verdict, kind: "pending" };
}

async function judge(
  library: Library,
  plan: Plan,
  run: Run,
  key: string,
  app: string,
  checking: string,
): Promise<LicenceVerdict> {
  const free = library.free(app);
  if (free >= plan.requiredCount(key, app)) return { kind: "enough", needed: 0, free, lacking: 0, askers: [] };
  const demand = await demandOf(library, plan, run, key, app);
  let needed = 0;
  let released = 0;
  const askers: Asker[] = [];
  for (const entry of new Set([...demand.asks.keys(), ...demand.drops.keys()])) {
    const net = (demand.asks.get(entry) ?? 0) - (demand.drops.get(entry) ?? 0);
    if (net > 0) {
      needed += net;
      askers.push({ name: plan.assignment(entry)?.name ?? "another resource", asks: net });
    } else {
      released -= net;
    }
  }
  askers.sort((a, b) => b.asks - a.asks || a.name.localeCompare(b.name));
  const shortage = needed - free;
  const verdict = { needed, free, lacking: Math.max(0, shortage - released), askers };
  if (shortage <= 0) return { kind: "enough", ...verdict };
  if (shortage <= released) return { kind: "laterInRun", ...verdict };
  const isLast = [...plan.assignmentsOf(key)].every(({ entry }) => entry === checking || run.checked.has(entry));
  // What the engine may still change asks for as much as its arguments do, or for less.
  const openAsks = [...demand.asks].reduce((sum, [entry, asks]) => sum + (isOpen(plan, entry) ? asks : 0), 0);
  if (!isLast && shortage <= released + demand.looseHolders + openAsks) return { kind: "perhaps", ...verdict };
  if (shortage <= released + demand.unknown) return { kind: "pending", ...verdict };
  return { kind: "short", ...verdict };
}

function isOpen(plan: Plan, entry: string): boolean {
  const declared = plan.assignment(entry);
  return declared !== undefined && plan.isOpen(declared);
}

async function demandOf(library: Library, plan: Plan, run: Run, key: string, app: string): Promise<Demand> {
  const asks = new Map<string, number>();
  const drops = new Map<string, number>();
  for (const [entry, change] of run.changesOf(key, app)) {
    asks.set(entry, change.asks);
    drops.set(entry, change.drops);
  }
  if ((await library.pagesOf(app)) > worthReadingPages)
    return { asks, drops, looseHolders: Number.POSITIVE_INFINITY, unknown: 0 };
  const devices = await library.holders([app], "device");
  const users = await library.holders([app], "user");
  const isTaken = { device: library.isTaken(app, "device"), user: library.isTaken(app, "user") };
  const isUnknown = { device: library.isUnknown(app, "device"), user: library.isUnknown(app, "user") };
  let loose = devices.of(app).size + users.of(app).size;
  let unknown = 0;
  for (const declared of plan.assignmentsOfApp(key, app)) {
    if (declared.intent !== "required") continue;
    const held = count(declared, isTaken);
    const missing = (declared.targets.device?.size ?? 0) + (declared.targets.user?.size ?? 0) - held;
    loose -= held;
    if (missing > 0) asks.set(declared.entry, missing);
    else asks.delete(declared.entry);
    if (missing > 0) unknown += count(declared, isUnknown);
  }
  return { asks, drops, looseHolders: Math.max(0, loose), unknown };
}

/** How many of its targets are so. */
function count({ targets }: DeclaredAssignment, is: Readonly<Record<TargetKind, (target: string) => boolean>>): number {
  let found = 0;
  for (const serial of targets.device ?? []) if (is.device(serial)) found++;
  for (const user of targets.user ?? []) if (is.user(user)) found++;
  return found;
}
