import type { CheckContext, Context } from "../../../engine/kind";
import { InitFailedError, VppError } from "../../../errors";
import { type DeclaredAssignment, kindsOfTarget } from "../../../plan/declared";
import type { Plan } from "../../../plan/planReader";
import type { Library } from "../../library/library";
import { requiredIn } from "../../library/planProtection";
import { countPairs } from "../../library/rectangles";
import type { CutOffWork } from "../../library/runs/cutOffWork";
import type { LimitName } from "../changeLimit";
import {
  cutOffRun,
  cutOffWorkIn,
  describeLeftOvers,
  type LeftOver,
  leftOversOf,
  mustBeMended,
  noteMended,
  stillRegistered,
  targetsIn,
} from "../cutOff";
import { plural } from "../lists";
import { namesOfTargets } from "../naming";
import { requiredNow, runLimit, wayToAllow } from "../runLimit";
import type { TokenRef } from "../tokenRef";
import type { TokenState } from "./types";

const again = "Run the same command again.";

/** What runs that were cut off have assigned or registered, and no resource of the program speaks of any more. */
interface Abandoned {
  readonly licences: readonly LeftOver[];
  readonly people: readonly string[];
}

/**
 * Holds what runs that were cut off have written against the program: notes which resources have something to mend, says what nobody declares
 * and will be taken back, and refuses what goes beyond the run's limits. Costs no request without such a run. Throws a VppError.
 */
export async function checkCutOff(context: CheckContext, token: TokenRef): Promise<void> {
  const { plan } = context;
  const work = await cutOffWorkIn(context, token);
  const pid = context.run.files.processBeside(token.bindingId);
  if (pid !== undefined)
    context.note(
      "beside",
      `another run of this stack is writing to this library (process ${pid}). What is said here may be out of date, and nothing can be written until that process has ended.`,
    );
  if (work === undefined || plan === undefined) return;
  if (work.pendingCount > 0)
    context.note(
      "pending",
      `Apple's service has not ended ${plural(work.pendingCount, "request")} of ${cutOffRun(work)}: what they come to is looked at again in the next run.`,
    );
  if (plan.end === undefined) {
    context.note(
      "cutOff",
      `${cutOffRun(work)} has left work open. What your program declares is mended; what that run assigned and nothing declares is let be, since it is not known what your program will declare yet.`,
    );
    return;
  }
  for (const declared of plan.assignmentsOf(token.contentTokenKey))
    if (await hasUndone(work, declared)) work.unmended.add(`VppAssignment ${declared.name}`);
  const abandoned = await abandonedIn(context, work, token, plan);
  work.isJudged = true;
  if (abandoned.licences.length + abandoned.people.length === 0) return;
  work.unmended.add(context.subject);
  await refuseOverLimits(context, token, abandoned, plan);
  const library = context.libraries.open(token);
  const parts = await inWords(library, abandoned, "will be revoked", "will be retired");
  context.note("cutOff", `${cutOffRun(work)} has left what nothing declares: ${parts.join("; ")}.`);
}

/** Takes back what runs that were cut off have left and nobody declares; what can't be taken back fails the VppToken, whose state is kept. */
export async function takeBackAbandoned(context: Context, id: string, state: TokenState): Promise<void> {
  const work = await cutOffWorkIn(context, state);
  const plan = context.run.plan?.refresh();
  if (work === undefined || !mustBeMended(context, state) || plan === undefined) return;
  const failure = await revokeAll(context, state, await abandonedIn(context, work, state, plan));
  if (failure !== undefined) throw new InitFailedError(id, state, [`${failure} (VPP_SERVICE_PARTIAL). ${again}`]);
  noteMended(context, state);
}

/** The same when the VppToken itself goes, after all that used it: then nobody is left who could. */
export async function takeBackAllAbandoned(context: Context, state: TokenState): Promise<void> {
  const work = await cutOffWorkIn(context, state);
  if (work !== undefined) {
    const failure = await revokeAll(context, state, await abandonedIn(context, work, state, context.run.plan));
    if (failure !== undefined) throw new VppError("VPP_SERVICE_PARTIAL", failure, { remedy: again });
  }
  context.run.files.forget(state.bindingId, true);
}

async function hasUndone(work: CutOffWork, { apps, targets, intent }: DeclaredAssignment): Promise<boolean> {
  for (const kind of kindsOfTarget) {
    const declared = [{ apps: [...apps], targets: [...(targets[kind] ?? [])] }];
    const undone = await work.undone(declared, kind, intent === "required" ? "assigned" : "free");
    if (undone.size > 0) return true;
  }
  return false;
}

/** What resources of the program speak of is left to these: they have brakes of their own. */
async function abandonedIn(
  context: Context,
  work: CutOffWork,
  token: TokenRef,
  plan: Plan | undefined,
): Promise<Abandoned> {
  const required = await requiredIn(token, context.run.plan, context.libraries);
  const names = new Set(
    [...(plan?.keys ?? [])].flatMap((key) => [...plan!.assignmentsOf(key)].map(({ name }) => name)),
  );
  const licences = await leftOversOf(work, required, (name) => !names.has(name));
  const sets = new Set([...(plan?.keys ?? [])].flatMap((key) => plan!.userSetsOf(key).map(({ name }) => name)));
  const candidates = work.people((name) => !sets.has(name)).filter((id) => !required.user(id));
  return { licences, people: await stillRegistered(context.libraries.open(token), candidates) };
}

async function refuseOverLimits(
  context: CheckContext,
  token: TokenRef,
  { licences, people }: Abandoned,
  plan: Plan,
): Promise<void> {
  const { run } = context;
  const { keys } = await requiredIn(token, context.run.plan, context.libraries);
  const library = { libraryId: token.libraryId, keys };
  const now = requiredNow(plan, keys);
  const targets = targetsIn(licences);
  const check = (property: LimitName, who: readonly string[], of: number, deed: string, noun: string): void => {
    const limit = runLimit(run, library, property, of + who.length);
    if (who.length <= limit) return;
    const why = `to take back what a cut-off run has left would ${deed} ${plural(who.length, noun)} (${namesOfTargets(who)}), and one run may ${deed} ${limit}; nothing was changed`;
    throw new VppError("VPP_LIMIT_BRAKE", why, { remedy: wayToAllow(run, library, property, who.length) });
  };
  check("maxRevocations", targets, now.targetCount, "take licences from", "target");
  check("maxRetirements", people, now.personCount, "retire", "user");
}

/** Gives why not all of it could be done; undefined if it was. */
async function revokeAll(context: Context, token: TokenRef, abandoned: Abandoned): Promise<string | undefined> {
  const { licences, people } = abandoned;
  if (licences.length + people.length === 0) return undefined;
  const library = context.libraries.open(token);
  await library.requireHolder(token);
  const said = await inWords(library, abandoned, "revoked", "retired");
  let stopped: VppError | undefined;
  let left = 0;
  for (const { kind, pairs } of licences) {
    const result = await library.write(token, "takeBack", kind, pairs, context);
    left += countPairs(result.undone);
    stopped ??= result.stopped;
  }
  if (left > 0) {
    const why = stopped === undefined ? "" : `: ${stopped.reason} (${stopped.code})`;
    return `${plural(left, "licence")} that a cut-off run has left could not be revoked${why}`;
  }
  if (people.length > 0) {
    const { retireUsers } = await import("../userSet/write.js");
    const retired = await retireUsers(context, library, { token }, people);
    if (retired.undone.size > 0)
      return `${plural(retired.undone.size, "person", "people")} could not be retired (${namesOfTargets([...retired.undone.keys()])})`;
    context.run.files.settle(token.bindingId, people);
  }
  context.note("cutOffDone", `what a cut-off run had left and nothing declares is gone: ${said.join("; ")}.`);
  return undefined;
}

async function inWords(
  library: Library,
  { licences, people }: Abandoned,
  revoked: string,
  retired: string,
): Promise<string[]> {
  const { count, first } = await describeLeftOvers(library, licences);
  const parts = count > 0 ? [`${plural(count, "licence")} ${revoked} (${first})`] : [];
  if (people.length > 0)
    parts.push(`${plural(people.length, "person", "people")} ${retired} (${namesOfTargets(people)})`);
  return parts;
}
