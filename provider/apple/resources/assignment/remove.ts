import type { Context } from "../../../engine/kind";
import { VppError } from "../../../errors";
import { freshMs, type Library } from "../../library/library";
import { requiredIn } from "../../library/planProtection";
import type { TargetKind } from "../../library/readings/assignmentCache";
import { heldAsClaimed } from "../../library/readings/readSanityCheck";
import { countPairs, type Pairs, pairsWhere } from "../../library/rectangles";
import type { WriteResult } from "../../library/writes/assignmentBatch";
import { cutOffWorkIn } from "../cutOff";
import { refuseOverRunLimit } from "../deleteLimit";
import { plural } from "../lists";
import { assetsWith, claimOf, noteKept } from "./changeSet";
import { explain, goesOn, notBegun } from "./failureReport";
import { namesOf } from "./irrevocable";
import { noteLeft, reportingRevocations } from "./notes";
import { appsOf, extentOf, kinds, ownRectangles } from "./shape";
import type { AssignmentState } from "./types";

const refreshBefore = "Before any other command run `pulumi refresh`: the state can't show what a delete has done.";

/** Takes back what the assignment has, the program's other requirements excepted, and says at the end what it has done. Throws a VppError. */
export const removeAssignment = reportingRevocations(
  async (context: Context, id: string, state: AssignmentState, report): Promise<void> => {
    if (!state.reclaim) {
      noteLeft(context, state);
      return;
    }
    const lasting = new Set<string>();
    const kept = new Map<string, number>();
    let inDoubt = 0;
    if (kinds.every((kind) => ownRectangles(state, kind).length === 0)) return;
    const library = context.libraries.open(state.token);
    await cutOffWorkIn(context, state.token);
    const required = await requiredIn(state.token, context.run.plan, context.libraries);
    const assets = await assetsWith(library, appsOf(state), freshMs);
    const takesOf = new Map<TargetKind, Pairs>();
    const targets = new Set<string>();
    const own = new Set<string>();
    for (const kind of kinds) {
      const rectangles = ownRectangles(state, kind);
      const { apps, targets: declared } = extentOf(rectangles);
      if (apps.length === 0) continue;
      const held = await heldAsClaimed(library, claimOf(state, rectangles, kind), apps, kind, declared, freshMs);
      const takes = pairsWhere(rectangles, (app, target) => {
        if (!required.pair(app, kind, target)) own.add(`${kind} ${target}`);
        if (held.state(app, target) === "free") return false;
        const canBeTaken = assets.mayBeRevoked(app);
        if (canBeTaken && required.doubt.pair(app, kind, target)) inDoubt++;
        if (required.pair(app, kind, target)) {
          const name = canBeTaken ? required.onlyByArguments.pair(app, kind, target) : undefined;
          if (name !== undefined) kept.set(name, (kept.get(name) ?? 0) + 1);
          else if (canBeTaken && !required.doubt.pair(app, kind, target)) report.stays(kind, target);
          return false;
        }
        if (canBeTaken) return true;
        lasting.add(app);
        return false;
      });
      for (const target of takes.keys()) targets.add(`${kind} ${target}`);
      if (takes.size > 0) takesOf.set(kind, takes);
    }
    refuseOverRunLimit(context, { id, token: state.token, required, property: "maxRevocations", targets, held: own });
    const ref = context.run.refNow(state.token);
    if (takesOf.size > 0) await library.requireHolder(ref);
    const results = new Map<TargetKind, WriteResult>();
    let stopped: VppError | undefined;
    for (const [kind, takes] of takesOf) {
      const result = stopped ? notBegun(takes, stopped) : await library.write(ref, "takeBack", kind, takes, context);
      stopped = result.stopped;
      report.wrote(kind, takes, result.undone);
      results.set(kind, result);
    }
    await refuseHalfTaken(library, takesOf, results);
    noteKept(context, [{ kept }]);
    if (inDoubt > 0) throw required.doubt.error(`${inDoubt} of its licences can't be taken back`);
    if (lasting.size > 0) {
      const fate = `${lasting.size === 1 ? "stays" : "stay"} with those who have it`;
      context.note("irrevocable", `${await namesOf(library, [...lasting])} can't be revoked and ${fate}.`);
    }
  },
);

/** Fails a delete that has not taken back everything, with what it has done, what not, and what is not known. */
async function refuseHalfTaken(
  library: Library,
  takesOf: ReadonlyMap<TargetKind, Pairs>,
  results: ReadonlyMap<TargetKind, WriteResult>,
): Promise<void> {
  const all = [...results.values()];
  const [undone, unknown, asked] = [
    all.map((result) => countPairs(result.undone)),
    all.map((result) => countPairs(result.unknown)),
    [...takesOf.values()].map(countPairs),
  ].map((counts) => counts.reduce((sum, count) => sum + count, 0)) as [number, number, number];
  if (undone === 0) return;
  const { stopped } = all.find((result) => result.stopped) ?? {};
  if (stopped && undone === asked && unknown === 0) throw stopped;
  const texts: string[] = [];
  const remedies = new Set<string>();
  for (const [kind, result] of results) {
    for (const { text, remedy } of await explain(library, "takeBack", kind, takesOf.get(kind)!, result)) {
      texts.push(text.replace(/\.$/, ""));
      if (remedy !== goesOn) remedies.add(remedy);
    }
  }
  const open = unknown > 0 ? `, and of ${unknown} it is not known` : "";
  const sum = `${plural(undone - unknown, "licence")} of ${asked} not taken back${open}`;
  const why = [...(stopped ? [stopped.reason] : []), sum, ...texts].join("; ");
  const wayOn = stopped ? [stopped.details.remedy, refreshBefore] : [`Run the same command again. ${refreshBefore}`];
  const remedy = [...remedies, ...wayOn].filter(Boolean).join(" ");
  throw new VppError(stopped?.code ?? "VPP_SERVICE_PARTIAL", why, { ...stopped?.details, remedy });
}
