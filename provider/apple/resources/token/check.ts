import { type CheckContext, defined, InputFaults } from "../../../engine/kind";
import { hasUnknown } from "../../../engine/unknown";
import { isVppError, VppError } from "../../../errors";
import { shownName } from "../../../oddCharacters";
import type { Plan } from "../../../plan/planReader";
import { redact } from "../../../redact";
import { faultsOf } from "../../../schema/validate";
import { heldByAnother, type Library } from "../../library/library";
import { deadTokenStatus, neverAccepted } from "../../library/ownership/deadToken";
import { holderName } from "../../library/ownership/ownershipMarker";
import { refuseMissingPlan } from "../../library/planProtection";
import { cutOffWorkIn } from "../cutOff";
import { oddId } from "../oddIds";
import type { TokenRef } from "../tokenRef";
import { bindingIdOf } from "./bindingId";
import { forecast } from "./forecast";
import { noteLivingLibrary } from "./livingLibrary";
import type { TokenInputs } from "./types";

const day = 24 * 60 * 60 * 1000;
/** A token in its last 30 days is `expiring`. */
export const expiringMs = 30 * day;

/** Checks a VppToken: the token is there, is readable, has not run out, and opens the library that it opened before. */
export async function checkToken(
  context: CheckContext,
  olds: Partial<TokenInputs>,
  given: TokenInputs,
): Promise<TokenInputs> {
  const {
    libraryId: _,
    bindingId: __,
    tokenFingerprint: ___,
    takenOver: ____,
    holder: _____,
    status: ______,
    declared: _______,
    ...news
  } = given;
  const faults = faultsOf("VppToken", news);
  if (news.takeOverFrom && news.managedBy) {
    faults.push(
      "takeOverFrom and managedBy are both set; set only one: take the library over, or leave it with the other service",
    );
  }
  for (const key of ["takeOverFrom", "managedBy"] as const) faults.push(...oddId(key, news[key], olds[key]));
  if (faults.length > 0) throw new InputFaults(faults);
  if (hasUnknown(news)) return news;
  if (context.plan) refuseSharedKeys(context.plan, context.entry, news.contentTokenKey);

  // Settings that a delete would stumble over are refused in the preview.
  context.run.limits.maxRevocations();
  context.run.limits.maxRetirements();
  const credential = context.libraries.credential(news.contentTokenKey);
  const isSameToken = olds.tokenFingerprint === credential.fingerprint;
  if (isSameToken && olds.appleAccount !== undefined && olds.appleAccount !== news.appleAccount) {
    throw new VppError("VPP_INPUT_CONFLICT", "appleAccount changes, but the content token is still the same", {
      remedy: "Put the other account's content token in place in the same run, or set appleAccount back.",
    });
  }
  const isBound = isSameToken && olds.libraryId !== undefined && olds.bindingId !== undefined;
  const isNewPermission = news.takeOverFrom !== olds.takeOverFrom || news.managedBy !== olds.managedBy;
  const mustAsk = !isBound || isNewPermission || olds.holder !== undefined || olds.status !== undefined;
  // What was refused in a refresh may be the token of before.
  const isNew = !isSameToken && olds.tokenFingerprint !== "refused";
  const ask = async (): Promise<Partial<TokenInputs>> => {
    warnOfExpiry(context, credential.expiresAt);
    return mustAsk ? await askService(context, olds, news, isNew) : { ...olds, holder: undefined };
  };
  // How a token stands that is bound already is data; whatever needs a living one fails by itself.
  const found = await (isBound && !isNewPermission ? unlessDead(context, olds, ask) : ask());
  context.plan?.learn(news.contentTokenKey, found.libraryId!);
  bindOnce(context, found.libraryId!, found.bindingId!, news);
  const bound = {
    libraryId: found.libraryId!,
    key: news.contentTokenKey,
    wasBound: wasBound(context, olds, news, found),
  };
  const declared = await forecast(context, bound, olds.declared);
  const ref = { libraryId: bound.libraryId, bindingId: found.bindingId!, contentTokenKey: news.contentTokenKey };
  if (found.status === undefined) await lookAtCutOff(context, defined({ ...ref, managedBy: news.managedBy }));
  return defined({
    ...news,
    libraryId: found.libraryId,
    bindingId: found.bindingId,
    tokenFingerprint: credential.fingerprint,
    takenOver: found.takenOver,
    holder: found.holder,
    status: found.status,
    declared,
  });
}

async function lookAtCutOff(context: CheckContext, token: TokenRef): Promise<void> {
  const work = await cutOffWorkIn(context, token);
  if (work === undefined && context.run.files.processBeside(token.bindingId) === undefined) return;
  const { checkCutOff } = await import("./cutOff.js");
  await checkCutOff(context, token);
}

async function unlessDead(
  context: CheckContext,
  olds: Partial<TokenInputs>,
  ask: () => Promise<Partial<TokenInputs>>,
): Promise<Partial<TokenInputs>> {
  try {
    return await ask();
  } catch (error) {
    const status = deadTokenStatus(error);
    if (status === undefined) throw error;
    const { reason, details } = error as VppError;
    context.note("dead", `${reason}, so nothing can be read or written. ${details.remedy ?? ""}`);
    return { ...olds, status };
  }
}

/** Whether an earlier run of this stack has bound the library: without olds only our mark says so, as after a rename or a forced replacement. */
function wasBound(
  { libraries }: CheckContext,
  olds: Partial<TokenInputs>,
  { contentTokenKey }: TokenInputs,
  { bindingId }: Partial<TokenInputs>,
): boolean {
  return olds.libraryId !== undefined || libraries.ofKey(contentTokenKey).holder?.id === bindingId;
}

async function askService(
  context: CheckContext,
  olds: Partial<TokenInputs>,
  news: TokenInputs,
  isNew: boolean,
): Promise<Partial<TokenInputs>> {
  const library: Library = context.libraries.ofKey(news.contentTokenKey);
  await library.config().catch((error: unknown) => {
    throw isNew ? neverAccepted(error) : error;
  });
  const libraryId = library.libraryId!;
  if (olds.libraryId !== undefined && olds.libraryId !== libraryId) {
    const why = `the content token in place opens library ${redact(libraryId)}, but this resource is bound to library ${olds.libraryId}`;
    throw new VppError("VPP_AUTH_OTHER_LIBRARY", why, {
      remedy:
        "A bound token is never replaced. Put back a content token of the same organizational unit, " +
        "or declare another VppToken, under another name, for the other library.",
    });
  }
  const bindingId = olds.bindingId ?? bindingIdOf(stackNameOf(context.run.plan), libraryId);
  const { holder } = library;
  // What finds its own mark at its creation was there before: a run was cut off, or takeOverFrom names the mark. Nobody knows any more whether the
  // permission has been used, so it counts as used; else the other service could be taken over a second time.
  const isBack = olds.libraryId === undefined && holder?.id === bindingId;
  if (isBack && news.takeOverFrom !== bindingId) refuseSecondBinding(context, libraryId, holder);
  const takenOver = isBack ? news.takeOverFrom : olds.takenOver;
  const usedUp = takenOver !== undefined && takenOver === news.takeOverFrom ? takenOver : undefined;
  if (holder === undefined && olds.libraryId === undefined && news.managedBy === undefined)
    await sayBeforehand(context, library);
  if (holder === undefined || holder.id === bindingId || holder.id === news.managedBy) {
    return { libraryId, bindingId, takenOver: usedUp };
  }
  if (holder.id === news.takeOverFrom && usedUp === undefined) return { libraryId, bindingId, takenOver: holder.id };
  // The run that removes a used-up takeOverFrom must be able to record that, though the holder is still there; it writes nothing.
  if (olds.takenOver === holder.id && news.takeOverFrom === undefined) {
    const { id, name } = holder;
    context.note("held", `${heldByAnother(holder).reason}; nothing is written. takeOverFrom may now be set anew.`);
    return { libraryId, bindingId, holder: { id, name: shownName(name) } };
  }
  if (usedUp === holder.id) {
    const refusal = heldByAnother(holder);
    throw new VppError(refusal.code, `${refusal.reason}, again after it was taken over once`, {
      remedy:
        "Settle who manages the library. To take it over again, remove takeOverFrom in one run and set it anew in the next.",
    });
  }
  throw heldByAnother(holder);
}

/**
 * A VppToken without a past that finds its own mark is most often a second one: its stack was renamed and another took the name, or two stacks of
 * one name have backends of their own. Whoever is new then must not bind what the other has. A run of this machine that was cut off just after
 * it had written the mark shows that it was us, and so does a check with olds before this one, as the engine makes it after a replacement that was
 * cut off between delete and create.
 */
function refuseSecondBinding({ run }: CheckContext, libraryId: string, holder: NonNullable<Library["holder"]>): void {
  if (run.bindings.has(libraryId) || run.files.hasJustBound(holder.id)) return;
  const why = `the library is bound already by a stack that has or had this name, ${holderName(holder)}, and this run would bind it once more: the VppToken is new here, or is to be replaced`;
  throw new VppError("VPP_AUTH_HELD_BY_ANOTHER", why, {
    remedy:
      "If its name or its parent has changed in the program, give it `aliases` that name the old one: " +
      '[{ name: "its old name" }], or [{ parent: pulumi.rootStackResource }] if it had no parent. ' +
      "If it is tainted, run `pulumi state untaint`; if --target-replace names it, leave it out: a bound VppToken need not be replaced. " +
      "If another stack has this name, or had it before, or a second copy of this state is in use, manage the library from there. " +
      `Only if this stack's state has lost it, set takeOverFrom: "${redact(holder.id)}" on the VppToken, and remove that after the run.`,
  });
}

/** A preview says what the mark would be written over; it does not fail because that can't be read. */
async function sayBeforehand(context: CheckContext, library: Library): Promise<void> {
  try {
    await noteLivingLibrary(context, library);
  } catch (error) {
    if (!isVppError(error)) throw error;
  }
}

/** The stack as organization/project/stack. Throws a VppError if it is in a plan that can't be read: stacks would share a name. */
export function stackNameOf(plan: Plan | undefined): string {
  refuseMissingPlan(plan);
  return plan?.stackName ?? "unknown";
}

function refuseSharedKeys(plan: Plan, entry: string, key: string): void {
  const twin = plan.declaredTokens.find(
    (declared) => declared.entry !== entry && variableOf(declared.key) === variableOf(key),
  );
  if (twin === undefined) return;
  const why =
    twin.key === key
      ? `contentTokenKey ${key} is also that of VppToken ${twin.name}`
      : `contentTokenKeys ${key} and ${twin.key} (VppToken ${twin.name}) name the same environment variable`;
  throw new VppError("VPP_CONFIG_TOKEN_KEYS_COLLIDE", why, { remedy: "Give each VppToken a key of its own." });
}

/** The part of an environment variable's name that stands for a token's key. */
export function variableOf(key: string): string {
  return key.toUpperCase().replace(/[^A-Z0-9]/g, "_");
}

function warnOfExpiry(context: CheckContext, expiresAt: Date): void {
  const left = expiresAt.getTime() - Date.now();
  const date = expiresAt.toISOString().slice(0, 10);
  if (left <= 0) {
    throw new VppError("VPP_AUTH_TOKEN_EXPIRED", `the content token expired on ${date}`, {
      remedy: "Download a new content token for the same organizational unit, put it in its place and run `pulumi up`.",
    });
  }
  if (left <= expiringMs) {
    const days = Math.ceil(left / day);
    context.note(
      "expiring",
      `the content token expires on ${date}, in ${days} ${days === 1 ? "day" : "days"}: put a new one in its place before then.`,
    );
  }
}

function bindOnce(
  context: CheckContext,
  libraryId: string,
  bindingId: string,
  { contentTokenKey, managedBy, maxRevocations, maxRetirements }: TokenInputs,
): void {
  const other = context.run.bindings.get(libraryId);
  if (other !== undefined && other.entry !== context.entry) {
    throw new VppError(
      "VPP_INPUT_CONFLICT",
      `library ${redact(libraryId)} is already bound by VppToken ${other.name} of this program`,
      {
        remedy: "Declare one VppToken for each library and use it everywhere.",
      },
    );
  }
  const { entry, name } = context;
  context.libraries.learn(contentTokenKey, libraryId);
  context.run.bindings.set(libraryId, defined({ entry, name, bindingId, managedBy, maxRevocations, maxRetirements }));
}
