import type { Context } from "../../../engine/kind";
import { VppError } from "../../../errors";
import type { LicenceVerdict } from "../../library/licenceBudget";
import { plural, someOf } from "../lists";

/** What gives up licences of an app, by its words in a message, and how many. */
export interface GivenBack {
  readonly names: readonly string[];
  readonly count: number;
}

/** Where licences that are lacking may come from. */
export interface Sources {
  /** Resources that leave the program: deletes come last, after all that needs the licences. */
  readonly leaving?: GivenBack;
  /** Whether resources may leave the program of which nobody knows. */
  readonly mayLeave?: boolean;
}

const twoWays =
  "Do it in two runs: first `pulumi up` without the licences to be gained, then with them. Or in one: let one resource give up and gain, in place of two.";

/** The refusal of an app of which there are too few licences. */
export function shortage(
  name: string,
  { needed, free, lacking, askers }: Pick<LicenceVerdict, "needed" | "free" | "lacking" | "askers">,
  sources: Sources = {},
): VppError {
  const who = someOf(askers.map(({ name: asker, asks }) => `${asker} (${asks})`));
  return new VppError(
    "VPP_LIMIT_NO_LICENSES",
    `${name}: ${plural(needed, "licence")} needed, ${freeInWords(free)}${who && `; asked for by ${who}`}`,
    { remedy: remedyOf(lacking, sources) },
  );
}

/** More can be assigned than owned, after a refund: then nothing is free until so many have been bought or revoked. */
export function freeInWords(free: number): string {
  return free < 0 ? `none free (${-free} more assigned than owned)` : `${free} free`;
}

function remedyOf(lacking: number, { leaving, mayLeave }: Sources): string {
  const others = `Buy ${lacking} more, or take the app from ${plural(lacking, "other target")} first.`;
  if (leaving === undefined || leaving.count === 0)
    return mayLeave ? `${others} If a resource that leaves the program holds them: ${lowered(twoWays)}` : others;
  const left = lacking - leaving.count;
  const buy = left > 0 ? ` Then ${left} ${left === 1 ? "is" : "are"} lacking still: buy as many.` : "";
  return `${inWords(leaving)}, but only at the end of the run. ${twoWays}${buy}`;
}

function inWords({ names, count }: GivenBack): string {
  const who = names.length === 0 ? "What leaves the program" : `VppAssignment ${someOf(names)}`;
  return `${who} ${names.length > 1 ? "leave the program and give" : names.length === 1 ? "leaves the program and gives" : "gives"} back ${count}`;
}

function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** What of an app leaves the program with whole resources, as far as this run knows. */
export function sourcesOf(
  { run }: Pick<Context, "run">,
  libraryId: string,
  app: string,
  isRevocable: boolean,
): Sources {
  const leaving = run.leaving.get(libraryId);
  if (leaving === undefined) return { mayLeave: isRevocable };
  return isRevocable ? { leaving: { names: leaving.names, count: leaving.licencesOf(app) } } : {};
}

/**
 * What to do about licences that the service had none left of while this run gives some up elsewhere; undefined if it does not give up enough.
 * A delete is not begun in a run in which something failed, so that another run alone would not help.
 */
export function wayToLicences(
  { run, entry }: Pick<Context, "run" | "entry">,
  { libraryId, contentTokenKey }: { readonly libraryId: string; readonly contentTokenKey: string },
  app: string,
  count: number,
): string | undefined {
  const { plan } = run;
  if (plan === undefined) return undefined;
  const givers = run.givenUp(plan.libraryKey(contentTokenKey), app).filter((giver) => giver.entry !== entry);
  const given = givers.reduce((sum, { drops }) => sum + drops, 0);
  const names = givers.map((giver) => plan.assignment(giver.entry)?.name ?? "another");
  if (given >= count) {
    const verb = names.length === 1 ? "gives" : "give";
    return `VppAssignment ${someOf(names)} ${verb} back ${given} in this run: run \`pulumi up\` again. Let one resource give up and gain, in place of two, and one run is enough.`;
  }
  const leaving = run.leaving.get(libraryId);
  const released = leaving?.licencesOf(app) ?? 0;
  if (leaving === undefined || released === 0 || given + released < count) return undefined;
  return `${inWords({ names: leaving.names, count: released })}, but only at the end of a run in which nothing fails. ${twoWays}`;
}
