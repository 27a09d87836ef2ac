import type { Declared, Undeclared } from "../../inventory/declared";
import { undeclaredIn } from "../../inventory/declared";
import { isDead } from "../../inventory/read";
import type { Inventory, InventoryApp, InventoryToken, InventoryUser } from "../../inventory/types";
import { unlimited } from "../../provider/apple/library/readings/assets";
import type { FreeBelow } from "./options";

const dayMs = 24 * 60 * 60 * 1000;

/** What to make of the libraries that were read. */
export interface Asked {
  /** Whether apps are listed; not when only single devices or people are asked about. */
  readonly showsApps?: boolean;
  /** Whether an app is wanted by name; absent: all are. */
  readonly isNamed?: (app: InventoryApp) => boolean;
  readonly freeBelow?: FreeBelow;
  readonly expiringDays?: number;
  readonly expectDeclared: boolean;
  readonly knownSerials?: ReadonlySet<string>;
  /** What the states declare; absent when none was given. */
  readonly declared?: ReadonlyMap<string, Declared>;
}

/** What of one library is shown, and what of it needs a person. */
export interface Summary {
  readonly inventory: Inventory;
  /** Those that the filters leave; absent if apps are not listed. */
  readonly apps?: readonly InventoryApp[];
  readonly people?: {
    readonly invited: number;
    readonly accepted: number;
    /** Those with a status that is neither; absent if there is none. */
    readonly other?: number;
  };
  readonly undeclared?: Undeclared;
  /** Names of the user sets whose people are encrypted in the state. */
  readonly unreadableSets: readonly string[];
  /** Licensed serial numbers that are not in the list of known ones. */
  readonly unknownSerials?: readonly string[];
  /** Tells of a licence of `inventory.holdings` whether a resource declares it; absent without a state. */
  readonly isDeclared?: (kind: "device" | "user", app: string, target: string) => boolean;
  readonly concerns: readonly Concern[];
}

/** Something that needs a person. */
export interface Concern {
  readonly reason: "token" | "holder" | "freeBelow" | "unknownSerials" | "undeclared";
  readonly text: string;
}

/** Whether an app has no end of licences. */
export function isUnlimited({ totalCount }: InventoryApp): boolean {
  return totalCount >= unlimited;
}

/** What people call an app. */
export function nameOf({ displayName, adamId, pricingParam }: InventoryApp): string {
  const name = displayName ?? `app ${adamId}`;
  return pricingParam === "STDQ" ? name : `${name} (${pricingParam})`;
}

/** Makes of one library what is shown of it. */
export function summarize(inventory: Inventory, asked: Asked): Summary {
  const { declared, knownSerials, isNamed, freeBelow } = asked;
  const ofLibrary = declared?.get(inventory.libraryId ?? "");
  const apps = inventory.apps.filter(
    (app) => (isNamed?.(app) ?? true) && (freeBelow === undefined || isBelow(app, freeBelow)),
  );
  const canCompare = declared !== undefined && inventory.licences !== undefined;
  const undeclared = canCompare ? undeclaredIn(inventory, ofLibrary) : undefined;
  const unknownSerials = knownSerials && inventory.licences && strangersIn(inventory, knownSerials);
  const people = inventory.users && countsByStatus(inventory.users);
  return {
    inventory,
    ...(asked.showsApps !== false && { apps }),
    ...(people && { people }),
    ...(undeclared && { undeclared }),
    unreadableSets: ofLibrary?.unreadableSets ?? [],
    ...(unknownSerials && { unknownSerials }),
    ...(declared && { isDeclared: declaring(ofLibrary) }),
    concerns: [
      ...tokenConcerns(inventory, asked.expiringDays),
      ...(freeBelow ? apps.map((app) => shortOf(app, freeBelow)) : []),
      ...unknownConcern(unknownSerials),
      ...(asked.expectDeclared ? undeclaredConcern(undeclared) : []),
    ],
  };
}

function countsByStatus(users: readonly InventoryUser[]): NonNullable<Summary["people"]> {
  const invited = users.filter(({ status }) => status === "Registered").length;
  const accepted = users.filter(({ status }) => status === "Associated").length;
  const other = users.length - invited - accepted;
  return { invited, accepted, ...(other > 0 && { other }) };
}

/** Whether the token of a library is one that `--expiring` asks for. */
export function isExpiring({ token }: Pick<Inventory, "token">, days: number): boolean {
  return token.status === "heldByAnother" || isDead({ token }) || runsOut(token, days);
}

function runsOut({ expiresAt, daysLeft }: InventoryToken, days: number): boolean {
  return daysLeft < 0 || expiresAt.getTime() - Date.now() <= days * dayMs;
}

function isBelow(app: InventoryApp, { count, isPercent }: FreeBelow): boolean {
  if (isUnlimited(app)) return false;
  return isPercent ? app.availableCount * 100 < count * app.totalCount : app.availableCount < count;
}

function strangersIn({ licences }: Inventory, known: ReadonlySet<string>): string[] {
  const strangers = new Set<string>();
  for (const serials of licences!.devices.values())
    for (const serial of serials) if (!known.has(serial.toUpperCase())) strangers.add(serial);
  return [...strangers].sort();
}

function declaring(declared: Declared | undefined): NonNullable<Summary["isDeclared"]> {
  const requires = { device: declared?.requires("device"), user: declared?.requires("user") };
  return (kind, app, target) => requires[kind]?.(app, target) ?? false;
}

function tokenConcerns(inventory: Inventory, expiringDays = 30): Concern[] {
  const { token } = inventory;
  const concerns: Concern[] = [];
  const date = token.expiresAt.toISOString().slice(0, 10);
  const renew = "Download a new one of the same organizational unit and put it in its place.";
  if (token.refusal) {
    concerns.push({ reason: "token", text: `${token.refusal.reason}. ${token.refusal.details.remedy}` });
  } else if (isDead(inventory)) {
    const happened = token.status === "expired" ? `expired on ${date}` : "is dead: the service no longer accepts it";
    concerns.push({ reason: "token", text: `the content token ${happened}. ${renew}` });
  } else if (runsOut(token, expiringDays)) {
    const left = token.daysLeft === 0 ? "within a day" : `in ${many(token.daysLeft, "day")}`;
    concerns.push({ reason: "token", text: `the content token expires on ${date}, ${left}. ${renew}` });
  }
  if (token.status === "heldByAnother") {
    const { id, name } = token.holder!;
    const text = `another service holds the library: “${name}” (id ${id}). Settle which service manages it; \`pulumi preview\` names both ways out.`;
    concerns.push({ reason: "holder", text });
  }
  return concerns;
}

function shortOf(app: InventoryApp, { count, isPercent }: FreeBelow): Concern {
  const least = isPercent ? `${count} % of ${app.totalCount}` : `${count}`;
  const text = `${nameOf(app)}: ${app.availableCount} free, and at least ${least} are wanted. Buy more, or take some back.`;
  return { reason: "freeBelow", text };
}

function unknownConcern(serials: readonly string[] | undefined): Concern[] {
  if (serials === undefined || serials.length === 0) return [];
  const text = `the list of known devices lacks ${many(serials.length, "serial number")} with licences. Correct the list, or take the licences back.`;
  return [{ reason: "unknownSerials", text }];
}

function undeclaredConcern(undeclared: Undeclared | undefined): Concern[] {
  if (undeclared === undefined) return [];
  const { count, clientUserIds, unreadable } = undeclared;
  if (unreadable.length > 0) {
    const text = "what no resource declares is not known, since the state is encrypted. Use --stack.";
    return [{ reason: "undeclared", text }];
  }
  const people = clientUserIds?.length ?? 0;
  if (count === 0 && people === 0) return [];
  const parts = [count > 0 && many(count, "licence"), people > 0 && many(people, "person", "people")];
  const text = `no resource declares ${parts.filter(Boolean).join(" and ")}. Declare them, or take them back.`;
  return [{ reason: "undeclared", text }];
}

/** A number with its noun, in the right form. */
export function many(count: number, one: string, several = `${one}s`): string {
  return `${count} ${count === 1 ? one : several}`;
}
