import type { VppErrorCode } from "../../../errors";
import type { Library } from "../../library/library";
import { assetOfKey } from "../../library/readings/assets";
import type { TargetKind } from "../../library/readings/assignmentCache";
import type { Pairs } from "../../library/rectangles";
import { wordsOfPart } from "../../library/serviceErrors";
import type { Action, WriteResult } from "../../library/writes/assignmentBatch";
import { plural } from "../lists";
import { namesOfTargets } from "../naming";
import { registerThem } from "./unknownUsers";

const codes: Readonly<Record<number, VppErrorCode>> = {
  9609: "VPP_INPUT_UNKNOWN_USER",
  9709: "VPP_LIMIT_NO_LICENSES",
};

/** What was not done, a sentence for each app and reason. */
export async function explain(
  library: Library,
  action: Action,
  kind: TargetKind,
  asked: Pairs,
  result: WriteResult,
  wayTo: (app: string, count: number) => string | undefined = () => undefined,
): Promise<string[]> {
  if (result.stopped && result.undone.size === 0) return [];
  const groups = new Map<string, { app: string; errorNumber?: number; targets: string[] }>();
  for (const [target, apps] of result.undone) {
    for (const app of apps) {
      const errorNumber = result.reasonOf(app, target)?.errorNumber;
      const slot = `${app} ${errorNumber}`;
      const group = groups.get(slot) ?? { app, errorNumber, targets: [] };
      group.targets.push(target);
      groups.set(slot, group);
    }
  }
  await library.names.lookUp([...groups.values()].map(({ app }) => assetOfKey(app).adamId));
  const sentences: string[] = [];
  for (const { app, errorNumber, targets } of groups.values()) {
    const name = await library.names.nameOf(assetOfKey(app).adamId);
    const of = [...asked.values()].filter((apps) => apps.includes(app)).length;
    const what = action === "give" ? "got no licence" : "could not be freed of it yet";
    const why =
      errorNumber === undefined
        ? result.stopped
          ? "the work ended early"
          : "the service did not say why"
        : wordsOfPart(errorNumber);
    const code =
      errorNumber === undefined
        ? "VPP_SERVICE_PARTIAL"
        : `${codes[errorNumber] ?? "VPP_SERVICE_PARTIAL"}, service error ${errorNumber}`;
    sentences.push(
      `${name}: ${targets.length} of ${plural(of, kind)} ${what}: ${why} (${code}): ${namesOfTargets(targets)}. ${remedy(action, errorNumber, targets.length, () => wayTo(app, targets.length))}`,
    );
  }
  return sentences;
}

function remedy(
  action: Action,
  errorNumber: number | undefined,
  count: number,
  wayToLicences: () => string | undefined,
): string {
  if (action === "takeBack") return "The next `pulumi up` goes on with it.";
  if (errorNumber === 9709) {
    return (
      wayToLicences() ??
      `Buy or free ${plural(count, "licence")}, then run \`pulumi up\` again; if another resource of this run gives some back, that is all it takes.`
    );
  }
  if (errorNumber === 9609) return registerThem;
  return "Run `pulumi up` again.";
}
