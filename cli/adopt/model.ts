import type { Inventory, InventoryApp } from "../../inventory/types";
import type { WireUser } from "../../provider/apple/library/library";
import type { Holder } from "../../provider/apple/resources/token/types";
import type { UserInput } from "../../provider/apple/resources/userSet/types";
import { adoptable, type LeftOut } from "./adoptable";
import { groupHoldings } from "./grouping/group";
import { identifierOf, isTaken, Names, slugOf } from "./naming";

/** A library as a project is going to declare it. */
export interface AdoptedLibrary {
  readonly inventory: Inventory;
  readonly libraryId: string;
  /** The key under which the project's programs find the content token. */
  readonly contentTokenKey: string;
  /** Name of the library's own files and folder, unique in the project. */
  readonly slug: string;
  readonly tokenName: string;
  /** Whose mark the library bears, if there is one, and what is to become of that. */
  readonly holder?: Holder;
  readonly isTakenOver: boolean;
  /** The mark is that of the stack itself: it has bound the library already, and this project's first `up` binds it again only by taking over. */
  readonly isOwn: boolean;
  readonly apps: readonly AdoptedApp[];
  readonly people: readonly UserInput[];
  readonly peopleName: string;
  /** The service's own records of the people. */
  readonly records: ReadonlyMap<string, WireUser>;
  readonly assignments: readonly AdoptedAssignment[];
  readonly leftOut: LeftOut;
}

/** Whether the mark of another service or stack is to stay on the library. */
export function livesBeside({ holder, isTakenOver, isOwn }: AdoptedLibrary): boolean {
  return holder !== undefined && !isTakenOver && !isOwn;
}

/** A product, the name of its resource and that of its constant. */
export interface AdoptedApp {
  readonly asset: InventoryApp;
  readonly name: string;
  readonly constant: string;
}

/** A group of licences: every app for every target. A kind of target that is not in play is absent. */
export interface AdoptedAssignment {
  readonly name: string;
  readonly apps: readonly AdoptedApp[];
  readonly serialNumbers?: readonly string[];
  readonly clientUserIds?: readonly string[];
}

/** What is to be adopted, and how. */
export interface AdoptionRequest {
  readonly inventory: Inventory;
  readonly contentTokenKey: string;
  /** The active people as the service has them. */
  readonly users: readonly WireUser[];
  /** The mark that the stack is going to write; a library that bears it already has been bound by a stack of this name. */
  readonly bindingId: string;
  readonly takeOver: boolean;
}

/** Names for all resources of a project, of which two of one kind can't share one. */
export class ProjectNames {
  readonly libraries = new Names();
  readonly apps = new Names();
  readonly assignments = new Names();

  /** @param many Whether the project has several libraries; then names begin with the library's. */
  constructor(readonly many: boolean) {
    // Files of the project that are no library's.
    if (many) for (const name of ["index", "lists"]) this.libraries.take(name);
  }
}

/** Says what a project declares of a library: all its apps, its active people, and who holds what in the fewest groups. */
export function adoptLibrary(request: AdoptionRequest, names: ProjectNames): AdoptedLibrary {
  const { inventory, contentTokenKey, users, bindingId, takeOver } = request;
  const { holder } = inventory.token;
  const libraryId = inventory.libraryId!;
  const slug = names.libraries.take(slugOf(inventory.title) || "library", `library-${slugOf(libraryId)}`);
  const prefix = names.many ? `${slug}-` : "";
  const { products, people, held, leftOut } = adoptable(inventory);
  const apps = nameApps(products, prefix, names.apps);
  const isHeld = holder !== undefined;
  return {
    inventory,
    libraryId,
    contentTokenKey,
    slug,
    tokenName: slug,
    ...(isHeld && { holder }),
    isTakenOver: isHeld && takeOver,
    isOwn: holder?.id === bindingId,
    apps,
    people,
    peopleName: `${prefix}people`,
    records: new Map(users.map((user) => [user.clientUserId, user])),
    assignments: assignmentsOf(apps, held, prefix, names.assignments),
    leftOut,
  };
}

/** Apps by name, those without one by number, each with names of its own that don't change from run to run. */
function nameApps(products: readonly InventoryApp[], prefix: string, used: Names): AdoptedApp[] {
  const constants = new Names();
  const keyOf = ({ displayName = "", adamId, pricingParam }: InventoryApp): string =>
    `${displayName === "" ? 1 : 0} ${displayName.normalize("NFKC").toLowerCase()} ${adamId.padStart(20)} ${pricingParam === "STDQ" ? "" : pricingParam}`;
  const sorted = products.map((asset) => ({ asset, key: keyOf(asset) })).sort((a, b) => (a.key < b.key ? -1 : 1));
  return sorted.map(({ asset }) => {
    const { displayName = "", adamId, pricingParam, productType } = asset;
    const kind = pricingParam === "STDQ" ? (productType === "Book" ? "book" : "app") : pricingParam.toLowerCase();
    const slug = slugOf(displayName);
    const byNumber = pricingParam === "STDQ" ? `app-${adamId}` : `app-${adamId}-${kind}`;
    const wishes = slug === "" ? [byNumber] : [slug, `${slug}-${kind}`, `${slug}-${adamId}`];
    const identifier = identifierOf(displayName);
    const suffix = `${kind[0]!.toUpperCase()}${kind.slice(1)}`;
    const constantWishes = identifier === "" ? [] : [identifier, `${identifier}${suffix}`, `${identifier}${adamId}`];
    return {
      asset,
      name: used.take(...wishes.map((wish) => `${prefix}${wish}`)),
      constant: constants.take(...constantWishes.filter((wish) => !isTaken(wish)), identifierOf(byNumber)),
    };
  });
}

/** Who holds what, by app key; targets are told apart by their kind's letter before them. */
type Held = ReadonlyMap<string, readonly string[]>;

function assignmentsOf(apps: readonly AdoptedApp[], held: Held, prefix: string, used: Names): AdoptedAssignment[] {
  const byKey = new Map(apps.map((app) => [app.asset.key, app]));
  const groups = groupHoldings([...byKey.keys()], held);
  const uses = new Map<string, number>();
  for (const group of groups) for (const app of group.apps) uses.set(app, (uses.get(app) ?? 0) + 1);
  const unnamed = groups.map((group) => {
    const targets = (letter: string): string[] =>
      group.targets.filter((target) => target.startsWith(letter)).map((target) => target.slice(1));
    const serialNumbers = targets("d");
    const clientUserIds = targets("u");
    // What few others have says best which group this is, if it has a name.
    const telling = group.apps.map((app) => byKey.get(app)!);
    const isNameless = ({ asset }: AdoptedApp): number => Number(!slugOf(asset.displayName ?? ""));
    telling.sort((a, b) => isNameless(a) - isNameless(b) || uses.get(a.asset.key)! - uses.get(b.asset.key)!);
    return {
      apps: group.apps.map((app) => byKey.get(app)!),
      what: whatOf(telling),
      ...(serialNumbers.length > 0 && { serialNumbers }),
      ...(clientUserIds.length > 0 && { clientUserIds }),
    };
  });
  const plain = unnamed.map(({ what, serialNumbers, clientUserIds }) => `${what}${whom(serialNumbers, clientUserIds)}`);
  return unnamed.map(({ what, ...group }, index) => {
    const { serialNumbers, clientUserIds } = group;
    const isAlone = plain.filter((name) => name === plain[index]).length === 1;
    const counted = `${what}${whom(serialNumbers, clientUserIds, true)}`;
    const wishes = [...(isAlone ? [plain[index]!] : []), counted];
    return { name: used.take(...wishes.map((wish) => `${prefix}${wish}`)), ...group };
  });
}

function whatOf([first, second, ...more]: readonly AdoptedApp[]): string {
  const slug = ({ asset }: AdoptedApp): string => slugOf(asset.displayName ?? "", 30) || `app-${asset.adamId}`;
  if (second === undefined) return slug(first!);
  return more.length === 0 ? `${slug(first!)}-and-${slug(second)}` : `${slug(first!)}-and-${more.length + 1}-more`;
}

function whom(serialNumbers: readonly string[] = [], clientUserIds: readonly string[] = [], counted = false): string {
  const devices = serialNumbers.length > 0 && `${counted ? `${serialNumbers.length}-` : ""}devices`;
  const people = clientUserIds.length > 0 && `${counted ? `${clientUserIds.length}-` : ""}people`;
  return `${devices ? "-on" : "-for"}-${[devices, people].filter(Boolean).join("-and-")}`;
}
