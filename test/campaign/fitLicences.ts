import { one } from "./declare";
import type { Step } from "./history";
import { type Program, peopleApp, requiredIn, revocableApps } from "./programs";
import { pairsIn, type Service } from "./service";

type Fit = Extract<Step, { do: "fit" }>;

/** Leaves as many licences of an app as the program needs, or one less; what is assigned stays owned. Gives what was done, in words. */
export async function fitLicences(
  service: Service,
  program: Program,
  { app, library, spare }: Fit,
): Promise<string | undefined> {
  const at = library % service.libraries;
  const adamId = one([...revocableApps, peopleApp], app)!;
  const truth = (await service.truth())[at]!;
  const asset = truth.assets.find((each) => each.adamId === adamId);
  if (asset === undefined) return undefined;
  const there = pairsIn(truth);
  const lacking = [...requiredIn(program, at).keys()].filter(
    (pair) => pair.startsWith(`${adamId} `) && !there.has(pair),
  ).length;
  const change = Math.max(0, lacking + spare) - (asset.totalCount - asset.assignedCount);
  if (change === 0) return undefined;
  const action = change > 0 ? "buy" : "refund";
  const count = Math.abs(change);
  await service.act("assets", { library: service.libraryId(at), action, adamId, count });
  return `${action} ${count} of ${adamId}`;
}
