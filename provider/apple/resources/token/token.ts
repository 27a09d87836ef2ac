import type { Credential } from "../../../contentToken/credential";
import {
  type Context,
  type Difference,
  defined,
  type ReadResult,
  type ResourceKind,
  sameValue,
} from "../../../engine/kind";
import { VppError } from "../../../errors";
import { shownName } from "../../../oddCharacters";
import { heldByAnother, type Library } from "../../library/library";
import { deadTokenStatus, neverAccepted } from "../../library/ownership/deadToken";
import { ownMark, releasedMark } from "../../library/ownership/ownershipMarker";
import { refuseMissingPlan } from "../../library/planProtection";
import { mustBeMended } from "../cutOff";
import { checkToken, expiringMs, stackNameOf } from "./check";
import { noteLivingLibrary } from "./livingLibrary";
import type { TokenInputs, TokenState, TokenStatus } from "./types";

const inputKeys = [
  "contentTokenKey",
  "displayName",
  "appleAccount",
  "takeOverFrom",
  "managedBy",
  "maxRevocations",
  "maxRetirements",
  "libraryId",
  "bindingId",
  "tokenFingerprint",
  "takenOver",
] as const;

const adrift: ReadonlySet<TokenStatus> = new Set(["expired", "revoked", "heldByAnother"]);

/** Loaded by the first write: most runs change nothing. */
const mending = () => import("./cutOff.js");

/** A binding of a content token's library. It is never replaced: a different library is refused, not bound in its place. */
export const vppTokenKind: ResourceKind<TokenInputs, TokenState> = {
  kind: "VppToken",
  leftBehind: "this stack's mark then stays on the library",

  check: checkToken,

  diff(context: Context, state: TokenState, inputs: TokenInputs): Difference {
    if (inputs.libraryId !== undefined && inputs.libraryId !== state.libraryId) {
      const why = `it is bound to library ${state.libraryId} and its content token opens library ${inputs.libraryId}`;
      throw new VppError("VPP_AUTH_OTHER_LIBRARY", why, {
        remedy: "A bound token is never replaced. Put back a content token of the same organizational unit.",
      });
    }
    const isMarked = state.holder?.id === state.bindingId || inputs.managedBy !== undefined;
    const isEdited = inputKeys.some((key) => !sameValue(state[key], inputs[key]));
    if (state.tokenFingerprint !== inputs.tokenFingerprint) noteEarlierEnd(context, state, inputs);
    const changes = isEdited || !isMarked || adrift.has(state.status) || inputs.status !== undefined;
    return { changes: changes || mustBeMended(context, state) };
  },

  async create(context: Context, inputs: TokenInputs) {
    const state = await bind(context, inputs, undefined);
    const id = `${state.libraryId}/token/${context.name}`;
    await (await mending()).takeBackAbandoned(context, id, state);
    return { id, state };
  },

  async update(context: Context, id: string, before: TokenState, inputs: TokenInputs): Promise<TokenState> {
    const state = await bind(context, inputs, before);
    await (await mending()).takeBackAbandoned(context, id, state);
    return state;
  },

  async read(context: Context, id: string, state: TokenState): Promise<ReadResult<TokenInputs, TokenState>> {
    const credential = context.libraries.credential(state.contentTokenKey);
    const library = context.libraries.open(state);
    try {
      await library.config();
    } catch (error) {
      const isBound = state.tokenFingerprint === credential.fingerprint;
      const status = credential.expiresAt.getTime() <= Date.now() ? "expired" : deadTokenStatus(error, isBound);
      if (status === undefined) throw isBound ? error : neverAccepted(error);
      const { reason, details } = error as VppError;
      context.note("dead", `${reason}. ${details.remedy ?? ""}`);
      const dead: TokenState = { ...state, status, lastSyncedAt: new Date().toISOString() };
      // What the next check sees are inputs alone; it asks again then, for the same text can be accepted again.
      return { id, state: dead, inputs: { ...inputsOf(state), status } };
    }
    const seen = await stateOf(library, state, state, credential);
    if (seen.status !== "heldByAnother") return { id, state: seen };
    const { reason, details } = heldByAnother(library.holder!);
    context.note("held", `${reason}. ${details.remedy}`);
    return { id, state: seen, inputs: { ...inputsOf(state), holder: seen.holder } };
  },

  async remove(context: Context, _id: string, state: TokenState): Promise<void> {
    // A replacement forced past us creates first and deletes afterwards; the mark then belongs to what was created.
    const { run } = context;
    if (state.managedBy !== undefined || run.bindings.has(state.libraryId)) return;
    const plan = run.plan?.refresh();
    refuseMissingPlan(plan);
    // With --target, the VppToken that takes its place need not have been checked.
    if (plan?.declaredTokens.some(({ key }) => key === state.contentTokenKey)) return;
    const credential = context.libraries.credential(state.contentTokenKey);
    const library = context.libraries.open(state);
    try {
      await library.configNow();
      if (library.holder?.id !== state.bindingId) {
        if (library.holder)
          context.note(
            "left",
            `the mark is not this stack's any more and stays: ${heldByAnother(library.holder).reason}.`,
          );
        return;
      }
      await (await mending()).takeBackAllAbandoned(context, state);
      await library.writeMark(releasedMark(library.holder, new Date()));
    } catch (error) {
      const isBound = state.tokenFingerprint === credential.fingerprint;
      if (deadTokenStatus(error, isBound) === undefined) throw isBound ? error : neverAccepted(error);
      // A stale token may be dead while a living one waits in today's configuration: then nothing must be let go.
      if (credential.source === "configuration") throw error;
      context.note(
        "dead",
        "the content token is dead, so this stack's mark stays on the library; it is let go all the same.",
      );
    }
  },
};

/** A token that replaces another one and ends sooner is most often an older file that was put back. */
function noteEarlierEnd(context: Context, state: TokenState, inputs: TokenInputs): void {
  const { fingerprint, expiresAt } = context.libraries.credential(inputs.contentTokenKey);
  if (fingerprint !== inputs.tokenFingerprint || expiresAt >= new Date(state.expiresAt)) return;
  context.note(
    "earlierEnd",
    `the content token in place ends on ${expiresAt.toISOString().slice(0, 10)}, and the one before it on ${state.expiresAt.slice(0, 10)}: ` +
      "check that it is the newest one.",
  );
}

async function bind(context: Context, inputs: TokenInputs, before: TokenState | undefined): Promise<TokenState> {
  // The check has asked already, and said so: how the token stands is data, and nothing can be written with it.
  if (inputs.status !== undefined && before !== undefined)
    return { ...before, ...inputsOf(inputs), status: inputs.status, lastSyncedAt: new Date().toISOString() };
  const { libraryId, bindingId, contentTokenKey, managedBy } = inputs as TokenState;
  const library = context.libraries.open({ libraryId, bindingId, contentTokenKey });
  await library.configNow();
  const { holder } = library;
  const mayTakeOver = holder !== undefined && holder.id === inputs.takenOver && before?.takenOver !== holder.id;
  const isLetBe = holder !== undefined && holder.id === inputs.holder?.id;
  if (holder && holder.id !== bindingId && holder.id !== managedBy && !mayTakeOver && !isLetBe)
    throw heldByAnother(holder);
  if (managedBy === undefined && holder?.id !== bindingId && !isLetBe) {
    if (before === undefined && holder === undefined) await noteLivingLibrary(context, library);
    const { limits } = await library.serviceConfig();
    context.run.files.begin(bindingId, context.operation);
    await library.writeMark(ownMark(bindingId, stackNameOf(context.run.plan), limits), holder?.id);
    await library.config();
  } else if (before === undefined && managedBy === undefined) {
    const why =
      inputs.takeOverFrom === bindingId
        ? ", and takeOverFrom allows to bind it again. Remove takeOverFrom after this run"
        : ". That is so after a run that was cut off";
    context.note(
      "ownMark",
      `the library already bears this stack's own mark${why}; if a second copy of this stack's state is in use, stop here: ` +
        "the two would undo each other's work.",
    );
  }
  return stateOf(library, inputs, before, context.libraries.credential(contentTokenKey));
}

async function stateOf(
  library: Library,
  inputs: TokenInputs,
  before: TokenState | undefined,
  credential: Credential,
): Promise<TokenState> {
  const config = await library.config();
  const { holder } = library;
  const now = new Date();
  const expiresAt = credential.expiresAt;
  const isForeign = holder !== undefined && holder.id !== inputs.bindingId && holder.id !== inputs.managedBy;
  const isExpiring = expiresAt.getTime() - now.getTime() <= expiringMs;
  const isSameToken = before?.tokenFingerprint === inputs.tokenFingerprint;
  return defined<TokenState>({
    ...(inputsOf(inputs) as TokenState),
    expiresAt: expiresAt.toISOString(),
    status: isForeign ? "heldByAnother" : isExpiring ? "expiring" : "valid",
    holder: holder && { id: holder.id, name: shownName(holder.name) },
    locationName: shownName(config.locationName ?? ""),
    organizationName: shownName(config.organizationName ?? credential.organizationName),
    countryCode: shownName(config.countryISO2ACode ?? ""),
    platform: shownName(config.defaultPlatform ?? ""),
    lastUpdatedAt: isSameToken && before ? before.lastUpdatedAt : now.toISOString(),
    lastSyncedAt: now.toISOString(),
  });
}

function inputsOf(inputs: TokenInputs): TokenInputs {
  return defined(Object.fromEntries(inputKeys.map((key) => [key, inputs[key]]))) as unknown as TokenInputs;
}
