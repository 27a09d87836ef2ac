import { codesOf, type VppError, wordsOfService } from "../../../errors";
import { apiErrorOf, codeOfPart, wordsOfPart } from "../../library/serviceErrors";
import { plural } from "../lists";
import { namesOfTargets } from "../naming";
import { notKnown } from "../outcome";
import type { UserAction } from "./send";
import type { Reason, UserWrites } from "./write";

const notDone = { create: "not registered", update: "not updated", retire: "not retired yet" } as const;

const isDone = { create: "registered", update: "updated", retire: "retired" } as const;

const goesOn = "The next `pulumi up` goes on with it.";

/**
 * Who of `asked` people was not written, a sentence for each reason: by id, since an address is nobody's to read. The last counts those who
 * were, and those of whom it is not known.
 */
export function explainUsers(action: UserAction, asked: number, writes: UserWrites): string[] {
  const { undone, unknown, stopped } = writes;
  if (undone.size === 0) return [];
  const sentences = undoneBy(writes).map(
    ({ reason, ids }) => `${describe(action, asked, ids, reason, stopped)}. ${remedyOf(action, reason)}`,
  );
  const open = [...undone.keys()].filter((id) => unknown?.has(id));
  const done = asked - undone.size;
  const counts = [
    ...(done > 0 || open.length > 0 ? [`${done} ${were(done)} ${isDone[action]}`] : []),
    ...(open.length > 0 ? [notKnown(open)] : []),
  ];
  return counts.length === 0 ? sentences : [...sentences, `Of ${plural(asked, "user")} ${counts.join(", and ")}.`];
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

function undoneBy({ undone, unknown }: UserWrites): Undone[] {
  const groups = new Map<string, Undone>();
  for (const [id, reason] of undone) {
    if (unknown?.has(id)) continue;
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
  const who = `${ids.length} of ${plural(asked, "user")} ${were(ids.length)} ${notDone[action]}`;
  return `${who}: ${whyOf(reason, stopped)} (${codesOfReason(reason)}): ${namesOfTargets(ids)}`;
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
  return `${codeOfPart(reason.errorNumber)}, ${wordsOfService(reason.errorNumber, reason.errorMessage)}`;
}

function remedyOf(action: UserAction, reason: Reason | undefined): string {
  if (action === "retire") return goesOn;
  if (reason?.errorNumber === undefined) return "Run `pulumi up` again.";
  return apiErrorOf(reason.errorNumber)?.remedy ?? "Run `pulumi up` again.";
}
