import type { VppError, VppErrorCode } from "../../../errors";
import { apiErrorOf, wordsOfPart } from "../../library/serviceErrors";
import { plural } from "../lists";
import { namesOfTargets } from "../naming";
import type { UserAction } from "./send";
import type { Reason, UserWrites } from "./write";

const notDone = { create: "not registered", update: "not updated", retire: "not retired yet" } as const;

const codes: Readonly<Record<number, VppErrorCode>> = { 9609: "VPP_INPUT_UNKNOWN_USER" };
const goesOn = "The next `pulumi up` goes on with it.";

/** Who of `asked` people was not written, a sentence for each reason: by id, since an address is nobody's to read. */
export function explainUsers(action: UserAction, asked: number, writes: UserWrites): string[] {
  return undoneBy(writes).map(
    ({ reason, ids }) => `${describe(action, asked, ids, reason, writes.stopped)}. ${remedyOf(action, reason)}`,
  );
}

/** Who was not retired by a delete, in one phrase. */
export function describeUnretired(asked: number, writes: UserWrites): string {
  return undoneBy(writes)
    .map(({ reason, ids }) => describe("retire", asked, ids, reason, writes.stopped))
    .join("; ");
}

interface Undone {
  readonly reason: Reason | undefined;
  readonly ids: string[];
}

function undoneBy({ undone }: UserWrites): Undone[] {
  const groups = new Map<string, Undone>();
  for (const [id, reason] of undone) {
    const slot = `${reason?.errorNumber} ${reason?.isOfOthers} ${reason?.isHolding}`;
    const group = groups.get(slot) ?? { reason, ids: [] };
    group.ids.push(id);
    groups.set(slot, group);
  }
  return [...groups.values()];
}

function describe(
  action: UserAction,
  asked: number,
  ids: readonly string[],
  reason: Reason | undefined,
  stopped: VppError | undefined,
): string {
  const who = `${ids.length} of ${plural(asked, "user")} ${ids.length === 1 ? "was" : "were"} ${notDone[action]}`;
  return `${who}: ${whyOf(reason, stopped)} (${codesOf(reason)}): ${namesOfTargets(ids)}`;
}

/** What ended the work, with its code and what to do. */
export function explainEnd({ reason, code, details }: VppError): string {
  const number = details.serviceCode === undefined ? "" : `, service error ${details.serviceCode}`;
  return `${reason} (${code}${number}). ${details.remedy ?? ""}`.trim();
}

function whyOf(reason: Reason | undefined, stopped: VppError | undefined): string {
  if (reason?.isHolding) return "their licences could not be taken back";
  if (reason?.errorNumber === undefined) return stopped ? "the work ended early" : "the service did not say why";
  const why = wordsOfPart(reason.errorNumber);
  return reason.isOfOthers ? `they were in a request that the service refused for some of them (${why})` : why;
}

function codesOf(reason: Reason | undefined): string {
  if (reason?.errorNumber === undefined) return "VPP_SERVICE_PARTIAL";
  return `${codes[reason.errorNumber] ?? "VPP_SERVICE_PARTIAL"}, service error ${reason.errorNumber}`;
}

function remedyOf(action: UserAction, reason: Reason | undefined): string {
  if (action === "retire") return goesOn;
  if (reason?.errorNumber === undefined) return "Run `pulumi up` again.";
  return apiErrorOf(reason.errorNumber)?.remedy ?? "Run `pulumi up` again.";
}
