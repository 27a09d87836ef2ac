import type { Library } from "../../library/library";
import { assetKey, unlimited } from "../../library/readings/assets";
import type { AppCount, AssignmentInputs } from "./types";

/** How many licences of its apps are free, with what this run has assigned and revoked by now. Costs no request. */
export function appCountsOf({ apps }: Pick<AssignmentInputs, "apps">, library: Library): AppCount[] {
  return apps.map(({ adamId, pricingParam }) => ({
    adamId,
    pricingParam,
    availableCount: Math.min(unlimited, library.free(assetKey({ adamId, pricingParam }))),
  }));
}
