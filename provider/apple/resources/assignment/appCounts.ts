import { isVppError } from "../../../errors";
import type { Library } from "../../library/library";
import { type AssetTable, assetKey, unlimited } from "../../library/readings/assets";
import type { AppCount, AssignmentInputs, AssignmentState } from "./types";

/** How many licences of its apps are free, with what this run has assigned and revoked by now. */
export function appCountsOf({ apps }: Pick<AssignmentInputs, "apps">, assets: AssetTable): AppCount[] {
  return apps.map(({ adamId, pricingParam }) => ({
    adamId,
    pricingParam,
    availableCount: Math.min(unlimited, assets.free(assetKey({ adamId, pricingParam }))),
  }));
}

/** The same after writes, when a reading that fails must not make the engine forget them. */
export async function appCountsAfter(
  library: Library,
  inputs: AssignmentInputs,
  before: AssignmentState | undefined,
): Promise<AppCount[] | undefined> {
  try {
    return appCountsOf(inputs, await library.assets());
  } catch (error) {
    if (!isVppError(error)) throw error;
    return before?.appCounts && [...before.appCounts];
  }
}
