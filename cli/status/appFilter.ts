import type { Inventory, InventoryApp } from "../../inventory/types";
import { VppError } from "../../provider/errors";

/** Tells whether an app is one of those named: by App Store id, bundle id, or whole name in any case. Without names every app is wanted. */
export function appFilter(wanted: readonly string[]): ((app: InventoryApp) => boolean) | undefined {
  if (wanted.length === 0) return undefined;
  const words = new Set(wanted.map(folded));
  return ({ adamId, displayName, bundleId }) =>
    [adamId, displayName, bundleId].some((each) => each !== undefined && words.has(folded(each)));
}

/** Refuses names that no library has: a mistyped one would make a monitor content for ever. */
export function refuseUnknownApps(wanted: readonly string[], inventories: readonly Inventory[]): void {
  const apps = inventories.flatMap((inventory) => inventory.apps);
  for (const word of wanted) {
    if (apps.some((app) => appFilter([word])!(app))) continue;
    const nameless = apps.filter(({ displayName }) => displayName === undefined).length;
    const like = apps.flatMap(({ displayName }) =>
      displayName && folded(displayName).includes(folded(word)) ? [`“${displayName}”`] : [],
    );
    const hint = [
      like.length > 0 && `Is it ${[...new Set(like)].slice(0, 3).join(" or ")}?`,
      nameless > 0 && `The store tells no name of ${nameless} of ${apps.length} apps: name them by their App Store id.`,
      "Without --app all apps are listed.",
    ];
    throw new VppError("VPP_INPUT_NOT_OWNED", `no library that was read has an app “${word}” (given with --app)`, {
      remedy: hint.filter(Boolean).join(" "),
    });
  }
}

function folded(text: string): string {
  return text.trim().normalize("NFKC").toLowerCase();
}
