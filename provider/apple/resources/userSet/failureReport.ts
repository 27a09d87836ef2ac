import { codesOf, type VppError, type VppErrorCode, wordsOfService } from "../../../errors";
import { apiErrorOf, wordsOfPart } from "../../library/serviceErrors";
import { plural } from "../lists";
import { namesOfTargets } from "../naming";
import type { UserAction } from "./send";
import type { Reason, UserWrites } from "./write";

const notDone = { create: "not registered", update: "not updated", retire: "not retired yet" } as const;

const isDone = { create: "registered", update: "updated", retire: "retired" } as const;

const codes: Readonly<Record<number, VppErrorCode>> = { 9609: "VPP_INPUT_UNKNOWN_USER" };
const goesOn = "The next `pulumi up` goes on with it.";

/**
 * Who of `asked` people was not written, a sentence for each reason: by id, since an address is nobody's to read. The last counts those who
 * were, and those of whom it is not known.
 */
export function explainUsers(action: UserAction, asked: number, { undone, unknown, stopped }: UserWrites): string[] {
  const open = [...undone.keys()].filter((id) => unknown?.has(id));
  const done = asked - undone.size;
  const groups = new Map<string, { reason: Reason | undefined; ids: string[] }>();
  for (const [id, reason] of undone) {
    if (unknown?.has(id)) continue;
    const slot = `${reason?.errorNumber} ${reason?.isOfOthers} ${reason?.isHolding}`;
    const group = groups.get(slot) ?? { reason, ids: [] };
    group.ids.push(id);
    groups.set(slot, group);
  }
  const sentences = [...groups.values()].map(({ reason, ids }) => {
    const who = `${ids.length} of ${plural(asked, "user")} ${were(ids.length)} ${notDone[action]}`;
    return `${who}: ${whyOf(reason, stopped)} (${codesOfReason(reason)}): ${namesOfTargets(ids)}. ${remedyOf(action, reason)}`;
  });
  if (undone.size === 0) return [];
  const counts = [
    ...(done > 0 || open.length > 0 ? [`${done} ${were(done)} ${isDone[action]}`] : []),
    ...(open.length > 0 ? [`of ${open.length} it is not known (${namesOfTargets(open)})`] : []),
  ];
  return counts.length === 0 ? sentences : [...sentences, `Of ${plural(asked, "user")} ${counts.join(", and ")}.`];
}

function were(count: number): string {
  return count === 1 ? "was" : "were";
}

/** What ended the work, with its code and what to do. */
export function explainEnd(error: VppError): string {
  return `${error.reason} (${codesOf(error)}). ${error.details.remedy ?? ""}`.trim();
}

function whyOf(reason: Reason | undefined, stopped: VppError | undefined): string {
  if (reason?.isHolding) return "their licences could not be taken back";
  if (reason?.errorNumber === undefined) return stopped ? "the work ended early" : "the service did not say why";
  const why = wordsOfPart(reason.errorNumber);
  return reason.isOfOthers ? `they were in a request that the service refused for some of them (${why})` : why;
}

function codesOfReason(reason: Reason | undefined): string {
  if (reason?.errorNumber === undefined) return "VPP_SERVICE_PARTIAL";
  return `${codes[reason.errorNumber] ?? "VPP_SERVICE_PARTIAL"}, ${wordsOfService(reason.errorNumber, reason.errorMessage)}`;
}

function remedyOf(action: UserAction, reason: Reason | undefined): string {
  if (action === "retire") return goesOn;
  if (reason?.errorNumber === undefined) return "Run `pulumi up` again.";
  return apiErrorOf(reason.errorNumber)?.remedy ?? "Run `pulumi up` again.";
}
