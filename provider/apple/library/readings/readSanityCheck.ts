import { VppError } from "../../../errors";
import type { Library } from "../library";
import type { Rectangle } from "../rectangles";
import { assetOfKey } from "./assets";
import type { Held, Holders, TargetKind } from "./assignmentCache";
import { isActive } from "./people";

/** From so many licences on, that most of them are gone is not believed without a second look. */
const manyLicences = 25;
const samples = 3;

/** What a state says is assigned, as far as it is looked at now. */
export interface Claim {
  /** Everything that is looked at. */
  readonly rectangles: readonly Rectangle[];
  /** Whether the state says of one of these pairs that it is assigned. */
  readonly includes: (app: string, target: string) => boolean;
  /** How many of them the state knows to be missing. */
  readonly missing: number;
}

/** Whether so many are gone of what should be there that the answer has to be doubted. */
function isDoubtful(expected: number, found: number, many: number): boolean {
  return expected - found >= many && found < expected / 2;
}

/**
 * Who of `targets` holds which of `apps`. Where a list comes back empty, or collapses to less than half of many licences that the state
 * knows, it is read again and held against what else the service says: its counts, and the answers about single targets. If they agree, it is
 * true; if not, the error says so and nothing rests on it. Costs no request while the first answer is plausible.
 */
export async function heldAsClaimed(
  library: Library,
  claim: Claim,
  apps: readonly string[],
  kind: TargetKind,
  targets: readonly string[],
  maxAgeMs?: number,
): Promise<Held> {
  const first = await library.held(apps, kind, targets, maxAgeMs);
  const held = await withListed(library, claim, first, apps, kind, targets, maxAgeMs);
  const expected = countClaimed(claim, () => true, Number.POSITIVE_INFINITY) - claim.missing;
  // From the half on nothing is doubted, however many there are.
  const isDoubted = (seen: Held): boolean =>
    isDoubtful(
      expected,
      countClaimed(claim, (app, target) => seen.has(app, target), Math.ceil(expected / 2)),
      manyLicences,
    );
  if (expected < manyLicences || !isDoubted(held)) return held;
  await library.assets(0);
  const again = await library.holders(apps, kind, 0);
  if (!isDoubted(again)) return again;
  await refuseMiscount(library, again, apps, kind, expected);
  await refuseSingleHolders(library, claim, again, kind, expected);
  return again;
}

/** Where a count alone denies what the state says, the licences are listed before that is believed. */
async function withListed(
  library: Library,
  { rectangles, includes }: Claim,
  held: Held,
  apps: readonly string[],
  kind: TargetKind,
  targets: readonly string[],
  maxAgeMs: number | undefined,
): Promise<Held> {
  const isDenied = (app: string): boolean =>
    rectangles.some(
      (each) =>
        each.apps.includes(app) &&
        each.targets.some((target) => includes(app, target) && held.state(app, target) === "free"),
    );
  const denied = apps.filter(isDenied);
  if (denied.length === 0) return held;
  await library.listCounted(denied, kind);
  return library.held(apps, kind, targets, maxAgeMs);
}

/**
 * The service counts licences and lists them: two answers that have to agree, for all that is looked at together. Those of retired people are
 * counted apart.
 */
async function refuseMiscount(
  library: Library,
  listed: Holders,
  apps: readonly string[],
  kind: TargetKind,
  expected: number,
): Promise<void> {
  const assets = await library.assets();
  const others = await library.holders(apps, kind === "device" ? "user" : "device");
  const compared = apps.map((app) => {
    const { assignedCount = 0, retiredCount = 0 } = assets.get(app) ?? {};
    return { app, counted: assignedCount - retiredCount, found: listed.of(app).size + others.of(app).size };
  });
  const sum = (of: "counted" | "found"): number => compared.reduce((total, each) => total + each[of], 0);
  const single = compared.find(({ counted, found }) => isDoubtful(counted, found, manyLicences));
  if (single === undefined && !isDoubtful(sum("counted"), sum("found"), manyLicences)) return;
  const [worst] = compared.sort((a, b) => b.counted - b.found - (a.counted - a.found));
  const { app, counted, found } = single ?? worst!;
  const name = await nameOf(library, app);
  throw contradiction(`it lists ${found} licences of ${name}, but counts ${counted}`, `${expected} licences`);
}

/** Asks about a few targets one by one. */
async function refuseSingleHolders(
  library: Library,
  { rectangles, includes }: Claim,
  listed: Holders,
  kind: TargetKind,
  expected: number,
): Promise<void> {
  const gone: string[] = [];
  for (const { apps, targets } of rectangles) {
    for (const target of targets)
      if (apps.some((app) => includes(app, target) && !listed.has(app, target))) gone.push(target);
  }
  for (const target of spread(gone)) {
    const app = (await library.appsOf(kind, target)).find(
      (held) => includes(held, target) && !listed.has(held, target),
    );
    if (app === undefined) continue;
    const who = kind === "device" ? `device ${target}` : "a user";
    const name = await nameOf(library, app);
    throw contradiction(
      `it lists no licence of ${name} for ${who}, but shows one when asked about it alone`,
      `${expected} licences`,
    );
  }
}

/**
 * Refuses to believe that many people are gone while the service, asked about one of them alone, still knows him. `isThere` tells whether
 * the list has a person.
 */
export async function refuseVanishedUsers(
  library: Library,
  expected: readonly string[],
  isThere: (id: string) => boolean,
): Promise<void> {
  const alone = await library.usersById(spread(expected.filter((id) => !isThere(id))));
  if (!alone.some(isActive)) return;
  const found = expected.filter(isThere).length;
  throw contradiction(
    `it lists ${found} users, but still knows others when asked about them alone`,
    `${expected.length} users`,
  );
}

/** The error for two answers of the service of which only one can be true. */
export function contradiction(what: string, known: string): VppError {
  const why = `the service contradicts itself: ${what}; the state knows of ${known}, and nothing was changed`;
  return new VppError("VPP_SERVICE_ANSWER", why, {
    remedy:
      "Wait a while, then run the same command again. If it stays so, look at the library in Apple Business or School Manager first.",
  });
}

/** Counts up to `enough`. */
function countClaimed(
  { rectangles, includes }: Claim,
  counts: (app: string, target: string) => boolean,
  enough: number,
): number {
  let count = 0;
  for (const { apps, targets } of rectangles) {
    for (const app of apps) {
      if (count >= enough) return count;
      for (const target of targets) if (includes(app, target) && counts(app, target)) count++;
    }
  }
  return count;
}

async function nameOf(library: Library, app: string): Promise<string> {
  const { adamId } = assetOfKey(app);
  await library.names.lookUp([adamId]);
  return library.names.nameOf(adamId);
}

/** The first, the last and one from the middle. */
function spread(values: readonly string[]): string[] {
  const last = values.length - 1;
  const places = Array.from({ length: samples }, (_, index) => Math.round((index * last) / (samples - 1)));
  return [...new Set(places.flatMap((place) => values[place] ?? []))];
}
