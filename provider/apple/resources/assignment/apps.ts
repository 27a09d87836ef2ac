import { InputFaults } from "../../../engine/kind";
import { type AssetTable, assetOfKey } from "../../library/readings/assets";
import { notOwned } from "../app";
import { appsOf } from "./shape";
import type { AssignmentInputs } from "./types";

/** Refuses apps that the library does not own, or that don't allow what the assignment wants of them. Throws InputFaults or a VppError. */
export function refuseWrongApps(inputs: AssignmentInputs, assets: AssetTable): void {
  const faults: string[] = [];
  for (const app of appsOf(inputs)) {
    const asset = assets.get(app);
    if (asset === undefined) {
      const { adamId, pricingParam } = assetOfKey(app);
      throw notOwned(
        adamId,
        pricingParam,
        assets.withAdamId(adamId).map((other) => other.pricingParam),
      );
    }
    const what = asset.productType === "Book" ? "a book" : "a product of this kind";
    if (inputs.serialNumbers !== undefined && !asset.deviceAssignable) {
      faults.push(
        `app ${asset.adamId} can't be given to devices (${what} goes to people only): use clientUserIds in an assignment of its own`,
      );
    }
    if (asset.revocable) continue;
    if (inputs.intent === "uninstall")
      faults.push(`app ${asset.adamId} can't be uninstalled: ${what} can't be taken back`);
    if (inputs.exclusive)
      faults.push(`app ${asset.adamId} can't be exclusive: ${what} can't be taken back from others`);
  }
  if (faults.length > 0) throw new InputFaults(faults);
}
