import { type VppError, type VppErrorCode, wordsOfService } from "../../../errors";
import type { Library, WireFailure } from "../../library/library";
import { assetOfKey } from "../../library/readings/assets";
import type { TargetKind } from "../../library/readings/assignmentCache";
import type { Pairs } from "../../library/rectangles";
import { codeOfPart, remedyOfPart, wordsOfPart } from "../../library/serviceErrors";
import type { Action, WriteResult } from "../../library/writes/assignmentBatch";
import { plural } from "../lists";
import { namesOfTargets } from "../naming";
import { besides, type OutcomeWords } from "../outcome";
import { registerThem } from "./unknownUsers";

const noLicences = 9709;
const unknownUser = 9609;

/** A sentence on what was not done, and what to do about it. */
export interface Explained {
  readonly text: string;
  /** Empty where that is said of the whole. */
  readonly remedy: string;
}

/** Why pairs were not done, where it was known before anything was sent. */
export interface KnownReason {
  readonly why: string;
  readonly code: VppErrorCode;
  readonly remedy: string;
}

/** An app that the library does not list any more: that says another thing than that none are left. */
export const goneFromLibrary: KnownReason = {
  why: "it is no longer in the library",
  code: "VPP_INPUT_NOT_OWNED",
  remedy: "Buy it again, or take it out of the assignment.",
};

/** What is known beside the result. */
export interface Hints {
  readonly known?: KnownReason;
  /** What to do about so many licences of an app that were not there, where this run knows more than that they have to be bought. */
  readonly wayTo?: (app: string, count: number) => string | undefined;
}

/** A result of work that was never begun, because `stopped` had ended the run's work before. */
export function notBegun(pairs: Pairs, stopped?: VppError): WriteResult {
  return { undone: pairs, unknown: new Map(), reasonOf: () => undefined, ...(stopped && { stopped }) };
}

const words = {
  give: { notDone: "got no licence", question: "whether they got a licence", done: "got one", namesDone: false },
  takeBack: {
    notDone: "could not be freed of it yet",
    question: "whether they lost it",
    done: "lost it",
    namesDone: true,
  },
} as const satisfies Record<Action, OutcomeWords & { notDone: string; question: string }>;

/** What to do about licences that are still to be revoked, where nothing stands in the way. */
export const goesOn = "The next `pulumi up` goes on with it.";

const endedEarly = { why: "the work ended early" };

/** Those of one app for whom the same thing went wrong in the same way. */
interface Group {
  readonly failure?: WireFailure;
  readonly targets: string[];
}

/** What became of one app's licences. */
interface AppOutcome {
  readonly done: string[];
  readonly unknown: string[];
  readonly groups: Map<number | undefined, Group>;
}

/** What was not done, a sentence for each app and reason; the first of each app also counts those for whom it was, or may have been. */
export async function explain(
  library: Library,
  action: Action,
  kind: TargetKind,
  asked: Pairs,
  result: WriteResult,
  { known, wayTo = () => undefined }: Hints = {},
): Promise<Explained[]> {
  if (result.undone.size === 0) return [];
  const outcomes = outcomesOf(asked, result);
  await library.names.lookUp([...outcomes.keys()].map((app) => assetOfKey(app).adamId));
  const explained: Explained[] = [];
  for (const [app, { done, unknown, groups }] of outcomes) {
    const name = await library.names.nameOf(assetOfKey(app).adamId);
    const notDone = [...groups.values()].reduce((sum, { targets }) => sum + targets.length, 0);
    const of = plural(done.length + unknown.length + notDone, kind);
    let rest = besides({ done, unknown }, words[action]);
    const add = (what: string, targets: readonly string[], reason: KnownReason & { readonly told?: string }): void => {
      const told = [reason.code, reason.told].filter(Boolean).join(", ");
      const sentence = `${name}: ${what}: ${reason.why} (${told}): ${namesOfTargets(targets)}.${rest && ` ${rest}`}`;
      explained.push({ text: sentence, remedy: reason.remedy });
      rest = "";
    };
    for (const { failure, targets } of groups.values()) {
      const isGone = failure?.errorNumber === noLicences && library.isUnlisted(app);
      const told = toldBy(failure);
      const reason = isGone
        ? goneFromLibrary
        : (known ??
          reasonFor(action, failure, result.stopped, () =>
            remedyOfGiving(failure?.errorNumber, targets.length, (count) => wayTo(app, count)),
          ));
      add(`${targets.length} of ${of} ${words[action].notDone}`, targets, { ...reason, ...told });
    }
    if (groups.size === 0 && unknown.length > 0) {
      rest = besides({ done, unknown: [] }, words[action]);
      add(`of ${unknown.length} of ${of} it is not known ${words[action].question}`, unknown, {
        ...reasonFor(action, undefined, result.stopped),
        ...toldBy(result.reasonOf(app, unknown[0]!)),
      });
    }
  }
  return explained;
}

function outcomesOf(asked: Pairs, { undone, unknown, reasonOf }: WriteResult): Map<string, AppOutcome> {
  const outcomes = new Map<string, AppOutcome>();
  for (const app of new Set([...undone.values()].flat()))
    outcomes.set(app, { done: [], unknown: [], groups: new Map() });
  for (const [target, apps] of asked) {
    const left = undone.get(target);
    const open = unknown.get(target);
    for (const app of apps) {
      const outcome = outcomes.get(app);
      if (outcome === undefined) continue;
      if (left?.includes(app) !== true) outcome.done.push(target);
      else if (open?.includes(app) === true) outcome.unknown.push(target);
      else addTo(outcome, target, reasonOf(app, target));
    }
  }
  return outcomes;
}

function addTo({ groups }: AppOutcome, target: string, failure: WireFailure | undefined): void {
  const group = groups.get(failure?.errorNumber) ?? { ...(failure && { failure }), targets: [] };
  group.targets.push(target);
  groups.set(failure?.errorNumber, group);
}

function toldBy(failure: WireFailure | undefined): { readonly told?: string } {
  const { errorNumber, errorMessage } = failure ?? {};
  return errorNumber === undefined ? {} : { told: wordsOfService(errorNumber, errorMessage) };
}

function reasonFor(
  action: Action,
  failure: WireFailure | undefined,
  stopped: VppError | undefined,
  remedyOfGiving: () => string | undefined = () => undefined,
): KnownReason {
  const { errorNumber } = failure ?? {};
  const goOn = action === "takeBack" ? goesOn : "Run `pulumi up` again.";
  if (errorNumber === undefined) {
    // What to do about a stop is said once, after all that it has left undone.
    return stopped
      ? { ...endedEarly, code: "VPP_SERVICE_PARTIAL", remedy: "" }
      : { why: "the service did not say why", code: "VPP_SERVICE_PARTIAL", remedy: goOn };
  }
  const remedy = (action === "give" ? remedyOfGiving() : undefined) ?? remedyOfPart(errorNumber);
  return { why: wordsOfPart(errorNumber), code: codeOfPart(errorNumber), remedy: remedy ?? goOn };
}

function remedyOfGiving(
  errorNumber: number | undefined,
  count: number,
  wayTo: (count: number) => string | undefined,
): string | undefined {
  if (errorNumber === noLicences) {
    return (
      wayTo(count) ??
      `Buy or free ${plural(count, "licence")}, then run \`pulumi up\` again; if another resource of this run gives some back, that is all it takes.`
    );
  }
  return errorNumber === unknownUser ? registerThem : undefined;
}
