import type { TrueAsset, TrueLibrary } from "../test/support/world";

/** A library as the control interface shows it. */
export interface SeenLibrary extends TrueLibrary {
  readonly locationName: string;
  readonly assets: readonly (TrueAsset & { readonly productType: string })[];
}

const unlimited = 2_147_483_647;
const inWords: Readonly<Record<string, string>> = { Registered: "invited", Associated: "accepted", Retired: "retired" };

/**
 * The library as the service sees it: products with their licences, the mark, and the users. With a reading from before, products that
 * nobody holds and that have not changed are left out, and what has changed is shown.
 */
export function tableOf(library: SeenLibrary, before?: SeenLibrary): string[] {
  const old = new Map(before?.assets.map((asset) => [keyOf(asset), asset]));
  const changeOf = (asset: TrueAsset): number => asset.assignedCount - (old.get(keyOf(asset)) ?? asset).assignedCount;
  const shown = library.assets.filter(
    (asset) => before === undefined || asset.assignedCount > 0 || changeOf(asset) !== 0,
  );
  const left = library.assets.length - shown.length;
  return [
    `${library.locationName.padEnd(32)} total  assigned   free`,
    ...shown.map((asset) => rowOf(asset, changeOf(asset))),
    ...(left > 0 ? [`and ${left} more that nobody holds`] : []),
    `marked by  ${library.mdmInfo ? `${library.mdmInfo.name}${isReleased(library) ? ` (${library.mdmInfo.metadata})` : ""}` : "nobody"}`,
    `users      ${usersOf(library)}`,
  ];
}

function keyOf({ adamId, pricingParam }: TrueAsset): string {
  return `${adamId} ${pricingParam}`;
}

function rowOf(asset: SeenLibrary["assets"][number], change: number): string {
  const { name, pricingParam, productType, totalCount, assignedCount, availableCount, retiredCount } = asset;
  const label = `${name}${pricingParam === "PLUS" ? " (PLUS)" : ""}${productType === "Book" ? " (book)" : ""}`;
  const count = (value: number) => (value >= unlimited - 1_000_000 ? "∞" : String(value));
  const remarks = [
    change !== 0 && `${change > 0 ? "+" : "−"}${Math.abs(change)}`,
    retiredCount > 0 && `${retiredCount} with retired users`,
  ];
  const numbers = `${label.padEnd(32)} ${count(totalCount).padStart(5)} ${String(assignedCount).padStart(9)} ${count(availableCount).padStart(6)}`;
  return `${numbers}  ${remarks.filter(Boolean).join(", ")}`.trimEnd();
}

function usersOf({ users }: TrueLibrary): string {
  const counts = Object.entries(inWords).map(
    ([status, word]) => `${users.filter((user) => user.status === status).length} ${word}`,
  );
  return counts.join(", ");
}

/** Whether the mark says that its writer has let the library go. */
export function isReleased({ mdmInfo }: TrueLibrary): boolean {
  return mdmInfo?.metadata.startsWith("released") ?? false;
}
